"""A head who sits in the leadership group is a party first: in their own matter they decide nothing for the others."""

import pytest


@pytest.fixture
def raised(chat):
    assert chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 标准：覆盖三款").ok
    return chat


@pytest.mark.parametrize("line", ["/request 修改 R-1 紧急", "/request 修改 R-1 标准：一款就行"])
def test_the_leads_head_does_not_rewrite_the_request(raised, line):
    raised.liuyang.says(line)
    assert "李敏" in raised.liuyang.hears("newx")[-1], "who could is named"
    assert "覆盖三款" in raised.card("newx", "R-1")
    assert "9月24日 10:30" in raised.card("newx", "R-1")


def test_the_leads_head_only_asks_to_call_it_off_or_to_pause(raised):
    raised.liuyang.says("/request 撤回 R-1 今年不做这个方向了")
    assert "已撤回" not in raised.card("newx", "R-1")
    assert raised.newest("dm:limin", "R-1").buttons[:2] == ["同意", "不同意"]
    raised.limin.clicks("不同意", "R-1").submit(reason="客户已确认要这批数据")
    raised.zhangwei.says("/request 受理 R-1 9月30日")
    raised.liuyang.says("/request 暂停 R-1 等样机 恢复：10月12日")
    assert "状态：已受理" in raised.card("newx", "R-1"), "it is only asked for"
    assert "李敏" in raised.card("newx", "R-1")


def test_a_member_of_no_party_may(raised):
    assert raised.gaojie.says("/request 撤回 R-1 本季度不再投入").ok
    assert "已撤回" in raised.card("newx", "R-1")


def test_done_work_is_not_disputed(raised):
    raised.zhangwei.says("/request 受理 R-1 9月30日")
    raised.zhangwei.says("/request deliver R-1 https://docs.example.com/r")
    raised.limin.says("/request 验收 R-1")
    raised.limin.says("/request 关闭 R-1 5")
    raised.zhangwei.says("/escalate T-1 重大 标准写得不清楚")
    assert "已完成" in raised.zhangwei.hears("newx")[-1]
    assert not raised.bot_messages("leadership")


def test_taking_note_is_found_under_request_too(raised):
    assert "知悉" in raised.zhangwei.says("/request 知悉 R-1").toast
    assert "已知悉" in raised.card("newx", "R-1")


def test_the_requester_hears_of_somebody_elses_edit(raised):
    assert raised.heping.says("/request 修改 R-1 标准：覆盖三款，含低温").ok
    assert "何平 修改了交付标准" in raised.newest("dm:limin", "已修改")
