"""Keeps this process connected to Slack: a successor is there before a connection goes, and never a storm of them.

https://docs.slack.dev/apis/events-api/using-socket-mode/ allows ten connections at a time, so that one can be replaced
without a gap. The SDK's own client closes the old one first (what is typed meanwhile is lost), acknowledges on the new
connection what came on the old one, notices a reset at its next ping, and comes back without a pause when Slack says
`too_many_websockets` (bolt-js #2225).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import structlog

from adapters.backoff import Backoff
from adapters.base import Busy, SendError
from adapters.failures import named
from adapters.slack.socket import Socket, Take
from adapters.slack.web import Web

log = structlog.get_logger("slack")

SHORT_LIVED = 30.0
"""A connection that ended within so many seconds counts towards a longer pause before the next one."""
LINGER = 10.0
"""Seconds after which the predecessor is closed; Slack itself closes it about then."""
QUIET = 3_600.0
"""Seconds without any word after which it is replaced: a socket may answer pings and bring nothing (bolt-python
#1529). Slack itself replaces it every few hours."""


class Connection:
    """`web` has the app-level token, which opens connections and nothing else."""

    def __init__(
        self,
        *,
        web: Web,
        session: aiohttp.ClientSession,
        take: Take,
        proxy: str | None,
        chance: Callable[[], float],
        quiet: float = QUIET,
    ) -> None:
        self._web = web
        self._session = session
        self._take = take
        self._proxy = proxy
        self._quiet = quiet
        self._backoff = Backoff(chance)
        self._socket: Socket | None = None
        self._leaving: tuple[Socket, asyncio.Task[None]] | None = None

    @property
    def is_up(self) -> bool:
        """Whether there is a connection that answers pings."""
        return self._socket is not None and self._socket.is_open

    async def run(self) -> None:
        """Until cancelled; then it says goodbye, so that Slack does not count on it."""
        try:
            while True:
                predecessor, self._socket = self._socket, await self._opened()
                await self._dismiss(predecessor)
                await self._until_over(self._socket)
        finally:
            await self._close()

    async def _until_over(self, socket: Socket) -> None:
        """Returns when the next connection is to be made."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not socket.over.is_set() and (left := socket.heard_at + self._quiet - loop.time()) > 0:
            try:
                async with asyncio.timeout(left):
                    await socket.over.wait()
            except TimeoutError:
                continue
        lived = loop.time() - began
        log.info("slack_connection_over", why=socket.why or "nothing heard for long", lived=round(lived))
        if lived >= SHORT_LIVED:
            self._backoff.reset()
        else:
            await asyncio.sleep(self._backoff.pause())

    async def _opened(self) -> Socket:
        """Tries until Slack lets us in."""
        while True:
            try:
                answer = await self._web.call("apps.connections.open")
                socket = await Socket.open(self._session, str(answer["url"]), self._take, proxy=self._proxy)
            except (SendError, aiohttp.ClientError, TimeoutError, OSError) as error:
                after = error.after if isinstance(error, Busy) else 0.0
                pause = max(after, self._backoff.pause())
                log.warning("slack_cannot_connect", error=_said(error), pause=round(pause, 1))
                await asyncio.sleep(pause)
            else:
                log.info("slack_connected")
                return socket

    async def _dismiss(self, socket: Socket | None) -> None:
        """It goes on listening for a while: Slack may have sent something on its way. Never two such at a time."""
        await self._see_off()
        if socket is not None:
            self._leaving = socket, asyncio.create_task(_linger(socket))

    async def _see_off(self) -> None:
        if self._leaving is not None:
            socket, lingering = self._leaving
            lingering.cancel()
            await socket.close()

    async def _close(self) -> None:
        closing = [self._socket.close()] if self._socket else []
        await asyncio.gather(self._see_off(), *closing)


async def _linger(socket: Socket) -> None:
    if socket.is_open:
        await asyncio.sleep(LINGER)
    await socket.close()


def _said(error: Exception) -> str:
    """Without the address, which carries a ticket."""
    return str(error) if isinstance(error, SendError) else named(error)
