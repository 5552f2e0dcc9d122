"""One long connection, by the SDK's client: its frames and pings, and nothing of its life.

The client (`lark_oapi/ws/client.py` 1.7) wants a loop of its own and stops it while it asks for the endpoint; it
handles events one after the other, has no way to be stopped, and may give up for ever without a word. So opening,
reading and closing are ours. Frames, split payloads and writing stay the client's;
`tests/adapters/feishu/test_connection.py` names the private parts that this stands on.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.protocol import State

from adapters.feishu.config import FeishuConfig
from adapters.feishu.endpoint import TOO_MANY, CannotConnect, Endpoint, ping_of
from adapters.feishu.inbound import Body, Take
from adapters.feishu.sdk import client as sdk

log = structlog.get_logger("feishu")
_QUIET = logging.getLogger("feishu.websocket")
_QUIET.setLevel(logging.WARNING)  # below, it writes down addresses with their keys, and frames with what people say

PATIENCE = 10.0
"""Seconds for the handshake."""
CLOSE_WITHIN = 1.0
GRACE = 10.0
"""Seconds that a pong may take."""


class Socket(sdk.Client):  # type: ignore[misc]  # mypy does not read the SDK
    """Listens from `connect` until it is over; opened once."""

    def __init__(self, config: FeishuConfig, take: Take, *, grace: float = GRACE) -> None:
        super().__init__(
            config.app_id,
            config.app_secret,
            log_level=sdk.LogLevel.CRITICAL,  # what it says of events holds what people wrote
            domain=config.domain,
            auto_reconnect=False,
        )
        self._take = take
        self._grace = grace
        self._handling: set[asyncio.Task[None]] = set()
        self._heard_at = 0.0
        self._conn: ClientConnection | None

    async def connect(self, endpoint: Endpoint, proxy: str | None) -> None:
        """Raises `CannotConnect`."""
        query = parse_qs(urlsplit(endpoint.url).query)
        self._conn_id, self._service_id = query.get("device_id", [""])[0], query.get("service_id", ["0"])[0]
        self._ping_interval = endpoint.ping
        try:
            self._conn = await websockets.connect(
                endpoint.url, proxy=proxy, open_timeout=PATIENCE, close_timeout=CLOSE_WITHIN, logger=_QUIET
            )
        except InvalidHandshake as error:
            raise _refused(error) from error
        except (WebSocketException, OSError, TimeoutError, ValueError) as error:
            raise CannotConnect(f"no connection: {type(error).__name__}") from error
        self._heard_at = asyncio.get_running_loop().time()

    async def listen(self) -> str:
        """Until the connection is over, or nothing has been heard for longer than pongs take; says which."""
        tasks = [asyncio.create_task(work) for work in (self._read(), self._ping(), self._watch())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return str(done.pop().result())
        finally:
            for task in tasks:
                task.cancel()

    async def close(self) -> None:
        """Who waits for an answer to a click gets it, if it comes soon and the connection still holds."""
        self._cache._cron.cancel()
        if self._conn is not None and self._conn.state is State.OPEN and self._handling:
            await asyncio.wait(self._handling, timeout=CLOSE_WITHIN)
        with suppress(TimeoutError, WebSocketException, OSError):
            async with asyncio.timeout(2 * CLOSE_WITHIN):
                await self._disconnect()

    # --- inside ---

    async def _read(self) -> str:
        assert self._conn is not None
        loop = asyncio.get_running_loop()
        try:
            async for message in self._conn:
                self._heard_at = loop.time()
                task = loop.create_task(self._handle_message(message))
                self._handling.add(task)
                task.add_done_callback(self._handling.discard)
        except ConnectionClosed as error:
            return f"closed: {error.rcvd.code if error.rcvd else 'without a word'}"
        except (WebSocketException, OSError) as error:
            return f"broken: {type(error).__name__}"
        return "closed"

    async def _ping(self) -> str:
        while True:
            try:
                await self._write_message(sdk._new_ping_frame(int(self._service_id)).SerializeToString())
            except (sdk.ConnectionClosedException, WebSocketException, OSError) as error:
                return f"no ping: {type(error).__name__}"
            await asyncio.sleep(self._ping_interval)

    async def _watch(self) -> str:
        """A connection may be half open: everything can be written into it, and nothing comes."""
        loop = asyncio.get_running_loop()
        while (left := self._heard_at + 2 * self._ping_interval + self._grace - loop.time()) > 0:
            await asyncio.sleep(left)
        return "nothing heard"

    def _configure(self, conf: Any) -> None:
        """A pong may bring a new configuration; only its pings are our business."""
        self._ping_interval = ping_of(conf.PingInterval)

    async def _handle_data_frame(self, frame: Any) -> None:
        """Acknowledges whatever comes; the SDK leaves the type `card` without an answer (oapi-sdk-python #126)."""
        try:
            headers = {each.key: each.value for each in frame.headers}
            payload = self._whole(headers, frame.payload)
            if payload is not None:
                await self._acknowledge(frame, _object(payload))
        except (sdk.ConnectionClosedException, WebSocketException, OSError) as error:
            log.info("acknowledgement_lost", error=type(error).__name__)
        except Exception:
            log.exception("frame_failed")

    async def _acknowledge(self, frame: Any, body: Body) -> None:
        async with self._take(body) as answer:
            acknowledgement: dict[str, Any] = {"code": 200}
            if answer:
                acknowledgement["data"] = base64.b64encode(json.dumps(answer).encode()).decode()
            frame.payload = json.dumps(acknowledgement).encode()
            await self._write_message(frame.SerializeToString())

    def _whole(self, headers: Mapping[str, str], payload: bytes) -> bytes | None:
        """A large payload comes in parts; None while some are still to come."""
        parts, part = int(headers.get("sum", "1")), int(headers.get("seq", "0"))
        if parts <= 1:
            return payload
        whole: bytes | None = self._combine(headers["message_id"], parts, part, payload)
        return whole


def _refused(error: InvalidHandshake) -> CannotConnect:
    """Feishu says in headers why it does not want a connection (`lark_oapi/ws/const.py`)."""
    if not isinstance(error, InvalidStatus):
        return CannotConnect(f"no handshake: {type(error).__name__}")
    headers = error.response.headers
    status, code = headers.get("handshake-status", ""), headers.get("handshake-autherrcode", "")
    said = " ".join(part for part in (status, code, headers.get("handshake-msg", "")) if part)
    refused = status == "403" or code == str(TOO_MANY)
    return CannotConnect(f"no handshake: HTTP {error.response.status_code} {said}".strip()[:300], refused=refused)


def _object(payload: bytes) -> Body:
    """Empty for what is no JSON object."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
