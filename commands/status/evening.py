"""The evening of a department: its round of the day, who reports for it, its entry, and what shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from commands import tell
from commands.domain import checkin as rules
from commands.domain.checkin import Checkin, Round
from commands.domain.people import Project
from commands.domain.request import OPEN_STATES as OPEN_REQUESTS
from commands.domain.request import Request
from commands.domain.task import OPEN_STATES as OPEN_TASKS
from commands.domain.task import Task
from commands.domain.worktime import WorkCalendar
from commands.ports import Priority, Timer
from commands.registry import Context
from commands.status import known_days

CARD = "checkin"
SUMMARY = "checkin_summary"
PROMPT_JOB = "checkin.prompt"
SUMMARY_JOB = "checkin.summary"
LOOK_AHEAD_DAYS = 60
"""How far the next summary is looked for: no closure of a whole project is longer."""


def card_item(person: str, day: date) -> str:
    """One card per person and day, however many departments the person reports for."""
    return f"checkin:{person}:{day.isoformat()}"


def summary_item(project: str, day: date) -> str:
    return f"summary:{project}:{day.isoformat()}"


def read_item(item: str) -> tuple[str, date]:
    """The person or project of a card's item, and its day."""
    _, subject, day = item.split(":")
    return subject, date.fromisoformat(day)


# --- rounds --------------------------------------------------------------------------------------


def calendar(ctx: Context, department: str) -> WorkCalendar:
    """The department's calendar, in its liaison's own zone if they have one."""
    working = ctx.calendars.of_department(department)
    liaison = ctx.directory.people.get(duty(ctx, department) or "")
    if liaison and liaison.timezone and liaison.timezone != working.zone:
        return replace(working, zone=liaison.timezone)
    return working


def round_on(ctx: Context, department: str, day: date) -> Round:
    return rules.round_on(day, calendar(ctx, department), ctx.policy.checkin_before_end)


def latest_round(ctx: Context, department: str) -> Round:
    return rules.latest_round(ctx.now, calendar(ctx, department), ctx.policy.checkin_before_end)


def next_round(ctx: Context, department: str, now: datetime) -> Round:
    return rules.next_round(now, calendar(ctx, department), ctx.policy.checkin_before_end)


def answerable_until(ctx: Context, department: str, day: date) -> datetime:
    """When the round after that day is asked."""
    return rules.round_after(day, calendar(ctx, department), ctx.policy.checkin_before_end).asks_at


def day_meant(ctx: Context, department: str) -> date:
    """The day that a report without a date is about."""
    last = entry(ctx, department, latest_round(ctx, department).day)
    return rules.day_meant(ctx.now, calendar(ctx, department), ctx.policy.checkin_before_end, last)


# --- people --------------------------------------------------------------------------------------


def duty(ctx: Context, department: str) -> str | None:
    """The liaison, there or not."""
    known = ctx.directory.departments.get(department)
    return known.liaisons[0] if known and known.liaisons else None


def reporter(ctx: Context, department: str, day: date) -> str | None:
    """Who is asked that day: the liaison, or the first deputy who is there."""
    return ctx.directory.liaison(department, day)


def may_report(ctx: Context, department: str, day: date) -> tuple[str, ...]:
    """Liaison, deputies and stand-ins who are there, then the head."""
    known = ctx.directory.departments[department]
    people = (*ctx.directory.liaisons(department, day), *known.liaisons, known.head)
    return tuple(dict.fromkeys(p for p in people if p))


def reports_for(ctx: Context, person: str, day: date) -> tuple[str, ...]:
    """The departments whose reporter the person is that day."""
    leaves = (leave for leave in ctx.directory.leaves if leave.deputy == person)
    lent = (leave.person for leave in leaves if leave.start <= day <= leave.end)
    candidates = dict.fromkeys(d for p in (person, *lent) for d in ctx.directory.departments_of(p))
    return tuple(d for d in candidates if reporter(ctx, d, day) == person)


# --- entries -------------------------------------------------------------------------------------


def entry(ctx: Context, department: str, day: date) -> Checkin | None:
    return ctx.uow.get(Checkin, rules.entry_id(department, day))


def expected(ctx: Context, department: str, day: date) -> Checkin | None:
    """The day's entry as it would be before anybody was asked; None when the department has no liaison."""
    liaison = duty(ctx, department)
    return rules.expect(department, liaison, round_on(ctx, department, day)) if liaison else None


def earlier_entries(ctx: Context, department: str, day: date, days: int) -> list[Checkin]:
    """The entries of the working days before and including that day, newest first."""
    working = calendar(ctx, department)
    ids = [rules.entry_id(department, day)]
    for _ in range(days):
        day = working.previous_working_day(day)
        ids.append(rules.entry_id(department, day))
    return sorted(ctx.uow.find(Checkin, id=tuple(ids)), key=lambda e: e.day, reverse=True)


def has_work(ctx: Context, department: str) -> bool:
    """Whether there is something to report: a project, or open work of its own."""
    if any(department in project.departments for project in ctx.directory.projects.values()):
        return True
    return bool(
        ctx.uow.find(Task, department=department, state=tuple(OPEN_TASKS))
        or ctx.uow.find(Request, lead=department, state=tuple(OPEN_REQUESTS))
        or ctx.uow.find(Request, department=department, state=tuple(OPEN_REQUESTS))
    )


def open_tasks(ctx: Context, department: str) -> list[Task]:
    """The department's open tasks, the nearest date first."""
    found = ctx.uow.find(Task, department=department, state=tuple(OPEN_TASKS))
    return sorted(found, key=lambda t: (t.due is None, t.due or t.created_at, t.id))


# --- projects ------------------------------------------------------------------------------------


def projects_of(ctx: Context, department: str) -> tuple[Project, ...]:
    return tuple(p for p in ctx.directory.projects.values() if department in p.departments)


def summary_at(ctx: Context, project: Project, day: date) -> datetime | None:
    """When the day's summary is due: the end of work of the first department that works that day; None: nobody
    works."""
    for department in project.departments:
        working = ctx.calendars.of_department(department)
        if working.is_working_day(day):
            return working.work_end(day)
    return None


def refresh(ctx: Context, changed: Checkin) -> None:
    """Every card that shows the entry shows it as it is now: people's, and the summaries in project chats."""
    people = (changed.person, changed.answered_by, reporter(ctx, changed.department, changed.day))
    for person in dict.fromkeys(p for p in people if p):
        tell.show(ctx, card_item(person, changed.day), CARD, priority=Priority.EDIT)
    for project in projects_of(ctx, changed.department):
        tell.show(ctx, summary_item(project.id, changed.day), SUMMARY, priority=Priority.EDIT)


def tell_late(ctx: Context, written: Checkin) -> None:
    """One line in each project chat whose summary was out without this report: an edit alone is easily missed."""
    for project in projects_of(ctx, written.department):
        item = summary_item(project.id, written.day)
        chats = [p.to.removeprefix("chat:") for p in ctx.uow.posted(item, SUMMARY)]
        tell.post(ctx, "checkin_late", written.id, chats, step="late", priority=Priority.EDIT)


# --- timers --------------------------------------------------------------------------------------


def ensure_prompts(ctx: Context) -> None:
    """Arms what is missing: a prompt for every department, a summary for every project, and the watch over the
    calendars. Called at the start and after an import; harmless at any other time."""
    for department in ctx.directory.departments:
        arm_prompt(ctx, department, next_round(ctx, department, ctx.now))
    for project in ctx.directory.projects.values():
        arm_summary(ctx, project, ctx.now)
    known_days.ensure_watch(ctx)


def arm_prompt(ctx: Context, department: str, round: Round, *, again: bool = False) -> None:
    """`again`: the moment moved while its timer ran, and a timer's key is good for one run only."""
    key = f"checkin:{department}:{round.day.isoformat()}"
    ctx.uow.set_timer(
        Timer(
            key=f"{key}:{round.asks_at.isoformat()}" if again else key,
            job=PROMPT_JOB,
            due_at=round.asks_at,
            subject=department,
            payload={"day": round.day.isoformat()},
        )
    )


def arm_summary(ctx: Context, project: Project, after: datetime) -> None:
    """Sets the first summary after a moment."""
    if found := next_summary(ctx, project, after):
        day, due = found
        set_summary(ctx, project, day, due, summary_item(project.id, day))


def set_summary(ctx: Context, project: Project, day: date, due: datetime, key: str) -> None:
    ctx.uow.set_timer(Timer(key=key, job=SUMMARY_JOB, due_at=due, subject=project.id, payload={"day": day.isoformat()}))


def next_summary(ctx: Context, project: Project, after: datetime) -> tuple[date, datetime] | None:
    day = ctx.calendars.default.local(after).date() - timedelta(days=1)
    for _ in range(LOOK_AHEAD_DAYS):
        due = summary_at(ctx, project, day)
        if due and due > after:
            return day, due
        day += timedelta(days=1)
    return None
