"""A date that is not kept: warned ahead, named on the day, chased every working day, carried up; each at its minute."""

import pytest

TITLE = "新品X性能数据"


@pytest.fixture
def task(chat):
    """T-1 of 张伟 is due on Monday 28 September; 25 to 27 September and 1 to 7 October are off."""
    chat.limin.says("/request @研发部 新品X性能数据 期望 9月28日 交付标准：完整报告")
    chat.zhangwei.says("/request accept R-1 28 Sep")
    return chat


def lines(chat):
    """The morning lines of the project's chat: when, and what they say."""
    return [(m.at, m.text) for m in chat.bot_messages("newx") if m.title.startswith("新品X：")]


def about(chat, person, words="T-1 "):
    return [m.at for m in chat.bot_messages(f"dm:{person}", words) if "日报" not in m.title and "status" not in m.text]


def test_each_step_comes_at_its_minute_to_those_it_concerns(task):
    task.to("09-24 09:29")
    task.news()
    assert lines(task) == []
    task.to("09-24 09:30")  # three days before is a day off: the working day before it
    warned = task.news()
    assert any("T-1 即将到期" in m.title for m in warned["dm:zhangwei"])
    assert any("T-1 即将到期" in m.title for m in warned["dm:limin"])
    ((_, line),) = lines(task)
    assert f"T-1 {TITLE}" in line
    assert "9月28日 18:00 到期" in line

    task.to("09-28 09:29")
    assert len(lines(task)) == 1
    task.news()
    task.to("09-28 09:30")
    news = task.news()
    assert [m.title for m in news["dm:zhangwei"] if "T-1" in m.title] == [f"T-1 今天到期：{TITLE}"]
    assert not any("T-1" in m.title for m in news.get("dm:limin", []))
    assert "今天" in lines(task)[-1][1]

    task.to("09-29 09:30")
    assert "T-1 已逾期" in task.newest("dm:zhangwei", "逾期 1 个工作日").text
    assert "逾期 1 个工作日" in lines(task)[-1][1]
    assert not task.bot_messages("dm:liuyang", "逾期")

    task.to("09-30 09:29")
    assert not task.bot_messages("dm:liuyang", "逾期")
    task.to("09-30 09:30")
    head = task.newest("dm:liuyang", "T-1 逾期 2 个工作日")
    assert head.at == "09-30 09:30"
    assert "逾期 2 个工作日" in lines(task)[-1][1]
    assert not task.bot_messages("leadership", "T-1")

    task.news()
    task.to("10-08 09:29")  # the holiday is silent
    assert not [m for found in task.news().values() for m in found if "T-1" in m and "日报" not in m.text]
    task.to("10-08 09:30")
    escalation = task.card("leadership", "E-1")
    assert escalation.at == "10-08 09:30"
    assert "T-1" in escalation
    assert task.newest("dm:heping", "E-1").at == "10-08 09:30"
    assert task.newest("dm:zhangwei", "逾期 3 个工作日").at == "10-08 09:30"
    assert [at for at, _ in lines(task)] == [
        "09-24 09:30",
        "09-28 09:30",
        "09-29 09:30",
        "09-30 09:30",
        "10-08 09:30",
    ]

    task.to("10-09 09:30")  # and it goes on, without a second escalation
    assert "逾期 4 个工作日" in lines(task)[-1][1]
    assert len([m for m in task.bot_messages("leadership") if m.title.startswith("E-")]) == 1


def test_what_is_handed_over_is_chased_no_more(task):
    task.to("09-28 17:00")
    assert task.zhangwei.says("/request deliver R-1 https://example.com/report").ok
    task.to("10-09 12:00")
    assert not any("逾期" in text for _, text in lines(task))
    assert not task.bot_messages("dm:liuyang", "逾期")


def test_one_message_a_morning_names_all_tasks_of_a_person_and_of_a_project(task):
    for day in ("9月27日", "9月28日", "9月24日"):
        assert task.zhangwei.says(f"/request task R-1 @研发部 材料 owner=@张伟 standard=齐全 due={day}").ok
    task.to("09-24 09:30")
    (at, line), *others = lines(task)
    assert (at, others) == ("09-24 09:30", [])
    assert line.count("到期") == 1 + 4
    task.news()
    task.to("09-28 09:30")
    mine = [m for m in task.news("dm:zhangwei")["dm:zhangwei"] if "到期" in m.text]
    assert len(mine) == 1
    assert all(f"T-{n}" in mine[0] for n in (1, 2, 3, 4))
    assert "逾期 1 个工作日" in mine[0]
    assert "今天到期" in mine[0]
    assert len(lines(task)) == 2
