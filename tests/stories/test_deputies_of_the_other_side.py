"""Nobody answers their own request, also not as somebody's deputy."""

import pytest

ASKED = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


@pytest.fixture
def away(chat):
    """The lead's liaison is away, and named the requester as deputy."""
    said = chat.zhangwei.says("/status 请假 9月23日-9月30日 @李敏", "dm:zhangwei").toast
    assert "代理人属于市场部" in said
    return chat


def test_the_deputy_of_the_other_side_is_passed_over(away):
    away.limin.says(ASKED)
    assert away.card("dm:chenjing", "R-1").buttons[0] == "受理"
    away.limin.says("/request accept R-1 30 Sep")
    said = away.limin.hears("newx")[-1]
    assert "您不能执行“受理”" in said
    assert "陈静" in said
    away.to("09-24 10:30")
    assert not away.bot_messages("dm:limin", "R-1 待答复")
    assert away.bot_messages("dm:chenjing", "R-1 待答复")
    assert away.chenjing.says("/request accept R-1 30 Sep").ok


def test_the_same_deputy_answers_what_others_ask(away):
    away.wanglei.says(ASKED)
    assert away.card("dm:limin", "R-1").buttons[0] == "受理"
    assert "已受理 R-1" in away.limin.says("/request accept R-1 30 Sep").toast


def test_the_requesters_deputy_from_the_lead_does_not_accept_their_own_delivery(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.limin.says("/status 请假 9月23日-9月30日 @张伟", "dm:limin")
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    chat.zhangwei.says("/request 验收 R-1")
    assert "您不能执行“验收通过”" in chat.zhangwei.hears("newx")[-1]
    assert chat.bot_messages("dm:zhouqiang", "R-1 已交付，请验收")
    assert "验收通过" in chat.zhouqiang.says("/request 验收 R-1").toast


def test_a_deputy_of_ones_own_department_is_no_surprise(chat):
    assert "注意" not in chat.zhangwei.says("/status 请假 9月23日-9月30日 @陈静", "dm:zhangwei").toast
