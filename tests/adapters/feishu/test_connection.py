"""The long connection: back after every way to lose it, one at a time, no storm, and a clean end."""

from __future__ import annotations

import asyncio
import inspect
import logging
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from adapters.base import Target
from adapters.feishu.connection import Connection
from adapters.feishu.endpoint import PATH, PING, ping_of
from adapters.feishu.sdk import client as sdk
from commands.chat import Button, Card
from support.feishu import FakeFeishu
from support.feishu.frames import DATA, Frame
from tests.adapters.feishu.office import Core, config, running

ENDPOINT = "POST ws/endpoint"


async def acts(office):
    office.core.events.clear()
    said = await office.feishu.say(office.ann, "ann", "x")
    assert said.status == "acked"
    await office.feishu.wait_for(lambda: office.core.events)


async def until(look):
    async with asyncio.timeout(5):
        while not look():
            await asyncio.sleep(0)


@asynccontextmanager
async def connecting(feishu, *, grace=10.0, **changed):
    """A connection of its own that makes no pauses, and the bodies that came by it."""
    taken = []

    @asynccontextmanager
    async def take(body):
        taken.append(body)
        yield {}

    there = replace(config(feishu), **changed)
    connection = Connection(there, take, chance=lambda: -1.0, grace=grace)
    task = asyncio.create_task(connection.run())
    try:
        yield connection, taken
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


# --- back again ----------------------------------------------------------------------------------------


async def test_a_reset_connection_is_replaced(socket):
    socket.feishu.drop_sockets()
    await socket.feishu.wait_for(lambda: socket.feishu.sockets.began == 2)
    await acts(socket)
    assert len(socket.feishu.sockets.connections) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "code": 503},
        {"kind": "html", "code": 502},
        {"kind": "error", "code": 1},
        {"kind": "error", "code": 1000040343},
        {"kind": "cut"},
    ],
    ids=lambda trouble: f"{trouble['kind']}{trouble.get('code', '')}",
)
async def test_an_endpoint_that_is_in_trouble_is_asked_again(trouble):
    async with FakeFeishu() as feishu, connecting(feishu) as (_, taken):
        await feishu.wait_connections()
        feishu.add_fault(method=ENDPOINT, **trouble)
        feishu.drop_sockets()
        await feishu.wait_for(lambda: feishu.sockets.began == 2)
        assert (await feishu.event("x", {})).status == "acked"
        assert len(taken) == 1


async def test_an_endpoint_that_hangs_holds_up_nothing(socket):
    """The SDK would ask it without a limit, and stop its loop meanwhile."""
    message = await socket.adapter.post(Target(chat=socket.place), Card("R-1"), key="k")
    socket.feishu.add_fault("hang", ENDPOINT)
    socket.feishu.drop_sockets()
    await socket.feishu.wait_calls(ENDPOINT, 2)
    await socket.adapter.edit(Target(chat=socket.place), message, Card("R-1 later"))
    assert "no connection" in socket.adapter.health().detail


async def test_a_handshake_that_fails_is_tried_again():
    async with FakeFeishu() as feishu, connecting(feishu):
        await feishu.wait_connections()
        feishu.drop_sockets(refuse=2)
        await feishu.wait_for(lambda: feishu.sockets.began == 2)
        assert (await feishu.event("x", {})).status == "acked"


async def test_after_whatever_nobody_thought_of_another_connection_is_tried():
    """Here a service id that is no number."""
    asked = 0

    async def endpoint(request):
        nonlocal asked
        asked += 1
        url = f"ws://{request.host}/ws?device_id=1&service_id=what"
        return web.json_response({"code": 0, "data": {"URL": url}})

    async def converse(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket

    app = web.Application()
    app.add_routes([web.post(PATH, endpoint), web.get("/ws", converse)])
    async with TestServer(app) as server, FakeFeishu() as feishu:
        with capture_logs() as logs:
            async with connecting(feishu, domain=str(server.make_url("")).rstrip("/")):
                await until(lambda: asked > 1)
    assert "feishu_connection_failed" in {entry["event"] for entry in logs}


async def test_a_connection_that_falls_silent_is_replaced():
    async with FakeFeishu() as feishu:
        feishu.sockets.client["PingInterval"] = 0.1
        async with connecting(feishu, grace=0.2):
            await feishu.wait_connections()
            feishu.silence()
            await feishu.wait_for(lambda: feishu.sockets.began == 2)


async def test_a_connection_is_kept_while_pongs_come():
    async with FakeFeishu() as feishu:
        feishu.sockets.client["PingInterval"] = 0.1
        async with connecting(feishu, grace=0.2):
            (connection,) = await feishu.wait_connections()
            await feishu.wait_for(lambda: connection.pings >= 8)
            assert feishu.sockets.began == 1


async def test_it_begins_when_feishu_can_be_reached():
    async with FakeFeishu() as feishu:
        ann = feishu.create_user("ann")
        feishu.add_fault("status", "GET bot/v3/info", code=503)
        feishu.add_fault("error", ENDPOINT, code=1)
        core = Core()
        async with running(feishu, core):
            assert (await feishu.say(ann, "ann", "x")).status == "acked"


# --- no storm -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [10003, 10014, 1000040344, 403])
async def test_an_app_that_is_refused_waits_for_somebody_to_mend_it(code):
    async with FakeFeishu() as feishu:
        feishu.add_fault("error", ENDPOINT, times=None, code=code)
        with capture_logs() as logs:
            async with connecting(feishu) as (connection, _):
                await until(lambda: str(code) in connection.trouble)
        (log,) = [one for one in logs if one["event"] == "feishu_cannot_connect"]
        assert log["refused"]
        assert feishu.app_secret not in str(logs)


async def test_a_single_no_costs_a_second_and_no_minute():
    async with FakeFeishu() as feishu:
        feishu.add_fault("error", ENDPOINT, times=1, code=1000040344)
        async with connecting(feishu) as (connection, _):
            await feishu.wait_connections(timeout=10)
            await until(lambda: connection.trouble == "")


async def test_too_many_connections_are_no_reason_for_a_storm():
    async with FakeFeishu() as feishu:
        feishu.sockets.most = 0
        async with connecting(feishu) as (connection, _):
            with capture_logs() as logs:
                await until(lambda: "exceeded" in connection.trouble)
        assert [one["refused"] for one in logs if one["event"] == "feishu_cannot_connect"] == [True]


async def test_addresses_and_the_proxys_password_are_not_in_the_log():
    async with FakeFeishu() as feishu:
        with capture_logs() as logs:
            async with connecting(feishu):
                await feishu.wait_connections()
                feishu.drop_sockets(refuse=1)
                await feishu.wait_for(lambda: feishu.sockets.began == 2)
            async with connecting(feishu, proxy="http://me:proxy-password@127.0.0.1:9") as (connection, _):
                await until(lambda: "ClientProxyConnectionError" in connection.trouble)
        assert "feishu_connection_over" in [one["event"] for one in logs]
        assert "ticket" not in str(logs)
        assert "proxy-password" not in str(logs)


async def test_a_log_of_everything_holds_no_address_and_no_frame(caplog):
    caplog.set_level(logging.DEBUG)
    async with FakeFeishu() as feishu, connecting(feishu) as (_, taken):
        await feishu.wait_connections()
        await feishu.say(feishu.create_user("ann"), "ann", "x")
        assert taken
    assert "ticket" not in caplog.text
    assert "BINARY" not in caplog.text


# --- while it lasts -----------------------------------------------------------------------------------


async def test_it_is_ready_only_while_it_is_connected(socket):
    assert socket.adapter.health().ok
    socket.feishu.drop_sockets(refuse=1)
    await until(lambda: not socket.adapter.health().ok)
    assert "no connection" in socket.adapter.health().detail
    await socket.feishu.wait_for(lambda: socket.feishu.sockets.began == 2)
    await acts(socket)
    assert socket.adapter.health().ok


async def test_a_click_that_waits_holds_up_nobody_else(socket):
    message = await socket.adapter.post(Target(chat=socket.place), Card("R-1", buttons=(Button("a", "受理"),)), key="k")
    socket.core.gate.clear()
    click = asyncio.ensure_future(socket.feishu.click(socket.ann, message, label="受理"))
    await socket.core.came.wait()
    assert (await socket.feishu.say(socket.bob, "bob", "x")).status == "acked"
    assert not click.done()
    socket.core.gate.set()
    assert (await click).status == "acked"


async def test_what_is_no_event_is_acknowledged():
    async with FakeFeishu() as feishu, connecting(feishu) as (_, taken):
        await feishu.wait_connections()
        for body in ({}, {"header": None}, {"event": []}):
            delivery = await feishu.event("x", {})
            delivery.body = body
            assert (await feishu.redeliver(delivery)).status == "acked"
        assert {} in taken


async def test_a_frame_that_makes_no_sense_is_in_the_log_and_the_next_one_is_taken():
    async with FakeFeishu() as feishu, connecting(feishu) as (_, taken):
        (connection,) = await feishu.wait_connections()
        with capture_logs() as logs:
            for headers in ({"type": "event", "sum": "2"}, {"type": "event", "sum": "many"}):
                await connection.socket.send_bytes(Frame(DATA, headers, b"{}", 1, sequence=1, log=1).encoded())
            assert (await feishu.event("x", {})).status == "acked"
        assert [one["event"] for one in logs].count("frame_failed") == 2
        assert len(taken) == 1


async def test_it_says_goodbye():
    async with FakeFeishu() as feishu:
        async with connecting(feishu):
            (connection,) = await feishu.wait_connections()
            await feishu.wait_for(lambda: connection.pings)
        await feishu.wait_for(connection.closed.is_set)
        assert connection.socket.close_code == 1000


async def test_a_click_that_waits_while_the_bot_stops_is_answered_first():
    async with FakeFeishu() as feishu, AsyncExitStack() as stack:
        ann, core = feishu.create_user("ann"), Core()
        adapter = await stack.enter_async_context(running(feishu, core))
        message = await adapter.post(Target(user=ann), Card("R-1", buttons=(Button("a", "受理"),)), key="k")
        core.gate.clear()
        click = asyncio.create_task(feishu.click(ann, message, label="受理"))
        await core.came.wait()
        stopping = asyncio.create_task(stack.aclose())
        await asyncio.sleep(0)
        core.gate.set()
        await stopping
        assert (await click).status == "acked"


@pytest.mark.parametrize(
    ("said", "seconds"), [(120, PING), (30, 30), (0, PING), (-1, PING), (None, PING), ("x", PING), (0.01, 0.1)]
)
def test_pings_come_within_reason(said, seconds):
    assert ping_of(said) == seconds


# --- what we stand on ---------------------------------------------------------------------------------


def test_the_sdk_has_the_private_parts_that_we_stand_on():
    """A release of lark-oapi that renames them shall fail here, not at night."""
    client = sdk.Client
    for name in ("_handle_message", "_handle_control_frame", "_handle_data_frame", "_configure", "_disconnect"):
        assert callable(getattr(client, name)), name
    assert list(inspect.signature(client._combine).parameters) == ["self", "msg_id", "sum_", "seq", "bs"]
    assert list(inspect.signature(client._write_message).parameters) == ["self", "data"]
    assert list(inspect.signature(sdk._new_ping_frame).parameters) == ["service_id"]
    source = inspect.getsource(client)
    for name in ("_conn", "_conn_id", "_service_id", "_ping_interval", "_cache", "_lock"):
        assert f"self.{name}" in source, name
    assert issubclass(sdk.ConnectionClosedException, Exception)
