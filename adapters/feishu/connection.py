"""Keeps this process connected to Feishu: back after every way to lose the connection, and never in a storm.

Feishu sends each event to one connection of the app, and again after 15 seconds, 5 minutes, 1 and 6 hours while nobody
acknowledges it; clicks are not sent again
(https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case).
So a lost connection is replaced within a second or so, not after the half minute for which the SDK waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from adapters.backoff import Backoff
from adapters.feishu.config import FeishuConfig
from adapters.feishu.endpoint import CannotConnect, endpoint
from adapters.feishu.inbound import Take
from adapters.feishu.socket import GRACE, Socket
from adapters.proxy import proxy_of_environment

log = structlog.get_logger("feishu")

LONG_LIVED = 30.0
"""A connection that held for so many seconds was a good one: the next pause is short again."""
REFUSED_PAUSE = 60.0
"""Seconds before Feishu is asked again that refused the app twice: somebody has to mend it first."""


class Connection:
    """`chance` gives numbers between 0 and 1; `grace` is how many seconds a pong may take."""

    def __init__(self, config: FeishuConfig, take: Take, *, chance: Callable[[], float], grace: float = GRACE) -> None:
        self._config = config
        self._take = take
        self._grace = grace
        self._backoff = Backoff(chance)
        self._refusals = 0  # one after the other
        self.trouble = "no connection to Feishu"
        """Why there is no connection; "" while there is one."""

    async def run(self) -> None:
        """Until cancelled; then it says goodbye, so that Feishu does not count on it."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                began = loop.time()
                why = await self._connected()
                log.info("feishu_connection_over", why=why)
                self.trouble, pause = f"no connection to Feishu: {why}", 0.0
                if loop.time() - began >= LONG_LIVED:
                    self._backoff.reset()
            except CannotConnect as error:
                pause = self._refused() if error.refused else 0.0
                self.trouble = f"no connection to Feishu: {error}"
                log.warning("feishu_cannot_connect", error=str(error), refused=error.refused)
            except Exception as error:  # whatever else it is, whoever does not try again stays deaf
                self.trouble, pause = f"no connection to Feishu: {type(error).__name__}", 0.0
                log.exception("feishu_connection_failed")
            await asyncio.sleep(max(pause, self._backoff.pause()))

    async def _connected(self) -> str:
        """From the opening of a connection to its end, and why it ended. Raises `CannotConnect`."""
        socket = Socket(self._config, self._take, grace=self._grace)
        try:
            there = await endpoint(self._config, self._proxy_to(self._config.domain))
            await socket.connect(there, self._proxy_to(there.url.replace("ws", "http", 1)))
            log.info("feishu_connected")
            self.trouble = ""
            self._refusals = 0
            return await socket.listen()
        finally:
            self.trouble = self.trouble or "no connection to Feishu"
            await socket.close()

    def _refused(self) -> float:
        """The least pause in seconds. A single no may be a moment's mistake, and clicks are lost meanwhile."""
        self._refusals += 1
        return REFUSED_PAUSE if self._refusals > 1 else 0.0

    def _proxy_to(self, url: str) -> str | None:
        """The endpoint and the connection are on different hosts, and NO_PROXY may name one of them."""
        return self._config.proxy or proxy_of_environment(url)
