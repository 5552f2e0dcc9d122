"""A dispute is mediated for a working day, handed in, ruled by those who speak for no party, and carried out."""

import pytest


@pytest.fixture
def disputed(chat):
    for title in ("功能A", "功能B", "功能优先级"):
        chat.limin.says(f"/request @研发部 {title} 期望 9月30日 交付标准：可用")
    chat.zhangwei.says("/request accept R-3 30 Sep")
    chat.to("09-28 10:00")
    chat.limin.says("/escalate R-3 功能优先级分歧")
    return chat


@pytest.fixture
def escalation(disputed):
    """The number it got: the two requests nobody answered have climbed before."""
    return next(
        m.raw["card"]["item"] for m in disputed.bot_messages("newx", "功能优先级分歧") if m.title.startswith("E-")
    )


def told_at(chat, words):
    return sorted((m.at, place) for place, found in chat.news().items() for m in found if words in m)


def test_the_manager_mediates_with_reminders_at_half_and_three_quarters(disputed, escalation):
    request = disputed.newest("dm:heping", "请协调")
    assert {"已达成一致", "提交领导小组"} <= set(request.buttons)
    disputed.news()
    disputed.to("09-29 09:59")
    reminders = {at for at, place in told_at(disputed, f"{escalation} 仍未达成一致") if place == "dm:heping"}
    assert reminders == {"09-28 14:30", "09-28 16:45"}


def test_unsettled_it_goes_to_leadership_with_both_positions(disputed, escalation):
    disputed.zhangwei.clicks("陈述意见", "功能优先级").submit(text="资源不够，先做A")
    disputed.to("09-29 10:00")
    card = disputed.card("leadership", escalation)
    assert card.at == "09-29 10:00"
    assert "功能优先级分歧" in card
    assert "资源不够，先做A" in card
    assert [b for b in card.buttons if b != "知悉"] == ["支持市场部", "支持研发部", "折中", "退回补充"]


def test_settled_with_a_conclusion_it_does_not_climb(disputed, escalation):
    assert disputed.heping.clicks("已达成一致", escalation).submit(text="先做A，B 顺延一周").ok
    assert "先做A，B 顺延一周" in disputed.card("newx", escalation)
    disputed.to("09-29 10:00")
    assert not disputed.bot_messages("leadership", escalation)


def test_only_members_who_speak_for_no_party_may_rule(disputed, escalation):
    disputed.to("09-29 10:00")
    card = disputed.card("leadership", escalation)
    for person in (disputed.limin, disputed.liuyang, disputed.zhouqiang):
        answer = person.presses(card, "折中")
        assert not answer.ok
        assert not answer.has_form
        assert "仅领导小组成员可裁决（孙总、高洁；周强、刘洋为当事部门，请回避）" in answer.toast


def test_the_ruling_is_recorded_moves_the_date_and_is_carried_out(disputed, escalation):
    disputed.to("09-29 10:00")
    form = disputed.sunzong.clicks("折中", escalation, "leadership").form
    assert "reason" in form.submit(reason="").errors
    assert form.submit(reason="先交付核心功能", due="2026-10-12").ok
    for place in ("newx", "rd"):
        decision = disputed.card(place, "D-1")
        assert "折中" in decision
        assert "先交付核心功能" in decision
    assert "10月12日 18:00" in disputed.card("newx", "R-3")
    assert disputed.zhouqiang.clicks("知悉并执行", escalation).ok
    disputed.news()
    disputed.to("09-30 10:00")
    assert {place for _, place in told_at(disputed, "尚未知悉")} == {"dm:liuyang"}
    assert disputed.liuyang.clicks("知悉并执行", escalation).ok
    assert "已执行" in disputed.card("leadership", escalation)


def test_without_a_ruling_they_are_pinged_again_and_the_bot_never_rules(disputed, escalation):
    disputed.to("09-30 09:59")
    disputed.news()
    disputed.to("09-30 10:00")
    assert ("09-30 10:00", "dm:sunzong") in told_at(disputed, f"{escalation} 待裁决")
    disputed.to("10-08 09:59")
    assert told_at(disputed, f"{escalation} 待裁决") == []
    disputed.to("10-08 10:00")
    assert ("10-08 10:00", "dm:sunzong") in told_at(disputed, f"{escalation} 待裁决")
    assert "待裁决" in disputed.card("leadership", escalation)


def test_a_ruling_is_changed_only_by_the_chair_as_a_new_one(disputed, escalation):
    disputed.to("09-29 10:00")
    disputed.gaojie.clicks("折中", escalation, "leadership").submit(reason="先交付核心功能")
    disputed.gaojie.says(f"/escalate rule {escalation} 支持发起方 改主意了", "leadership")
    assert "更改裁决只能由组长作出：孙总" in disputed.gaojie.hears("leadership")[-1]
    disputed.sunzong.says(f"/escalate rule {escalation} 支持发起方 客户合同优先", "leadership")
    assert "D-1" in disputed.card("newx", "D-2")
