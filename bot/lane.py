"""One platform's lane: some messages in hand, more taken as places become free, each leaving in its turn.

A platform that is slow, limited or down fills its own lane and holds nobody else up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime

from bot.core import Core
from bot.crash import crash_point
from bot.send import LEASE, Sender
from commands.domain.people import Directory
from commands.ports import Priority
from storage.queue import OwedRow, Wanted
from storage.unit_of_work import UnitOfWork

FEWEST, MOST = 4, 100
AHEAD = 4.0
"""Seconds' worth of messages in hand: enough to keep a slow line busy, few enough to leave soon."""
FOR_PROMPTS = 0.8
"""Of the places. The others are kept free of prompts: what people wait for is in hand at once."""

FEW_PROMPTS = 50
"""So many may begin in a minute in which the platform has too much to send; the others begin after it."""

Reaches = Callable[[Directory, str], bool]
"""Whether a person is this lane's business."""


class Lane:
    """Takes what is owed on one platform, in order for each chat, urgent things first."""

    def __init__(self, core: Core, sender: Sender, reaches: Reaches, owner: str) -> None:
        self.news = asyncio.Event()
        """Set it when there may be something to send."""
        self.sender = sender
        self._core = core
        self._reaches = reaches
        self._owner = owner
        self._places = max(FEWEST, round(min(MOST, AHEAD * sender.pace.per_second)))
        self._turn = asyncio.Lock()
        self._minute: datetime | None = None
        self._begun = 0
        """Prompts that were taken within that minute."""

    async def drain(self) -> int:
        """Sends everything that can go now; returns how many messages went out. Two at once take turns."""
        async with self._turn:
            hand: dict[asyncio.Task[bool], OwedRow] = {}
            try:
                return await self._emptied(hand)
            except asyncio.CancelledError:
                for task in hand:
                    task.cancel()
                raise
            finally:
                await asyncio.gather(*hand, return_exceptions=True)

    async def rested(self) -> None:
        """Returns when nothing is in hand any more."""
        async with self._turn:
            pass

    async def _emptied(self, hand: dict[asyncio.Task[bool], OwedRow]) -> int:
        sent = 0
        while True:
            self.news.clear()
            for task in [task for task in hand if task.done()]:
                del hand[task]
                sent += task.result()
            for row in await self._taken(hand.values()):
                task = asyncio.create_task(self.sender.deliver(row))
                task.add_done_callback(lambda _: self.news.set())
                hand[task] = row
            if not hand:
                return sent
            await self.news.wait()

    async def _taken(self, hand: Collection[OwedRow]) -> list[OwedRow]:
        places = self._places - len(hand)
        prompts = min(round(FOR_PROMPTS * self._places) - _prompts(hand), self._prompts_in_this_minute())
        if places <= 0 or not self.sender.is_open:
            return []
        rows = await self._core.store.call_later(self.claim, places, max(0, prompts))
        if rows:
            crash_point("after_claim")
        self._begun += _prompts(rows)
        return rows

    def _prompts_in_this_minute(self) -> int:
        """How many more may begin. A few are never put off: only masses meet the platform's rush hour."""
        now = self._core.clock.now()
        if (minute := now.replace(second=0, microsecond=0)) != self._minute:
            self._minute, self._begun = minute, 0
        crowded = now.minute in self.sender.adapter.limits.crowded_minutes
        return FEW_PROMPTS - self._begun if crowded else self._places

    def claim(self, limit: int, prompts: int) -> list[OwedRow]:
        """Asks first: whoever has nothing to send does not stand in line to write."""
        with self._core.store.read() as uow:
            if not uow.outbox.has_ready(self._core.clock.now(), self._wanted(uow, limit, prompts)):
                return []
        return self._core.store.transact(self._claimed, limit, prompts)

    def _claimed(self, uow: UnitOfWork, limit: int, prompts: int) -> list[OwedRow]:
        wanted = self._wanted(uow, limit, prompts)
        return uow.outbox.claim(self._core.clock.now(), owner=self._owner, lease=LEASE, wanted=wanted)

    def _wanted(self, uow: UnitOfWork, limit: int, prompts: int) -> Wanted:
        people = uow.directory
        return Wanted(limit, prompts, self.sender.adapter.name, lambda person: self._reaches(people, person))


def _prompts(rows: Collection[OwedRow]) -> int:
    return sum(row.owed.priority is Priority.PROMPT for row in rows)
