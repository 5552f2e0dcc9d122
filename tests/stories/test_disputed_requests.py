"""While a request is disputed, its card names who decides and until when, and nothing ends behind their backs."""

import pytest


@pytest.fixture
def countered(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
    chat.zhangwei.says("/request 替代方案 R-1 只做两款 理由：人手不足 期限：10月12日")
    return chat


def test_an_alternative_is_agreed_to_or_refused_in_the_group_too(countered):
    card = countered.card("newx", "R-1")
    assert card.buttons == ["同意", "不同意", "发起争议", "撤回"]
    assert "请 李敏 于 9月24日 10:30 前答复" in card
    assert "/request 不同意 R-1" in str(card.raw) or "不同意" in card.text
    assert countered.limin.presses(card, "不同意").submit(reason="三款都要，缺一不可").ok


def test_a_disputed_alternative_waits_for_the_mediator_and_then_for_leadership(countered):
    countered.limin.says("/escalate R-1 三款都要")
    card = countered.card("newx", "R-1")
    assert "争议 E-1：由 何平 协调，请于 9月24日 10:30 前达成一致" in card
    assert "待处理：何平" in card
    assert "李敏 于" not in card
    assert "发起争议" not in card.buttons
    countered.to("09-24 10:30")
    card = countered.card("newx", "R-1")
    assert "争议 E-1：请领导小组" in card
    assert "孙总" in card
    countered.to("09-28 18:00")  # an undisputed alternative would have lapsed by now
    assert "已提替代方案" in countered.card("newx", "R-1")


def test_a_ruling_on_an_alternative_has_to_say_what_becomes_of_it(countered):
    countered.limin.says("/escalate R-1 三款都要")
    countered.limin.says("/escalate up E-1")
    asked = countered.sunzong.says("/escalate rule E-1 折中 双方再议")
    assert asked.form.fields["effect"]["required"]
    assert "待处理：孙总、高洁" in countered.card("newx", "R-1"), "nothing is decided yet"
    assert asked.submit(effect="accept", due="2026-10-12T18:00").ok
    card = countered.card("newx", "R-1")
    assert "已受理" in card and "10月12日" in card


def test_a_declined_request_does_not_close_while_it_is_disputed(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
    chat.zhangwei.says("/request 不受理 R-1 本月测试资源已满，无法安排人手")
    chat.limin.says("/escalate R-1 请重新考虑")
    chat.to("09-28 18:00")
    assert "不受理" in chat.card("newx", "R-1")
    assert "待处理：孙总、高洁" in chat.card("newx", "R-1")
    chat.limin.says("/escalate withdraw E-1")
    assert "待处理：李敏" in chat.card("newx", "R-1")
    chat.to("10-09 18:00")
    assert "已关闭" in chat.card("newx", "R-1")


def test_after_a_refused_alternative_nobody_is_late_while_the_parties_are_brought_to_agree(countered):
    assert countered.limin.clicks("不同意", "R-1", "newx").submit(reason="三款缺一不可").ok
    card = countered.card("newx", "R-1")
    assert "前答复" not in card and "—" not in card and "待处理：何平" in card
    countered.news()
    countered.to("09-24 10:29")
    assert not any("R-1 待答复" in m for found in countered.news().values() for m in found)
    countered.heping.says("/escalate settle E-1 先交两款，第三款十月补齐")
    assert "请于 9月28日 10:29 前答复" in countered.card("newx", "R-1"), "the whole working day is left"
    countered.to("09-28 10:29")
    assert countered.newest("dm:liuyang", "R-1 未按时答复").at == "09-28 10:29"
    assert not countered.bot_messages("leadership")


def test_whose_ruling_comes_second_hears_who_ruled(countered):
    countered.limin.says("/escalate R-1 三款都要")
    countered.limin.says("/escalate up E-1")
    assert countered.sunzong.says("/escalate rule E-1 折中 先交两款 截止 10月12日", "leadership").has_form is False
    countered.gaojie.says("/escalate rule E-1 支持市场部 三款都要 截止 10月12日", "leadership")
    told = countered.gaojie.hears("leadership")[-1]
    assert "孙总 已于" in told and "D-1" in told and "组长" in told
