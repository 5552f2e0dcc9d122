"""Feishu: from a typed command to its acknowledgement and to the first reply, through the real lark-oapi on loopback,
beside a bare lark-oapi bot that only replies."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # `support` is found there, as in the tests

from support.feishu import FakeFeishu
from support.feishu.settled import config, settle
from tests.bench.figures import Figure, of, timed
from tests.bench.storage import raw_sqlite
from tests.bench.town import make_bot

ROOT = Path(__file__).parents[2]
AT_ONCE = 50
WARM = 50
COMMITS = 300
REPLIED = "已发起"
"""What a first reply says, of both."""
BARE = """
import json, sys
import lark_oapi as lark
from lark_oapi.api.im.v1 import ReplyMessageRequest, ReplyMessageRequestBody

domain, app_id, secret = sys.argv[1:]
client = lark.Client.builder().app_id(app_id).app_secret(secret).domain(domain).build()

def reply(data):
    said = ReplyMessageRequestBody.builder().msg_type("text").content(json.dumps({"text": "已发起"})).build()
    id = data.event.message.message_id
    client.im.v1.message.reply(ReplyMessageRequest.builder().message_id(id).request_body(said).build())

handler = lark.EventDispatcherHandler.builder("", "").register_p2_im_message_receive_v1(reply).build()
lark.ws.Client(app_id, secret, event_handler=handler, domain=domain, log_level=lark.LogLevel.CRITICAL).start()
"""
TEXT = "/request @研发部 新品X性能数据{i} 期望：2026-12-30 验收标准：三款样品的测试报告"


@dataclass
class Heard:
    """When the bot first answered in each one-to-one chat since somebody last waited for it."""

    feishu: FakeFeishu
    waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._post = self.feishu.organisation.post
        self.feishu.organisation.post = self._posted  # type: ignore[method-assign]

    def _posted(self, chat: Any, kind: str, content: Any, **more: Any) -> Any:
        message = self._post(chat, kind, content, **more)
        waits = self.waiting.get(chat.id)
        if waits and not waits.done() and not message.author and REPLIED in message.words:
            waits.set_result(perf_counter())
        return message

    async def command(self, user: str, text: str) -> tuple[float, float]:
        """Seconds from sent to acknowledged, and to the first reply."""
        chat = self.feishu.direct(user)
        replied = self.waiting[chat] = asyncio.get_running_loop().create_future()
        began = perf_counter()
        delivery = await self.feishu.say(user, chat, text)
        assert delivery and delivery.ack_ms is not None, "an event without its acknowledgement"
        return delivery.ack_ms / 1000, await replied - began


def figures(folder: Path, times: int) -> Iterator[Figure]:
    """`times` commands, 50 people at once, each of which raises a request."""
    yield from asyncio.run(_measured(folder, times))


async def _measured(folder: Path, times: int) -> list[Figure]:
    async with FakeFeishu(ack_timeout=30) as feishu:
        heard, settled = Heard(feishu), settle(feishu)
        people = {f"p{n}": feishu.create_user(f"p{n}") for n in range(AT_ONCE)}
        async with _process(feishu, "-c", BARE, feishu.domain, feishu.app_id, feishu.app_secret) as floor:
            bare = await _commands(heard, list(people.values()), times)
        commits = _bare_commits(f"sqlite:///{folder}/bare.db")
        database = folder / "feishu.db"
        head = f"database: sqlite:///{database}\nhttp: {{port: 0}}\nlog: {{level: error}}\n"
        file = folder / "feishu.yaml"
        town = config(feishu, settled, manual_clock=False)
        file.write_text(head + _with(town, people), encoding="utf-8")
        async with _process(feishu, "-m", "bot", "run", "--config", str(file)) as start:
            began = perf_counter()
            ours = await _commands(heard, list(people.values()), times)
            took = perf_counter() - began
            await _until_committed(database, times + WARM)
        assert not feishu.unanswered(), "an event without its acknowledgement"
    return [
        *_shown("acknowledged", 0, bare, ours),
        *_shown("first reply", 1, bare, ours),
        of("  of it, waiting for the disk: a bare commit to SQLite (one for each command, in line)", commits),
        Figure("committed to SQLite and answered", (times + WARM) / took, unit="/s"),
        Figure("start → connected, with new tables", start.seconds, floor=floor.seconds),
        Figure("resident memory when connected", start.megabytes, floor=floor.megabytes, unit="MB"),
    ]


def _bare_commits(url: str) -> list[float]:
    """What the disk asks of whoever commits before they answer; the bare bot does not."""
    make_bot(url).core.store.close()  # the tables
    return timed(raw_sqlite(url, COMMITS), COMMITS)


def _shown(what: str, which: int, bare: list[tuple[float, float]], ours: list[tuple[float, float]]) -> Iterator[Figure]:
    theirs, mine = ([each[which] for each in found] for found in (bare, ours))
    yield of(f"a bare lark-oapi bot → {what}, 50 at once", theirs)
    yield of(f"/request <new> → {what}, 50 at once", mine, theirs, aim=1.5, judged="ratio")
    floor, slowest = (sorted(each)[len(each) * 99 // 100] for each in (theirs, mine))
    yield Figure("  its p99, beside the bare p99", slowest, floor=floor, aim=2.0, judged="ratio")


async def _commands(heard: Heard, people: list[str], times: int) -> list[tuple[float, float]]:
    """Each person types the next one when the last was answered. The first ones warm everything up."""
    turns = iter(range(times + WARM))
    found: list[tuple[int, tuple[float, float]]] = []

    async def one_after_the_other(user: str) -> None:
        for i in turns:
            found.append((i, await heard.command(user, TEXT.replace("{i}", str(i)))))

    await asyncio.gather(*map(one_after_the_other, people))
    return [seconds for i, seconds in found if i >= WARM]


def _with(town: str, people: dict[str, str]) -> str:
    """The town with more liaisons in its first department."""
    lines = "".join(f"    - {{id: {name}, name: 同事{name}, feishu: {id}}}\n" for name, id in people.items())
    town = town.replace("  people:\n", f"  people:\n{lines}")
    return town.replace("liaisons: [limin]", f"liaisons: [limin, {', '.join(people)}]")


async def _until_committed(database: Path, count: int) -> None:
    """Every request is in the database."""
    reader = sqlite3.connect(database)
    async with asyncio.timeout(120):
        while reader.execute("SELECT count(*) FROM request").fetchone()[0] < count:
            await asyncio.sleep(0.01)
    reader.close()


@dataclass(frozen=True)
class Start:
    """What it took until the app was connected."""

    seconds: float
    megabytes: float


@asynccontextmanager
async def _process(feishu: FakeFeishu, *arguments: str) -> AsyncIterator[Start]:
    """An app in a process of its own, connected."""
    began = perf_counter()
    quiet = asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        await feishu.wait_connections(1, timeout=60)
        took = perf_counter() - began
        pages = int(Path(f"/proc/{running.pid}/statm").read_text().split()[1])
        yield Start(took, pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
    finally:
        running.terminate()
        await running.wait()
        await feishu.wait_for(lambda: not feishu.sockets.connections, 10, "the end of the connection")
