"""Nothing waits in silence: whoever owes a word is reminded, their head too, and at last the PMO, visibly."""

import pytest

ASKED = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


def heard(chat, words):
    """Who got a new message with these words since the last look, and when."""
    return sorted((m.at, place) for place, found in chat.news().items() for m in found if words in m.title)


@pytest.fixture
def asked_back(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.clicks("需补充", "R-1").submit(question="哪些型号？")
    assert "请于 9月24日 10:30 前补充" in chat.newest("dm:limin", "请补充")
    chat.news()
    return chat


def test_a_requester_who_was_asked_back_is_reminded_then_the_head_then_the_manager_then_the_pmo(asked_back):
    chat = asked_back
    chat.to("09-24 10:29")
    assert heard(chat, "R-1 等您补充") == [("09-23 17:15", "dm:limin")]
    chat.to("09-24 10:30")
    assert heard(chat, "R-1 未按时补充") == [("09-24 10:30", "dm:limin"), ("09-24 10:30", "dm:zhouqiang")]
    chat.to("09-30 18:00")
    again = [
        (at, f"dm:{person}")
        for at in ("09-28 10:30", "09-29 10:30", "09-30 10:30")
        for person in ("heping", "limin", "zhouqiang")
    ]
    assert heard(chat, "R-1 未按时补充") == again
    chat.to("10-08 10:30")
    told = dict((place, at) for at, place in heard(chat, "R-1 多次提醒仍未补充"))
    assert told["dm:zhaoying"] == "10-08 10:30"
    chat.to("10-20 18:00")
    assert heard(chat, "补充") == []
    card = chat.card("newx", "R-1")
    assert "待补充" in card
    assert "已告知 PMO" in card
    chat.zhaoying.says("/status 查看 R-1", "dm:zhaoying")
    assert "多次提醒无回应，已告知" in chat.messages("dm:zhaoying")[-1]


def test_the_answer_ends_the_reminders_and_the_other_clock_goes_on(asked_back):
    chat = asked_back
    chat.to("09-24 10:31")
    assert chat.zhouqiang.clicks("补充说明", "未按时补充").submit(answer="A、B 两款").ok
    chat.news()
    chat.to("09-28 17:00")
    assert heard(chat, "补充") == []
    assert "答复" in chat.card("newx", "R-1")


def test_the_lead_may_decline_what_is_never_explained(asked_back):
    chat = asked_back
    chat.to("09-28 10:31")
    assert chat.zhangwei.clicks("不受理", "R-1").submit(reason="一直没有型号信息，无法开展测试").ok
    chat.news()
    chat.to("09-29 18:00")
    assert heard(chat, "补充") == []


def test_an_acceptance_that_does_not_come_is_asked_for_and_never_assumed(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    chat.to("09-29 10:29")
    chat.news()
    chat.to("09-29 10:30")
    assert heard(chat, "R-1 验收超时") == [("09-29 10:30", "dm:limin"), ("09-29 10:30", "dm:zhouqiang")]
    chat.to("10-09 10:29")
    assert heard(chat, "R-1 验收超时") == [
        (at, f"dm:{person}") for at in ("09-30 10:30", "10-08 10:30") for person in ("limin", "zhouqiang")
    ]
    chat.to("10-10 10:30")
    assert ("10-10 10:30", "dm:zhaoying") in heard(chat, "R-1 多次提醒仍未验收")
    chat.to("10-20 18:00")
    assert heard(chat, "验收") == []
    assert "已交付待验收" in chat.card("newx", "R-1")
    assert "已告知 PMO" in chat.card("newx", "R-1")


def test_an_accepted_delivery_reminds_nobody(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    chat.to("09-29 10:30")
    chat.limin.says("/request 验收 R-1")
    chat.news()
    chat.to("10-10 10:30")
    assert heard(chat, "验收超时") == heard(chat, "多次提醒") == []


def test_rework_that_does_not_come_is_asked_for_until_the_pmo_hears(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    chat.limin.says("/request 整改 R-1 缺第三轮数据 期限：9月24日")
    chat.to("09-24 18:00")
    assert {place for _, place in heard(chat, "R-1 整改超时")} == {"dm:zhangwei", "dm:liuyang", "dm:limin"}
    chat.to("09-30 18:00")
    assert {place for _, place in heard(chat, "R-1 整改超时")} == {"dm:zhangwei", "dm:liuyang"}
    chat.to("10-08 18:00")
    assert [place for _, place in heard(chat, "R-1 多次提醒仍未整改")] == ["dm:zhaoying"]
    assert "已告知 PMO" in chat.card("newx", "R-1")


def test_a_delay_that_nobody_answers_is_asked_about_and_changes_nothing(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 16 Oct")
    chat.zhangwei.says("/request 延期 R-1 10月20日 原因：人手不够 替代方案：先交一半")
    chat.to("09-24 10:30")
    chat.news()
    chat.to("09-28 10:30")
    assert {place for _, place in heard(chat, "延期答复超时")} == {"dm:limin", "dm:zhouqiang", "dm:heping"}
    chat.to("09-30 10:30")
    chat.news()
    chat.to("10-08 10:30")
    assert [place for _, place in heard(chat, "延期多次提醒仍无答复")] == ["dm:zhaoying"]
    card = chat.card("newx", "R-1")
    assert "10月16日 18:00" in card
    assert "已告知 PMO" in card
