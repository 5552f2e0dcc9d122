"""A platform that answers as a test wants: at once, when told to, or with an error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.base import Gone, Health, Limits, Receive, Target
from commands.chat import Card


@dataclass(frozen=True)
class Call:
    """What the platform was asked for. `message` is what an edit is about, "" for a post."""

    place: str
    key: str
    again: bool
    card: Card
    message: str = ""


@dataclass
class FakePlatform:
    """Knows no send keys, as Slack does not: whoever posts twice, posts twice. `answer` is asked before each call is
    done, and may raise; calls to `held` places wait until `let_go`."""

    name: str
    limits: Limits = field(default_factory=Limits)
    bilingual: bool = False
    answer: Callable[[Call], None] = lambda call: None
    held: Callable[[str], bool] = lambda place: False
    calls: list[Call] = field(default_factory=list)
    arrived: list[Call] = field(default_factory=list)
    _let_go: asyncio.Event = field(default_factory=asyncio.Event)
    _called: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self, receive: Receive) -> None: ...

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        await self._done(Call(target.chat or f"@{target.user}", key, again, card))
        return f"{self.name}-{len(self.arrived)}"

    async def edit(self, target: Target, message: str, card: Card) -> None:
        if not message.startswith(f"{self.name}-"):
            raise Gone(message)
        await self._done(Call(target.chat or f"@{target.user}", "", False, card, message))

    def health(self) -> Health:
        return Health(ok=True)

    def routes(self) -> tuple[()]:
        return ()

    async def _done(self, call: Call) -> None:
        async with self._called:
            self.calls.append(call)
            self._called.notify_all()
        if self.held(call.place):
            await self._let_go.wait()
        self.answer(call)
        self.arrived.append(call)

    # --- for tests ---

    async def was_called(self, times: int) -> None:
        """Returns when so many calls came in."""
        async with self._called:
            await self._called.wait_for(lambda: len(self.calls) >= times)

    def let_go(self) -> None:
        self._let_go.set()

    @property
    def places(self) -> list[str]:
        """Where something arrived, in order."""
        return [call.place for call in self.arrived]
