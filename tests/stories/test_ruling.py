"""What leadership can say depends on the matter, and what it said is done: nothing is left without a next actor."""

import re

import pytest


@pytest.fixture
def raised(chat):
    chat.limin.says("/request @研发部 功能优先级 期望 9月30日 交付标准：可用")
    return chat


def at_leadership(chat, reason="必须做"):
    chat.limin.says(f"/escalate R-1 {reason}")
    chat.limin.says("/escalate 提交领导小组 E-1")
    return chat


@pytest.fixture
def declined(raised):
    raised.zhangwei.says("/request 不受理 R-1 没有样机，本月做不了")
    return at_leadership(raised)


@pytest.fixture
def accepted(raised):
    raised.zhangwei.says("/request accept R-1 30 Sep")
    return at_leadership(raised)


def values(form, field):
    return {o["value"]: o["label"] for o in form.fields[field]["options"]}


def test_the_form_of_a_dispute_names_the_departments_and_offers_what_is_possible(accepted):
    form = accepted.sunzong.clicks("折中", "E-1", "leadership").form
    assert list(values(form, "option").values()) == ["支持市场部", "支持研发部", "折中"]
    assert list(values(form, "effect")) == ["none", "hold", "close"]
    assert {"person", "department"}.isdisjoint(form.fields)


def test_an_effect_that_is_not_possible_now_is_refused(accepted):
    form = accepted.sunzong.says("/escalate 裁决 E-1 折中 各让一步 后续处理：恢复", "leadership").form
    assert (
        "目前可以：不变、暂停、关闭"
        in form.raw["fields"][[f["name"] for f in form.raw["fields"]].index("effect")]["error"]
    )
    assert "待裁决" in accepted.card("leadership", "E-1")


def test_a_button_s_twin_names_the_department_and_can_be_typed(accepted):
    card = accepted.card("leadership", "E-1")
    twin = re.search(r"/escalate 裁决 E-1 支持研发部", card.text)
    assert twin, card.text
    assert accepted.sunzong.says(f"{twin[0]} 人手不够", "leadership").ok
    assert "支持研发部" in accepted.card("newx", "D-1")


def test_a_department_that_is_no_party_cannot_be_supported(accepted):
    form = accepted.sunzong.says("/escalate 裁决 E-1 支持设计部 好看", "leadership").form
    assert any("支持市场部、支持研发部" in (f.get("error") or "") for f in form.raw["fields"])


def test_the_answer_says_whether_a_date_moved(accepted):
    said = accepted.sunzong.says("/escalate 裁决 E-1 折中 先做核心功能 截止 10月9日", "leadership").toast
    assert "交付日期 → 10月9日 18:00" in said
    assert "约定完成：10月9日 18:00" in accepted.card("newx", "R-1")


def test_and_says_so_where_none_moved(accepted):
    assert "未改期" in accepted.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership").toast
    assert "9月30日 18:00" in accepted.card("newx", "R-1")


def test_the_decision_log_keeps_the_date_that_was_ruled(accepted):
    accepted.sunzong.says("/escalate 裁决 E-1 折中 先做核心功能 截止 10月9日", "leadership")
    accepted.sunzong.says("/escalate 裁决 E-1 折中 再给几天 截止 10月12日", "leadership")
    old, new = accepted.card("newx", "D-1"), accepted.card("newx", "D-2")
    assert "交付日期 → 10月9日 18:00" in old
    assert "已被 D-2 取代" in old
    assert "取代：D-1" in new
    assert "交付日期 → 10月12日 18:00" in new


def test_a_ruling_on_a_declined_request_says_what_becomes_of_it(declined):
    form = declined.sunzong.clicks("折中", "E-1", "leadership").form
    assert list(values(form, "effect")) == ["accept", "close"]
    assert "effect" in form.submit(reason="各让一步", effect="").errors
    assert "due" in form.submit(reason="各让一步", effect="accept", due="2026-09-01").errors
    assert form.submit(reason="各让一步", effect="accept", due="2026-10-12").ok
    card = declined.card("newx", "R-1")
    assert "约定完成：10月12日 18:00" in card
    assert "责成受理，10月12日 18:00 前完成" in declined.newest("dm:zhangwei", "E-1 已裁决")


def test_supporting_the_requester_means_that_it_is_taken_on(declined):
    assert (
        "责成受理，9月30日 18:00 前完成"
        in declined.sunzong.says("/escalate 裁决 E-1 支持市场部 合同在先", "leadership").toast
    )


def test_supporting_the_lead_who_declined_closes_the_request(declined):
    assert "请求关闭" in declined.sunzong.says("/escalate 裁决 E-1 支持研发部 没有样机", "leadership").toast
    assert "已关闭" in declined.card("newx", "R-1")


def test_a_ruling_on_a_countered_request_that_leaves_it_open_is_asked_what_it_means(raised):
    raised.zhangwei.says("/request 替代方案 R-1 只做核心功能 原因：人手不够")
    at_leadership(raised)
    answer = raised.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership")
    assert "effect" in answer.form.fields
    assert answer.form.submit(effect="close").ok
    assert "已关闭" in raised.card("newx", "R-1")


def test_the_card_in_both_chats_shows_who_has_carried_it_out(accepted):
    accepted.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership")
    accepted.zhouqiang.clicks("知悉并执行", "E-1")
    for place in ("newx", "rd", "leadership"):
        decision = accepted.card(place, "D-1")
        assert "周强 已于" in decision
        assert "待知悉：刘洋" in decision


def test_a_decision_can_be_looked_up(accepted):
    accepted.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership")
    shown = accepted.limin.says("/status D-1") and accepted.limin.hears("newx")[-1]
    for words in ("支持研发部", "人手不够", "孙总", "E-1", "未改期", "待知悉：周强、刘洋"):
        assert words in shown
    accepted.wanglei.says("/status D-1", "design")
    assert "支持研发部" not in accepted.wanglei.hears("design")[-1]


def test_a_ruling_nobody_carries_out_ends_at_the_pmo_who_can_remind(accepted):
    accepted.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership")
    accepted.zhouqiang.clicks("知悉并执行", "E-1")
    accepted.to("10-10 18:00")
    notice = accepted.newest("dm:zhaoying", "一直未执行")
    assert "刘洋 仍未知悉" in notice
    assert notice.buttons == ["催办", "查看"]
    card = accepted.card("leadership", "E-1")
    assert "请 刘洋 于" in card
    assert "现由 PMO 跟进" in card
    accepted.news()
    assert accepted.zhaoying.presses(notice, "催办").ok
    assert "就 E-1 催办" in accepted.zhaoying.presses(notice, "催办").toast
    accepted.to("10-12 09:00")
    pressed = accepted.news()["dm:liuyang"]
    assert [m.buttons for m in pressed if "尚未知悉" in m] == [["知悉并执行"]]
    assert accepted.zhaoying.presses(notice, "查看").ok


def test_only_who_follows_up_may_remind(accepted):
    accepted.wanglei.says("/escalate 催办 E-1")
    assert "您不能执行“催办”" in accepted.wanglei.hears("newx")[-1]
    assert "孙总、高洁" in accepted.zhaoying.says("/escalate 催办 E-1").toast


def test_where_the_deputies_are_parties_the_other_judges_are_pressed(accepted):
    accepted.news()
    accepted.to("09-24 10:30")
    told = {place for place, found in accepted.news().items() for m in found if "E-1 待裁决" in m}
    assert {"dm:sunzong", "dm:gaojie"} <= told
    assert {"dm:zhouqiang", "dm:liuyang"}.isdisjoint(told)


def test_withdrawn_only_by_whom_it_was_raised_and_only_before_it_is_ruled(accepted):
    accepted.zhouqiang.says("/escalate 撤回 E-1")
    assert "李敏" in accepted.zhouqiang.hears("newx")[-1]
    accepted.sunzong.says("/escalate 裁决 E-1 支持研发部 人手不够", "leadership")
    accepted.limin.says("/escalate 撤回 E-1")
    assert "已裁决待执行" in accepted.limin.hears("newx")[-1]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("/escalate E-99", "没有找到 E-99"),
        ("/escalate T-99 太慢", "没有找到 T-99"),
        ("/escalate D-1", "/status D-1"),
        ("/escalate M-3", "/minutes M-3"),
        ("/escalate K-2", "/status K-2"),
    ],
)
def test_a_reference_that_cannot_be_escalated_gets_a_hint_and_no_form(chat, typed, hint):
    answer = chat.limin.says(typed)
    assert not answer.has_form
    assert hint in chat.limin.hears("newx")[-1]


def test_a_matter_s_own_number_shows_it(accepted):
    assert accepted.limin.says("/escalate E-1").ok
    assert "E-1 争议：必须做" in accepted.limin.hears("newx")[-1]
