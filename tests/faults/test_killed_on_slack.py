"""Whatever dies when, on Slack: what was acknowledged is done once, and each message is there once."""

from __future__ import annotations

import asyncio

import pytest

from support.chat import Chat
from support.process import Process
from support.slack import FakeSlack
from support.slack.settled import config, settle

KILLED = 137
RAISE = "@研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"


async def started(process: Process, slack: FakeSlack, crash_at: str = "") -> Chat:
    process.begin(crash_at=crash_at)
    await slack.wait_connections(1, timeout=30)
    return Chat(f"http://127.0.0.1:{process.port}")


async def dead(process: Process) -> None:
    assert await asyncio.to_thread(process.wait) == KILLED, process.output()[-2000:]


@pytest.mark.parametrize(
    "point", ["event_before_commit", "event_after_commit", "after_claim", "after_send:1", "after_send:2"]
)
async def test_killed_anywhere_an_acknowledged_command_is_done_once_and_each_card_is_there_once(tmp_path, point):
    async with FakeSlack() as slack:
        settled = await settle(slack)
        process = Process(tmp_path, config=config(slack, settled), needs=["bot.slack"])
        try:
            await started(process, slack, crash_at=point)
            sent = await slack.slash("limin", "newx", "/request", RAISE)
            assert sent.status == "acked"
            await dead(process)
            await slack.wait_for(lambda: not slack.sockets.live, 10)
            chat = await started(process, slack)
            await slack.wait_ephemerals(1, user="limin", timeout=10)
            await asyncio.to_thread(chat.advance, "1m")  # the lease of the dead one ends
            for place in ("newx", "rd", await slack.dm("zhangwei")):
                (card,) = await slack.wait_messages(place, 1, timeout=10)
                assert "R-1" in card.words
            answers = await slack.ephemerals(user="limin", contains="R-1")
            assert sum("重复" not in each.words for each in answers) <= 1, "what may come twice says so"
            assert not await slack.messages("newx", contains="R-2")
        finally:
            process.close()
