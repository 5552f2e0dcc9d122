"""Story 7 on Feishu: minutes are due a working day after the meeting; each participant confirms them, edition by edition."""

from __future__ import annotations

import pytest

SIX = ["limin", "zhangwei", "chenjing", "wanglei", "heping", "liuyang"]
ACTIONS = "整理价格表 @李敏 10月12日；标准：含税\n准备样机 @张伟 10月13日"


async def publish(town):
    await town.to("09-29 13:50")
    await town.gaojie.types("/minutes", "new")
    answer = await town.gaojie.fills(
        title="新品X 周会", starts="2026-09-29T14:00", ends="2026-09-29T15:00", participants=SIX
    )
    assert "9月30日 15:00" in answer
    await town.to("09-30 11:00")
    await town.gaojie.clicks("发布纪要", "M-1")
    await town.gaojie.fills(decisions="先做A\nB 顺延一周\n发布会 10月20日", actions=ACTIONS)


async def test_minutes_are_confirmed_objected_to_published_anew_and_deemed_apart(town):
    await publish(town)
    card = town.card("newx", "M-1")
    assert "10月8日 11:00" in card and "待确认（6）" in card
    for person in SIX:
        assert town.card(f"dm:{person}", "M-1").buttons == ["确认", "有异议"]
    assert "仅参会人可确认" in await town.zhaoying.presses(card.message, "确认")
    for person in ("limin", "zhangwei", "heping", "liuyang"):
        await getattr(town, person).clicks("确认", "M-1")

    await town.wanglei.clicks("有异议", "M-1")
    await town.wanglei.fills(item="2", reason="B 不能顺延")
    town.told("")
    await town.gaojie.clicks("发布新版本", "收到异议")
    await town.gaojie.fills(decisions="先做A\nB 顺延三天\n发布会 10月20日")
    assert set(town.told("请确认变化")) == {f"dm:{person}" for person in SIX if person != "chenjing"}
    assert "只需确认有变化的第 2 项" in town.card("dm:limin", "M-1")
    for person in ("limin", "zhangwei", "heping", "liuyang", "wanglei"):
        await getattr(town, person).clicks("确认", "请确认变化")
    await town.to("09-30 17:45")
    assert town.told("纪要待您确认") == {"dm:chenjing": ["09-30 17:45"]}
    await town.to("10-08 10:59")
    assert "待确认（1）：陈静" in town.card("newx", "M-1")
    await town.to("10-08 11:00")
    card = town.card("newx", "M-1")
    assert "视为无异议（1）：陈静" in card and "已确认（5）" in card


@pytest.mark.parametrize("town", ["websocket-rough"], indirect=True)
async def test_who_has_muted_the_bot_is_told_to_the_admin_and_never_deemed(town):
    town.feishu.set_user("chenjing", blocked=True)
    await publish(town)
    assert "陈静" in town.messages("dm:zhaoying", "未能送达")[-1].words
    await town.to("10-08 11:00")
    card = town.card("newx", "M-1")
    assert "未送达（1）：陈静" in card and "视为无异议（5）" in card
