"""Messages owed: claimed with a lease, built from the state as it is now, sent outside any transaction, ticked off.

Each platform has a lane of its own (`bot.lane`). In it a message is built (`bot.parcel`), waits for its turn
(`bot.pace`), is sent (`bot.send`), and how it fared is written down (`bot.outcome`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from adapters.base import Adapter
from bot.core import Core
from bot.lane import Lane, Reaches
from bot.metrics import Metrics
from bot.outcome import Outcomes
from bot.parcel import Packer, platform_of
from bot.send import Sender
from commands.domain.people import Directory


class Deliverer:
    """Sends what is owed, as fast as each platform allows."""

    def __init__(self, core: Core, adapters: Mapping[str, Adapter], metrics: Metrics, owner: str) -> None:
        self._adapters = adapters
        packer, outcomes = Packer(core, adapters), Outcomes(core, metrics)
        self.lanes = {
            name: Lane(core, Sender(core, adapter, packer, outcomes), self._reaches_on(name), owner)
            for name, adapter in adapters.items()
        }

    def wake(self) -> None:
        """There may be something to send."""
        for lane in self.lanes.values():
            lane.news.set()

    async def drain(self, platform: str | None = None) -> int:
        """Sends everything that can go now, on all platforms or on one; returns how many messages went out."""
        drains = [lane.drain() for name, lane in self.lanes.items() if platform in (None, name)]
        sent = 0
        for found in await asyncio.gather(*drains, return_exceptions=True):
            if isinstance(found, BaseException):
                raise found  # only now: what fails in one lane must not leave the others alone
            sent += found
        return sent

    def rest(self) -> None:
        """Begins nothing new from now on."""
        for lane in self.lanes.values():
            lane.sender.rest()

    async def rested(self) -> None:
        """Returns when everything that was on its way is ticked off."""
        for lane in self.lanes.values():
            await lane.rested()

    def _reaches_on(self, name: str) -> Reaches:
        """Whom nobody reaches is the business of the first lane, which says so."""

        def reaches(people: Directory, person: str) -> bool:
            return (platform_of(people, person, self._adapters) or next(iter(self._adapters))) == name

        return reaches
