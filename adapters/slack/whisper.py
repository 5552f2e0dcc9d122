"""A message for one person alone, by the first way that works.

The `response_url` of a command or click works wherever it was typed, also where the bot is no member; an ephemeral
message needs both in the channel; a direct message always arrives. What must stay (an answer in the one-to-one chat) is
an ordinary message there.

What went by the first two cannot be looked for. So what may have arrived is said once more and no oftener, as a direct
message, which can.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import structlog

from adapters.base import Busy, Forbidden, Gone, SendError
from adapters.failures import UNSENT, named
from adapters.slack.inbound import Back
from adapters.slack.posting import Posting
from adapters.slack.web import TROUBLE, Unclear, Web

log = structlog.get_logger("slack")

Payload = Mapping[str, Any]
Words = Callable[[str], str]
Way = Callable[[Back, Payload], Awaitable[None]]

TRIES = 4
LONGEST_PAUSE = 30.0
"""Seconds: whoever waits longer for an answer than that has given up; the next way is tried."""
DIRECT_TRIES = 15
LONGEST_DIRECT_PAUSE = 60.0
"""Seconds. A direct message is tried for about ten minutes; whoever waited longer has asked again."""
FINE = "HTTP 200"


class Whisper:
    """`proxy` as for the Web API."""

    def __init__(self, web: Web, posting: Posting, session: aiohttp.ClientSession, *, proxy: str | None) -> None:
        self._web = web
        self._posting = posting
        self._session = session
        self._proxy = proxy

    async def say(self, back: Back, payload: Payload, words: Words, *, key: str, lasting: bool) -> bool:
        """Whether the person got it. `key` is the same for the same words; `lasting`: it stays in the one-to-one
        chat. What is said once more says so."""
        again = back.was_told
        if again:
            payload = with_line(payload, words("platform.maybe_twice"))
        for way in self._ways(back, lasting=lasting):
            try:
                await _patiently(way, back, payload)
                return True
            except Unclear as error:
                log.info("answer_unclear", way=way.__name__, error=str(error))
                payload = with_line(payload, words("platform.maybe_twice"))
                break
            except SendError as error:
                log.info("way_closed", way=way.__name__, error=str(error))
                if way == self._ephemeral and isinstance(error, Gone | Forbidden):
                    payload = with_line(payload, words("platform.not_in_channel"))
        return await self._direct(back, payload, key, again=again)

    def _ways(self, back: Back, *, lasting: bool) -> Iterator[Way]:
        if back.response_url and not (back.direct and lasting):
            yield self._answer
        if back.channel and not back.direct:
            yield self._ephemeral

    async def _direct(self, back: Back, payload: Payload, key: str, *, again: bool) -> bool:
        """`again`: it may be there already by this way."""
        for attempt in range(DIRECT_TRIES):
            try:
                await self._posting.post(back.user, payload, key=f"answer:{key}", again=again)
                return True
            except Busy as error:
                log.info("answer_waits", user=back.user, error=str(error))
                again = again or isinstance(error, Unclear)
                await asyncio.sleep(min(max(error.after, 2.0**attempt), LONGEST_DIRECT_PAUSE))
            except SendError as error:
                log.error("answer_not_shown", user=back.user, key=key, error=str(error))
                return False
        log.error("answer_not_shown", user=back.user, key=key, error="Slack is away for too long")
        return False

    async def _answer(self, back: Back, payload: Payload) -> None:
        """https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses"""
        body = {"response_type": "ephemeral", "replace_original": False, **payload}
        if back.thread:
            body["thread_ts"] = back.thread
        try:
            async with self._session.post(back.response_url, json=body, proxy=self._proxy) as response:
                status, after = response.status, response.headers.get("Retry-After", "")
                word = _word(await response.text(errors="replace")) or f"HTTP {status}"
        except UNSENT as error:
            raise Busy(1, f"response_url: {named(error)}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(1, f"response_url: {named(error)}") from error
        if status == 429 or word == "ratelimited":
            raise Busy(float(after) if after.isdigit() else 1, "response_url: ratelimited")
        if status >= 500 or word in TROUBLE:
            raise Unclear(1, f"response_url: {word}")
        if word != FINE:
            raise Gone(f"response_url: {word}")

    async def _ephemeral(self, back: Back, payload: Payload) -> None:
        thread = {"thread_ts": back.thread} if back.thread else {}
        await self._web.call("chat.postEphemeral", channel=back.channel, user=back.user, **thread, **payload)


async def _patiently(way: Way, back: Back, payload: Payload) -> None:
    """Raises `Unclear` at once, and `Busy` when it takes too long."""
    for _ in range(TRIES - 1):
        try:
            return await way(back, payload)
        except Unclear:
            raise
        except Busy as error:
            if error.after > LONGEST_PAUSE:
                raise
            await asyncio.sleep(error.after)
    return await way(back, payload)


def _word(body: str) -> str:
    """Slack's word for what is wrong; "" when nothing is: then the body is `ok`, or says so in JSON."""
    with suppress(ValueError, RecursionError):
        match json.loads(body):
            case {"ok": False, "error": str(word)}:
                return word
    return ""


def with_line(payload: Payload, line: str) -> Payload:
    """The same with a quiet line below."""
    note = {"type": "context", "elements": [{"type": "plain_text", "text": line, "emoji": False}]}
    blocks = payload.get("blocks")
    if not blocks or note in blocks:
        return payload
    return {**payload, "text": f"{payload['text']}\n{line}"[:3_900], "blocks": [*blocks, note]}
