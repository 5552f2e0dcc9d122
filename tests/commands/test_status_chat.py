"""/status as people meet it: boards, timelines, who may see what, bound chats, calendars, the self-check."""

from __future__ import annotations

import re

import pytest

from support.process import Process


@pytest.fixture
def chat(tmp_path):
    process = Process(tmp_path)
    yield process.start()
    process.close()


def heard(person, place: str) -> str:
    """The bot's last words to somebody, alone."""
    if place.startswith("dm:"):
        return person.chat.bot_messages(place)[-1].text
    return person.hears(place)[-1].text


def asks(person, text: str, place: str | None = None) -> str:
    place = place or person.direct
    person.says(text, place)
    return heard(person, place)


def raise_request(chat, title: str = "新品X性能数据"):
    chat.limin.says(f"/request @研发部 {title} 期望 下周三之前").submit(standard="三款齐全")


def accept(chat):
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")


# --- boards --------------------------------------------------------------------------------------


def test_an_empty_town_has_nothing_open(chat):
    assert "没有未完成的事项" in asks(chat.limin, "/status", "newx")
    assert "没有等您处理的事项" in asks(chat.sunzong, "/status")


def test_here_says_what_is_open_on_whom_it_waits_and_until_when(chat):
    raise_request(chat)
    board = asks(chat.heping, "/status", "newx")
    assert "请求 1" in board
    assert "R-1 新品X性能数据 · 待答复 · 张伟 · 9月24日 10:30" in board


def test_what_is_overdue_comes_first(chat):
    raise_request(chat, "先发起的")
    chat.to("09-24 10:00")
    raise_request(chat, "后发起的")
    chat.to("09-24 11:00")
    board = asks(chat.heping, "/status", "newx").splitlines()
    assert "逾期 1" in board[1]
    assert "逾期 E-1" in board[2] or "逾期 R-1" in board[2]
    assert board.index(next(x for x in board if "先发起的" in x)) < board.index(
        next(x for x in board if "后发起的" in x)
    )


def test_long_boards_are_cut_and_go_on(chat):
    for n in range(11):
        raise_request(chat, f"事项{n}")
    board = asks(chat.heping, "/status", "newx")
    assert board.count("R-") == 10
    message = chat.heping.hears("newx")[-1]
    assert message.buttons == ["更多（1）"]
    chat.heping.presses(message, "更多（1）")
    assert "R-11" in heard(chat.heping, "newx")


def test_me_lists_what_waits_for_me_my_tasks_and_what_i_raised(chat):
    raise_request(chat)
    mine = asks(chat.zhangwei, "/status")
    assert "等我处理（1）" in mine
    assert "日报 9月23日" in mine
    assert "我发起的请求（1）" in asks(chat.limin, "/status me")
    accept(chat)
    mine = asks(chat.zhangwei, "/status me")
    assert "我的任务（1）" in mine
    assert "等我处理" not in mine


@pytest.mark.parametrize("person", ["zhangwei", "liuyang", "sunzong", "zhaoying", "heping"])
def test_a_departments_list_is_for_its_own_people_and_those_above(chat, person):
    raise_request(chat)
    assert "R-1 新品X性能数据" in asks(chat.__getattr__(person), "/status dept @研发部")


def test_others_get_the_counts_and_whom_to_ask(chat):
    raise_request(chat)
    board = asks(chat.wanglei, "/status dept @研发部")
    assert "牵头 1" in board
    assert "R-1" not in board
    assert "张伟" in board


# --- one record ----------------------------------------------------------------------------------


def test_the_timeline_has_a_line_for_every_step(chat):
    raise_request(chat)
    chat.to("09-23 11:30")
    chat.zhangwei.clicks("需补充", "R-1").submit(question="哪些型号？")
    chat.to("09-23 14:00")
    chat.limin.says("/request answer R-1 A款和B款", "newx")
    accept(chat)
    chat.to("09-29 10:00")
    chat.zhangwei.clicks("交付", "R-1").submit(link="https://docs.example.com/report")
    chat.limin.clicks("验收通过", "R-1", "newx")
    chat.limin.clicks("评价并关闭", "R-1", "newx").submit(rating="5")
    said = asks(chat.limin, "/status R-1").splitlines()
    steps = [
        "发起请求",
        "要求补充说明",
        "计时暂停",
        "李敏 补充说明：A款和B款",
        "受理",
        "建立任务",
        "交付",
        "验收通过",
        "关闭，评分 5",
    ]
    at = [next((n for n, line in enumerate(said) if step in line), -1) for step in steps]
    assert -1 not in at, said
    assert at == sorted(at), said
    assert "9月23日 10:30（周三） 李敏 发起请求，牵头：研发部" in said


def test_a_stranger_is_refused_kindly_and_sees_no_title(chat):
    raise_request(chat)
    answer = asks(chat.wanglei, "/status R-1")
    assert "性能数据" not in answer
    assert "李敏" in answer
    assert "性能数据" in asks(chat.wanglei, "/status R-1", "newx")  # the card hangs there anyway


def test_an_unknown_reference_is_said_to_be_unknown(chat):
    assert "没有找到 R-99" in asks(chat.limin, "/status R-99")


def test_the_trace_says_in_words_who_did_what_and_what_was_refused(chat):
    raise_request(chat)
    asks(chat.wanglei, "/status R-1")
    accept(chat)
    trace = asks(chat.zhaoying, "/status audit R-1")
    assert "李敏 · 发起请求，牵头：研发部 · 状态：草稿 → 待答复" in trace
    assert "消息已送达 新品X、研发部、张伟" in trace
    refused = next(line for line in trace.splitlines() if "王磊" in line)
    assert "已拒绝" in refused
    assert "李敏" in refused  # the sentence that was said, with whom one could ask
    assert "张伟 · 受理，张伟 负责，约定 9月30日 18:00 前完成 · 状态：待答复 → 已受理" in trace
    assert not re.search(r"[a-z]+\.[a-z_]+|—", trace)


def test_whoever_may_not_see_a_record_does_not_learn_from_its_trace_that_it_exists(chat):
    raise_request(chat)
    unknown = asks(chat.wanglei, "/status audit R-77")
    assert asks(chat.wanglei, "/status audit R-1").replace("R-1", "R-77") == unknown
    assert "发起请求" in asks(chat.limin, "/status audit R-1")


def test_a_draft_has_no_trace_for_others(chat):
    chat.to("09-23 22:10")
    chat.limin.says("/request 紧急 @研发部 客户现场停机")  # asks first: an urgent one disturbs people at night
    unknown = asks(chat.zhangwei, "/status audit R-77")
    for person in (chat.zhangwei, chat.zhaoying, chat.sunzong):
        assert asks(person, "/status audit R-1").replace("R-1", "R-77") == unknown
    assert "起草请求" in asks(chat.limin, "/status audit R-1")


def test_one_act_is_one_step_of_the_timeline(chat):
    raise_request(chat)
    accept(chat)
    chat.zhangwei.says("/request deliver R-1 https://example.com/report")
    timeline = asks(chat.limin, "/status R-1")
    assert timeline.count(" 受理") == 1
    assert timeline.count("T-1") == 1  # that it was made; its delivery is the request's
    assert "—" not in timeline
    assert "提交成果" in asks(chat.zhangwei, "/status T-1")


# --- chats, calendars, language, self-check ------------------------------------------------------


def test_binding_posts_the_rules_and_a_department_has_one_home(chat):
    assert "已绑定设计部" in chat.zhaoying.says("/status bind 部门 设计部", "rd").toast or "已绑定" in heard(
        chat.zhaoying, "rd"
    )
    assert "本群已绑定研发部" in heard(chat.zhaoying, "rd")
    assert "解绑" in chat.zhaoying.says("/status unbind", "rd").toast
    assert "原来的群已解绑" in chat.zhaoying.says("/status bind 部门 设计部", "rd").toast
    assert "/request" in chat.newest("rd", "本群已绑定设计部", button="本群进度")
    assert "设计部 · 当前进度" in asks(chat.wanglei, "/status", "rd")


def test_only_pmo_and_the_projects_manager_bind(chat):
    assert "赵颖" in asks(chat.limin, "/status unbind", "market")
    assert "解绑" in chat.heping.says("/status unbind", "newx").toast
    assert "新品X" in chat.heping.says("/status bind project newx", "newx").toast
    assert "请在要绑定的群里输入" in asks(chat.zhaoying, "/status bind 领导小组")


def test_the_calendar_shows_what_is_coming(chat):
    shown = asks(chat.limin, "/status calendar @研发部")
    for words in ("今天 9月23日（周三）上班", "10月1日（周四）放假", "10月10日（周六）上班（调休）", "09:00-18:00"):
        assert words in shown


def test_the_calendar_answers_for_a_department_or_a_day_without_any_mark(chat):
    assert "研发部 · 工作日历" in asks(chat.limin, "/status 日历 研发部")
    assert "研发部 · 工作日历" in asks(chat.limin, "/status calendar R&D")
    assert "10月1日（周四）放假 国庆节" in asks(chat.limin, "/status 日历 10月1日").splitlines()[2]
    assert "10月8日（周四）上班" in asks(chat.limin, "/status 日历 10月8日").splitlines()[2]
    assert "没有找到「火星部」" in asks(chat.limin, "/status 日历 火星部")


def test_a_form_shows_nothing_that_only_buttons_carry(chat):
    form = chat.limin.says("/status 部门 火星部").form
    assert list(form.fields) == ["department"]
    assert "火星部" in form.fields["department"]["error"]


def test_a_language_that_is_not_spoken_here_is_said_to_be_so(chat):
    assert "English" in chat.limin.says("/status language fr").form.fields["language"]["error"]


def test_a_declared_day_off_moves_running_clocks(chat):
    raise_request(chat)
    assert "赵颖" in asks(chat.limin, "/status calendar 9月24日 放假")
    assert chat.zhaoying.says("/status calendar 9月23日 放假", "dm:zhaoying").form.fields["day"]["error"]
    assert "1 个计时" in chat.zhaoying.says("/status calendar 9月24日 放假 停电检修", "dm:zhaoying").toast
    assert "9月28日 10:30" in asks(chat.limin, "/status R-1")
    chat.to("09-24 08:59")
    chat.news()
    chat.to("09-28 08:59")
    assert chat.news() == {}
    chat.to("09-28 10:31")
    assert "R-1" in chat.news()["dm:liuyang"][-1]


def test_everybody_chooses_their_language(chat):
    assert "English" in chat.zhangwei.says("/status language en", "dm:zhangwei").toast
    assert "Nothing is waiting for you" in asks(chat.zhangwei, "/status me")
    chat.to("09-23 17:00")
    assert "Check-in for 23 Sep" in chat.newest("dm:zhangwei", "Check-in")


def test_the_self_check_names_what_is_missing_to_those_who_can_mend_it(chat):
    found = asks(chat.zhaoying, "/status doctor")
    assert "设计部：没有可联系的负责人" in found
    assert "自检仅限 PMO 和管理员" in asks(chat.limin, "/status doctor")


def test_the_end_of_known_holidays_is_announced(chat):
    chat.to("11-16 09:29")
    assert chat.bot_messages("dm:zhaoying", "工作日历需要更新") == []
    chat.to("11-16 09:30")
    assert len(chat.bot_messages("dm:zhaoying", "工作日历需要更新")) == 1
    chat.to("11-22 09:30")
    assert len(chat.bot_messages("dm:zhaoying", "工作日历需要更新")) == 1
    chat.to("11-23 09:30")
    assert len(chat.bot_messages("dm:zhaoying", "工作日历需要更新")) == 2
