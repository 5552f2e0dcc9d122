"""A whole command: an event in, one transaction, the answer rendered; beside five bare rows on the same database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from time import perf_counter

from bot.bot import Bot
from commands.chat import Event
from tests.bench.figures import Figure, of, timed
from tests.bench.storage import bare_core, five_rows, raw_sqlite
from tests.bench.town import make_bot, running, say

ROUNDS = 8


def figures(url: str, times: int) -> Iterator[Figure]:
    make_bot(url).core.store.close()  # the tables
    yield from asyncio.run(_measured(url, times))


async def _measured(url: str, times: int) -> list[Figure]:
    sqlite = url.startswith("sqlite")
    floor = raw_sqlite(url, times) if sqlite else bare_core(url, times)
    aim, moonshot = (4.0, 2.0) if sqlite else (2.0, 1.2)
    bare: list[float] = []
    raised: list[float] = []
    accepted: list[float] = []
    shown: list[float] = []
    rows: list[float] = []
    async with running(url) as bot:
        numbers, keys = count(1), count(1)
        for _ in range(ROUNDS):
            some = times // ROUNDS
            bare += timed(floor, some)
            rows += timed(lambda: bot.core.store.transact(five_rows), some)
            first = next(numbers)
            raised += await _each(bot, some, lambda n: _raise(next(keys)))
            for _ in range(some - 1):
                next(numbers)
            accepted += await _each(bot, some, lambda n, first=first: _accept(next(keys), first + n))
            shown += await _each(bot, some, lambda n, first=first: _show(next(keys), first + n))
    bare_name = "five rows, bare sqlite3" if sqlite else "five rows, bare Core"
    goal = {"aim": aim, "moonshot": moonshot, "judged": "ratio"}
    return [
        of(bare_name, bare),
        of("five rows through storage", rows, bare),
        of("/request accept R-n: event in → answer", accepted, bare, **goal),
        of("/request <new>: event in → answer", raised, bare, **goal),
        of("/request show R-n: event in → card", shown, bare),
    ]


async def _each(bot: Bot, times: int, event: Callable[[int], Event]) -> list[float]:
    found = []
    for n in range(times):
        given = event(n)
        start = perf_counter()
        answer = await bot.receive(given)
        found.append(perf_counter() - start)
        assert answer.ok and not answer.form, answer
    return found


def _raise(key: int) -> Event:
    return say(f"e{key}", "limin", "/request @研发部 新品X性能数据 期望：2026-09-30 验收标准：测试报告")


def _accept(key: int, number: int) -> Event:
    return say(f"e{key}", "zhangwei", f"/request accept R-{number} 2026-09-30")


def _show(key: int, number: int) -> Event:
    return say(f"e{key}", "zhangwei", f"/request show R-{number}")
