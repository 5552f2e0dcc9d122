"""Leadership sends a dispute back with a question: the parties add to what they said, and then it rules."""

import pytest


@pytest.fixture
def dispute(chat):
    """With both positions, and before leadership; Monday 10:30."""
    chat.limin.says("/request @研发部 功能优先级 期望 9月30日 交付标准：可用")
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.to("09-28 10:00")
    chat.limin.says("/escalate R-1 先做功能A")
    chat.zhangwei.says("/escalate 陈述 E-1 人手只够功能B")
    chat.to("09-28 10:30")
    chat.limin.says("/escalate 提交领导小组 E-1")
    return chat


@pytest.fixture
def asked(dispute):
    form = dispute.sunzong.clicks("退回补充", "E-1", "leadership").form
    assert set(form.fields) == {"option", "reason"}
    assert form.submit(reason="各需要几个人？").ok
    return dispute


def test_the_parties_are_asked_with_a_button_and_a_time_of_their_own(asked):
    for person in ("limin", "zhangwei"):
        question = asked.newest(f"dm:{person}", "领导小组请补充")
        assert "各需要几个人？" in question
        assert "请于 9月29日 10:30 前补充" in question
        assert question.buttons == ["补充说明"]
    card = asked.card("leadership", "E-1")
    assert "计时暂停，等待 市场部、研发部" in card
    assert "请 李敏、张伟 于 9月29日 10:30 前补充" in card


def test_one_answer_is_noted_beside_the_position_and_the_other_is_still_waited_for(asked):
    answer = asked.zhangwei.clicks("补充说明", "E-1").submit(text="B 需要两个人")
    assert "还在等待 市场部" in answer.toast
    card = asked.card("leadership", "E-1")
    assert "研发部的陈述：人手只够功能B" in card
    assert "研发部的补充：B 需要两个人" in card
    assert "计时暂停，等待 市场部" in card
    assert not asked.bot_messages("dm:sunzong", "已补充，请裁决")


def test_with_both_answers_it_is_back_and_the_ruling_clock_goes_on_where_it_stood(asked):
    asked.zhangwei.says("/escalate 陈述 E-1 B 需要两个人")
    asked.to("09-28 17:30")
    asked.limin.says("/escalate 陈述 E-1 A 需要一个人")
    card = asked.card("leadership", "E-1")
    assert "市场部的陈述：先做功能A" in card
    assert "市场部的补充：A 需要一个人" in card
    assert "于 9月29日 17:30 前裁决" in card
    for person in ("sunzong", "gaojie"):
        told = asked.newest(f"dm:{person}", "已补充，请裁决")
        assert "市场部、研发部 已补充" in told
        assert "折中" in told.buttons
        assert "退回补充" not in told.buttons


def test_who_is_silent_is_reminded_at_three_quarters_and_leadership_goes_on_without_them(asked):
    asked.limin.says("/escalate 陈述 E-1 A 需要一个人")
    asked.news()
    asked.to("09-28 17:15")
    waiting = {place for place, found in asked.news().items() for m in found if "等待贵方补充" in m}
    assert waiting == {"dm:zhangwei"}
    asked.to("09-29 10:29")
    assert "退回补充" in asked.card("leadership", "E-1")
    asked.to("09-29 10:30")
    told = asked.newest("dm:sunzong", "补充时限已到")
    assert "市场部 已补充" in told
    assert "研发部 未补充" in told
    assert "于 9月30日 10:30 前裁决" in asked.card("leadership", "E-1")


def test_it_is_sent_back_only_once(asked):
    for person in (asked.limin, asked.zhangwei):
        person.says("/escalate 陈述 E-1 两个人")
    asked.sunzong.says("/escalate 裁决 E-1 退回补充 还有一个问题", "leadership")
    assert "已退回补充过一次" in asked.sunzong.hears("leadership")[-1]


def test_a_question_left_empty_asks_for_it(dispute):
    assert "reason" in dispute.sunzong.clicks("退回补充", "E-1", "leadership").submit(reason="").errors
    assert "待裁决" in dispute.card("leadership", "E-1")


def test_what_is_said_after_it_was_handed_in_changes_no_position(dispute):
    dispute.limin.says("/escalate 陈述 E-1 改主意了")
    card = dispute.card("leadership", "E-1")
    assert "市场部的陈述：先做功能A" in card
    assert "市场部的补充：改主意了" in card


def test_leadership_may_rule_before_the_answers_came(asked):
    assert "D-1" in asked.sunzong.says("/escalate 裁决 E-1 支持市场部 合同在先", "leadership").toast
    asked.to("09-29 12:00")
    assert not asked.bot_messages("dm:zhangwei", "等待贵方补充")
