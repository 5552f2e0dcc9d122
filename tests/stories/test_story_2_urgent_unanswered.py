"""An urgent request that nobody answers climbs to the leadership group by itself, and closes with the answer."""

import pytest


@pytest.fixture
def urgent(chat):
    chat.to("09-23 16:40")
    answer = chat.limin.says("/request 紧急 @研发部 客户现场停机")
    assert not answer.has_form
    assert "请于 9月23日 18:40 前答复" in chat.card("newx", "R-1")
    chat.news()
    return chat


def told(chat, words):
    """Who was told of something since the last look, and when."""
    return {
        place: [m.at for m in found if words in m]
        for place, found in chat.news().items()
        if any(words in m for m in found)
    }


def test_half_time_tells_the_liaisons_and_three_quarters_also_the_head(urgent):
    urgent.to("09-23 17:39")
    assert told(urgent, "R-1 待答复") == {}
    urgent.to("09-23 17:40")
    assert told(urgent, "R-1 待答复") == {"dm:zhangwei": ["09-23 17:40"], "dm:chenjing": ["09-23 17:40"]}
    urgent.to("09-23 18:10")
    expected = {f"dm:{p}": ["09-23 18:10"] for p in ("zhangwei", "chenjing", "liuyang")}
    assert told(urgent, "R-1 待答复") == expected


def test_at_the_end_leadership_and_its_chair_hear_of_it_and_nobody_else(urgent):
    urgent.to("09-23 18:39")
    urgent.news()
    urgent.to("09-23 18:40")
    assert told(urgent, "E-1") == {"leadership": ["09-23 18:40"], "dm:sunzong": ["09-23 18:40"]}
    card = urgent.card("leadership", "E-1")
    for step in ("16:40 李敏 提出", "17:40 提醒 张伟、陈静", "18:10 提醒 张伟、陈静、刘洋"):
        assert step in card


def test_the_chair_takes_note_and_is_left_in_peace_until_the_limit(urgent):
    urgent.to("09-23 19:05")
    answer = urgent.sunzong.clicks("知悉", "E-1")
    assert "20:40" in answer.toast
    urgent.news()
    urgent.to("09-23 20:39")
    assert told(urgent, "E-1") == {}
    urgent.to("09-23 20:40")
    assert "dm:sunzong" in told(urgent, "E-1")


def test_the_late_answer_closes_the_escalation_and_stays_on_record(urgent):
    urgent.to("09-23 19:30")
    urgent.zhangwei.clicks("受理", "R-1").submit(due="2026-09-24T12:00")
    card = urgent.card("leadership", "E-1")
    assert "已响应，迟 50 分钟" in card
    assert card.buttons == []
    urgent.news()
    urgent.to("09-24 09:00")
    assert told(urgent, "E-1") == {}
    urgent.limin.says("/status R-1")
    assert "首次答复超时" in urgent.limin.hears("newx")[-1]


def test_outside_working_hours_the_raiser_alone_is_asked_first(chat):
    chat.to("09-23 22:10")
    chat.news()
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    question = chat.limin.hears("newx")[-1]
    assert "现在是非工作时间，将立即打扰 张伟、陈静，确认紧急？" in question
    assert chat.news() == {}
    assert chat.limin.presses(question, "确认紧急").ok
    assert {"newx", "rd", "dm:zhangwei"} <= set(chat.news())
    chat.to("09-24 00:10")
    assert chat.card("leadership", "E-1").at == "09-24 00:10"


def test_made_normal_at_night_it_waits_for_the_morning(chat):
    chat.to("09-23 22:10")
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    assert chat.limin.presses(chat.limin.hears("newx")[-1], "改为一般").ok
    assert "请于 9月24日 18:00 前答复" in chat.card("newx", "R-1")
    assert not chat.bot_messages("dm:zhangwei", "R-1")
    chat.to("09-24 09:00")
    assert chat.card("dm:zhangwei", "R-1").at == "09-24 09:00"
