"""An urgent request out of hours is confirmed first; a draft that is never confirmed comes back, and ends visibly."""

import pytest


@pytest.fixture
def draft(chat):
    chat.to("09-23 22:10")
    answer = chat.limin.says("/request 紧急 @研发部 客户现场停机")
    assert answer.ok
    assert "将立即打扰 张伟、陈静，确认紧急" in chat.limin.hears("newx")[-1]
    chat.news()
    return chat


def test_not_confirmed_it_is_offered_again_when_work_starts_and_one_button_sends_it(draft):
    draft.to("09-24 08:59")
    assert draft.news("dm:limin") == {}
    draft.to("09-24 09:00")
    offered = draft.newest("dm:limin", "R-1 尚未发出")
    assert offered.at == "09-24 09:00"
    assert offered.buttons == ["确认紧急", "改为普通", "撤回"]
    assert not draft.bot_messages("rd")
    assert "已发起 R-1" in draft.limin.presses(offered, "改为普通").toast
    assert "请于 9月24日 18:00 前答复" in draft.card("rd", "R-1")
    draft.to("09-24 18:00")
    assert not draft.bot_messages("dm:limin", "草稿已失效")


def test_never_confirmed_it_lapses_a_working_day_later_with_its_text(draft):
    draft.to("09-24 09:00")
    offered = draft.newest("dm:limin", "R-1 尚未发出")
    draft.to("09-24 17:59")
    assert not draft.bot_messages("dm:limin", "草稿已失效")
    draft.to("09-24 18:00")
    assert "客户现场停机" in draft.newest("dm:limin", "R-1 草稿已失效")
    stale = draft.limin.sends(offered, "request.send?id=R-1&urgency=urgent")
    assert not stale.ok
    assert "草稿已于" in stale.toast
    assert not draft.bot_messages("rd")


def test_a_button_of_a_draft_that_was_sent_says_so(draft):
    asked = draft.limin.hears("newx")[-1]
    assert draft.limin.presses(asked, "确认紧急").ok
    again = draft.limin.presses(asked, "改为普通")
    assert not again.ok
    assert "R-1 已于 9月23日 22:10 发出" in again.toast
    draft.to("09-24 09:00")
    assert not draft.bot_messages("dm:limin", "尚未发出")
