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
    assert offered.buttons == ["确认紧急", "改为一般", "撤回"]
    assert not draft.bot_messages("rd")
    assert "已发起 R-1" in draft.limin.presses(offered, "改为一般").toast
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
    again = draft.limin.presses(asked, "改为一般")
    assert not again.ok
    assert "R-1 已于 9月23日 22:10 发出" in again.toast
    draft.to("09-24 09:00")
    assert not draft.bot_messages("dm:limin", "尚未发出")


DRAFT_ONLY_ITS_WRITER_KNOWS = [
    "/request show R-1",
    "/status R-1",
    "/request cancel R-1 不需要了，请撤回这条",
    "/request accept R-1 9月30日",
    "/request handover R-1 @李敏",
    "/escalate R-1 优先级有分歧需要协调",
]


@pytest.mark.parametrize("line", DRAFT_ONLY_ITS_WRITER_KNOWS)
def test_to_others_a_draft_does_not_exist_whatever_their_office(draft, line):
    for other in (draft.zhouqiang, draft.zhangwei, draft.heping, draft.zhaoying, draft.wanglei):
        refused = other.says(line)
        said = f"{refused.toast} {other.hears('newx')[-1].text}"
        assert "没有找到 R-1" in said
        assert "客户现场停机" not in said
        assert not refused.has_form
    assert "客户现场停机" in (draft.limin.says("/request show R-1") and draft.limin.hears("newx")[-1])


def test_a_draft_that_lapsed_stays_its_writers(draft):
    draft.to("09-24 18:00")
    draft.zhangwei.says("/request show R-1")
    assert "没有找到 R-1" in draft.zhangwei.hears("newx")[-1]
    draft.limin.says("/request show R-1")
    assert "客户现场停机" in draft.limin.hears("newx")[-1]


def test_who_may_not_take_a_request_back_hears_who_may(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告")
    chat.wanglei.says("/request cancel R-1 不需要了")
    said = chat.wanglei.hears("newx")[-1].text
    assert "撤回" in said and "李敏" in said
    assert "张伟" not in said and "赵颖" not in said
    assert "等待答复" in chat.zhangwei.says("/request cancel R-1 重复了，请撤回").toast
