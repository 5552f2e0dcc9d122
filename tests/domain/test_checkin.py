"""The daily check-in: rounds, every state under every action, rows of misses, and one-line reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from commands.domain import checkin as rules
from commands.domain.checkin import Checkin, CheckinState, Report
from commands.domain.duration import parse_duration
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused

HOUR = parse_duration("60m")
WED = date(2026, 9, 23)
GOLDEN_WEEK = frozenset(date(2026, 10, n) for n in range(1, 8))
CHINA = WorkCalendar(
    id="default",
    zone="Asia/Shanghai",
    off=frozenset({date(2026, 9, 25)}) | GOLDEN_WEEK,
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_years=frozenset({2026}),
)


def at(day: date, clock: str) -> datetime:
    return CHINA.at(day, time.fromisoformat(clock))


ROUND = rules.round_on(WED, CHINA, HOUR)
UNTIL = rules.round_after(WED, CHINA, HOUR).asks_at
NEW = rules.expect("rd", "zhangwei", ROUND)
SAID = Report("A款测试完成", "联调")


def entry(state: CheckinState) -> Checkin:
    return replace(NEW, state=state, progress="旧", plan="旧计划")


def test_the_prompt_comes_an_hour_before_work_ends():
    assert (ROUND.asks_at, ROUND.closes_at) == (at(WED, "17:00"), at(WED, "18:00"))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (WED, date(2026, 9, 24)),
        (date(2026, 9, 24), date(2026, 9, 28)),  # Mid-autumn, then the weekend
        (date(2026, 9, 30), date(2026, 10, 8)),  # silence from 1 to 7 October
        (date(2026, 10, 9), date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 10, 10), date(2026, 10, 12)),
    ],
)
def test_rounds_follow_the_calendar(day: date, following: date):
    assert rules.round_after(day, CHINA, HOUR).day == following


def test_round_in_another_zone_and_over_a_clock_change():
    berlin = WorkCalendar(id="de", zone="Europe/Berlin")
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)
    assert rules.round_on(friday, berlin, HOUR).asks_at == datetime(2026, 10, 23, 15, tzinfo=UTC)
    assert rules.round_on(monday, berlin, HOUR).asks_at == datetime(2026, 10, 26, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "latest", "upcoming"),
    [
        (at(WED, "16:59"), date(2026, 9, 22), WED),
        (at(WED, "17:00"), WED, date(2026, 9, 24)),
        (at(date(2026, 10, 5), "12:00"), date(2026, 9, 30), date(2026, 10, 8)),
    ],
)
def test_latest_and_next_round(now: datetime, latest: date, upcoming: date):
    assert rules.latest_round(now, CHINA, HOUR).day == latest
    assert rules.next_round(now, CHINA, HOUR).day == upcoming


@pytest.mark.parametrize(
    ("now", "latest", "meant"),
    [
        (at(date(2026, 9, 24), "10:00"), CheckinState.MISSED, WED),
        (at(date(2026, 9, 24), "10:00"), CheckinState.DONE, date(2026, 9, 24)),
        (at(date(2026, 9, 24), "10:00"), None, date(2026, 9, 24)),
        (at(WED, "20:00"), CheckinState.DONE, WED),
        (at(date(2026, 9, 25), "10:00"), CheckinState.DONE, date(2026, 9, 24)),
    ],
)
def test_which_day_a_report_without_a_date_means(now: datetime, latest: CheckinState | None, meant: date):
    known = entry(latest) if latest else None
    assert rules.day_meant(now, CHINA, HOUR, known) == meant


@pytest.mark.parametrize(
    ("state", "clock", "by", "becomes"),
    [
        (CheckinState.EXPECTED, "11:00", "zhangwei", CheckinState.DONE),
        (CheckinState.ASKED, "17:59", "zhangwei", CheckinState.DONE),
        (CheckinState.ASKED, "17:59", "chenjing", CheckinState.DEPUTY),
        (CheckinState.ASKED, "18:00", "zhangwei", CheckinState.LATE),
        (CheckinState.MISSED, "20:00", "zhangwei", CheckinState.LATE),
        (CheckinState.MISSED, "20:00", "chenjing", CheckinState.LATE),
        (CheckinState.EXCUSED, "20:00", "zhangwei", CheckinState.DONE),
        (CheckinState.EXCUSED, "17:30", "chenjing", CheckinState.DEPUTY),
        (CheckinState.DONE, "20:00", "zhangwei", CheckinState.DONE),
        (CheckinState.LATE, "21:00", "zhangwei", CheckinState.LATE),
        (CheckinState.DEPUTY, "17:30", "zhangwei", CheckinState.DEPUTY),
    ],
)
def test_answer_in_every_state(state: CheckinState, clock: str, by: str, becomes: CheckinState):
    given = rules.answer(entry(state), by, at(WED, clock), SAID, until=UNTIL)
    assert given.state is becomes
    assert (given.progress, given.plan, given.answered_by) == ("A款测试完成", "联调", by)


@pytest.mark.parametrize("state", sorted(rules.ANSWERED))
def test_an_edit_keeps_the_old_text(state: CheckinState):
    given = rules.answer(entry(state), "zhangwei", at(WED, "20:00"), SAID, until=UNTIL)
    assert given.edited
    assert given.history == ("旧\n旧计划",)


@pytest.mark.parametrize("state", sorted(CheckinState))
def test_nothing_is_accepted_after_the_next_prompt(state: CheckinState):
    with pytest.raises(Refused, match=r"checkin\.over"):
        rules.answer(entry(state), "zhangwei", UNTIL, SAID, until=UNTIL)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report(" ", "联调"), "checkin.no_progress"),
        (Report("测试", ""), "checkin.no_plan"),
        (Report("旧", "旧计划"), "checkin.unchanged"),
    ],
)
def test_an_empty_or_unchanged_report_is_refused(report: Report, code: str):
    with pytest.raises(Refused, match=code):
        rules.answer(entry(CheckinState.DONE), "zhangwei", at(WED, "17:10"), report, until=UNTIL)


@pytest.mark.parametrize("state", sorted(CheckinState))
def test_only_an_expected_entry_is_asked(state: CheckinState):
    if state is CheckinState.EXPECTED:
        assert rules.ask(entry(state), at(WED, "17:00")).state is CheckinState.ASKED
    else:
        with pytest.raises(Refused, match=r"checkin\.not_to_ask"):
            rules.ask(entry(state), at(WED, "17:00"))


@pytest.mark.parametrize("state", sorted(CheckinState))
def test_missing_and_excusing_leave_answers_alone(state: CheckinState):
    is_open = state in (CheckinState.EXPECTED, CheckinState.ASKED)
    assert rules.miss(entry(state)).state is (CheckinState.MISSED if is_open else state)
    assert rules.excuse(entry(state)).state is (CheckinState.EXCUSED if is_open else state)


@pytest.mark.parametrize(
    ("states", "row"),
    [
        ("", 0),
        ("m", 1),
        ("dmm", 2),
        ("mem", 2),  # a day on which nobody was there does not count
        ("mlm", 1),
        ("mml", 0),
        ("mmm", 3),
    ],
)
def test_misses_in_a_row(states: str, row: int):
    kinds = {"m": CheckinState.MISSED, "d": CheckinState.DONE, "l": CheckinState.LATE, "e": CheckinState.EXCUSED}
    days = [replace(NEW, day=WED + timedelta(n), state=kinds[s]) for n, s in enumerate(states)]
    assert rules.misses_in_a_row(days) == row


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("今日完成3款性能测试 明日联调", Report("完成3款性能测试", "联调")),
        ("今日：完成A款；明日：联调；卡点：样机未到", Report("完成A款", "联调", "样机未到")),
        ("完成了接口联调，明天继续测试", Report("完成了接口联调", "继续测试")),
        ("today finished the tests, tomorrow integration", Report("finished the tests", "integration")),
        ("done: x; next: y; blockers: none", Report("x", "y", "none")),
        ("今日 A\n明日 B\n", Report("A", "B")),
        ("今日修复明日上线的问题 明日计划 发布", Report("修复明日上线的问题", "发布")),
        ("明日 联调 今日 测试", Report("测试", "联调")),
        ("完成计划评审", Report("完成计划评审", "")),
        ("", Report("", "")),
    ],
)
def test_one_line_is_split(text: str, report: Report):
    assert rules.split_report(text) == report
