"""How fast a platform may be sent to: a token bucket of one, at 97 % of the platform's window, a fifth kept free of
prompts so that answers and escalations always get through."""

from __future__ import annotations

import asyncio

from adapters.base import Limits
from bot.clock import monotonic
from commands.ports import Priority

SHARE = 0.97
KEPT_FREE = 0.20


class Pace:
    """Spaces the sends of one platform. Without limits nobody waits."""

    def __init__(self, limits: Limits) -> None:
        rates = [r for r in (limits.per_second, limits.per_minute and limits.per_minute / 60) if r]
        self._gap = 1 / (min(rates) * SHARE) if rates else 0.0
        self._chat_gap = 1 / (limits.per_chat_per_second * SHARE) if limits.per_chat_per_second else 0.0
        self._next = 0.0
        self._next_in_chat: dict[str, float] = {}

    async def turn(self, chat: str, priority: Priority) -> None:
        """Returns when the next message to that chat may leave. A chat that has to wait holds no other one up."""
        while (wait := self.free(chat) - monotonic()) > 0:
            await asyncio.sleep(wait)
        now = monotonic()
        if (at := self.place(chat, priority, now)) > now:
            await asyncio.sleep(at - now)

    def free(self, chat: str) -> float:
        """The moment, in seconds, from which on the chat may be sent to again."""
        return self._next_in_chat.get(chat, 0.0)

    def place(self, chat: str, priority: Priority, now: float) -> float:
        """The moment at which the next message leaves, to a chat that is free; it is taken from now on."""
        gap = self._gap / (1 - KEPT_FREE) if priority is Priority.PROMPT else self._gap
        at = max(now, self._next)
        self._next = at + gap
        if self._chat_gap:
            self._forget(now)
            self._next_in_chat[chat] = at + self._chat_gap
        return at

    def _forget(self, now: float) -> None:
        """Chats that may be sent to anyway need no entry."""
        if len(self._next_in_chat) > 10_000:
            self._next_in_chat = {chat: at for chat, at in self._next_in_chat.items() if at > now}
