"""The long connection: where it begins, its frames, its acks (lark-oapi `ws/client.py` is its other end)."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .api import ENDPOINT, Api
from .deliveries import Delivery, Post, Road
from .errors import Refusal
from .frames import CONTROL, DATA, Frame
from .markup import Json
from .organisation import Organisation

CONNECTIONS = 50
SERVICE = 33554678


@dataclass(eq=False)
class Connection:
    """`silent`: open, but deaf and dumb. `pings`: heard so far."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    silent: bool = False
    pings: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)


class Sockets(Road):
    """`client` is what the app is told about pings and reconnecting, in seconds. `parts`: a payload comes in so many
    pieces. `refusing`: so many handshakes are refused; `most`: how many connections there may be."""

    def __init__(self, feishu: Organisation, api: Api, post: Post, *, ping: float) -> None:
        self._feishu, self._api, self._post = feishu, api, post
        self.client = {"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": ping}
        self.parts, self.refusing, self.most = 1, 0, CONNECTIONS
        self.connections: list[Connection] = []
        self.began = 0  # how many connections there have been
        self._tickets: set[str] = set()
        self._sent: dict[str, tuple[Delivery, Connection]] = {}
        self._turn = 0

    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        call = self._api.note(ENDPOINT, request)

        async def run() -> Json:
            try:
                call.body = await request.json()
                self._api.check_secret(call.body.get("AppID"), call.body.get("AppSecret"))
            except ValueError:
                raise Refusal(9499, "Bad Request") from None
            ticket = self._feishu.id("K")
            self._tickets.add(ticket)
            about = f"device_id={self._feishu.id('', 19)}&service_id={SERVICE}&ticket={ticket}"
            url = f"{self._feishu.base.replace('http', 'ws', 1)}/ws/v2?{about}"
            return {"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": self.client}}

        return await self._api.faulty(request, call, run)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.refusing:
            self.refusing -= 1
            return web.Response(status=503)
        if ticket not in self._tickets:
            return _refused("auth failed", "1000040349")
        self._tickets.discard(ticket)
        if len(self.connections) >= self.most:
            return _refused("the number of connections exceeded the limit", "1000040350")
        socket = web.WebSocketResponse(autoping=False, timeout=1)
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        await self._converse(Connection(socket, request.transport))
        return socket

    async def _converse(self, connection: Connection) -> None:
        self.connections.append(connection)
        self.began += 1
        self._feishu.changed()
        try:
            async for message in connection.socket:
                if connection.silent:
                    continue
                if message.type == WSMsgType.PING:
                    await connection.socket.pong(message.data)
                elif message.type == WSMsgType.BINARY:
                    await self._frame(connection, message.data)
        except ConnectionError:
            pass
        finally:
            self.connections.remove(connection)
            connection.closed.set()
            self._feishu.changed()

    async def _frame(self, connection: Connection, data: bytes) -> None:
        try:
            frame = Frame.decoded(data)
        except ValueError as error:
            self._feishu.violate("bad_frame", str(error))
            return
        if frame.method == CONTROL:
            connection.pings += 1
            payload = json.dumps(self.client).encode()
            await connection.socket.send_bytes(Frame(CONTROL, {"type": "pong"}, payload, SERVICE).encoded())
            self._feishu.changed()
            return
        delivery, went = self._sent.get(frame.headers.get("message_id", ""), (None, connection))
        if delivery is None:
            self._feishu.violate("ack_of_nothing", frame.headers)
        elif went is not connection:
            self._feishu.violate("ack_on_other_connection", delivery.kind)
        else:
            self._acknowledge(delivery, frame.payload)

    def _acknowledge(self, delivery: Delivery, payload: bytes) -> None:
        """`{"code": 200, "data": base64 of JSON}`; without `data` there is nothing to tell the person."""
        try:
            ack = json.loads(payload)
            data = json.loads(base64.b64decode(ack["data"], validate=True)) if ack.get("data") else None
            code = int(ack["code"])
        except (ValueError, KeyError, TypeError) as error:
            self._feishu.violate("bad_ack", f"{delivery.kind}: {error}")
            return
        self._post.acknowledge(delivery, code, data)

    async def send(self, delivery: Delivery, body: Json) -> bool:
        """To any one connection, each in turn; Feishu promises no pattern. The pieces may come in any order."""
        if not self.connections:
            return False
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        id, payload = self._feishu.id("f"), json.dumps(body, ensure_ascii=False).encode()
        self._sent[id] = (delivery, connection)
        if connection.silent:
            return True
        size = -(-len(payload) // self.parts)
        about = {"type": "event", "message_id": id, "trace_id": id, "sum": str(self.parts)}
        try:
            for part in reversed(range(self.parts)):
                piece = payload[part * size : (part + 1) * size]
                frame = Frame(DATA, {**about, "seq": str(part)}, piece, SERVICE, sequence=1, log=1)
                await connection.socket.send_bytes(frame.encoded())
        except ConnectionError:
            return False
        return True

    def drop(self) -> None:
        """TCP resets, without a word."""
        for connection in self.connections:
            connection.transport.abort()

    def silence(self, on: bool) -> None:
        """The connections of this moment fall silent, or speak again; new ones are not touched."""
        for connection in self.connections:
            connection.silent = on

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close()


def _refused(words: str, code: str) -> web.Response:
    """The SDK reads why from the headers."""
    headers = {"Handshake-Status": "514", "Handshake-Msg": words, "Handshake-Autherrcode": code}
    return web.Response(status=403, headers=headers, text=words)
