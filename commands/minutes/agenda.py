"""What a meeting is about before it is held: the agenda of its kind, what is open, and a word to prepare in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands import tell, trace
from commands.domain import task as tasks
from commands.domain.escalation import LIVE_STATES, Escalation, EscalationKind
from commands.domain.minutes import UNPUBLISHED, Minutes
from commands.domain.task import Task
from commands.minutes import record
from commands.ports import Priority, Timer
from commands.registry import Context
from commands.words import Words, words

JOB = "minutes.agenda"
VIEW = "minutes_agenda"
SHOWN_OPEN = 10
TIME_TO_PREPARE = timedelta(hours=1)

_SIGNS = {
    "kickoff": ("启动会", "kickoff", "kick-off"),
    "retro": ("复盘", "retro"),
    "review": ("评审会", "gate review"),
    "coordination": ("协调会", "coordination meeting"),
    "weekly": ("例会", "周会", "weekly"),
}
"""Words of a title by which people tell the kind of a meeting, the telling ones first."""


def kind_of(title: str) -> str:
    """The kind that a title names; none where it names none."""
    said = title.casefold()
    return next((kind for kind, signs in _SIGNS.items() if any(sign in said for sign in signs)), "")


def template(minutes: Minutes) -> Words | None:
    """The agenda that meetings of this kind have, where nobody wrote another."""
    return words(f"minutes.agenda.{minutes.kind}") if minutes.kind and not minutes.agenda else None


def left_open(ctx: Context, minutes: Minutes) -> tuple[Task, ...]:
    """What earlier meetings of the project left open heads the agenda; a weekly meeting also hears of what else is
    late. Overdue first, until the minutes are out."""
    if minutes.state not in UNPUBLISHED or not minutes.project:
        return ()
    known = ctx.uow.find(Task, project=minutes.project, state=tuple(tasks.OPEN_STATES))
    left = [t for t in known if t.source != minutes.id and _belongs(ctx, minutes, t)]
    left.sort(key=lambda t: (not tasks.is_late(t, ctx.now), t.due or ctx.now))
    return tuple(left[:SHOWN_OPEN])


def disputes(ctx: Context, minutes: Minutes) -> tuple[Escalation, ...]:
    """The weekly meeting's risks: what the departments of the project could not settle yet."""
    if minutes.state not in UNPUBLISHED or minutes.kind != "weekly" or not minutes.project:
        return ()
    live = ctx.uow.find(Escalation, project=minutes.project, state=tuple(LIVE_STATES))
    return tuple(e for e in live if e.kind is not EscalationKind.BREACH)[:SHOWN_OPEN]


def _belongs(ctx: Context, minutes: Minutes, task: Task) -> bool:
    return task.source.startswith("M-") or (minutes.kind == "weekly" and tasks.is_late(task, ctx.now))


# --- to prepare in time ------------------------------------------------------------------------------


def arm(ctx: Context, minutes: Minutes) -> None:
    """One reminder before the meeting. One that is announced later than that has just been read about."""
    at = _remind_at(ctx, minutes)
    if at > ctx.now:
        ctx.uow.set_timer(Timer(key=f"agenda:{minutes.id}", job=JOB, due_at=at, subject=minutes.id))


def disarm(ctx: Context, minutes: Minutes) -> None:
    ctx.uow.drop_timers(minutes.id, JOB)


def remind(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
    """Everybody who is expected hears of the agenda, and the cards show it as it stands now."""
    minutes = ctx.uow.get(Minutes, subject)
    if minutes is None or minutes.state not in UNPUBLISHED or minutes.starts_at <= ctx.real_now:
        return
    told = tell.notify(
        ctx,
        VIEW,
        minutes.id,
        (*minutes.participants, minutes.recorder),
        step="agenda",
        priority=Priority.PROMPT,
        expires_at=minutes.starts_at,
        even_self=True,
        in_person=True,
    )
    trace.record(ctx, "minutes.agenda", minutes, told=told)
    record.refresh(ctx, minutes)


def _remind_at(ctx: Context, minutes: Minutes) -> datetime:
    """When work begins on the day of the meeting; for an early one, an hour before work ends the working day before."""
    calendar = ctx.calendars.of_person(minutes.host)
    day = calendar.local(minutes.starts_at).date()
    begins = calendar.work_start(day)
    if calendar.is_working_day(day) and begins + TIME_TO_PREPARE <= minutes.starts_at:
        return begins
    return calendar.work_end(calendar.previous_working_day(day)) - TIME_TO_PREPARE


def lines(ctx: Context, minutes: Minutes) -> Iterator[Words]:
    """The agenda as a message tells it."""
    if minutes.agenda:
        yield words("minutes.agenda.own", agenda=minutes.agenda)
    elif usual := template(minutes):
        yield words("minutes.agenda.usual", agenda=usual)
    if left := left_open(ctx, minutes):
        yield words("minutes.agenda.left", items=tuple(f"{task.id} {task.title}" for task in left))
    if open_disputes := disputes(ctx, minutes):
        yield words("minutes.agenda.disputes", items=tuple(e.id for e in open_disputes))
