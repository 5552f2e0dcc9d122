"""What else happens to minutes: old screens, objections that stay, people who were absent, away or out of reach."""

import pytest

from support.process import TOWN, Process

THREE = ["limin", "zhangwei", "wanglei"]
DECISIONS = "先做A\nB 顺延一周"
ACTION = "整理价格表 @李敏 10月12日；标准：含税"


def announce(chat, who="gaojie", **values):
    form = chat.__getattr__(who).says("/minutes new").form
    known = {"title": "新品X 周会", "starts": "2026-09-29T14:00", "ends": "2026-09-29T15:00", "participants": THREE}
    return form.submit(**known | values)


@pytest.fixture
def held(chat):
    chat.to("09-29 15:30")
    assert announce(chat).ok
    chat.to("09-30 11:00")
    return chat


@pytest.fixture
def published(held):
    assert publish(held, decisions=DECISIONS, actions=ACTION).ok
    return held


def publish(chat, item="M-1", **values):
    return chat.gaojie.clicks("发布纪要", f"{item} ").submit(**values)


# --- announcing --------------------------------------------------------------------------------------


def test_a_line_is_enough_and_a_meeting_that_is_off_owes_nothing(chat):
    chat.to("09-28 10:00")
    said = chat.gaojie.says("/minutes new 周会 29 Sep 14:00-15:00 @张伟 @王磊 主持：李敏", "newx")
    assert not said.has_form
    card = chat.card("newx", "M-1")
    assert "主持 李敏，记录 高洁" in card
    assert "9月30日 15:00" in card
    chat.zhangwei.says("/minutes cancel M-1 不开了")
    assert "高洁" in chat.zhangwei.hears("newx")[-1]
    chat.limin.says("/minutes cancel M-1 主持人出差")
    assert "会议已取消" in chat.card("newx", "M-1")
    chat.to("09-30 16:00")
    assert not chat.bot_messages("dm:gaojie", "纪要待发布")
    assert not chat.bot_messages("dm:gaojie", "纪要已超时")


def test_minutes_of_a_meeting_long_ago_are_late_at_once(chat):
    chat.to("09-30 16:00")
    answer = announce(chat, starts="2026-09-28T14:00", ends="2026-09-28T15:00")
    assert "现已超时" in answer.toast
    chat.advance("1m")
    told = chat.newest("dm:heping", "纪要已超时")
    assert "本应" not in told
    assert publish(chat, decisions=DECISIONS).ok


def test_what_a_meeting_left_open_heads_the_next_agenda(published):
    announce(published, title="第二次", starts="2026-10-09T14:00", ends="2026-10-09T15:00", agenda="试产准备")
    card = published.card("newx", "M-2").text
    assert "往次会议未完成事项" in card
    assert card.index("T-1 整理价格表") < card.index("试产准备")


# --- publishing --------------------------------------------------------------------------------------


def test_an_action_that_is_nobodys_is_refused_beside_its_field_with_the_line(held):
    answer = publish(held, decisions="先做A", actions="准备样机 10月13日")
    assert not answer.ok
    assert "“准备样机 10月13日”缺少责任人" in answer.errors["actions"]
    assert "待发布" not in held.card("newx", "M-1").title
    assert held.card("newx", "M-1").title == "M-1 新品X 周会"


def test_two_who_write_at_once_do_not_undo_each_other(published):
    published.limin.clicks("有异议", "M-1").submit(item="1", reason="先做B")
    old = published.gaojie.clicks("发布新版本", "收到异议").form
    assert publish_again(published, decisions="先做B\nB 顺延一周").ok
    answer = old.submit(decisions="都不做")
    assert not answer.ok
    assert "第 2 版已由他人发布" in answer.toast


def test_a_line_that_is_gone_waives_its_task_and_is_asked_about(published):
    published.limin.clicks("确认", "M-1")
    assert publish_again(published, decisions=DECISIONS, actions="").ok
    assert "已豁免" in published.card("dm:limin", "T-1")
    card = published.card("dm:limin", "M-1")
    assert "只需确认有变化的第 3 项" in card
    assert "3. 本版删除：整理价格表" in card


def publish_again(chat, **values):
    return chat.gaojie.says("/minutes publish M-1").submit(**values)


def test_an_unchanged_line_does_not_move_its_task_back_and_nothing_new_is_no_edition(published):
    assert "与第 1 版相同" in publish_again(published).toast
    form = published.limin.says("/request delay T-1").form
    assert form.submit(reason="等报价", alternative="新日期", due="2026-10-20").ok
    published.heping.clicks("同意", "T-1", "dm:heping")
    assert "10月20日" in published.card("dm:limin", "T-1")
    assert publish_again(published, points="预算").ok
    assert publish_again(published, actions=ACTION.replace("整理", "整理新")).ok
    card = published.card("dm:limin", "T-1")
    assert "整理新价格表" in card
    assert "10月20日" in card


# --- answering ---------------------------------------------------------------------------------------


def test_an_old_screen_is_told_what_changed_and_nothing_is_recorded(published):
    card = published.card("dm:limin", "M-1")
    old = {b["label"]: b["id"] for b in card.raw["card"]["buttons"]}
    assert publish_again(published, decisions="先做A\nB 顺延三天").ok
    answer = published.limin.sends(card, old["确认"])
    assert not answer.ok
    assert "已更新到第 2 版，第 2 项有变化" in answer.toast
    assert "待确认（3）" in published.card("newx", "M-1")
    assert published.limin.clicks("确认", "M-1").ok


def test_confirming_twice_is_told_kindly(published):
    assert published.limin.clicks("确认", "M-1", "newx").ok
    again = published.limin.clicks("确认", "M-1", "newx")
    assert again.ok
    assert "9月30日 11:00" in again.toast


def test_an_objection_stays_word_for_word_to_the_end(published):
    published.wanglei.says("/minutes object M-1 2 顺延要先问客户")
    assert "顺延要先问客户" in published.newest("dm:gaojie", "收到异议")
    for person in ("limin", "zhangwei"):
        getattr(published, person).clicks("确认", "M-1")
    published.to("10-08 10:59")
    assert "已关闭" not in published.card("newx", "M-1")
    assert published.card("dm:wanglei", "M-1").buttons == ["确认"]  # would take it back
    published.to("10-08 11:00")
    card = published.card("newx", "M-1")
    assert "已关闭：保留异议" in card
    assert "顺延要先问客户" in card
    assert card.buttons == []


def test_the_silent_keep_their_limit_and_those_asked_again_get_a_new_one(published):
    published.limin.clicks("确认", "M-1")
    published.to("09-30 15:00")
    assert publish_again(published, decisions="先做A\nB 顺延三天").ok
    assert "10月8日 15:00" in published.card("dm:limin", "M-1")
    assert "10月8日 11:00" in published.card("dm:zhangwei", "M-1")
    published.to("10-08 11:00")
    assert "视为无异议（2）：张伟、王磊" in published.card("newx", "M-1")
    assert "待确认（1）：李敏" in published.card("newx", "M-1")
    published.to("10-08 15:00")
    card = published.card("newx", "M-1")
    assert "视为无异议（3）" in card
    assert card.buttons == []


def test_who_was_absent_is_informed_and_not_asked(held):
    assert publish(held, decisions=DECISIONS, absent=["wanglei"]).ok
    card = held.card("dm:wanglei", "M-1")
    assert "您未参会" in card
    assert card.buttons == []
    answer = held.wanglei.clicks("确认", "M-1", "newx")
    assert not answer.ok
    assert "您未参加" in answer.toast
    assert "待确认（2）" in held.card("newx", "M-1")


def test_a_deputy_confirms_for_nobody_and_who_is_away_is_not_deemed(published):
    published.zhangwei.says("/status leave 10月8日 代理 @陈静", "dm:zhangwei")
    answer = published.chenjing.clicks("确认", "M-1", "newx")
    assert not answer.ok
    published.to("10-08 11:00")
    card = published.card("newx", "M-1")
    assert "请假（1）：张伟" in card
    assert "视为无异议（2）：李敏、王磊" in card


def test_a_reminder_goes_once_a_working_day_to_those_who_are_silent(published):
    published.limin.clicks("确认", "M-1")
    published.news()
    said = published.heping.says("/minutes remind M-1")
    assert said.ok
    told = {c for c, found in published.news().items() if any("纪要待您确认" in m for m in found)}
    assert told == {"dm:zhangwei", "dm:wanglei"}
    published.gaojie.says("/minutes remind M-1")
    assert "今天已提醒过" in published.gaojie.hears("newx")[-1]
    published.limin.says("/minutes remind M-1")
    assert "高洁" in published.limin.hears("newx")[-1]


def test_who_is_reached_late_has_a_full_limit_of_their_own(held):
    held.call("/api/people/wanglei", {"blocked": True})
    assert publish(held, decisions=DECISIONS).ok
    held.to("10-08 11:00")
    card = held.card("newx", "M-1")
    assert "未送达（1）：王磊" in card
    assert "视为无异议（2）" in card
    held.call("/api/people/wanglei", {"blocked": False})
    assert held.wanglei.clicks("确认", "M-1", "newx").ok
    assert "已确认（1）：王磊" in held.card("newx", "M-1")


def test_a_reminder_tries_again_whom_nothing_had_reached(held):
    held.call("/api/people/wanglei", {"blocked": True})
    assert publish(held, decisions=DECISIONS).ok
    assert "未送达（1）：王磊" in held.card("newx", "M-1")
    held.call("/api/people/wanglei", {"blocked": False})
    held.to("09-30 14:00")
    held.gaojie.says("/minutes remind M-1")
    assert "10月8日 14:00" in held.card("dm:wanglei", "M-1")
    held.to("10-08 11:00")
    assert "待确认（1）：王磊" in held.card("newx", "M-1")
    held.to("10-08 14:00")
    assert "视为无异议（3）" in held.card("newx", "M-1")


def test_where_silence_counts_for_nothing_it_stays_open(tmp_path):
    process = Process(tmp_path, config=TOWN.read_text(encoding="utf-8") + "sla: {confirmation_silence: open}\n")
    chat = process.start()
    try:
        chat.to("09-29 15:30")
        announce(chat)
        assert publish(chat, decisions=DECISIONS).ok
        chat.to("10-09 11:00")
        assert "待确认（3）" in chat.card("newx", "M-1")
        assert "视为" not in chat.card("newx", "M-1").text.replace("不视为", "")
        for person in THREE:
            getattr(chat, person).clicks("确认", "M-1")
        assert "全体参会人已确认" in chat.card("newx", "M-1")
    finally:
        process.close()


def test_an_owner_without_a_department_gets_the_task_too(held):
    assert publish(held, actions="写总结 @高洁 10月12日").ok
    assert "写总结" in held.card("dm:gaojie", "T-1")


# --- looking -----------------------------------------------------------------------------------------


def test_long_items_are_shortened_on_the_card_and_whole_on_request(held):
    long = "这是一项很长的决议" * 80
    assert publish(held, decisions=long).ok
    card = held.card("newx", "M-1")
    assert "… /minutes show M-1" in card
    assert long not in card
    held.limin.says("/minutes show M-1")
    shown = held.limin.hears("newx")[-1]
    assert long in shown
    assert "实到 3，应到 3" in shown


def test_lists_show_what_waits_for_me_and_what_was_promised(published):
    published.limin.says("/minutes list")
    assert "M-1" in published.limin.hears("newx")[-1]
    published.limin.clicks("确认", "M-1")
    published.limin.says("/minutes list")
    assert "没有待处理的纪要" in published.limin.hears("newx")[-1]
    published.limin.says("/minutes actions M-1")
    assert "T-1 整理价格表" in published.limin.hears("newx")[-1]
