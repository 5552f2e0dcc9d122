"""The socket: back after every way to lose it, never more of them than one, and no storm."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientSession
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters.slack.connection import LONGEST_PAUSE, Backoff, Connection, Watch
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


def test_pauses_grow_to_a_limit_and_begin_anew():
    backoff = Backoff(lambda: 1.0)
    assert [backoff.pause() for _ in range(8)] == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]
    backoff.reset()
    assert backoff.pause() == 1


def test_a_pause_is_never_shorter_than_half_of_its_step():
    backoff = Backoff(lambda: 0.0, first=2.0)
    assert [backoff.pause() for _ in range(3)] == [1, 2, 4]


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


@asynccontextmanager
async def connected(slack, watch):
    async def handle(client, request):
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    async with ClientSession() as session:
        web = AsyncWebClient(base_url=slack.base_url, session=session, retry_handlers=[])
        connection = Connection(
            app_token=slack.app_token, web=web, handle=handle, proxy=None, chance=lambda: 0.0, watch=watch
        )
        task = asyncio.create_task(connection.run())
        try:
            await slack.wait_connections(1)
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_lost_connection_that_the_sdk_does_not_get_back_is_built_anew():
    async with FakeSlack() as slack, connected(slack, Watch(look=0.05, deaf=0.2)):
        with capture_logs() as logs:
            await slack.drop_sockets()
            await slack.wait_calls("apps.connections.open", 2, timeout=10)
            await slack.wait_connections(1)
        assert [line["why"] for line in logs if line["event"] == "slack_connection_rebuilt"] == ["lost"]
        assert len(slack.sockets.live) == 1


async def test_a_connection_that_brings_nothing_for_long_is_replaced_and_never_beside_another():
    async with FakeSlack() as slack, connected(slack, Watch(look=0.05, quiet=0.3)):
        await slack.wait_calls("apps.connections.open", 3, timeout=10)
        await slack.wait_connections(1)
        assert len(slack.sockets.live) == 1
