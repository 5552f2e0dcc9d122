"""One Socket Mode connection, from Slack's greeting to its end (https://docs.slack.dev/apis/events-api/using-socket-mode/).

What came on a connection is acknowledged on the same one: on another Slack would not take it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

import aiohttp
import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

log = structlog.get_logger("slack")

Take = Callable[[SocketModeRequest], Awaitable[BoltResponse]]
"""Takes an envelope; what it returns is the acknowledgement."""

PING = 5.0
"""Seconds between pings. A peer that does not answer within half of that is given up."""
HELLO_WITHIN = 10.0
CLOSE_WITHIN = 1.0
ACKS_WITHIN = 1.0
"""Seconds for acknowledgements that are on their way when it is closed."""


class Socket:
    """`over` is set when another connection is needed: Slack has said so, or this one has ended; `why` says it."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse, take: Take) -> None:
        self._wire = wire
        self._take = take
        self._greeted = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self._listening = asyncio.create_task(self._listen())
        self.over = asyncio.Event()
        self.why = ""
        self.heard_at = _now()

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, url: str, take: Take, *, proxy: str | None) -> Self:
        """A connection that Slack has greeted. Raises `aiohttp.ClientError`, `OSError` or `TimeoutError`."""
        closing = aiohttp.ClientWSTimeout(ws_close=CLOSE_WITHIN)
        wire = await session.ws_connect(url, heartbeat=PING, proxy=proxy, timeout=closing)
        socket = cls(wire, take)
        try:
            await socket._greeting()
        except BaseException:
            await socket.close()
            raise
        return socket

    @property
    def is_open(self) -> bool:
        return not self._listening.done()

    async def close(self) -> None:
        """Whatever was taken is acknowledged first."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=ACKS_WITHIN)
        self._listening.cancel()
        with suppress(Exception):
            await self._wire.close()

    # --- inside ---

    async def _greeting(self) -> None:
        async with asyncio.timeout(HELLO_WITHIN):
            waiting = [asyncio.ensure_future(event.wait()) for event in (self._greeted, self.over)]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waiting:
                    each.cancel()
        if not self._greeted.is_set():
            raise aiohttp.ClientConnectionError(self.why)

    async def _listen(self) -> None:
        try:
            async for message in self._wire:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            self._end(f"closed ({self._wire.close_code or 'without a word'})")

    def _hear(self, text: str) -> None:
        self.heard_at = _now()
        match _read(text):
            case {"type": "hello"}:
                self._greeted.set()
            case {"type": "disconnect", **said}:
                self._end(str(said.get("reason")))
            case {"type": str(), "envelope_id": str(), "payload": dict()} as envelope:
                task = asyncio.create_task(self._answer(envelope))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    async def _answer(self, envelope: dict[str, Any]) -> None:
        request = SocketModeRequest.from_dict(envelope)
        assert request is not None  # it has all the parts
        answer = await self._take(request)
        said: dict[str, Any] | None = json.loads(answer.body) if answer.body and answer.status == 200 else None
        try:
            await self._wire.send_str(json.dumps(SocketModeResponse(request.envelope_id, said).to_dict()))
        except (aiohttp.ClientError, OSError) as error:
            log.warning("acknowledgement_lost", type=request.type, error=type(error).__name__)

    def _end(self, why: str) -> None:
        self.why = self.why or why
        self.over.set()


def _read(text: str) -> Any:  # Any: JSON from outside
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()
