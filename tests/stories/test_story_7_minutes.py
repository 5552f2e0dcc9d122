"""Minutes are due a working day after the meeting, and each participant confirms them, edition by edition."""

import pytest

SIX = ["limin", "zhangwei", "chenjing", "wanglei", "heping", "liuyang"]


@pytest.fixture
def meeting(chat):
    chat.to("09-29 13:50")
    form = chat.gaojie.says("/minutes new").form
    assert form.fields["recorder"]["value"] == "gaojie"
    answer = form.submit(title="新品X 周会", starts="2026-09-29T14:00", ends="2026-09-29T15:00", participants=SIX)
    assert "9月30日 15:00" in answer.toast
    return chat


@pytest.fixture
def published(meeting):
    meeting.to("09-30 11:00")
    answer = meeting.gaojie.clicks("发布纪要", "M-1").submit(
        decisions="先做A\nB 顺延一周\n发布会 10月20日",
        actions="整理价格表 @李敏 10月12日；标准：含税\n准备样机 @张伟 10月13日",
    )
    assert answer.ok
    return meeting


def test_the_recorder_is_reminded_at_three_quarters(meeting):
    meeting.to("09-30 12:44")
    meeting.news()
    meeting.to("09-30 12:45")
    assert "请于 9月30日 15:00 前发布" in meeting.newest("dm:gaojie", "纪要待发布")


def test_unpublished_the_recorder_and_the_manager_hear_of_it_and_it_counts_as_late(meeting):
    meeting.to("09-30 15:00")
    for person in ("gaojie", "heping"):
        assert meeting.newest(f"dm:{person}", "纪要已超时").at == "09-30 15:00"
    meeting.gaojie.clicks("发布纪要", "M-1").submit(decisions="先做A")
    meeting.gaojie.says("/status M-1")
    assert "超时" in meeting.gaojie.hears("newx")[-1]


def test_it_cannot_be_published_before_the_meeting_is_over(meeting):
    answer = meeting.gaojie.clicks("发布纪要", "M-1")
    assert not answer.ok
    assert not answer.has_form
    assert "15:00" in answer.toast


def test_everybody_gets_it_in_the_group_and_directly_and_actions_become_tasks(published):
    card = published.card("newx", "M-1")
    assert "10月8日 11:00" in card
    for words in ("1. 先做A · D-1", "5. 准备样机 · 张伟", "待确认（6）"):
        assert words in card
    for person in SIX:
        assert published.card(f"dm:{person}", "M-1").buttons == ["确认", "有异议"]
    assert "标准" in published.card("dm:limin", "M-1")
    assert "含税" in published.card("dm:limin", "T-1")


def test_the_silent_are_reminded_once_and_then_deemed_apart_from_the_confirmed(published):
    for person in SIX[:2]:
        getattr(published, person).clicks("确认", "M-1")
    published.to("09-30 17:44")
    published.news()
    published.to("09-30 17:45")
    reminded = {place for place, found in published.news().items() if any("纪要待您确认" in m for m in found)}
    assert reminded == {f"dm:{p}" for p in SIX[2:]}
    published.to("10-08 10:59")
    assert not any("纪要待您确认" in m for found in published.news().values() for m in found)
    assert "待确认（4）" in published.card("newx", "M-1")
    published.to("10-08 11:00")
    card = published.card("newx", "M-1")
    assert "已确认（2）：李敏、张伟" in card
    assert "视为无异议（4）" in card


def test_a_new_edition_asks_only_those_who_had_answered_and_only_about_what_changed(published):
    for person in ("limin", "zhangwei", "heping", "liuyang"):
        getattr(published, person).clicks("确认", "M-1")
    assert published.wanglei.clicks("有异议", "M-1").submit(item="2", reason="B 不能顺延").ok
    assert "B 不能顺延" in published.newest("dm:gaojie", "收到异议")
    form = published.gaojie.clicks("发布新版本", "收到异议").form
    assert form.fields["decisions"]["value"] == "先做A\nB 顺延一周\n发布会 10月20日"
    assert form.submit(decisions="先做A\nB 顺延三天\n发布会 10月20日").ok
    assert "第 2 项" in published.newest("dm:limin", "请确认变化")
    assert "只需确认有变化的第 2 项" in published.card("dm:limin", "M-1")
    assert not published.bot_messages("dm:chenjing", "请确认变化")
    assert "T-1" in published.card("newx", "M-1")
    for person in ("limin", "zhangwei", "heping", "liuyang", "wanglei"):
        getattr(published, person).clicks("确认", "请确认变化")
    published.to("10-08 11:00")
    card = published.card("newx", "M-1")
    assert "视为无异议（1）：陈静" in card
    assert "已确认（5）" in card
    assert "异议 王磊" in card


def test_who_could_not_be_reached_is_told_to_the_admin_and_never_deemed(meeting):
    meeting.call("/api/people/chenjing", {"blocked": True})
    meeting.to("09-30 11:00")
    meeting.gaojie.clicks("发布纪要", "M-1").submit(decisions="先做A")
    assert "陈静" in meeting.newest("dm:zhaoying", "未能送达")
    assert "未送达（1）：陈静" in meeting.card("newx", "M-1")
    meeting.to("10-08 11:00")
    card = meeting.card("newx", "M-1")
    assert "未送达（1）：陈静" in card
    assert "视为无异议（5）" in card


def test_who_was_not_there_may_not_confirm(published):
    answer = published.zhaoying.presses(published.card("newx", "M-1"), "确认")
    assert not answer.ok
    assert "仅参会人可确认" in answer.toast


def test_all_confirmed_closes_it(published):
    for person in SIX:
        getattr(published, person).clicks("确认", "M-1")
    card = published.card("newx", "M-1")
    assert "全体参会人已确认" in card
    assert card.buttons == []
