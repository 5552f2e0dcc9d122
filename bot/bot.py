"""The bot without its surroundings: the core, the three loops, and one cycle of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.base import Adapter
from bot.clock import ManualClock
from bot.core import Core
from bot.deliver import Deliverer
from bot.housekeeping import Housekeeper
from bot.lane import Lane
from bot.metrics import Metrics
from bot.receive import Receiver
from bot.tick import Ticker
from commands.registry import CLOCK, Context
from commands.status import evening
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("bot")


@dataclass
class Bot:
    """What runs. `adapters` may be filled in after it is built: adapters want to know the bot."""

    core: Core
    metrics: Metrics
    owner: str
    adapters: dict[str, Adapter] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.receive = Receiver(self.core, metrics=self.metrics, owed=self.wake)
        self.ticker = Ticker(self.core, self.metrics)
        self.housekeeper = Housekeeper(self.core, self.metrics, self.adapters)
        self._deliverer: Deliverer | None = None
        self._resting = False

    @property
    def deliverer(self) -> Deliverer:
        if self._deliverer is None:
            self._deliverer = Deliverer(self.core, self.adapters, self.metrics, self.owner)
        return self._deliverer

    def wake(self) -> None:
        """There may be something to send."""
        if self._deliverer is not None:
            self._deliverer.wake()

    async def start(self) -> None:
        """What has to be due from the first moment on: the evening prompts, the watch over the calendars."""
        await self.core.store.run(self._arm)

    async def rest(self, within: float) -> None:
        """Begins nothing new, and returns when what was in hand is done, at the latest after so many seconds.

        A message that is on its way is ticked off: stopped there, it would be sent again after the next start.
        """
        self._resting = self.ticker.resting = True
        self.deliverer.rest()
        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._turn:
                await self.deliverer.rested()

    async def tick(self) -> None:
        """Everything that is due now happens; what it owes goes out by itself, see `keep_delivering`."""
        async with self._turn:
            await self.ticker.run_due()
        self.wake()

    async def keep_delivering(self) -> None:
        """What is owed goes out at once, on each platform by itself, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for lane in self.deliverer.lanes.values():
                group.create_task(self._keep_sending(lane))

    async def _keep_sending(self, lane: Lane) -> None:
        while True:
            await lane.news.wait()
            async with self._moving:
                pass  # while a clock is moved by hand, messages leave at their own moments only
            try:
                await lane.drain()
            except StorageError as error:
                log.error("delivery_interrupted", error=str(error))  # the next tick goes on
            except Exception:
                log.exception("delivery_interrupted")

    async def cycle(self) -> int:
        """Everything that is due now happens and is delivered; returns how many messages went out."""
        async with self._turn:
            await self.ticker.run_due()
        return await self.deliver()

    async def deliver(self, platform: str | None = None) -> int:
        """Everything owed goes out, on all platforms or on one; returns how many messages went out."""
        return await self.deliverer.drain(platform)

    async def next_due(self) -> datetime | None:
        """When the next thing happens by itself."""
        return await self.core.store.call(self._next_due)

    async def pass_time(self, clock: ManualClock, moment: datetime) -> int:
        """Lets a manual clock run to a moment: everything due on the way happens in order, each at its own time."""
        async with self._moving:
            return await self._passed(clock, moment)

    async def _passed(self, clock: ManualClock, moment: datetime) -> int:
        sent = await self.cycle()
        while (at := await self.next_due()) is not None and at <= moment:
            clock.move_to(max(at, clock.now()))
            before = await self._state()
            sent += await self.cycle()
            if self._resting:
                return sent  # the rest of the way happens after the next start
            if await self._state() == before:
                if clock.now() == moment:
                    break  # it waits for something later: a lease of somebody who died, a platform's pause
                clock.move_to(min(clock.now() + timedelta(seconds=1), moment))
        clock.move_to(moment)
        return sent + await self.cycle()

    async def _state(self) -> tuple[datetime | None, datetime]:
        return await self.next_due(), self.core.clock.now()

    def _next_due(self) -> datetime | None:
        with self.core.store.read() as uow:
            found = (uow.timers.earliest_open(), uow.outbox.earliest_ready())
            return min((moment for moment in found if moment), default=None)

    def _arm(self, uow: UnitOfWork) -> None:
        ctx: Context = self.core.context(uow, CLOCK, self.core.clock.now())
        evening.ensure_prompts(ctx)
