"""The socket: back after every way to lose it, never more of them than one, and no storm."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Connection
from adapters.slack.web import Web
from commands.chat import Answer, FieldKind, Form, FormField
from support.slack import FakeSlack
from tests.adapters.slack.office import Core, running

FORM = Form("f#1", "发起协作请求", (FormField("title", "标题", FieldKind.TEXT),), "发起")


async def acts(office):
    office.core.events.clear()
    sent = await office.slack.slash("ann", office.place, "/request", "x")
    assert sent.status == "acked"
    return sent


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_may_replace_the_connection_at_any_time(socket, reason):
    await socket.slack.disconnect(reason, grace=0.05)
    await socket.slack.wait_for(lambda: len(socket.slack.sockets.live) == 1 and len(await_calls(socket)) == 2)
    await acts(socket)


def await_calls(office):
    return [call for call in office.slack.api.calls if call.method == "apps.connections.open"]


async def test_one_process_holds_one_connection(socket):
    for _ in range(3):
        await acts(socket)
    assert len(socket.slack.sockets.live) == 1


async def test_it_is_ready_only_while_it_is_connected(socket):
    assert socket.adapter.health().ok
    await socket.slack.drop_sockets()
    async with asyncio.timeout(10):
        while socket.adapter.health().ok:
            await asyncio.sleep(0)
    assert "no connection" in socket.adapter.health().detail


async def test_it_begins_when_slack_can_be_reached(tmp_path):
    async with FakeSlack() as slack:
        await slack.create_user("ann")
        place = await slack.create_channel("newx", ["ann"])
        await slack.add_fault("status", "auth.test", times=2, code=503)
        await slack.add_fault("error", "apps.connections.open", times=1, code="internal_error")
        async with running(slack, Core()):
            assert (await slack.slash("ann", place, "/request", "x")).status == "acked"


async def test_too_many_connections_are_no_reason_for_a_storm(socket):
    for _ in range(3):
        await socket.slack.disconnect("too_many_websockets", grace=0.0)
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not socket.slack.sockets.live:
            await asyncio.sleep(0.01)
    assert len(await_calls(socket)) <= 4


async def test_at_a_stop_what_came_by_the_socket_is_acknowledged_before_it_is_closed():
    async with FakeSlack() as slack:
        await slack.create_user("ann")
        place = await slack.create_channel("newx", ["ann"])
        core = Core(answer=lambda event: Answer(form=FORM))
        async with running(slack, core):
            await slack.slash("ann", place, "/request", "x")
            await slack.wait_view("ann")
            core.gate.clear()
            core.came.clear()
            sending = asyncio.create_task(slack.submit("ann", {"field:title": "x"}))
            await core.came.wait()
            asyncio.get_running_loop().call_later(0.1, core.gate.set)
        assert (await sending).status == "acked"


async def test_a_connection_that_brings_nothing_for_long_is_replaced_and_never_more_than_two_are_open():
    async with FakeSlack() as slack, ClientSession() as session:
        web = Web(AsyncWebClient(slack.app_token, base_url=slack.base_url, session=session, retry_handlers=[]))

        async def take(request):
            return BoltResponse(status=200)

        connection = Connection(web=web, session=session, take=take, proxy=None, chance=lambda: 0.0, quiet=0.1)
        task = asyncio.create_task(connection.run())
        for n in range(1, 4):
            await slack.wait_calls("apps.connections.open", n, timeout=10)
            assert len(slack.sockets.connections) <= 2
        task.cancel()
        await asyncio.wait([task])
        await slack.wait_for(lambda: not slack.sockets.connections)


async def test_the_successor_is_there_before_the_predecessor_goes(socket):
    await socket.slack.disconnect("warning", grace=10.0)
    await socket.slack.wait_for(lambda: len(socket.slack.sockets.connections) == 2)
    for _ in range(2):  # one on each
        await acts(socket)


async def test_what_came_on_a_connection_is_acknowledged_on_it_though_another_is_there(socket):
    socket.core.answer = lambda event: Answer(form=FORM)
    await socket.slack.slash("ann", socket.place, "/request", "x")
    await socket.slack.wait_view("ann")
    socket.core.answer = lambda event: Answer(toast="好的")
    socket.core.gate.clear()
    sent = await socket.slack.submit("ann", {"field:title": "x"}, wait=False)
    await socket.slack.disconnect("warning", grace=10.0)
    await socket.slack.wait_for(lambda: len(socket.slack.sockets.connections) == 2)
    socket.core.gate.set()
    await sent.done.wait()
    assert sent.status == "acked"
    assert not socket.slack.violations


async def test_what_nobody_can_read_is_passed_over(socket):
    (connection,) = socket.slack.sockets.connections
    for said in ("[" * 5_000, "{", "5", '{"type": 5}', '{"type": "x", "envelope_id": "e", "payload": 7}', "{}"):
        await connection.socket.send_str(said)
    await acts(socket)
    assert not socket.slack.violations


async def test_a_token_that_slack_refuses_is_named_in_the_health(socket):
    await socket.slack.add_fault("error", "apps.connections.open", times=None, code="invalid_auth")
    await socket.slack.drop_sockets()
    async with asyncio.timeout(10):
        while "invalid_auth" not in socket.adapter.health().detail:
            await asyncio.sleep(0.01)
