"""Story 4 on Feishu: a question pauses the clock, a decline needs a reason, two who press at once get one outcome."""

from __future__ import annotations

import asyncio

import pytest

REASON = "本月测试资源已满，无法安排人手"


@pytest.fixture
async def raised(town):
    await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告")
    return town


async def test_a_question_pauses_the_clock_and_a_decline_needs_a_reason_before_it_is_the_requesters_turn(raised):
    town = raised
    await town.to("09-23 11:30")
    await town.zhangwei.clicks("需补充", "R-1")
    await town.zhangwei.fills(question="哪些型号？")
    assert "哪些型号？" in town.newest("dm:limin", "R-1", "补充说明").words
    town.told("")
    await town.to("09-24 09:40")
    assert town.told("R-1 待答复") == {}
    await town.limin.clicks("补充说明", "R-1")
    await town.limin.fills(answer="A、B 两款")
    assert "请于 9月24日 17:40 前答复" in town.card("newx", "R-1")

    before = town.card("newx", "R-1").message.words
    await town.zhangwei.clicks("不受理", "R-1")
    assert "10" in (await town.zhangwei.fills(reason="不行")).errors["reason"]
    assert town.card("newx", "R-1").message.words == before
    assert "R-1" in await town.zhangwei.fills(reason=REASON)
    notice = town.newest("dm:limin", "不受理", "改派")
    assert notice.buttons == ["改派", "发起争议", "撤回"]
    await town.limin.presses(notice, "改派")
    await town.limin.fills(department="design")
    assert "设计部" in town.card("newx", "R-1")
    assert town.card("dm:wanglei", "R-1").buttons[:2] == ["受理", "不受理"]


@pytest.mark.parametrize("town", ["websocket-rough"], indirect=True)
async def test_two_people_who_press_opposite_buttons_at_once_get_one_outcome(raised):
    town = raised
    await town.zhangwei.clicks("受理", "R-1", "rd")
    await town.chenjing.clicks("不受理", "R-1", "rd")
    answers = await asyncio.gather(
        town.zhangwei.fills(due="2026-09-30T18:00"), town.chenjing.fills(reason=REASON), return_exceptions=True
    )
    lost = [answer for answer in answers if "已于" in answer]
    assert len(lost) == 1 and "处理" in lost[0]
    assert ("已受理" if lost[0] is answers[1] else "不受理") in town.card("newx", "R-1")
