"""The Socket Mode connection: one at a time, rebuilt when it goes deaf, and never in a storm.

What Slack promises: https://docs.slack.dev/apis/events-api/using-socket-mode/. What the SDK does not do: it reconnects
without a pause when Slack says `too_many_websockets` (bolt-js #2225), and may stay stuck after an exception while
reconnecting (python-slack-sdk #1110, #1446); hence the pauses and the watch here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger("slack")

Handle = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Coroutine[Any, Any, None]]

PING = 5.0
"""Seconds between pings: a silent peer is noticed after about twice that."""
SHORT_LIVED = 30.0
"""A connection that ended sooner counts towards a longer pause before the next one."""
LONGEST_PAUSE = 60.0
CLOSE_WITHIN = 1.0
ANSWER_WITHIN = 1.0
"""Seconds before a socket is closed for what came by it: closed at once, it would take acknowledgements with it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How the connection is watched, in seconds. `look`: between two looks at it. `deaf`: without a connection, until
    the SDK's own attempts are given up and a new client is built. `quiet`: without any event, until the connection is
    replaced: a socket may answer pings and bring nothing (bolt-python #1529). Slack itself replaces it every few hours.
    """

    look: float = 2.0
    deaf: float = 30.0
    quiet: float = 3_600.0


class Backoff:
    """Longer and longer pauses, with jitter so that replicas do not come back together."""

    def __init__(self, chance: Callable[[], float], *, first: float = 1.0, longest: float = LONGEST_PAUSE) -> None:
        self._chance = chance
        self._first = first
        self._longest = longest
        self._tries = 0

    def pause(self) -> float:
        """Seconds to wait now: between half of the step and all of it."""
        step = min(self._first * 2.0**self._tries, self._longest)
        self._tries += 1
        return step * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        self._tries = 0


class Socket(SocketModeClient):
    """The SDK's client, which waits before it connects again when the last connection did not last."""

    def __init__(self, app_token: str, web: AsyncWebClient, proxy: str | None, backoff: Backoff) -> None:
        super().__init__(app_token, web_client=web, proxy=proxy, ping_interval=PING)
        if proxy is None:
            self.proxy = None  # the SDK reads HTTP(S)_PROXY and knows no NO_PROXY: only what is configured counts
        self.heard_at = 0.0
        self._backoff = backoff
        self._connected_at: float | None = None

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        lived = self._seconds_since(self._connected_at)
        if lived is not None and lived >= SHORT_LIVED:
            self._backoff.reset()
        elif self._connected_at is not None:
            await asyncio.sleep(self._backoff.pause())
        self._connected_at = asyncio.get_running_loop().time()
        await super().connect_to_new_endpoint(force)

    async def enqueue_message(self, message: str) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        await super().enqueue_message(message)

    @property
    def is_open(self) -> bool:
        """`stale` is the SDK's word for a peer that answers no pings."""
        session = self.current_session
        return not self.closed and not self.stale and session is not None and not session.closed

    def quiet_for(self) -> float:
        """Seconds since anything was heard."""
        return self._seconds_since(self.heard_at) or 0.0

    def _seconds_since(self, moment: float | None) -> float | None:
        return None if moment is None else asyncio.get_running_loop().time() - moment


class Connection:
    """Keeps one socket open until cancelled."""

    def __init__(
        self,
        *,
        app_token: str,
        web: AsyncWebClient,
        handle: Handle,
        proxy: str | None,
        chance: Callable[[], float],
        watch: Watch = Watch(),
    ) -> None:
        self._watch = watch
        self._app_token = app_token
        self._web = web
        self._handle = handle
        self._proxy = proxy
        self._backoff = Backoff(chance)
        self._rebuilds = Backoff(chance, first=2.0)
        self._socket: Socket | None = None
        self._answering: set[asyncio.Task[None]] = set()

    @property
    def is_up(self) -> bool:
        """Whether the socket is open and answers pings."""
        return self._socket is not None and self._socket.is_open

    async def run(self) -> None:
        """Connects, watches, and connects anew; closes the socket when cancelled, so that Slack does not count it."""
        while True:
            socket = self._new_socket()
            connecting = asyncio.ensure_future(self._connect(socket))
            try:
                was_up = await self._until_deaf(socket)
            finally:
                connecting.cancel()
                if self._answering:
                    await asyncio.wait(self._answering, timeout=ANSWER_WITHIN)
                await _close(socket)
            pause = 0.0 if was_up else self._rebuilds.pause()  # what worked is missed by nobody for long
            log.warning("slack_connection_rebuilt", why="quiet" if was_up else "lost", pause=round(pause, 1))
            await asyncio.sleep(pause)

    async def _connect(self, socket: Socket) -> None:
        """The first connection; from then on the SDK keeps it up."""
        while not socket.is_open:
            try:
                await socket.connect_to_new_endpoint()
            except Exception as error:
                log.warning("slack_cannot_connect", error=str(error))
                await asyncio.sleep(self._backoff.pause())

    def _new_socket(self) -> Socket:
        socket = self._socket = Socket(self._app_token, self._web, self._proxy, self._backoff)
        socket.heard_at = asyncio.get_running_loop().time()
        socket.socket_mode_request_listeners.append(self._answer)
        return socket

    async def _answer(self, socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.ensure_future(self._handle(socket, request))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        await task

    async def _until_deaf(self, socket: Socket) -> bool:
        """Returns when this client is of no use any more: whether it had a connection to the end."""
        loop = asyncio.get_running_loop()
        up_at = loop.time()
        while True:
            await asyncio.sleep(self._watch.look)
            if socket.is_open:
                up_at = loop.time()
            elif loop.time() - up_at > self._watch.deaf:
                return False
            if socket.is_open and socket.quiet_for() > self._watch.quiet:
                return True
            if socket.is_open and socket.quiet_for() < SHORT_LIVED:
                self._rebuilds.reset()


async def _close(socket: Socket) -> None:
    with suppress(Exception):
        async with asyncio.timeout(CLOSE_WITHIN):
            await socket.close()  # type: ignore[no-untyped-call]
