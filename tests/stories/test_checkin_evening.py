"""The evening: asked at 17:00, reminded at 17:30, closed and summed up at 18:00; late answers edit the summary."""

from __future__ import annotations

LIAISONS = ("limin", "zhangwei", "wanglei")


def evening(chat, person: str):
    """The card of a person's check-in."""
    return chat.newest(f"dm:{person}", "日报")


def summaries(chat, place: str = "newx"):
    return chat.bot_messages(place, "日报汇总")


def report(person, progress: str = "A款测试完成", plan: str = "联调"):
    return person.clicks("填写日报", "日报").submit(progress=progress, plan=plan)


def test_every_liaison_is_asked_once_an_hour_before_work_ends(chat):
    chat.to("09-23 16:59")
    chat.news()
    chat.to("09-23 17:01")
    told = chat.news()
    assert {place: [m.at for m in found] for place, found in told.items()} == {
        f"dm:{person}": ["09-23 17:00"] for person in LIAISONS
    }
    assert "9月23日 18:00" in evening(chat, "zhangwei")
    assert evening(chat, "zhangwei").buttons == ["填写日报"]


def test_the_form_begins_with_the_open_tasks(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 下周三之前").submit(standard="三款齐全")
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    chat.to("09-23 17:00")
    assert "T-1 新品X性能数据" in evening(chat, "zhangwei")
    form = chat.zhangwei.clicks("填写日报", "日报").form
    assert "T-1 新品X性能数据" in form.fields["progress"]["value"]


def test_half_a_report_is_asked_about_and_a_whole_one_becomes_the_receipt(chat):
    chat.to("09-23 17:00")
    form = chat.zhangwei.clicks("填写日报", "日报").form
    assert [name for name, field in form.fields.items() if field["required"]] == ["progress", "plan"]
    assert "department" not in form.fields
    assert "plan" in form.submit(progress="A款测试完成", plan="").errors
    form = chat.zhangwei.clicks("填写日报", "日报").form
    answer = form.submit(progress="A款测试完成", plan="联调", blockers="样机未到")
    assert answer.ok
    receipt = evening(chat, "zhangwei")
    for words in ("已提交", "A款测试完成", "联调", "样机未到"):
        assert words in receipt
    assert receipt.buttons == ["修改"]
    assert receipt.raw["edited_at"]


def test_who_has_answered_is_not_reminded_and_others_are_once(chat):
    chat.to("09-23 17:10")
    report(chat.zhangwei)
    chat.news()
    chat.to("09-23 17:59")
    told = chat.news()
    assert {place: [m.at for m in found] for place, found in told.items()} == {
        f"dm:{person}": ["09-23 17:30"] for person in ("limin", "wanglei")
    }


def test_a_report_before_the_prompt_saves_the_prompt(chat):
    assert "已提交" in chat.zhangwei.says("/status checkin 今日A款测试完成 明日联调", "dm:zhangwei").toast
    chat.news()
    chat.to("09-23 17:59")
    assert "dm:zhangwei" not in chat.news()
    chat.to("09-23 18:00")
    assert "A款测试完成" in summaries(chat)[0]


def test_the_summary_comes_at_work_end_and_mentions_nobody(chat):
    chat.to("09-23 17:10")
    report(chat.zhangwei)
    chat.to("09-23 18:00")
    (summary,) = summaries(chat)
    assert summary.at == "09-23 18:00"
    for words in ("已提交 1/3", "研发部", "A款测试完成", "市场部 李敏 · 未提交", "设计部 王磊 · 未提交"):
        assert words in summary
    assert summary.raw["mentions"] == []
    assert "未提交" in evening(chat, "limin")


def test_an_empty_summary_is_posted_as_well(chat):
    chat.to("09-23 18:00")
    assert "无人提交" in summaries(chat)[0]


def test_late_answers_and_changes_edit_the_one_summary(chat):
    chat.to("09-23 18:30")
    chat.news()
    report(chat.limin, "访谈5家", "写报告")
    (summary,) = summaries(chat)
    assert "李敏 · 迟交" in summary
    assert summary.raw["edited_at"]
    told = chat.news()
    assert list(told) == ["newx"]
    assert [m.text for m in told["newx"]] == ["市场部 李敏 补交了 9月23日（周三）的日报，已更新到汇总"]
    form = chat.limin.clicks("修改", "日报").form
    assert form.fields["progress"]["value"] == "访谈5家"
    assert form.submit(progress="访谈6家").ok
    (summary,) = summaries(chat)
    assert "李敏 · 迟交 · 已更新" in summary
    assert "访谈6家" in summary
    assert "补发" not in summary
    assert chat.news() == {}


def test_a_late_answer_counts_for_its_day_until_the_next_prompt(chat):
    chat.to("09-24 16:59")
    answer = chat.limin.says("/status checkin 今日访谈5家 明日写报告", "dm:limin")
    assert "9月23日" in answer.toast
    assert "迟交" in answer.toast
    old = chat.newest("dm:wanglei", "日报", button="填写日报")
    chat.to("09-24 17:00")
    answer = chat.wanglei.presses(old, "填写日报")
    assert not answer.ok
    assert "截止" in answer.toast


def test_the_same_text_again_changes_nothing(chat):
    chat.limin.says("/status checkin 今日访谈5家 明日写报告", "dm:limin")
    chat.limin.says("/status checkin 今日访谈5家 明日写报告", "dm:limin")
    assert "没有改动" in chat.newest("dm:limin", "没有改动")


def test_somebody_without_a_department_is_told_so(chat):
    chat.heping.says("/status checkin 今日A 明日B", "dm:heping")
    assert "不是任何部门的接口人" in chat.newest("dm:heping", "接口人")


def test_the_second_miss_is_told_to_the_head_once_and_alone(chat):
    chat.to("09-24 17:59")
    heads = ("dm:zhouqiang", "dm:liuyang", "dm:zhaoying")  # no head in design: PMO
    assert [chat.bot_messages(head, "连续") for head in heads] == [[], [], []]
    chat.to("09-28 10:00")  # three days off in between
    for head in heads:
        assert [m.at for m in chat.bot_messages(head, "已连续 2 个工作日未提交日报")] == ["09-24 18:00"]
    assert not any("连续" in m for place in ("newx", "market", "rd") for m in chat.bot_messages(place))
    chat.to("09-29 09:30")  # a third miss
    assert chat.bot_messages("dm:zhouqiang", "连续 3") == []


def test_a_late_answer_breaks_the_row(chat):
    chat.to("09-24 10:00")
    chat.limin.says("/status checkin 今日访谈5家 明日写报告", "dm:limin")
    chat.to("09-28 10:00")
    assert chat.bot_messages("dm:zhouqiang", "连续") == []
    assert chat.bot_messages("dm:liuyang", "连续 2")


def test_todays_and_tomorrows_words_name_the_fields(chat):
    said = (
        ("limin", "/status checkin 今日：访谈5家 明日：写报告"),
        ("zhangwei", "/status 日报 今日进展：联调完成 明日计划：压测 卡点：样机"),
        ("wanglei", "/status checkin today: three posters, tomorrow: the video"),
    )
    for person, line in said:
        assert getattr(chat, person).says(line, f"dm:{person}").ok
    chat.to("09-23 18:00")
    (summary,) = summaries(chat)
    for words in ("访谈5家", "写报告", "联调完成", "压测", "样机", "three posters", "the video"):
        assert words in summary
