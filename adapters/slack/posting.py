"""Messages that stay: posted once, whatever happens to the answer, and edited in place.

Slack knows no key that would make a second post harmless. So each message carries its key in its metadata
(https://docs.slack.dev/messaging/message-metadata/), and a post whose answer got lost is looked for before it is
repeated.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import structlog

from adapters.base import Busy, Gone, SendError
from adapters.slack.web import Refused, Response, Unclear, Web

log = structlog.get_logger("slack")

Payload = Mapping[str, Any]

METADATA = "liaison"
LOOK_BACK = 3
"""Pages of the channel's history that are searched for a message whose post was unclear."""
PAGE = 200
REMEMBERED = 10_000
ABOUT_BLOCKS = ("invalid_blocks", "msg_blocks", "invalid_arg", "slack_file")
"""How the errors begin that say what is wrong with a message's blocks."""
PEOPLE = ("U", "W")
"""How ids of people begin. A message to one of them opens the one-to-one chat by itself."""


class Posting:
    """Posts and edits. Message ids are `channel:ts`, so that a direct message can be edited by its id alone."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._directs: dict[str, str] = {}
        self._surely_unsent: OrderedDict[str, None] = OrderedDict()

    async def direct(self, user: str) -> str:
        """The id of the one-to-one chat with somebody. Raises `SendError`."""
        if user not in self._directs:
            opened = await self._web.call("conversations.open", users=user)
            self._directs[user] = str(opened["channel"]["id"])
        return self._directs[user]

    async def post(self, channel: str, payload: Payload, *, key: str, again: bool) -> str:
        """The id of the message. `channel` may be a person: then it is the one-to-one chat. `again`: an earlier post
        with this key may have arrived. Raises `SendError`."""
        if again and key not in self._surely_unsent and (found := await self._find(await self._place(channel), key)):
            return found
        self._surely_unsent.pop(key, None)  # until Slack says so: the call may be cut off
        try:
            posted = await self._post(self._directs.get(channel, channel), payload, key)
        except Unclear:
            raise
        except SendError:
            self._note_unsent(key)
            raise
        if channel.startswith(PEOPLE):
            self._directs[channel] = str(posted["channel"])
        return f"{posted['channel']}:{posted['ts']}"

    async def edit(self, message: str, payload: Payload) -> None:
        """Raises `Gone` when the message is not there any more, or `SendError`."""
        channel, _, moment = message.rpartition(":")
        if not channel or not moment:
            raise Gone(f"{message!r} is no message of Slack")
        await self._put("chat.update", payload, channel=channel, ts=moment)

    # --- inside ---

    async def _place(self, channel: str) -> str:
        return await self.direct(channel) if channel.startswith(PEOPLE) else channel

    async def _post(self, channel: str, payload: Payload, key: str) -> Response:
        metadata = {"event_type": METADATA, "event_payload": {"key": key}}
        common = {"channel": channel, "metadata": metadata, "unfurl_links": False, "unfurl_media": False}
        return await self._put("chat.postMessage", payload, **common)

    async def _put(self, method: str, payload: Payload, **where: Any) -> Response:
        """As it is; else without its pictures, for one may not be ready yet; else the words alone: a message without
        buttons is better than none, and each button's command stands in the text."""
        *richer, words = _plainer_and_plainer(payload)
        for content in richer:
            try:
                return await self._web.call(method, **where, **content)
            except Refused as error:
                if not error.code.startswith(ABOUT_BLOCKS):
                    raise
                log.error("blocks_refused", error=str(error))
        return await self._web.call(method, **where, **words)

    async def _find(self, channel: str, key: str) -> str | None:
        """The message that carries the key, among the newest ones."""
        cursor = ""
        try:
            for _ in range(LOOK_BACK):
                more = {"cursor": cursor} if cursor else {}
                page = await self._web.ask(
                    "conversations.history", channel=channel, limit=PAGE, include_all_metadata="true", **more
                )
                if found := _with_key(page, key):
                    return f"{channel}:{found}"
                cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    break
        except Busy:
            raise
        except SendError as error:
            # Without the scope there is no look: a message said twice is better than one never said.
            log.warning("cannot_look_back", channel=channel, error=str(error))
        return None

    def _note_unsent(self, key: str) -> None:
        """Only ids, and only the newest: whatever is forgotten costs a look, nothing else."""
        self._surely_unsent[key] = None
        while len(self._surely_unsent) > REMEMBERED:
            self._surely_unsent.popitem(last=False)


def _with_key(page: Response, key: str) -> str | None:
    for message in page.get("messages") or ():
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == METADATA and (metadata.get("event_payload") or {}).get("key") == key:
            return str(message["ts"])
    return None


def _plainer_and_plainer(payload: Payload) -> Iterator[Payload]:
    if blocks := payload.get("blocks"):
        yield payload
        without = [block for block in blocks if block["type"] != "image"]
        if without != blocks:
            yield {**payload, "blocks": without}
    yield {"text": payload["text"], "blocks": []}
