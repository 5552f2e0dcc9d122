"""What the sandbox's parts share: the world, the clock, the directory, and the way into the core."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from adapters.base import Receive
from adapters.plain import card_text, clean
from adapters.sandbox.clock import ClockControl
from adapters.sandbox.roster import Roster
from adapters.sandbox.wire import card_json
from adapters.sandbox.world import BOT, Message, World, is_direct
from commands.chat import Card

Hints = Callable[[str], Sequence[Mapping[str, str]]]
"""What a person may type: `insert` goes into the composer, `label` and `help` are shown."""

Pictures = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a picture (PNG, JPEG or SVG) by its name; None when there is no such picture."""


@dataclass
class Desk:
    """`closing` is set when the adapter stops, so that streams to the page end; `receive` is None until it runs."""

    world: World
    now: Callable[[], datetime]
    roster: Callable[[], Roster]
    clock: ClockControl
    settle: Callable[[], Awaitable[None]]
    parse_advance: Callable[[str], timedelta]
    hints: Hints
    pictures: Pictures
    work_end: Callable[[datetime], datetime]
    zone: tzinfo
    receive: Receive | None = None
    last_event: datetime | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def post(self, chat: str, said: Card | str, *, key: str, only: str | None = None) -> Message:
        """Posts what the bot says. `only` makes it private, which needs no mark in a one-to-one chat."""
        card = said if isinstance(said, Card) else None
        message = Message(
            seq=0,
            chat=chat,
            author=BOT,
            text=card_text(card) if card else clean(str(said)),
            posted_at=self.now(),
            card=card_json(card) if card else None,
            visible_to=(only,) if only and not is_direct(chat) else None,
            mentions=card.mentions if card else (),
        )
        return self.world.post(message, key=key)
