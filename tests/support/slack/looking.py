"""What a test sees of a Slack workspace, and how it waits for something to be there."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from typing import Any, TypeVar

from .api import Api, Call
from .deliveries import Delivery, Post
from .records import Json, Posted, Screen, Violation
from .sockets import Sockets
from .workspace import Workspace

T = TypeVar("T")


class Looking:
    """Part of `FakeSlack`. Channels and people go by id or by name."""

    workspace: Workspace
    api: Api
    post: Post
    sockets: Sockets

    @property
    def violations(self) -> list[Violation]:
        return self.workspace.violations

    @property
    def homes(self) -> dict[str, Json]:
        """The home tab of each person who has one."""
        return self.workspace.homes

    @property
    def deliveries(self) -> list[Delivery]:
        return self.post.deliveries

    async def messages(self, channel: str, bot_only: bool = True, contains: str | None = None) -> list[Posted]:
        return self._messages(channel, bot_only, contains)

    async def ephemerals(
        self, user: str | None = None, channel: str | None = None, contains: str | None = None
    ) -> list[Posted]:
        return self._ephemerals(user, channel, contains)

    async def views(self, user: str | None = None) -> list[Screen]:
        """The modals that are open, the newest last."""
        id = user and self.workspace.person(user).id
        return [screen for screen in self.workspace.screens.values() if id in {None, screen.user}]

    async def calls(self, method: str = "*", ok: bool | None = None) -> list[Call]:
        """What the app asked for; `response_url` and `upload` count as methods."""
        return self._calls(method, ok)

    async def wait_for(self, look: Callable[[], T | None], timeout: float = 5.0, what: str = "") -> T:
        """What `look` gives once that is true; it is asked whenever something happened at Slack."""
        return await self.workspace.wait_for(look, timeout, what)

    async def wait_messages(self, channel: str, n: int = 1, timeout: float = 5.0, **which: Any) -> list[Posted]:
        return await self._at_least(n, timeout, lambda: self._messages(channel, **which), f"messages in {channel}")

    async def wait_ephemerals(self, n: int = 1, timeout: float = 5.0, **which: Any) -> list[Posted]:
        return await self._at_least(n, timeout, lambda: self._ephemerals(**which), f"private messages {which}")

    async def wait_view(self, user: str, timeout: float = 5.0) -> Screen:
        id = self.workspace.person(user).id
        theirs = lambda: [one for one in self.workspace.screens.values() if one.user == id]  # noqa: E731
        return (await self._at_least(1, timeout, theirs, f"a modal of {user}"))[-1]

    async def wait_calls(self, method: str, n: int = 1, timeout: float = 5.0, ok: bool | None = None) -> list[Call]:
        return await self._at_least(n, timeout, lambda: self._calls(method, ok), f"calls of {method}")

    async def wait_connections(self, n: int = 1, timeout: float = 10.0) -> int:
        return len(await self._at_least(n, timeout, lambda: self.sockets.live, "connections"))

    async def _at_least(self, n: int, timeout: float, look: Callable[[], list[T]], what: str) -> list[T]:
        found: list[T] = []

        def enough() -> bool:
            found[:] = look()
            return len(found) >= n

        await self.workspace.wait_for(enough, timeout, f"{n} {what}")
        return found

    def _calls(self, method: str, ok: bool | None) -> list[Call]:
        return [one for one in self.api.calls if fnmatch.fnmatch(one.method, method) and ok in {None, one.ok}]

    def _messages(self, channel: str, bot_only: bool = True, contains: str | None = None) -> list[Posted]:
        there = self.workspace.messages[self.workspace.place(channel).id].values()
        ours = [one for one in there if not bot_only or one.message.get("bot_id") == self.workspace.bot_id]
        return [one for one in ours if contains is None or contains in one.words]

    def _ephemerals(
        self, user: str | None = None, channel: str | None = None, contains: str | None = None
    ) -> list[Posted]:
        who, where = user and self.workspace.person(user).id, channel and self.workspace.place(channel).id
        theirs = [one for one in self.workspace.ephemerals if who in {None, one.user} and where in {None, one.channel}]
        return [one for one in theirs if contains is None or contains in one.words]

    async def wait_answered(self, timeout: float = 10.0) -> None:
        """Until no envelope is on its way any more."""
        await self.wait_for(lambda: all(one.done.is_set() for one in self.post.deliveries), timeout, "every ack")

    def unanswered(self) -> list[Delivery]:
        """Envelopes that the app has not acknowledged in time."""
        return [one for one in self.post.deliveries if one.status != "acked"]
