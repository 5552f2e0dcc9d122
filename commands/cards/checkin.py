"""The cards of the evening: the prompt that becomes the receipt, the summary in project chats, and the notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from commands import tell
from commands.chat import Tone
from commands.domain import checkin as rules
from commands.domain.checkin import Checkin, CheckinState
from commands.domain.people import Project
from commands.domain.task import is_late
from commands.registry import Action, Context, View
from commands.status import evening
from commands.words import Dept, Shown, Who, Words, words

MOST_TASKS = 8


@dataclass(frozen=True, slots=True)
class TaskLine:
    ref: str
    title: str
    due: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department in a summary. `mark` says late or changed; without a text `status` says why there is none."""

    department: Dept
    who: Who | None
    status: Words
    progress: str = ""
    plan: str = ""
    blockers: str = ""
    mark: Words | None = None


# --- the prompt and the receipt ------------------------------------------------------------------


def card(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The day's check-in of one person: what to report and until when, then what was reported."""
    person, day = evening.read_item(item)
    entries = _entries_of(ctx, person, day)
    if not entries:
        return None
    entry = entries[0]
    if _came_too_late(ctx, item, entry):
        return None
    is_answered = entry.state in rules.ANSWERED
    until = evening.answerable_until(ctx, entry.department, day)
    return View(
        "checkin",
        {
            "day": day,
            "status": _status(ctx, entry),
            "departments": tuple(Dept(e.department) for e in entries),
            "for_whom": Who(entry.person) if entry.person != person else None,
            "closes_at": entry.closes_at,
            "until": until,
            "is_answered": is_answered,
            "is_missed": rules.is_overdue(entry, ctx.now),
            "is_open": ctx.now < until,
            "progress": entry.progress,
            "plan": entry.plan,
            "blockers": entry.blockers,
            "answered_by": Who(entry.answered_by) if entry.answered_by else None,
            "answered_at": entry.answered_at,
            "mark": _mark(entry),
            "tasks": () if is_answered else _task_lines(ctx, entries),
            "yesterday": "" if is_answered else _plan_before(ctx, entry),
            "planned_at": _planned_at(entry, ctx),
        },
        _actions(entry, ctx.now < until),
        item=item,
        tone=_tone(ctx, entry),
    )


def _entries_of(ctx: Context, person: str, day: date) -> list[Checkin]:
    """The entries the person was asked for or wrote that day."""
    departments = (*evening.reports_for(ctx, person, day), *ctx.directory.departments_of(person))
    found = (evening.entry(ctx, d, day) for d in dict.fromkeys(departments))
    entries = [e for e in found if e and e.state is not CheckinState.EXPECTED]
    mine = [e for e in entries if person in (e.person, e.answered_by, evening.reporter(ctx, e.department, day))]
    return mine or entries[:1]


def _came_too_late(ctx: Context, item: str, entry: Checkin) -> bool:
    """A prompt that was not delivered before work ended is dropped; one that is there is edited on."""
    if entry.state in rules.ANSWERED or entry.closes_at is None or ctx.now < entry.closes_at:
        return False
    return not ctx.uow.posted(item, evening.CARD)


def _status(ctx: Context, entry: Checkin) -> Words:
    if rules.is_overdue(entry, ctx.now):
        return words("checkin.status.missed")
    return words(f"checkin.status.{entry.state}")


def _mark(entry: Checkin) -> Words | None:
    """迟交 and 已更新, as the summary shows them too."""
    is_late = entry.state is CheckinState.LATE
    if is_late and entry.edited:
        return words("checkin.mark.late_edited")
    if is_late:
        return words("checkin.mark.late")
    return words("checkin.mark.edited") if entry.edited else None


def _task_lines(ctx: Context, entries: list[Checkin]) -> tuple[TaskLine, ...]:
    tasks = [task for e in entries for task in evening.open_tasks(ctx, e.department)]
    return tuple(TaskLine(t.id, t.title, t.due, is_late(t, ctx.now)) for t in tasks[:MOST_TASKS])


def _plan_before(ctx: Context, entry: Checkin) -> str:
    """What was planned for this day the last time."""
    earlier = evening.earlier_entries(ctx, entry.department, entry.day, 5)
    return next((e.plan for e in earlier if e.day < entry.day and e.plan), "")


def _planned_at(entry: Checkin, ctx: Context) -> datetime | None:
    """The planned moment of a prompt that came late, because the bot had been down."""
    planned = evening.round_on(ctx, entry.department, entry.day).asks_at
    return planned if entry.asked_at and entry.asked_at - planned > tell.LATE else None


def _actions(entry: Checkin, is_open: bool) -> tuple[Action, ...]:
    if not is_open:
        return ()
    args = {"on": entry.day.isoformat()}
    if entry.state in rules.ANSWERED:
        return (Action("status.checkin", args, label=words("checkin.button.edit")),)
    return (Action("status.checkin", args, style="primary", label=words("checkin.button.fill")),)


def _tone(ctx: Context, entry: Checkin) -> Tone:
    if entry.state in rules.ANSWERED:
        return Tone.SUCCESS
    return Tone.WARNING if rules.is_overdue(entry, ctx.now) else Tone.INFO


# --- the summary ---------------------------------------------------------------------------------


def summary(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """Who reported what in a project; who is away is listed and never mentioned; posted even when empty."""
    project, day = evening.read_item(item)
    known = ctx.directory.projects.get(project)
    if known is None:
        return None
    lines = [_department_line(ctx, d, day) for d in known.departments if _works(ctx, d, day)]
    return View(
        "summary",
        {
            "project": known.name,
            "day": day,
            "reported": tuple(line for line in lines if line.progress),
            "missing": tuple(line for line in lines if not line.progress),
            "done": sum(1 for line in lines if line.progress),
            "expected": len(lines),
            "planned_at": _late_summary(ctx, known, item, day),
        },
        item=item,
        tone=Tone.INFO if any(line.progress for line in lines) else Tone.WARNING,
    )


def _works(ctx: Context, department: str, day: date) -> bool:
    return department in ctx.directory.departments and evening.calendar(ctx, department).is_working_day(day)


def _department_line(ctx: Context, department: str, day: date) -> DepartmentLine:
    entry = evening.entry(ctx, department, day)
    if entry is None or entry.state is CheckinState.EXPECTED:
        return DepartmentLine(Dept(department), None, words("summary.status.not_asked"))
    if entry.state in rules.ANSWERED:
        by = entry.answered_by or entry.person
        deputy = Who(by, acting_for=entry.person if by != entry.person else None)
        return DepartmentLine(
            Dept(department),
            deputy,
            words(f"checkin.status.{entry.state}"),
            entry.progress,
            entry.plan,
            entry.blockers,
            _mark(entry),
        )
    return DepartmentLine(Dept(department), *_absence(ctx, entry))


def _absence(ctx: Context, entry: Checkin) -> tuple[Who | None, Words]:
    """Why there is no report: on leave, still to come, or missing."""
    if entry.state is CheckinState.EXCUSED:
        return Who(entry.person), words("summary.status.leave")
    person = evening.reporter(ctx, entry.department, entry.day) or entry.person
    asked = Who(person, acting_for=entry.person if person != entry.person else None)
    if rules.is_overdue(entry, ctx.now):
        return asked, words("summary.status.missing")
    return asked, words("summary.status.open", at=entry.closes_at)


def _late_summary(ctx: Context, project: Project, item: str, day: date) -> datetime | None:
    """The planned moment of a summary that was posted late, because the bot had been down."""
    due = evening.summary_at(ctx, project, day)
    made = next((e.at for e in ctx.uow.audited(item) if e.what == evening.SUMMARY_JOB), None)
    return due if due and made and made - due > tell.LATE else None


# --- notices -------------------------------------------------------------------------------------


def reminder(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """Half time is over and the report is not there. Gone when it is."""
    person, day = evening.read_item(item)
    entries = [e for e in _entries_of(ctx, person, day) if e.state is CheckinState.ASKED]
    if not entries or entries[0].closes_at is None or ctx.now >= entries[0].closes_at:
        return None
    title = words("checkin.reminder.title", at=entries[0].closes_at)
    line = words("checkin.reminder.line", day=day, department=Dept(entries[0].department))
    return _notice(facts, title, line, actions=_actions(entries[0], True), item=item)


def late(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To the project's chat: a report came after the summary, which shows it now."""
    entry = ctx.uow.get(Checkin, item)
    if entry is None or entry.state is not CheckinState.LATE:
        return None
    who = Who(entry.answered_by or entry.person)
    title = words("checkin.late.title", department=Dept(entry.department), person=who, day=entry.day)
    return _notice(facts, title, item=item)


def missed(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To the head, alone: several days in a row without a report. Gone when a late one came."""
    entry = ctx.uow.get(Checkin, item)
    if entry is None or entry.state is not CheckinState.MISSED:
        return None
    title = words("checkin.missed.title", department=facts["department"], days=facts["days"])
    line = words("checkin.missed.line", person=facts["person"], day=entry.day)
    action = Action("status.dept", {"department": entry.department}, label=words("checkin.button.department"))
    return _notice(facts, title, line, actions=(action,), item=item, tone=Tone.WARNING)


def nobody(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To the administrators: a department has nobody there who could report today."""
    title = words("checkin.nobody.title", department=facts["department"], day=facts["day"])
    return _notice(facts, title, words("checkin.nobody.line"), item=item, tone=Tone.WARNING)


def _notice(
    facts: Mapping[str, Any],
    title: Words,
    *lines: Words,
    actions: tuple[Action, ...] = (),
    item: str | None = None,
    tone: Tone = Tone.INFO,
) -> View:
    late: tuple[Words, ...] = ()
    planned: Shown = facts.get("planned_at")
    if planned:
        late = (Words("notice.late", {"at": planned}),)
    return View("notice", {"title": title, "lines": (*lines, *late), "facts": ()}, actions, item=item, tone=tone)
