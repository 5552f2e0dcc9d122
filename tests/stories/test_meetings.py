"""Before and after a meeting: who is to prepare what, whose turn an objection is, and when promised work may begin."""

import pytest

from support.process import TOWN, Process

PEOPLE = "主持 @何平 参加 @李敏 @张伟"


def hold(chat, *, actions=""):
    chat.to("09-29 15:30")
    chat.gaojie.says(f"/minutes 新建 评审 今天 14:00-15:00 {PEOPLE}")
    chat.to("09-30 11:00")
    return chat.gaojie.clicks("发布纪要", "M-1 ").submit(decisions="先做A\n预算不变", actions=actions)


# --- the agenda --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "agenda"),
    [("新品X启动会", "分工表"), ("新品X周例会", "未完成原因"), ("新品X复盘", "亮点"), ("新品X评审会", "合规性")],
)
def test_a_meeting_has_the_agenda_of_its_kind_until_somebody_writes_another(chat, title, agenda):
    chat.gaojie.says(f"/minutes 新建 {title} 9月28日 14:00-15:00 {PEOPLE}")
    card = chat.card("newx", "M-1")
    assert card.title == f"M-1 {title}"
    assert agenda in card
    assert "参会人：李敏、张伟、何平" in card
    chat.gaojie.says(f"/minutes 新建 {title} 9月28日 16:00-17:00 {PEOPLE} 议题：定价")
    assert "定价" in chat.card("newx", "M-2")
    assert agenda not in chat.card("newx", "M-2")


def test_a_look_back_can_be_called_by_its_own_word(chat):
    chat.gaojie.says(f"/minutes 复盘 看看上半年 9月28日 14:00-15:00 {PEOPLE}")
    assert "亮点" in chat.card("newx", "M-1")


def test_a_weekly_meeting_hears_of_what_is_late_and_disputed(chat):
    for title in ("性能数据", "外观方案"):
        chat.limin.says(f"/request @研发部 {title} 期望 9月30日 标准：三款齐全")
    chat.zhangwei.says("/request accept R-1 9月24日")
    chat.zhangwei.says("/request accept R-2 9月30日")
    chat.limin.says("/escalate R-2 优先级谈不拢")
    chat.to("09-28 09:00")
    chat.gaojie.says(f"/minutes 新建 新品X周例会 今天 14:00-15:00 {PEOPLE}")
    card = chat.card("newx", "M-1")
    assert "T-1 性能数据" in card
    assert "T-2" not in card
    assert "优先级谈不拢" in card
    chat.gaojie.says(f"/minutes 新建 别的会 今天 14:00-15:00 {PEOPLE}")
    assert "优先级谈不拢" not in chat.card("newx", "M-2")


def test_everybody_is_reminded_to_prepare_when_work_begins_that_day(chat):
    chat.gaojie.says(f"/minutes 新建 新品X启动会 9月28日 14:00-15:00 {PEOPLE}")
    chat.to("09-28 08:59")
    assert not chat.bot_messages("dm:limin", "会前提醒")
    chat.to("09-28 09:00")
    for person in ("limin", "zhangwei", "heping", "gaojie"):
        [reminder] = chat.bot_messages(f"dm:{person}", "M-1 会前提醒")
        assert "9月28日 14:00" in reminder
        assert "分工表" in reminder


def test_for_an_early_meeting_the_working_day_before_and_never_for_one_that_is_off_or_just_announced(chat):
    chat.gaojie.says(f"/minutes 新建 早会 9月28日 9:15-9:45 {PEOPLE}")
    chat.gaojie.says(f"/minutes 新建 不开的会 9月28日 14:00-15:00 {PEOPLE}")
    chat.gaojie.says("/minutes 取消 M-2 改期")
    chat.gaojie.says(f"/minutes 新建 下午的会 今天 16:00-17:00 {PEOPLE}")
    chat.to("09-24 17:00")
    assert [m.at for m in chat.bot_messages("dm:limin", "会前提醒")] == ["09-24 17:00"]
    chat.to("09-28 18:00")
    assert len(chat.bot_messages("dm:limin", "会前提醒")) == 1


# --- answers -----------------------------------------------------------------------------------------


def test_an_objection_offers_its_writers_a_new_version(chat):
    hold(chat)
    chat.limin.clicks("有异议", "M-1 ").submit(item="2", reason="预算减了")
    for person in ("gaojie", "heping"):
        assert chat.newest(f"dm:{person}", "收到异议").buttons == ["发布新版本"]


def test_a_reminder_is_about_the_edition_that_was_current_then(chat):
    hold(chat)
    chat.zhangwei.clicks("确认", "M-1 ")
    chat.to("09-30 17:45")
    reminder = chat.newest("dm:limin", "待您确认")
    old = {b["label"]: b["id"] for b in reminder.raw["card"]["buttons"]}
    chat.gaojie.says("/minutes publish M-1").submit(decisions="先做B\n预算不变")
    answer = chat.limin.sends(reminder, old["确认"])
    assert not answer.ok
    assert "已更新到第 2 版" in answer.toast


def test_a_reminder_says_what_silence_means(tmp_path):
    town = TOWN.read_text(encoding="utf-8") + "sla: {confirmation_silence: open}\n"
    process = Process(tmp_path, config=town)
    try:
        chat = process.start()
        hold(chat)
        chat.to("10-08 10:00")
        reminder = chat.newest("dm:limin", "待您确认")
        assert "逾期不视为同意" in reminder
        assert "视为无异议" not in reminder
    finally:
        process.close()


# --- what was promised -------------------------------------------------------------------------------


def test_work_promised_without_a_standard_waits_for_one(chat):
    hold(chat, actions="联系代工厂 @张伟 10月9日")
    refused = chat.zhangwei.clicks("开始", "T-1 ")
    assert "还没有交付标准" in refused.toast
    assert not refused.submit().ok
    assert "未开始" in chat.card("dm:zhangwei", "T-1")
    assert refused.submit(standard="三家报价").ok
    card = chat.card("dm:zhangwei", "T-1")
    assert "进行中" in card
    assert "三家报价" in card


def test_a_draft_is_its_writers_alone(chat):
    chat.to("09-29 15:30")
    chat.gaojie.says(f"/minutes 新建 评审 今天 14:00-15:00 {PEOPLE}")
    chat.gaojie.says("/minutes 草稿 M-1 决议：先做A")
    assert "先做A" in chat.card("dm:gaojie", "M-1")
    assert "先做A" in chat.card("dm:heping", "M-1")
    assert "先做A" not in chat.card("newx", "M-1")
    chat.zhangwei.says("/minutes M-1", "dm:zhangwei")
    assert "先做A" not in chat.bot_messages("dm:zhangwei", "M-1")[-1]


def test_the_card_says_how_many_came(chat):
    chat.to("09-29 15:30")
    chat.gaojie.says(f"/minutes 新建 评审 今天 14:00-15:00 {PEOPLE}")
    chat.gaojie.says("/minutes 发布 M-1 决议：先做A 缺席：@张伟")
    card = chat.card("newx", "M-1")
    assert "出席：实到 2，应到 3" in card
    assert "缺席：张伟" in card


# --- people who are away -----------------------------------------------------------------------------


def test_who_is_on_leave_is_left_in_peace_until_they_are_back(chat):
    chat.limin.says("/status 请假 9月28日到9月29日 代理 @周强")
    chat.gaojie.says(f"/minutes 新建 早知道的会 9月29日 14:00-15:00 {PEOPLE}")
    chat.to("09-28 10:00")
    chat.gaojie.says(f"/minutes 新建 评审 今天 8:00-9:00 {PEOPLE}")
    chat.gaojie.says("/minutes 发布 M-2 决议：先做A")
    chat.to("09-29 18:00")
    assert chat.bot_messages("dm:limin", "M-") == []
    assert not chat.bot_messages("dm:zhouqiang", "M-")
    assert "请假（1）：李敏" in chat.card("newx", "M-2")
    chat.to("09-30 09:00")
    [card] = chat.bot_messages("dm:limin", "M-2")
    assert card.at == "09-30 09:00"
    assert not chat.bot_messages("dm:limin", "会前提醒")


def test_who_comes_back_early_gets_what_was_kept_for_them(chat):
    chat.limin.says("/status 请假 9月28日到9月30日 代理 @周强")
    chat.to("09-28 10:00")
    chat.gaojie.says(f"/minutes 新建 评审 今天 8:00-9:00 {PEOPLE}")
    chat.gaojie.says("/minutes 发布 M-1 决议：先做A")
    chat.to("09-28 14:00")
    assert chat.bot_messages("dm:limin", "M-1") == []
    chat.limin.says("/status 请假 结束")
    [card] = chat.bot_messages("dm:limin", "M-1")
    assert card.buttons == ["确认", "有异议"]
