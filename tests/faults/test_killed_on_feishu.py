"""Whatever dies when, on Feishu: what was acknowledged is done once, and each message is there once."""

from __future__ import annotations

import asyncio

import pytest

from support.chat import Chat
from support.feishu import FakeFeishu
from support.feishu.settled import config, settle
from support.process import Process

KILLED = 137
RAISE = "@bot /request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"


async def started(process: Process, feishu: FakeFeishu, crash_at: str = "") -> Chat:
    """In webhook mode, which starts without the SDK; until it takes events."""
    feishu.request_url = f"http://127.0.0.1:{process.port}/feishu/events"
    chat = await asyncio.to_thread(process.start, crash_at=crash_at)
    async with asyncio.timeout(30):
        while not await feishu.requests.verify(feishu.verification_token):
            pass
    return chat


async def dead(process: Process) -> None:
    assert await asyncio.to_thread(process.wait) == KILLED, process.output()[-2000:]


@pytest.mark.parametrize("point", ["event_before_commit", "event_after_commit", "after_send:1"])
async def test_killed_anywhere_an_acknowledged_message_is_done_once_and_each_card_is_there_once(tmp_path, point):
    async with FakeFeishu(mode="webhook") as feishu:
        process = Process(tmp_path, config=config(feishu, settle(feishu)), needs=["bot.feishu"])
        try:
            await started(process, feishu, crash_at=point)
            assert (await feishu.say("limin", "newx", RAISE)).status == "acked"
            await dead(process)
            chat = await started(process, feishu)
            await feishu.wait_messages("limin", 1, timeout=20)
            await asyncio.to_thread(chat.advance, "1m")  # the lease of the dead one ends
            for place in ("newx", "rd", "zhangwei", "limin"):
                (card,) = await feishu.wait_messages(place, 1, timeout=20)
                assert "R-1" in card.words
            assert not feishu.messages("newx", contains="R-2")
            assert not feishu.violations
        finally:
            process.close()


async def test_killed_while_a_form_waits_it_is_done_once_and_its_card_says_so(tmp_path):
    """Feishu sends a form once: whoever sent it sees an error, and then what came of it."""
    async with FakeFeishu(mode="webhook") as feishu:
        process = Process(tmp_path, config=config(feishu, settle(feishu)), needs=["bot.feishu"])
        try:
            await started(process, feishu)
            await feishu.say("limin", "newx", "@bot /request @研发部 新品X性能数据")
            (form,) = await feishu.wait_messages("limin", 1, timeout=20)
            await asyncio.to_thread(process.stop)
            await started(process, feishu, crash_at="event_before_commit")
            values = {"wanted": "2026-09-30 18:00", "standard": "完整报告"}
            sent = await feishu.submit("limin", form.id, values)
            assert sent.error
            await dead(process)
            await started(process, feishu)
            card = await feishu.wait_edit(form.id, timeout=20)
            assert "R-1" in card.words
            await feishu.wait_messages("newx", 1, contains="R-1", timeout=20)
            assert len(feishu.messages("limin")) == 1
        finally:
            process.close()
