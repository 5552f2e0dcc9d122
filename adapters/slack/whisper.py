"""A message for one person alone, by the first way that works.

The `response_url` of a command or click works wherever it was typed, also where the bot is no member; an ephemeral
message needs both in the channel; a direct message always arrives. What must stay (an answer in the one-to-one chat) is
an ordinary message there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import aiohttp
import structlog

from adapters.base import Busy, Gone, SendError
from adapters.slack.inbound import Back
from adapters.slack.posting import Posting
from adapters.slack.web import Unclear, Web, named

log = structlog.get_logger("slack")

Payload = Mapping[str, Any]
Words = Callable[[str], str]
Way = Callable[[Back, Payload], Awaitable[None]]

TRIES = 4
LONGEST_PAUSE = 30.0
"""Seconds: whoever waits longer for an answer than that has given up; the next way is tried."""


class Whisper:
    """`proxy` as for the Web API."""

    def __init__(self, web: Web, posting: Posting, session: aiohttp.ClientSession, *, proxy: str | None) -> None:
        self._web = web
        self._posting = posting
        self._session = session
        self._proxy = proxy

    async def say(self, back: Back, payload: Payload, words: Words, *, key: str, lasting: bool) -> bool:
        """Whether the person got it. `key` is the same for the same words; `lasting`: it stays in the one-to-one
        chat. Private messages cannot be looked for, so one that is repeated after an unclear try says so."""
        if back.was_told:
            payload = with_line(payload, words("platform.maybe_twice"))
        for way in self._ways(back, key, lasting=lasting):
            try:
                await _patiently(way, back, payload, words)
            except SendError as error:
                log.info("way_closed", way=way.__name__, error=str(error))
                if isinstance(error, Unclear):
                    payload = with_line(payload, words("platform.maybe_twice"))
                if way.__name__ == "_ephemeral":
                    payload = with_line(payload, words("platform.not_in_channel"))
            else:
                return True
        log.error("answer_not_shown", user=back.user, key=key)
        return False

    def _ways(self, back: Back, key: str, *, lasting: bool) -> Iterator[Way]:
        again = back.was_told

        async def _direct(back: Back, payload: Payload) -> None:
            nonlocal again
            before, again = again, True
            await self._posting.post(back.user, payload, key=f"answer:{key}", again=before)

        if back.response_url and not (back.direct and lasting):
            yield self._answer
        if back.channel and not back.direct:
            yield self._ephemeral
        yield _direct

    async def _answer(self, back: Back, payload: Payload) -> None:
        """https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses"""
        body = {"response_type": "ephemeral", "replace_original": False, **payload}
        if back.thread:
            body["thread_ts"] = back.thread
        try:
            async with self._session.post(back.response_url, json=body, proxy=self._proxy) as response:
                status, after = response.status, response.headers.get("Retry-After", "")
        except aiohttp.ClientConnectorError as error:
            raise Busy(1, f"response_url: {error}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(1, f"response_url: {named(error)}") from error
        if status == 429:
            raise Busy(float(after) if after.isdigit() else 1, "response_url: ratelimited")
        if status >= 500:
            raise Unclear(1, f"response_url: HTTP {status}")
        if status != 200:
            raise Gone(f"response_url: HTTP {status}")

    async def _ephemeral(self, back: Back, payload: Payload) -> None:
        thread = {"thread_ts": back.thread} if back.thread else {}
        await self._web.call("chat.postEphemeral", channel=back.channel, user=back.user, **thread, **payload)


async def _patiently(way: Way, back: Back, payload: Payload, words: Words) -> None:
    for _ in range(TRIES - 1):
        try:
            return await way(back, payload)
        except Busy as error:
            if error.after > LONGEST_PAUSE:
                raise
            if isinstance(error, Unclear) and way.__name__ != "_direct":  # that one is looked for
                payload = with_line(payload, words("platform.maybe_twice"))
            await asyncio.sleep(error.after)
    return await way(back, payload)


def with_line(payload: Payload, line: str) -> Payload:
    """The same with a quiet line below."""
    note = {"type": "context", "elements": [{"type": "plain_text", "text": line, "emoji": False}]}
    blocks = payload.get("blocks")
    if not blocks or note in blocks:
        return payload
    return {**payload, "text": f"{payload['text']}\n{line}"[:3_900], "blocks": [*blocks, note]}
