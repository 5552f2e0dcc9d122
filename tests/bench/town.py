"""The bot of the benchmarks: the organisation of the stories on a database of its own, with a platform that does nothing."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from adapters.base import Health, Limits, Receive, Target
from bot.bot import Bot
from bot.clock import ManualClock, RandomIds, monotonic
from bot.config import load
from bot.wiring import build, make_clock
from commands.chat import Card, Say

TOWN = Path(__file__).parents[1] / "support" / "town.yaml"
PLATFORM = "sandbox"
PLACE = "newx"


class Nowhere:
    """A platform that takes everything at once and has no limits."""

    name = PLATFORM
    limits = Limits()

    PROMPTED = "prompted-"  # how the chats begin whose messages are counted apart

    def __init__(self) -> None:
        self.taken = 0
        self.prompts = 0

    async def run(self, receive: Receive) -> None: ...

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        self.taken += 1
        self.prompts += (target.chat or "").startswith(self.PROMPTED)
        return f"m{self.taken}"

    async def edit(self, target: Target, message: str, card: Card) -> None:
        self.taken += 1

    def health(self) -> Health:
        return Health(ok=True)

    def routes(self) -> tuple[()]:
        return ()


class RunningClock:
    """Runs on from a moment."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._began)


def make_bot(url: str, *, running: bool = False) -> Bot:
    """The town, at 10:30 on a working day, on a database; the clock stands still unless it is to be `running`."""
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet, cache_logger_on_first_use=True)
    settings = load(TOWN, {"LIAISON_DATABASE": url}).settings
    clock = make_clock(settings)
    assert isinstance(clock, ManualClock)
    bot = build(settings, clock=RunningClock(clock.now()) if running else clock, ids=RandomIds())
    bot.adapters[PLATFORM] = Nowhere()  # type: ignore[assignment]
    return bot


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Bot]:
    bot = make_bot(url)
    await bot.start()
    try:
        yield bot
    finally:
        bot.core.store.close()


def say(key: str, person: str, text: str, chat: str = PLACE) -> Say:
    return Say(key=key, platform=PLATFORM, chat=chat, user=person, text=text, direct=False)
