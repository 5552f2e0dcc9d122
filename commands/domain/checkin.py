"""The daily check-in: what a department's liaison did today and plans for tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from commands.domain.duration import Duration
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused


class CheckinState(StrEnum):
    EXPECTED = "expected"
    ASKED = "asked"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    EXCUSED = "excused"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkin:
    """One department's entry of one day. `person` is the liaison whose duty it is; `answered_by` wrote it (a
    deputy, perhaps: then the state is `deputy`, as good as `done`)."""

    id: str  # "rd:2026-09-23"
    person: str
    department: str
    day: date
    state: CheckinState = CheckinState.EXPECTED
    progress: str = ""
    plan: str = ""
    blockers: str = ""
    asked_at: datetime | None = None
    closes_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    edited: bool = False
    history: tuple[str, ...] = ()  # earlier texts
    version: int = 0


ANSWERED = frozenset({CheckinState.DONE, CheckinState.LATE, CheckinState.DEPUTY})
UNANSWERED = frozenset(CheckinState) - ANSWERED


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody wrote about a day."""

    progress: str
    plan: str
    blockers: str = ""

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.progress, self.plan, self.blockers) if part)


# --- the day's round -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """A working day's check-in: asked before work ends, closed when it ends."""

    day: date
    asks_at: datetime
    closes_at: datetime


def round_on(day: date, calendar: WorkCalendar, before_end: Duration) -> Round:
    """The round of a day, or what it would be if that day were worked."""
    end = calendar.work_end(day)
    return Round(day, end - calendar.length_of(before_end), end)


def latest_round(now: datetime, calendar: WorkCalendar, before_end: Duration) -> Round:
    """The round that was asked last."""
    today = calendar.local(now).date()
    if calendar.is_working_day(today):
        round = round_on(today, calendar, before_end)
        if round.asks_at <= now:
            return round
    return round_on(calendar.previous_working_day(today), calendar, before_end)


def round_after(day: date, calendar: WorkCalendar, before_end: Duration) -> Round:
    """The round of the next working day. When it is asked, that of `day` can no longer be answered."""
    return round_on(calendar.next_working_day(day), calendar, before_end)


def next_round(now: datetime, calendar: WorkCalendar, before_end: Duration) -> Round:
    """The first round that is still to be asked."""
    return round_after(latest_round(now, calendar, before_end).day, calendar, before_end)


def day_meant(now: datetime, calendar: WorkCalendar, before_end: Duration, latest: Checkin | None) -> date:
    """Which day a report without a date is about: the last round's if it is still owed or still today's, else
    today's ahead of its prompt, and on a day off again the last round's."""
    last = latest_round(now, calendar, before_end).day
    today = calendar.local(now).date()
    owed = latest is not None and latest.state in UNANSWERED
    return last if owed or not calendar.is_working_day(today) else today


# --- its life ------------------------------------------------------------------------------------


def entry_id(department: str, day: date) -> str:
    return f"{department}:{day.isoformat()}"


def expect(department: str, person: str, round: Round) -> Checkin:
    """The entry of a day, before anybody was asked."""
    return Checkin(
        id=entry_id(department, round.day),
        person=person,
        department=department,
        day=round.day,
        closes_at=round.closes_at,
    )


def ask(entry: Checkin, now: datetime) -> Checkin:
    """Somebody is asked now. Who answered already, or was let off, is not asked again."""
    if entry.state is not CheckinState.EXPECTED:
        raise Refused("checkin.not_to_ask", day=entry.day, state=entry.state)
    return replace(entry, state=CheckinState.ASKED, asked_at=now)


def answer(entry: Checkin, by: str, now: datetime, report: Report, *, until: datetime) -> Checkin:
    """The report, or a new text of it; earlier texts are kept. `until`: when the next round is asked."""
    if now >= until:
        raise Refused("checkin.over", day=entry.day, until=until)
    report = _checked(report)
    if entry.state in ANSWERED:
        return _rewritten(entry, by, report)
    return replace(
        entry,
        state=_answered_state(entry, by, now),
        progress=report.progress,
        plan=report.plan,
        blockers=report.blockers,
        answered_by=by,
        answered_at=now,
    )


def miss(entry: Checkin) -> Checkin:
    """Work is over. What was answered stays answered."""
    if entry.state not in (CheckinState.EXPECTED, CheckinState.ASKED):
        return entry
    return replace(entry, state=CheckinState.MISSED)


def excuse(entry: Checkin) -> Checkin:
    """Nobody was there to be asked."""
    if entry.state not in (CheckinState.EXPECTED, CheckinState.ASKED):
        return entry
    return replace(entry, state=CheckinState.EXCUSED)


def is_overdue(entry: Checkin, now: datetime) -> bool:
    """Asked, and work is over without an answer."""
    if entry.state is CheckinState.MISSED:
        return True
    return entry.state is CheckinState.ASKED and entry.closes_at is not None and now >= entry.closes_at


def was_asked_late(entry: Checkin, before_end: timedelta, tolerance: timedelta) -> bool:
    """The prompt came noticeably after its planned moment: the bot had been down."""
    if entry.asked_at is None or entry.closes_at is None:
        return False
    return entry.asked_at - (entry.closes_at - before_end) > tolerance


def misses_in_a_row(entries: Iterable[Checkin]) -> int:
    """How many of the last days were missed; days off the hook are left out, a late answer breaks the row."""
    count = 0
    for entry in sorted(entries, key=lambda e: e.day, reverse=True):
        if entry.state is CheckinState.MISSED:
            count += 1
        elif entry.state in ANSWERED:
            break
    return count


# --- what was typed ------------------------------------------------------------------------------

_ALONE = {  # these start a part wherever a clause begins
    "progress": r"今日进展|今天进展|今日|今天|today",
    "plan": r"明日计划|明天计划|明日|明天|tomorrow",
    "blockers": r"卡点|阻碍",
}
_WITH_COLON = {  # these are prose as well
    "progress": r"进展|进度|完成|done|progress",
    "plan": r"计划|下一步|next|plan",
    "blockers": r"问题|风险|困难|blockers?|blocked",
}
_HEADING = "|".join(
    rf"(?P<{name}>(?:{_ALONE[name]})(?![a-z])(?:\s*[:：=])?|(?:{_WITH_COLON[name]})\s*[:：=])" for name in _ALONE
)
_PART = re.compile(rf"(?:^|(?<=[\s。；;，,.、|]))(?:{_HEADING})\s*", re.IGNORECASE)
_BETWEEN = " \n\t，,；;。、|"


def split_report(text: str) -> Report:
    """Reads 今日完成A款测试，明日联调，卡点：样机 in one line. What stands before any heading is progress."""
    parts = {"progress": "", "plan": "", "blockers": ""}
    name, start = "progress", 0
    for heading in _PART.finditer(text):
        follows = str(heading.lastgroup)
        if follows == name and not text[start : heading.start()].strip():
            start = heading.end()
        elif follows != name and not parts[follows]:
            parts[name] = text[start : heading.start()].strip(_BETWEEN)
            name, start = follows, heading.end()
    parts[name] = text[start:].strip(_BETWEEN)
    return Report(**parts)


def _checked(report: Report) -> Report:
    checked = Report(report.progress.strip(), report.plan.strip(), report.blockers.strip())
    if not checked.progress:
        raise Refused("checkin.no_progress", field="progress")
    if not checked.plan:
        raise Refused("checkin.no_plan", field="plan")
    return checked


def _rewritten(entry: Checkin, by: str, report: Report) -> Checkin:
    before = Report(entry.progress, entry.plan, entry.blockers)
    if before == report:
        raise Refused("checkin.unchanged", day=entry.day)
    return replace(
        entry,
        progress=report.progress,
        plan=report.plan,
        blockers=report.blockers,
        answered_by=by,
        edited=True,
        history=(*entry.history, before.text),
    )


def _answered_state(entry: Checkin, by: str, now: datetime) -> CheckinState:
    is_late = entry.state is not CheckinState.EXCUSED and entry.closes_at is not None and now >= entry.closes_at
    if is_late:
        return CheckinState.LATE
    return CheckinState.DONE if by == entry.person else CheckinState.DEPUTY
