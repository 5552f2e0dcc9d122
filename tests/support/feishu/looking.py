"""What a test sees of an organisation on Feishu, and how it waits for something to be there."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from typing import TypeVar

from .api import Api, Call
from .deliveries import Delivery, Post
from .organisation import Organisation
from .records import Message, Violation
from .sockets import Connection, Sockets

T = TypeVar("T")


class Looking:
    """Part of `FakeFeishu`. Chats and people go by id or by name."""

    organisation: Organisation
    api: Api
    post: Post
    sockets: Sockets

    @property
    def violations(self) -> list[Violation]:
        return self.organisation.violations

    @property
    def deliveries(self) -> list[Delivery]:
        return self.post.deliveries

    def messages(self, chat: str, *, contains: str = "", bot_only: bool = True) -> list[Message]:
        """What is there, the oldest first; in the one-to-one chat of a person if `chat` is one."""
        place = self.organisation.place(chat).id
        there = [one for one in self.organisation.messages.values() if one.chat == place and not one.gone]
        return [one for one in there if contains in one.words and not (bot_only and one.author)]

    def calls(self, method: str = "*", *, ok: bool | None = None) -> list[Call]:
        """What the app asked for, by a pattern such as `POST im/v1/messages*`."""
        return [one for one in self.api.calls if fnmatch.fnmatch(one.name, method) and ok in {None, one.ok}]

    async def wait_for(self, look: Callable[[], T | None], timeout: float = 5.0, what: str = "") -> T:
        """What `look` gives once that is true; it is asked whenever something happened at Feishu."""
        return await self.organisation.wait_for(look, timeout, what)

    async def wait_messages(self, chat: str, n: int = 1, *, contains: str = "", timeout: float = 5.0) -> list[Message]:
        look = lambda: self.messages(chat, contains=contains)  # noqa: E731
        return await self._at_least(n, timeout, look, f"messages in {chat} with {contains!r}")

    async def wait_calls(self, method: str, n: int = 1, *, ok: bool | None = None, timeout: float = 5.0) -> list[Call]:
        return await self._at_least(n, timeout, lambda: self.calls(method, ok=ok), f"calls of {method}")

    async def wait_connections(self, n: int = 1, timeout: float = 10.0) -> list[Connection]:
        """Until so many can be spoken to."""
        heard = lambda: [one for one in self.sockets.connections if not one.silent]  # noqa: E731
        return await self._at_least(n, timeout, heard, "connections")

    async def wait_edit(self, message: str, n: int = 1, timeout: float = 5.0) -> Message:
        """Until a card was replaced so many times."""
        found = self.organisation.messages[message]
        await self.wait_for(lambda: len(found.versions) >= n, timeout, f"{n} edits of {found.words!r}")
        return found

    async def _at_least(self, n: int, timeout: float, look: Callable[[], list[T]], what: str) -> list[T]:
        await self.organisation.wait_for(lambda: len(look()) >= n, timeout, f"{n} {what}")
        return look()

    async def wait_answered(self, timeout: float = 10.0) -> None:
        """Until no event is on its way any more."""
        await self.wait_for(lambda: all(one.done.is_set() for one in self.post.deliveries), timeout, "every ack")

    def unanswered(self) -> list[Delivery]:
        """Events that the app has not acknowledged in time."""
        return [one for one in self.post.deliveries if one.status != "acked"]
