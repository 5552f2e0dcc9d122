"""One message on its way to a platform: its turn, the call, and what came of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from adapters.base import Adapter, Busy, Gone, SendError
from bot.clock import monotonic
from bot.core import Core
from bot.crash import crash_point
from bot.outcome import Outcomes
from bot.pace import Pace
from bot.parcel import Packer, Parcel, Unsent
from commands.chat import Card
from commands.ports import OwedKind
from storage.queue import OwedRow

log = structlog.get_logger("deliver")

LEASE = timedelta(seconds=40)
"""How long a message is in hand: a call never outlasts it, for what waited too long before goes back."""
LONGEST_CALL = timedelta(seconds=30)
PATIENCE = 8.0
"""Seconds that a message waits for its turn. Whoever is overtaken for longer must not hold up something urgent in the
same chat."""
UNCLEAR_WAIT = 5.0  # seconds, where nobody says how long


class NotNow(Exception):
    """A message in hand goes back untried, until a moment. `in_order`: those behind it in its chat wait for it."""

    def __init__(self, until: datetime, *, in_order: bool = True) -> None:
        super().__init__()
        self.until = until
        self.in_order = in_order


class Sender:
    """Sends on one platform, at its pace."""

    def __init__(
        self, core: Core, adapter: Adapter, packer: Packer, outcomes: Outcomes, *, patience: float = PATIENCE
    ) -> None:
        self.adapter = adapter
        self.pace = Pace(adapter.limits)
        self._core = core
        self.packer = packer
        self._outcomes = outcomes
        self._patience = patience
        self._resting = False
        self._paused_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a message could leave now."""
        return self._closed_until() is None

    def rest(self) -> None:
        """Lets nothing leave from now on."""
        self._resting = True
        self.pace.open_wide()

    async def deliver(self, row: OwedRow) -> bool:
        """True when it arrived. Whatever else happened is written down."""
        packed = await self._core.store.call_later(self.packer.pack, row)
        if isinstance(packed, Unsent):
            await self._core.store.call_later(self._outcomes.unsent, row, packed)
            return False
        return await self.send(packed)

    async def send(self, parcel: Parcel) -> bool:
        try:
            message = await self._posted_or_edited(parcel)
        except NotNow as no:
            go_back = self._outcomes.put_back if no.in_order else self._outcomes.put_off
            await self._core.store.call_later(go_back, parcel.row, no.until)
            return False
        except Busy as error:
            return await self._later(parcel, error)
        except SendError as error:
            await self._core.store.call_later(self._outcomes.failed, parcel, error)
            return False
        except TimeoutError:
            return await self._later(parcel, Busy(UNCLEAR_WAIT, "no answer in time"))
        except Exception as error:
            log.exception("send_failed", key=parcel.row.owed.key)
            return await self._later(parcel, Busy(UNCLEAR_WAIT, repr(error)))
        crash_point("after_send")
        return await self._core.store.call_later(self._outcomes.sent, parcel, message)

    async def _later(self, parcel: Parcel, error: Busy) -> bool:
        if error.everywhere:
            self._paused_until = self._core.clock.now() + timedelta(seconds=error.after)
            self.pace.open_wide()
        await self._core.store.call_later(self._outcomes.later, parcel, error)
        return False

    # --- the call ---

    async def _posted_or_edited(self, parcel: Parcel) -> str:
        """A card that is there is edited; if it cannot be any more, a new one takes its place."""
        if there := parcel.edits:
            try:
                await self._edit(parcel, parcel.card, there.message)
                return there.message
            except Gone:
                log.info("card_gone", item=parcel.row.owed.item, message=there.message)
        again = parcel.row.attempts > 0
        message = await self._post(parcel, again=again)
        if again and parcel.row.owed.kind is OwedKind.CARD:
            # An earlier attempt may have arrived: then the key gave us its message, which shows what was true then.
            with suppress(Gone):
                await self._edit(parcel, parcel.card, message)
        if old := parcel.retires:
            await self._retire(parcel, old.message)
        return message

    async def _retire(self, parcel: Parcel, message: str) -> None:
        """Takes the buttons off the old message. It may keep them: they stop working anyway."""
        with suppress(SendError, NotNow, TimeoutError):
            await self._edit(parcel, _without_buttons(parcel.card), message)

    async def _post(self, parcel: Parcel, *, again: bool) -> str:
        await self._turn(parcel)
        async with asyncio.timeout(LONGEST_CALL.total_seconds()):
            return await self.adapter.post(parcel.target, parcel.card, key=parcel.row.owed.key, again=again)

    async def _edit(self, parcel: Parcel, card: Card, message: str) -> None:
        if wait := self.pace.crowd(parcel.row.owed.priority, monotonic()):
            raise NotNow(self._core.clock.now() + timedelta(seconds=wait), in_order=False)
        await self._turn(parcel, edit=True)
        async with asyncio.timeout(LONGEST_CALL.total_seconds()):
            await self.adapter.edit(parcel.target, message, card)

    async def _turn(self, parcel: Parcel, *, edit: bool = False) -> None:
        """Returns when the message may leave, and is ours for as long as that can take."""
        row = parcel.row
        self._must_be_possible(parcel)
        try:
            async with asyncio.timeout(self._patience):
                await self.pace.turn(row.owed.to, row.owed.priority, edit=edit)
        except TimeoutError:
            raise NotNow(self._core.clock.now()) from None
        self._must_be_possible(parcel)

    def _must_be_possible(self, parcel: Parcel) -> None:
        now, lease = self._core.clock.now(), parcel.row.until
        if until := self._closed_until():
            raise NotNow(until)
        has_moved = parcel.adapter.name != self.adapter.name  # whom it is for, since it was taken
        if has_moved or lease is None or now + LONGEST_CALL > lease:
            raise NotNow(now)

    def _closed_until(self) -> datetime | None:
        """Until when nothing leaves; None when it may."""
        now = self._core.clock.now()
        if self._resting:
            return now
        return self._paused_until if self._paused_until and self._paused_until > now else None


def _without_buttons(card: Card) -> Card:
    """In every language that it is in."""
    others = {tag: replace(other, buttons=()) for tag, other in card.translations.items()}
    return replace(card, buttons=(), translations=others)
