"""Both sides hear of what changes hands, rests or comes back; what was done already is not done twice."""

import pytest


@pytest.fixture
def raised(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告")
    return chat


def test_the_reason_of_a_reroute_is_told_to_the_requester_and_to_the_new_lead(raised):
    raised.zhangwei.says("/request 改派 R-1 设计部 海报归设计部管理")
    assert "原因：海报归设计部管理" in raised.newest("dm:limin", "R-1 已改派")
    assert "改派原因：海报归设计部管理" in raised.card("dm:wanglei", "R-1")


def test_a_request_that_comes_back_is_a_message_and_not_only_a_changed_card(raised):
    raised.zhangwei.says("/request 改派 R-1 设计部 海报归设计部管理")
    raised.news()
    raised.zhaoying.says("/request 改派 R-1 研发部 数据只有研发部有")
    back = raised.newest("dm:zhangwei", "R-1 再次改派到研发部")
    assert "数据只有研发部有" in back
    assert "受理" in back.buttons
    assert raised.bot_messages("rd", "R-1 再次改派到研发部")
    assert not raised.bot_messages("dm:wanglei", "R-1 再次改派")


def test_on_hold_the_card_shows_the_pause_and_not_the_date_as_if_it_ran(raised):
    raised.zhangwei.says("/request accept R-1 30 Sep")
    raised.limin.says("/request 暂停 R-1 等供应商 恢复：10月9日")
    card = raised.card("newx", "R-1")
    assert "约定完成：暂停，10月9日 18:00 恢复后顺延，原定 9月30日 18:00" in card
    raised.limin.says("/request 恢复 R-1")
    assert "暂停" not in raised.card("newx", "R-1")


def test_reopened_the_old_date_does_not_run_on(raised):
    raised.zhangwei.says("/request accept R-1 30 Sep")
    raised.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    raised.limin.says("/request 验收 R-1")
    raised.limin.says("/request 重开 R-1 缺第三轮数据")
    assert "约定完成：等待受理，原定 9月30日 18:00" in raised.card("newx", "R-1")


def test_a_handover_is_told_to_the_other_side(raised):
    raised.zhangwei.says("/request accept R-1 30 Sep")
    raised.news()
    raised.zhangwei.says("/request 转交 R-1 @陈静 原因：休假两周")
    assert "R-1 现由 陈静 负责" in raised.newest("dm:limin", "R-1 现由").title
    assert raised.newest("dm:chenjing", "转交给您")
    assert not raised.bot_messages("dm:zhangwei", "R-1 现由")
    raised.limin.says("/request 转交 R-1 @周强")
    assert "R-1 的提出人改为 周强" in raised.newest("dm:chenjing", "提出人改为").title


def test_taking_note_twice_is_told_when_it_was_done(raised):
    assert raised.zhangwei.says("/escalate 知悉 R-1").toast.startswith("已知悉 R-1")
    raised.zhangwei.says("/escalate 知悉 R-1")
    assert "您已于 9月23日 10:30 知悉 R-1" in raised.zhangwei.hears("newx")[-1]
    assert raised.chenjing.says("/escalate 知悉 R-1").toast.startswith("已知悉 R-1")


def test_pressing_twice_tells_them_once(chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    chat.to("09-23 12:30")
    assert chat.sunzong.says("/escalate 裁决 E-1 催办 请马上答复").ok
    heard = len(chat.bot_messages("dm:zhangwei", "领导小组催办"))
    chat.sunzong.says("/escalate 裁决 E-1 催办 请马上答复")
    assert "您已于 9月23日 12:30 就 E-1 催办" in chat.sunzong.hears("newx")[-1]
    assert len(chat.bot_messages("dm:zhangwei", "领导小组催办")) == heard == 1
    assert "已就 E-1 催办" in chat.sunzong.says("/escalate 裁决 E-1 催办 十分钟内给我电话").toast


def test_leadership_that_takes_note_twice_is_told_when_it_did(chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    chat.to("09-23 12:30")
    assert chat.sunzong.clicks("知悉", "E-1").ok
    again = chat.sunzong.sends(chat.card("dm:sunzong", "E-1"), "escalate.ack?id=E-1")
    assert not again.ok
    assert "9月23日 12:30" in again.toast
