"""Messages that stay: posted once, whatever happens to the answer, and changed in place.

Feishu sends at most one message for each `uuid` within an hour
(https://open.feishu.cn/document/server-docs/im-v1/message/create), and all tries that count fall into that hour. One
whose fate stays unknown for longer, because the bot was down or Feishu could not be reached, may be there twice: to
look for it, one would need the right to read what people write in one-to-one chats and in whole groups, which we do not
ask for (https://open.feishu.cn/document/server-docs/im-v1/message/list).
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import structlog

from adapters.base import Limits, SendError, Target
from adapters.feishu.api import Api
from adapters.feishu.config import PER_CHAT, PER_MINUTE, PER_SECOND
from adapters.feishu.errors import Unscoped
from adapters.feishu.places import Places

log = structlog.get_logger("feishu")

Payload = Mapping[str, Any]
"""A card in JSON 2.0."""

LIMITS = Limits(
    per_second=PER_SECOND,
    per_minute=PER_MINUTE,
    per_chat_per_second=PER_CHAT,
    edits_per_minute=PER_MINUTE,
    kept_free=0.2,
    crowded_minutes=frozenset({0, 30}),
    card_days=14,
)
"""A fifth is kept free of prompts for answers, which leave at once. At full and half hours Feishu refuses mass sends
(11232, 11233). A card is changed and pressed for 14 days (https://open.feishu.cn/document/server-docs/im-v1/message-card/patch)."""

MESSAGES = "/open-apis/im/v1/messages"
REMEMBERED = 10_000


class Posting:
    """Posts, changes, and calls attention to messages. Message ids are Feishu's own, `om_…`."""

    def __init__(self, api: Api, places: Places) -> None:
        self._api = api
        self._places = places
        self._clicks: dict[str, set[asyncio.Future[None]]] = {}
        self._begun: OrderedDict[str, None] = OrderedDict()
        self._may_urge = True

    async def post(
        self, target: Target, payload: Payload, *, key: str, again: bool = False, urgent: bool = False
    ) -> str:
        """The id of the message, one for each `key`. `again`: an earlier post with this key may have arrived.
        `urgent`: the person is called to it besides, at most once for each key. Raises `SendError`."""
        kind, receiver = ("chat_id", target.chat) if target.chat else ("open_id", target.user)
        mine = self._begin(key, again=again)
        body = {"receive_id": receiver, **_card(payload), "uuid": uuid_of(key)}
        answer = await self._api.call("POST", MESSAGES, query={"receive_id_type": kind}, body=body)
        message, chat = str(answer["data"]["message_id"]), answer["data"].get("chat_id")
        if target.user and chat:
            self._places.learn(str(chat), direct=True)
        self._begun.pop(key, None)
        if urgent and mine and target.user:
            await self.urge(message, [target.user])
        return message

    async def reply(self, message: str, payload: Payload, *, key: str) -> str:
        """The id of a message that answers another one. Raises `SendError`."""
        body = {**_card(payload), "uuid": uuid_of(key)}
        answer = await self._api.call("POST", f"{MESSAGES}/{message}/reply", body=body)
        return str(answer["data"]["message_id"])

    async def edit(self, message: str, payload: Payload) -> None:
        """Shows another card in its place, when no click on it waits for its answer. Raises `Gone` when it cannot be
        changed any more, as after 14 days, or `SendError`."""
        while clicks := self._clicks.get(message):
            await asyncio.wait(clicks)
        await self._api.call(
            "PATCH", f"{MESSAGES}/{message}", body={"content": json.dumps(payload, ensure_ascii=False)}
        )

    @contextmanager
    def clicked(self, message: str) -> Iterator[None]:
        """While a click on a message waits for its answer: a change of the message would be refused ("card action is
        lock") or undone (https://open.feishu.cn/document/feishu-cards/update-feishu-card)."""
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        clicks = self._clicks.setdefault(message, set())
        clicks.add(answered)
        try:
            yield
        finally:
            answered.set_result(None)
            clicks.remove(answered)
            if not clicks:
                del self._clicks[message]

    async def urge(self, message: str, open_ids: Sequence[str]) -> None:
        """加急: calls people to a message by a notice that stays until they look
        (https://open.feishu.cn/document/server-docs/im-v1/buzz-messages/urgent_app). Best effort: the message is
        there anyway, and the scope `im:message.urgent` is not everybody's to give."""
        if not self._may_urge:
            return
        try:
            query, body = {"user_id_type": "open_id"}, {"user_id_list": list(open_ids)}
            await self._api.call("PATCH", f"{MESSAGES}/{message}/urgent_app", query=query, body=body)
        except Unscoped as error:
            self._may_urge = False
            log.warning("cannot_urge", error=str(error), fix=error.fix)
        except SendError as error:
            log.info("not_urged", message=message, error=str(error))

    async def react(self, message: str, emoji: str) -> None:
        """An emoji such as `DONE` under a message (https://open.feishu.cn/document/server-docs/im-v1/message-reaction/create).
        Best effort: it says nothing that is not said elsewhere."""
        try:
            await self._api.call(
                "POST", f"{MESSAGES}/{message}/reactions", body={"reaction_type": {"emoji_type": emoji}}
            )
        except SendError as error:
            log.info("no_reaction", message=message, error=str(error))

    # --- inside ---

    def _begin(self, key: str, *, again: bool) -> bool:
        """Whether no other process can have called attention to the message of this key. Only the newest keys of
        messages that are not there yet: whatever is forgotten costs a call for attention, nothing else."""
        mine = not again or key in self._begun
        if mine:
            self._begun[key] = None
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        return mine


def uuid_of(key: str) -> str:
    """Feishu takes 50 characters."""
    return sha256(key.encode()).hexdigest()[:48]


def _card(payload: Payload) -> dict[str, str]:
    return {"msg_type": "interactive", "content": json.dumps(payload, ensure_ascii=False)}
