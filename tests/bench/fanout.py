"""A thousand chats, one prompt each, as fast as a platform allows: how close the bot comes to that, and whether it ever
goes beyond it or says anything twice."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from adapters.base import Adapter, Busy, Health, Limits, Receive, Target
from commands.chat import Card
from tests.bench.figures import Figure
from tests.bench.load import ask, owe_prompts
from tests.bench.town import PLATFORM, make_bot

LIMITS = Limits(per_minute=3_000, per_chat_per_second=1)
LATENCY = 0.1
LOST_OF = 50
"""One answer in so many gets lost after the message was stored."""
LOOK = 0.1  # seconds between looks for what is due again


@dataclass
class Strict:
    """A platform that takes its time, and knows no send keys, only how to look for one: as Slack."""

    losing: bool
    limits: Limits = LIMITS
    name: str = PLATFORM
    calls: list[tuple[float, str]] = field(default_factory=list)
    posted: Counter[str] = field(default_factory=Counter)

    async def run(self, receive: Receive) -> None: ...

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        self.calls.append((perf_counter(), target.chat or ""))
        await asyncio.sleep(LATENCY)
        if again and key in self.posted:
            return key
        self.posted[key] += 1
        if self.losing and len(self.posted) % LOST_OF == 0:
            raise Busy(1, "the answer got lost")
        return key

    async def edit(self, target: Target, message: str, card: Card) -> None: ...

    def health(self) -> Health:
        return Health(ok=True)

    def routes(self) -> tuple[()]:
        return ()


def figures(url: str, chats: int) -> Iterator[Figure]:
    """Needs as many seconds as the limit makes it take, twice."""
    for losing in (False, True):
        platform = Strict(losing)
        asyncio.run(fan_out(f"{url}-{losing}", platform, chats))
        case = ", 2 % of the answers lost" if losing else ""
        yield from shown(f"{chats:,} prompts{case}", platform.limits, platform.calls, chats)
        yield Figure(
            f"{chats:,} prompts{case}: said twice", sum(platform.posted.values()) - chats, aim=0, unit="messages"
        )


async def fan_out(url: str, platform: Adapter, chats: int) -> None:
    """A prompt for each chat, owed and delivered."""
    bot = make_bot(url, running=True)
    bot.adapters[PLATFORM] = platform
    try:
        bot.core.store.transact(ask)
        bot.core.store.transact(owe_prompts, 0, chats)
        while bot.core.store.transact(lambda uow: uow.outbox.oldest_pending()):
            await bot.deliver()
            await asyncio.sleep(LOOK)
    finally:
        bot.core.store.close()


def shown(what: str, limits: Limits, calls: list[tuple[float, str]], chats: int) -> Iterator[Figure]:
    """`calls`: when the platform was called, and for which chat. The retries at the end have no crowd before them any
    more, so the rate is that of the first call of each chat."""
    times = [at for at, _ in calls]
    first: dict[str, float] = {}
    for at, chat in calls:
        first.setdefault(chat, at)
    lasted = max(first.values()) - times[0]
    rate = sum(at <= max(first.values()) for at in times[1:]) / lasted * 60
    yield Figure(
        f"{what}: of the platform's limit", 100 * rate / (limits.per_minute or rate), unit="%", aim=97, judged="least"
    )
    beyond = max(0, most_within(60, times) - round(limits.per_minute or len(times)))
    yield Figure(f"{what}: beyond a window", beyond + too_close(calls, limits), aim=0, unit="messages")


def most_within(seconds: float, times: list[float]) -> int:
    return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))


def too_close(calls: list[tuple[float, str]], limits: Limits) -> int:
    """How many came to a chat before its limit allowed."""
    before: dict[str, float] = {}
    found = 0
    for at, chat in calls:
        found += at - before.get(chat, -1e9) < 1 / (limits.per_chat_per_second or 1e9)
        before[chat] = at
    return found
