"""How long a command takes while thousands of prompts go out and thousands of due actions fire."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter

from bot.bot import Bot
from commands.domain import checkin, clocks
from commands.domain.clocks import ClockKind
from commands.domain.duration import parse_duration
from commands.domain.request import Request, RequestState
from commands.ports import Owed, OwedKind, Priority, Timer
from storage.unit_of_work import UnitOfWork
from tests.bench.figures import Figure, of
from tests.bench.town import PLATFORM, Nowhere, make_bot, running, say

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)  # where the town's clock stands
PAUSE = 0.02  # between two commands: more than a busy company sends


def figures(url: str, each: int) -> Iterator[Figure]:
    """`each` prompts and `each` due actions; commands the while, beside the same commands in peace."""
    make_bot(url).core.store.close()  # the tables
    yield from asyncio.run(_measured(url, each))


async def _measured(url: str, each: int) -> list[Figure]:
    async with running(url) as bot:
        nowhere = bot.adapters[PLATFORM]
        assert isinstance(nowhere, Nowhere)
        keys = count(1)
        for _ in range(20):
            await _raised(bot, next(keys))
        await bot.cycle()
        calm = [await _raised(bot, next(keys)) for _ in range(100)]
        await bot.cycle()
        bot.core.store.transact(ask)
        for start in range(0, each, 1000):
            bot.core.store.transact(_due, start, min(start + 1000, each))
            bot.core.store.transact(owe_prompts, start, min(start + 1000, each))
        began = perf_counter()
        storm = asyncio.create_task(bot.cycle())
        busy = []
        while not storm.done() and nowhere.prompts < each:
            busy.append(await _raised(bot, next(keys)))
            await asyncio.sleep(PAUSE)
        took = perf_counter() - began
        storm.cancel()
        await asyncio.gather(storm, return_exceptions=True)
    return [
        of("/request <new> in peace", calm),
        of(
            f"/request <new> meanwhile ({len(busy):,} of them)",
            busy,
            calm,
            aim=0.250,
            moonshot=0.025,
            judged="p99",
        ),
        Figure(f"the storm: {each:,} prompts, {each:,} due actions", took),
    ]


async def _raised(bot: Bot, key: int) -> float:
    event = say(f"l{key}", "limin", "/request @研发部 新品X性能数据 期望：2026-09-30 验收标准：测试报告")
    start = perf_counter()
    answer = await bot.receive(event)
    seconds = perf_counter() - start
    assert answer.ok and not answer.form, answer
    return seconds


def _due(uow: UnitOfWork, start: int, stop: int) -> None:
    """Requests nobody answered, each with a clock whose first warning is due now."""
    for n in range(start, stop):
        id = f"R-{1_000_000 + n}"
        at = NOW - timedelta(hours=1)
        uow.add(
            Request(
                id=id, title="数据", requester="limin", department="market", lead="rd", created_at=at,
                state=RequestState.RAISED,
            )
        )  # fmt: skip
        clock = clocks.start(
            ClockKind.RESPONSE, id, 1, at, side="rd", calendar="default", limit=parse_duration("1wd"), urgent=False
        )
        uow.add(clock)
        uow.set_timer(Timer(key=f"{clock.id}:50", job="clock", due_at=NOW, subject=clock.id, payload={"step": "50"}))


def ask(uow: UnitOfWork) -> None:
    """The entry that the prompts ask for."""
    entry = checkin.Checkin(id="rd:2026-09-23", person="zhangwei", department="rd", day=NOW.date())
    uow.add(checkin.ask(entry, NOW))


def owe_prompts(uow: UnitOfWork, start: int, stop: int) -> None:
    uow.owe_all(
        Owed(
            key=f"load:{n}",
            to=f"chat:{PLATFORM}:{Nowhere.PROMPTED}{n}",
            kind=OwedKind.NOTICE,
            view="checkin",
            item="checkin:zhangwei:2026-09-23",
            priority=Priority.PROMPT,
            owed_at=NOW,
        )
        for n in range(start, stop)
    )
