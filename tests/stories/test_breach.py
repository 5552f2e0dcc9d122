"""What a clock has carried up: leadership presses, names somebody, gives it away or asks; each ping can be acted on."""

import pytest


@pytest.fixture
def unanswered(chat):
    """Urgent, raised at 10:30 and not answered by 12:30."""
    chat.limin.says("/request 紧急 @研发部 客户现场停机 期望 明天 交付标准：恢复")
    chat.to("09-23 12:30")
    return chat


def test_leadership_gets_the_options_of_a_breach_and_no_verdict(unanswered):
    card = unanswered.card("leadership", "E-1")
    assert card.buttons == ["知悉", "催办", "指派负责人", "改派", "退回补充"]
    unanswered.sunzong.says("/escalate 裁决 E-1 折中 各让一步", "leadership")
    assert not unanswered.bot_messages("newx", "D-1")
    form = unanswered.sunzong.presses(card, "指派负责人").form
    assert set(form.fields) == {"option", "reason", "person"}
    assert "person" in form.missing


def test_a_nudge_is_one_press_and_reaches_the_people_with_the_buttons_to_answer(unanswered):
    card = unanswered.card("leadership", "E-1")
    answer = unanswered.sunzong.presses(card, "催办")
    assert not answer.has_form
    assert "催办 张伟、陈静、刘洋，9月23日 14:30 前未答复" in answer.toast
    pressed = unanswered.newest("dm:zhangwei", "领导小组催办")
    assert pressed.buttons == ["受理", "不受理", "替代方案"]
    assert "请于 9月23日 14:30 前答复" in pressed
    assert unanswered.zhangwei.presses(pressed, "不受理").submit(reason="现场没有我们的设备，请找供应商").ok
    assert "已响应" in unanswered.card("leadership", "E-1")


def test_pressed_again_at_once_it_says_when_it_was_done(unanswered):
    card = unanswered.card("leadership", "E-1")
    unanswered.sunzong.presses(card, "催办")
    again = unanswered.sunzong.presses(unanswered.card("leadership", "E-1"), "催办")
    assert not again.ok
    assert "您已于 9月23日 12:30 就 E-1 催办" in again.toast
    assert len(unanswered.bot_messages("dm:zhangwei", "领导小组催办")) == 1
    unanswered.to("09-23 12:45")
    assert unanswered.sunzong.presses(unanswered.card("leadership", "E-1"), "催办").ok
    assert len(unanswered.bot_messages("dm:zhangwei", "领导小组催办")) == 2


def test_leadership_s_question_about_a_breach_is_answered_beside_the_request(unanswered):
    card = unanswered.card("leadership", "E-1")
    assert unanswered.sunzong.presses(card, "退回补充").submit(reason="为什么没有答复？").ok
    assert "请 李敏、张伟 于 9月23日 14:30 前补充" in unanswered.card("leadership", "E-1")
    unanswered.zhangwei.clicks("补充说明", "E-1").submit(text="在客户现场，没有信号")
    assert "研发部的补充：在客户现场，没有信号" in unanswered.card("leadership", "E-1")
    unanswered.zhangwei.says("/request 受理 R-1 明天")
    assert "已响应" in unanswered.card("leadership", "E-1")


def test_a_task_days_over_tells_head_and_manager_until_when_with_a_button(chat):
    chat.limin.says("/request @研发部 性能数据 期望 9月24日 交付标准：报告")
    chat.zhangwei.says("/request accept R-1 24 Sep")
    chat.to("09-29 09:30")
    head = chat.newest("dm:liuyang", "逾期 2 个工作日")
    assert "9月30日 09:30 仍未完成将升级到领导小组" in head
    assert head.buttons == ["交付", "申请延期", "转交"]
    chat.to("09-30 09:30")
    copied = chat.newest("dm:heping", "已升级到领导小组")
    assert "领导小组须于 10月8日 09:30 前处理" in copied
    assert copied.buttons == ["查看"]
    assert chat.heping.presses(copied, "查看").ok
