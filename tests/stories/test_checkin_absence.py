"""Nobody is asked who is away, on a day off, or after work; somebody else is, or it is let off aloud."""

from __future__ import annotations


def summary(chat):
    return chat.bot_messages("newx", "日报汇总")[-1]


def test_on_leave_the_deputy_is_asked_and_both_are_on_record(chat):
    answer = chat.zhangwei.says("/status leave 9月28日到9月30日 @陈静", "dm:zhangwei")
    assert "陈静" in answer.toast
    assert "您将代理 张伟" in chat.newest("dm:chenjing", "代理")
    assert "张伟 请假" in chat.newest("dm:liuyang", "请假")
    chat.to("09-28 16:59")
    chat.news()
    chat.to("09-28 17:00")
    told = chat.news()
    assert "dm:zhangwei" not in told
    assert "张伟 请假，由您代为提交" in told["dm:chenjing"][0]
    assert chat.chenjing.clicks("填写日报", "代为提交").submit(progress="测试", plan="联调").ok
    chat.to("09-28 18:00")
    assert "研发部 陈静（代 张伟）" in summary(chat)
    chat.to("09-30 18:00")
    chat.news()
    chat.to("10-08 17:00")
    assert "dm:chenjing" not in chat.news()
    assert chat.newest("dm:zhangwei", "10月8日").buttons == ["填写日报"]


def test_with_nobody_there_the_day_is_let_off_and_the_admin_told_once(chat):
    answer = chat.wanglei.says("/status leave 9月24日", "dm:wanglei")
    assert "无人代理" in answer.toast
    chat.to("09-24 16:59")
    chat.news()
    chat.to("09-24 18:00")
    assert [m.at for m in chat.bot_messages("dm:wanglei", "日报") if m.at.startswith("09-24")] == []
    assert len(chat.bot_messages("dm:zhaoying", "设计部无人可填")) == 1
    assert "设计部 王磊 · 请假" in summary(chat)
    assert summary(chat).raw["mentions"] == []
    chat.to("09-28 10:00")
    assert chat.bot_messages("dm:zhaoying", "设计部已连续") == []


def test_back_early_and_what_stands_in_the_way_of_a_leave(chat):
    chat.zhangwei.says("/status leave 9月28日到9月30日 @陈静", "dm:zhangwei")
    chat.zhangwei.says("/status leave 9月30日 @李敏", "dm:zhangwei")
    assert "已登记请假" in chat.newest("dm:zhangwei", "如需调整")
    assert chat.chenjing.says("/status leave 9月29日 @张伟", "dm:chenjing").form.fields["deputy"]["error"]
    chat.limin.says("/status leave 9月28日 请假人：@张伟", "dm:limin")
    assert "刘洋" in chat.newest("dm:limin", "可由")
    assert "已结束" in chat.liuyang.says("/status leave end 请假人：@张伟", "dm:liuyang").toast
    chat.to("09-28 17:00")
    assert chat.newest("dm:zhangwei", "9月28日").buttons == ["填写日报"]


def test_a_leave_is_named_by_its_days_and_what_is_wrong_with_them_is_said(chat):
    says = chat.zhangwei.says
    assert "9月28日（周一）至 9月30日（周三）" in says("/status leave 9月28日..9月30日 deputy @陈静").toast
    assert "10月20日（周二），期间由 陈静 代理" in says("/status leave Oct 20 deputy @陈静").toast
    says("/status 请假 10月20日到10月21日 代理 @陈静")
    assert "/status 请假 结束 2026-10-20" in chat.zhangwei.hears("newx")[-1]
    assert "10月20日" in says("/status 请假 结束 2026-10-20").toast
    assert "已登记" in says("/status 请假 10月20日到10月21日 代理 @陈静").toast
    wrong = says("/status 请假 11月9日..11月8日 代理 @陈静").form
    assert "早于" in wrong.fields["days"]["error"]
    assert wrong.fields["deputy"]["value"] == "chenjing"
    assert "过去" in says("/status 请假 2026-09-21..2026-09-22 代理 @陈静").form.fields["days"]["error"]


def test_a_head_without_a_deputy_is_told_the_truth_and_no_admin_is_alarmed(chat):
    said = chat.liuyang.says("/status 请假 明天").toast
    assert "没有代理人" in said
    assert "管理员" not in said
    assert chat.bot_messages("dm:zhaoying") == []


def test_silence_through_the_holidays_and_a_worked_saturday(chat):
    chat.to("09-30 18:00")
    chat.to("10-01 08:59")
    chat.news()
    chat.to("10-08 08:59")
    assert chat.news() == {}
    chat.to("10-09 18:30")
    chat.news()
    chat.to("10-10 17:00")
    assert "dm:zhangwei" in chat.news()
    chat.to("10-10 18:00")
    assert "10月10日" in summary(chat)
    chat.news()
    chat.to("10-11 23:00")
    assert chat.news() == {}


def test_a_declared_day_off_is_quiet_and_the_next_day_is_not(chat):
    assert "放假" in chat.zhaoying.says("/status calendar 9月24日 放假 停电检修", "dm:zhaoying").toast
    chat.to("09-23 18:00")
    chat.news()
    chat.to("09-24 23:00")
    assert chat.news() == {}
    chat.to("09-28 17:00")
    assert chat.newest("dm:limin", "9月28日").buttons == ["填写日报"]


# --- the bot itself was away ---------------------------------------------------------------------


def restart_at(process, moment: str):
    """Stops the bot; it comes back when the clock shows something else."""
    process.stop()
    chat = process.start(at=moment)
    chat.to(moment)
    return chat


def test_a_prompt_that_is_still_of_use_goes_out_once_and_says_that_it_is_late(process, chat):
    chat.to("09-23 16:55")
    chat = restart_at(process, "09-23 17:40")
    (prompt,) = chat.bot_messages("dm:zhangwei", "日报 ·")
    assert prompt.at == "09-23 17:40"
    assert "9月23日 17:00" in prompt
    chat.to("09-23 17:59")
    assert len(chat.bot_messages("dm:zhangwei")) == 1  # no reminder on top
    assert chat.zhangwei.clicks("填写日报", "日报").submit(progress="测试", plan="联调").ok
    chat.to("09-23 18:00")
    assert "已提交 1/3" in summary(chat)


def test_a_prompt_whose_evening_is_over_is_dropped(process, chat):
    chat.to("09-23 16:55")
    chat = restart_at(process, "09-24 09:10")
    assert [m.text for m in chat.bot_messages("dm:zhangwei")] == []
    posted = summary(chat)
    assert "未询问" in posted
    assert "9月23日 18:00" in posted  # late, and says so
    chat.to("09-24 17:00")
    assert len(chat.bot_messages("dm:zhangwei")) == 1
    chat.to("09-24 18:30")
    assert chat.bot_messages("dm:zhouqiang", "连续") == []
