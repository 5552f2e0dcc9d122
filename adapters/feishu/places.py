"""Which chats are one-to-one chats with the bot: a click does not say what kind of chat it happened in."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from adapters.base import SendError
from adapters.feishu.api import Api

log = structlog.get_logger("feishu")

WITHIN = 1.0
"""Seconds that a click waits for it."""
MOST = 10_000


class Places:
    """Remembers what messages say, theirs and ours, and asks about the others
    (https://open.feishu.cn/document/server-docs/group/chat/get-2, scope `im:chat:readonly`)."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._direct: OrderedDict[str, bool] = OrderedDict()
        self._asking: dict[str, asyncio.Task[bool]] = {}

    def learn(self, chat: str, *, direct: bool) -> None:
        """A message said so."""
        self._direct[chat] = direct
        self._direct.move_to_end(chat)
        while len(self._direct) > MOST:
            self._direct.popitem(last=False)

    async def is_direct(self, chat: str) -> bool:
        """False where it cannot be found out in time: then what is private is sent as one sends it out of a group."""
        if chat in self._direct:
            return self._direct[chat]
        if chat not in self._asking:
            self._asking[chat] = asyncio.create_task(self._asked(chat))
        try:
            async with asyncio.timeout(WITHIN):
                return await asyncio.shield(self._asking[chat])
        except TimeoutError:
            log.info("kind_of_chat_unknown", chat=chat, error="no answer in time")
            return False

    async def _asked(self, chat: str) -> bool:
        """One question for all who want to know: fifty people may press the same button."""
        try:
            found = await self._api.call("GET", f"/open-apis/im/v1/chats/{chat}")
        except SendError as error:
            log.info("kind_of_chat_unknown", chat=chat, error=str(error))
            return False
        finally:
            del self._asking[chat]
        data = found.get("data")
        self.learn(chat, direct=isinstance(data, dict) and data.get("chat_mode") == "p2p")
        return self._direct[chat]
