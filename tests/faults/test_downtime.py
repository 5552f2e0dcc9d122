"""After a downtime: what was missed is said once, marked as late, or dropped where it makes no sense any more."""

from __future__ import annotations

import pytest

from storage.store import Store
from support.invariants import check_database

RAISE = "/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"


@pytest.fixture
def chat(process):
    town = process.start()
    assert town.limin.says(RAISE).toast
    return town


def back_at(process, moment):
    """Stops; starts again when the clock shows something else; what was missed happens."""
    assert process.stop() == 0
    chat = process.start(at=moment)
    chat.to(moment)
    return chat


def check(process):
    check_database(process.database, history=process.history)


def audited(process, what):
    store = Store(process.database, check=False)
    try:
        with store.read() as uow:
            return [e for e in uow.audited(limit=1_000_000) if e.what == what]
    finally:
        store.close()


def test_down_over_the_prompt_it_comes_once_and_says_that_it_is_late(process, chat):
    chat.to("09-23 16:55")
    chat = back_at(process, "09-23 17:40")
    (prompt,) = chat.bot_messages("dm:zhangwei", "日报 ·")
    assert prompt.at == "09-23 17:40"
    assert "17:00" in prompt
    chat = back_at(process, "09-23 17:41")
    assert len(chat.bot_messages("dm:zhangwei", "日报 ·")) == 1
    check(process)


def test_down_until_the_next_day_the_prompt_is_dropped_and_on_record(process, chat):
    chat.to("09-23 16:55")
    chat = back_at(process, "09-24 09:10")
    assert chat.bot_messages("dm:zhangwei", "日报 ·") == []
    dropped = [e for e in audited(process, "checkin.prompt") if e.result == "dropped"]
    assert {e.item for e in dropped} >= {"rd:2026-09-23"}
    check(process)


def test_down_over_a_whole_response_clock_there_is_one_escalation_from_its_planned_moment(process, chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    before = len(chat.bot_messages("dm:zhangwei"))
    chat = back_at(process, "09-23 14:00")
    assert len(chat.bot_messages("dm:zhangwei")) == before  # no warning any more: it would be late by definition
    (card,) = [m for m in chat.bot_messages("leadership") if m.title.startswith("E-1 ")]
    assert card.at == "09-23 14:00"
    chat.sunzong.says("/status 我的", "dm:sunzong")
    assert "E-1 R-2 未按时答复" in chat.messages("dm:sunzong")[-1].text
    (opened,) = audited(process, "escalation.opened")
    assert opened.planned_at.astimezone().timestamp() == opened.at.timestamp() - 90 * 60
    skipped = [e for e in audited(process, "clock.skipped") if e.item == "R-2"]
    assert sorted(e.after["step"] for e in skipped) == ["50", "75"]
    check(process)


def test_down_over_the_first_warning_only_the_warning_that_still_counts_is_given(process, chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    chat = back_at(process, "09-23 12:10")
    warned = [e for e in audited(process, "clock.warned") if e.item == "R-2"]
    assert [e.after["step"] for e in warned] == ["75"]
    assert len(chat.bot_messages("dm:liuyang")) == 1
    check(process)


def test_a_restart_repeats_nothing(process, chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机")
    chat.to("09-23 17:30")
    chats = [c["id"] for c in chat.call("/api/state")["chats"]]
    before = {c: [m.raw for m in chat.messages(c)] for c in chats}
    for _ in range(2):
        chat = back_at(process, "09-23 17:30")
        assert {c: [m.raw for m in chat.messages(c)] for c in chats} == before
    check(process)


def test_down_over_a_week_of_holidays_people_are_not_flooded(process, chat):
    assert chat.zhangwei.says("/request 受理 R-1 9月28日").toast
    before = {p: len(chat.bot_messages(f"dm:{p}")) for p in ("zhangwei", "limin", "liuyang", "sunzong")}
    chat = back_at(process, "10-09 10:00")
    for person, count in before.items():
        assert len(chat.bot_messages(f"dm:{person}")) - count <= 4, [
            m.text for m in chat.bot_messages(f"dm:{person}")[count:]
        ]
    check(process)
