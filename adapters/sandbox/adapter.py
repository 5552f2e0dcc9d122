"""The sandbox as a platform: a chat in the browser, for a first try, for demonstrations and for acceptance tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from aiohttp.web import AbstractRouteDef

from adapters.base import Gone, Health, Limits, Receive, Target
from adapters.plain import card_text
from adapters.sandbox.acts import PLATFORM
from adapters.sandbox.api import routes
from adapters.sandbox.clock import ClockControl, parse_advance
from adapters.sandbox.desk import Desk, Hints, Pictures
from adapters.sandbox.roster import Roster
from adapters.sandbox.wire import card_json
from adapters.sandbox.world import World, direct_chat
from commands.chat import Card


def _no_hints(person: str) -> Sequence[dict[str, str]]:
    return ()


async def _no_pictures(name: str) -> bytes | None:
    return None


class SandboxAdapter:
    """Implements `Adapter` on a `World`.

    `settle` is awaited after every event, so that everything owed to the sandbox is delivered before the HTTP
    answer. `zone` is the one that the HTTP surface writes its times in. `work_end` tells when the working day
    ends that the page's button leads to; by default the next 18:00.
    """

    bilingual = False

    def __init__(
        self,
        world: World,
        *,
        now: Callable[[], datetime],
        roster: Callable[[], Roster],
        clock: ClockControl,
        settle: Callable[[], Awaitable[None]],
        parse_advance: Callable[[str], timedelta] = parse_advance,
        hints: Hints = _no_hints,
        pictures: Pictures = _no_pictures,
        work_end: Callable[[datetime], datetime] | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        zone = zone or ZoneInfo("Asia/Shanghai")
        self._desk = Desk(
            world=world,
            now=now,
            roster=roster,
            clock=clock,
            settle=settle,
            parse_advance=parse_advance,
            hints=hints,
            pictures=pictures,
            work_end=work_end or (lambda moment: _next_six(moment, zone)),
            zone=zone,
        )

    @property
    def name(self) -> str:
        return PLATFORM

    @property
    def limits(self) -> Limits:
        return Limits()

    async def run(self, receive: Receive) -> None:
        """Lets the HTTP surface take events until cancelled; then the streams to open pages end."""
        self._desk.receive = receive
        self._desk.closing.clear()
        try:
            await asyncio.Event().wait()
        finally:
            self._desk.receive = None
            self._desk.closing.set()

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        """Raises `Gone` for a chat or person that is not in the roster, `Forbidden` for who blocked the bot. The world
        remembers the keys, so `again` tells it nothing new."""
        return self._desk.post(self._chat(target), card, key=key).id

    async def edit(self, target: Target, message: str, card: Card) -> None:
        self._desk.world.edit(
            message,
            chat=self._chat(target),
            text=card_text(card),
            card=card_json(card),
            mentions=card.mentions,
            at=self._desk.now(),
        )

    def health(self) -> Health:
        running = self._desk.receive is not None
        return Health(running, "" if running else "not taking events", self._desk.last_event)

    def routes(self) -> Sequence[AbstractRouteDef]:
        return routes(self._desk)

    def _chat(self, target: Target) -> str:
        id = direct_chat(target.user) if target.user else target.chat or ""
        if self._desk.roster().chat(id) is None:
            raise Gone(f"there is no chat {id!r} in the sandbox")
        return id


def _next_six(moment: datetime, zone: tzinfo) -> datetime:
    six = moment.astimezone(zone).replace(hour=18, minute=0, second=0, microsecond=0)
    return six if six > moment else six + timedelta(days=1)
