"""Slack: from a typed command to its acknowledgement, through the real SDK on loopback, beside a bare Bolt app."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))  # `support` is found there, as in the tests

from support.slack import FakeSlack
from support.slack.settled import config, settle
from tests.bench.figures import Figure, of

ROOT = Path(__file__).parents[2]
AT_ONCE = 50
WARM = 20
BARE = """
import asyncio, logging, sys
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

async def main(base_url, app_token):
    async def authorize():
        return AuthorizeResult(enterprise_id=None, team_id="T", bot_token="xoxb-x", bot_id="B", bot_user_id="U")
    app = AsyncApp(client=AsyncWebClient(base_url=base_url), authorize=authorize)
    @app.command("/request")
    async def only_ack(ack):
        await ack()
    await AsyncSocketModeHandler(app, app_token).start_async()

logging.disable(logging.CRITICAL)
asyncio.run(main(*sys.argv[1:]))
"""
TEXT = "@研发部 新品X性能数据{i} 期望：2026-12-30 验收标准：三款样品的测试报告"


def figures(folder: Path, times: int) -> Iterator[Figure]:
    """`times` commands, 50 at once, each of which raises a request."""
    yield from asyncio.run(_measured(folder, times))


async def _measured(folder: Path, times: int) -> list[Figure]:
    async with FakeSlack() as slack:
        settled = await settle(slack)
        place = settled.places["newx"]
        async with _process(slack, "-c", BARE, slack.base_url, slack.app_token):
            bare = await _acks(slack, place, times)
        database = folder / "slack.db"
        head = f"database: sqlite:///{database}\nhttp: {{port: 0}}\nlog: {{level: error}}\n"
        file = folder / "slack.yaml"
        file.write_text(head + config(slack, settled, manual_clock=False), encoding="utf-8")
        async with _process(slack, "-m", "bot", "run", "--config", str(file)):
            began = perf_counter()
            ours = await _acks(slack, place, times)
            taken = perf_counter() - began
            await _until_committed(database, times + WARM)
            took = perf_counter() - began
        assert not slack.unanswered(), "an envelope without its acknowledgement"
    floor, slowest = (sorted(each)[len(each) * 99 // 100] for each in (bare, ours))
    return [
        of("a bare Bolt app that only acknowledges, 50 at once", bare),
        of("/request <new> → acknowledged, 50 at once", ours, bare, aim=1.5, judged="ratio"),
        Figure("  its p99, beside the bare p99", slowest, floor=floor, aim=2.0, judged="ratio"),
        Figure("acknowledged", (times + WARM) / taken, unit="/s"),
        Figure("committed to SQLite and answered (aim: at least 200/s)", (times + WARM) / took, unit="/s"),
    ]


async def _acks(slack: FakeSlack, place: str, times: int) -> list[float]:
    """Seconds from sent to acknowledged; the first ones warm the connection up and are not counted."""
    await slack.load("/request", WARM, AT_ONCE, text=TEXT.replace("{i}", "w{i}"), users=["limin"], channels=[place])
    found = await slack.load("/request", times, AT_ONCE, text=TEXT, users=["limin"], channels=[place])
    assert all(found), "an envelope without its acknowledgement"
    return [each / 1000 for each in found if each]


async def _until_committed(database: Path, count: int) -> None:
    """Every request is in the database."""
    reader = sqlite3.connect(database)
    async with asyncio.timeout(120):
        while reader.execute("SELECT count(*) FROM request").fetchone()[0] < count:
            await asyncio.sleep(0.01)
    reader.close()


@asynccontextmanager
async def _process(slack: FakeSlack, *arguments: str) -> AsyncIterator[None]:
    """An app in a process of its own, connected."""
    quiet = asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        await slack.wait_connections(1, timeout=30)
        yield
    finally:
        running.terminate()
        await running.wait()
        await slack.wait_for(lambda: not slack.sockets.live, 10, "the end of the connection")
