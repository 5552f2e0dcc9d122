"""Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode): tickets, connections, envelopes, acks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .deliveries import EVENTS, Delivery, Post, Road
from .methods import method
from .records import Json
from .workspace import Workspace

CONNECTIONS = 10


@method("apps.connections.open", tier=1, writes=True)
def open_connection(slack: Workspace, arguments: Json) -> Json:
    ticket = slack.id("K")
    slack.tickets.add(ticket)
    return {"url": f"{slack.base.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id={slack.app_id}"}


@dataclass(eq=False)
class Connection:
    """`leaving`: the app was told to reconnect; `silent`: open, but deaf and dumb."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    leaving: bool = False
    silent: bool = False
    closed: asyncio.Event = field(default_factory=asyncio.Event)


class Sockets(Road):
    def __init__(self, slack: Workspace, post: Post) -> None:
        self._slack, self._post = slack, post
        self.connections: list[Connection] = []
        self._went: dict[str, set[Connection]] = {}  # envelope → the connections it was sent on
        self._turn = 0

    @property
    def live(self) -> list[Connection]:
        return [one for one in self.connections if not one.leaving]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._slack.tickets:
            return web.Response(status=404, text="bad ticket")
        self._slack.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=1)
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        if len(self.connections) >= CONNECTIONS:
            self._slack.violate("too_many_websockets")
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._converse(Connection(socket, request.transport))
        return socket

    async def _converse(self, connection: Connection) -> None:
        self.connections.append(connection)
        about = {"num_connections": len(self.connections), "connection_info": {"app_id": self._slack.app_id}}
        await connection.socket.send_json(
            {"type": "hello", **about, "debug_info": {"approximate_connection_time": 18060}}
        )
        self._slack.changed()
        try:
            async for message in connection.socket:
                if connection.silent:
                    continue
                if message.type is WSMsgType.PING:
                    await connection.socket.pong(message.data)
                elif message.type is WSMsgType.TEXT:
                    self._heard(message.data, connection)
        finally:
            self.connections.remove(connection)
            connection.closed.set()
            self._slack.changed()

    def _heard(self, data: str, connection: Connection) -> None:
        ack = json.loads(data)
        delivery = self._post.by_id.get(ack.get("envelope_id"))
        if delivery is None:
            self._slack.violate("ack_of_nothing", data)
            return
        if connection not in self._went[delivery.envelope_id]:
            self._slack.violate("ack_on_other_connection", data)
        if "payload" in ack and delivery.kind == EVENTS:
            self._slack.violate("ack_payload_not_accepted", ack["payload"])
        self._post.acknowledge(delivery, ack.get("payload"))

    async def send(self, delivery: Delivery) -> bool:
        """To any one connection, each in turn; Slack promises no pattern."""
        live = self.live
        if not live:
            return False
        self._turn += 1
        connection = live[self._turn % len(live)]
        self._went.setdefault(delivery.envelope_id, set()).add(connection)
        if connection.silent:
            return True
        answerable = delivery.kind != EVENTS
        envelope = {"envelope_id": delivery.envelope_id, "type": delivery.kind, "accepts_response_payload": answerable}
        if delivery.kind == EVENTS or delivery.attempt:
            reason = "timeout" if delivery.attempt else ""
            envelope |= {"retry_attempt": delivery.attempt, "retry_reason": reason}
        try:
            await connection.socket.send_json({**envelope, "payload": delivery.payload})
        except ConnectionError:
            return False
        return True

    async def disconnect(self, reason: str, grace: float) -> None:
        """Slack's orderly goodbye; it closes the connection itself after `grace` seconds."""
        leaving = self.live
        for connection in leaving:
            connection.leaving = reason != "warning"
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})
        for connection in leaving:
            self._post.spawn(self._close(connection, grace))

    async def _close(self, connection: Connection, grace: float) -> None:
        try:
            async with asyncio.timeout(grace):
                await connection.closed.wait()
        except TimeoutError:
            await connection.socket.close()

    def drop(self) -> None:
        """TCP resets, without a word."""
        for connection in self.connections:
            connection.leaving = True
            connection.transport.abort()

    def silence(self, on: bool) -> None:
        """The connections of this moment fall silent, or speak again; new ones are not touched."""
        for connection in self.connections:
            connection.silent = on

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close()
