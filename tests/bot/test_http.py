"""The server: alive, ready, figures; and that strangers do not reach the sandbox page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.clock import ManualClock
from bot.finding import Finding, green, red
from bot.http import build_app, refuse_strangers, serve
from bot.metrics import Metrics
from bot.settings import Settings

START = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


def settings(**http: object) -> Settings:
    return Settings.model_validate({"http": {"port": "0", **http}, "platforms": {"sandbox": {}}})


async def get(app: web.Application, path: str) -> tuple[int, str]:
    async with (
        serve(app, settings()) as address,
        aiohttp.ClientSession() as client,
        client.get(address + path) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_process_is_alive_although_it_is_not_ready() -> None:
    def database_is_away() -> Iterable[Finding]:
        return [green("platform", "fine"), red("database.away", "no connection", "look at the server")]

    app = build_app(Metrics(ManualClock(START)), checks=[database_is_away])
    assert await get(app, "/healthz") == (200, '{"status": "ok"}')
    status, body = await get(build_app(Metrics(ManualClock(START)), checks=[database_is_away]), "/readyz")
    assert status == 503
    assert "database.away" in body and "platform" in body


async def test_ready_when_nothing_is_red() -> None:
    app = build_app(Metrics(ManualClock(START)), checks=[lambda: [green("database", "fine")]])
    assert (await get(app, "/readyz"))[0] == 200


async def test_a_check_that_hangs_does_not_hang_the_answer() -> None:
    asked_twice = threading.Event()
    app = build_app(Metrics(ManualClock(START)), checks=[lambda: [green("x", str(asked_twice.wait()))]], patience=0.01)
    status, body = await get(app, "/readyz")
    asked_twice.set()
    assert status == 503 and "ready.slow" in body


async def test_the_figures_are_there_under_their_names() -> None:
    clock = ManualClock(START)
    metrics = Metrics(clock)
    metrics.handled("say", "repeated", 0.02, "slack")
    clock.move_to(START + timedelta(seconds=90))
    metrics.messages.labels("slack", "ambiguous").inc()
    metrics.due_lag.set(1.5)
    status, text = await get(build_app(metrics), "/metrics")
    assert status == 200
    for line in (
        'liaison_platform_last_event_age_seconds{platform="slack"} 90.0',
        'liaison_messages_total{platform="slack",result="ambiguous"} 1.0',
        'liaison_events_total{kind="say",platform="slack",result="repeated"} 1.0',
        'liaison_events_duplicate_total{platform="slack"} 1.0',
        'liaison_command_seconds_bucket{kind="say",le="0.025"} 1.0',
        "liaison_due_lag_seconds 1.5",
        "liaison_due_actions_open 0.0",
        "liaison_outbox_oldest_seconds 0.0",
        "liaison_outbox_dead 0.0",
        'liaison_build{version="0.1.0"} 1.0',
    ):
        assert line in text.splitlines()


async def test_platforms_bring_their_routes() -> None:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = build_app(Metrics(ManualClock(START)), routes=[web.get("/hello", hello)])
    assert await get(app, "/hello") == (200, "hello")


async def test_a_port_that_is_taken_is_told_in_words() -> None:
    async with serve(build_app(Metrics(ManualClock(START))), settings()) as address:
        port = address.rpartition(":")[2]
        with pytest.raises(OSError, match=rf"cannot listen on 127\.0\.0\.1:{port}"):
            async with serve(build_app(Metrics(ManualClock(START))), settings(port=port)):
                pass


@pytest.mark.parametrize(
    "host, refused", [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True)]
)
def test_only_this_machine_reaches_the_sandbox_page(host: str, refused: bool) -> None:
    if refused:
        with pytest.raises(ValueError, match="allow_remote"):
            refuse_strangers(settings(host=host))
    else:
        refuse_strangers(settings(host=host))
    refuse_strangers(settings(host=host, allow_remote="true"))
    refuse_strangers(Settings.model_validate({"http": {"host": host}}))


async def test_half_a_call_holds_up_no_stop_and_is_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def reads(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = build_app(Metrics(ManualClock(START)), routes=[web.post("/hook", reads)])
    caplog.set_level("INFO")
    async with serve(app, settings()) as address:
        host, _, port = address.removeprefix("http://").rpartition(":")
        _, half = await asyncio.open_connection(host, int(port))
        half.write(b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly the begin")
        await half.drain()
        answers, garbage = await asyncio.open_connection(host, int(port))
        garbage.write(b"GET / HTTP/1.1\r\nno header\r\n\r\n")
        assert b"400 Bad Request" in await answers.read()
        garbage.close()
    half.close()
    told = [record for record in caplog.records if record.name == "aiohttp.server"]
    assert told and {record.levelname for record in told} == {"INFO"}
    assert not any(record.exc_info for record in told)
