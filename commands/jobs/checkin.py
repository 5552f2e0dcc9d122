"""The evening's timers: one prompt per department and working day, one summary per project and working day.

Each job arms its next occurrence; every key names its day, so arming twice does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import checkin as rules
from commands.domain.checkin import Checkin, CheckinState, Round
from commands.domain.clocks import Clock, ClockKind
from commands.domain.duration import Duration, Unit
from commands.ports import Priority
from commands.registry import Context
from commands.status import evening
from commands.words import Dept, Who

LOOK_BACK_DAYS = 20
"""How many working days a row of misses is looked for in."""


def prompt(ctx: Context, department: str, payload: Mapping[str, Any]) -> None:
    """Asks the department's liaison, or whoever is there, unless the report is there already or work is over."""
    if department not in ctx.directory.departments:
        return
    day = date.fromisoformat(payload["day"])
    evening.arm_prompt(ctx, department, evening.next_round(ctx, department, max(ctx.now, ctx.real_now)))
    round = evening.round_on(ctx, department, day)
    if not evening.calendar(ctx, department).is_working_day(day):
        return  # declared off since
    if round.asks_at > ctx.real_now:
        evening.arm_prompt(ctx, department, round, again=True)  # hours or zone changed since
        return
    if ctx.real_now >= round.closes_at:
        trace.record(ctx, "checkin.prompt", rules.entry_id(department, day), result="dropped", why="work_is_over")
        return
    entry = evening.entry(ctx, department, day) or _expected(ctx, department, day)
    if entry and entry.state is CheckinState.EXPECTED:
        _ask(ctx, entry, round)


def _expected(ctx: Context, department: str, day: date) -> Checkin | None:
    if not evening.has_work(ctx, department):
        return None
    entry = evening.expected(ctx, department, day)
    if entry:
        ctx.uow.add(entry)
    return entry


def _ask(ctx: Context, entry: Checkin, round: Round) -> None:
    person = evening.reporter(ctx, entry.department, entry.day)
    if person is None:
        _excuse(ctx, entry)
        return
    asked = ctx.uow.save(rules.ask(entry, ctx.real_now))
    trace.record(ctx, "checkin.asked", asked, was=entry, asked=person)
    limit = Duration((round.closes_at - round.asks_at).total_seconds(), Unit.WALL)
    clockwork.start(ctx, ClockKind.CHECKIN, asked.id, limit, side=asked.department, at=round.asks_at)
    tell.show(
        ctx,
        evening.card_item(person, asked.day),
        evening.CARD,
        people=(person,),
        priority=Priority.PROMPT,
    )


def _excuse(ctx: Context, entry: Checkin) -> None:
    """Nobody is there: the day is let off, and the administrators hear of it once."""
    excused = ctx.uow.save(rules.excuse(entry))
    trace.record(ctx, "checkin.excused", excused, was=entry, why="nobody_there")
    tell.notify(
        ctx,
        "checkin_nobody",
        excused.id,
        ctx.directory.admins,
        step=excused.day.isoformat(),
        priority=Priority.PROMPT,
        department=Dept(excused.department),
        day=excused.day,
    )


def on_step(ctx: Context, clock: Clock, step: str) -> None:
    """C10: reminded once at half time, missed when work ends."""
    entry = ctx.uow.get(Checkin, clock.item)
    if entry is None:
        return
    if step == "breach":
        _miss(ctx, entry)
    elif entry.state is CheckinState.ASKED:
        _remind(ctx, entry)


def _remind(ctx: Context, entry: Checkin) -> None:
    """Once; not when the prompt itself came later than this, and never when work is over."""
    is_stale = entry.asked_at is not None and entry.asked_at >= ctx.now
    if is_stale or (entry.closes_at and ctx.real_now >= entry.closes_at):
        trace.record(ctx, "checkin.reminded", entry, was=entry, result="dropped", why="asked_late_or_over")
        return
    person = evening.reporter(ctx, entry.department, entry.day)
    if person:
        item = evening.card_item(person, entry.day)
        tell.notify(
            ctx,
            "checkin_reminder",
            item,
            (person,),
            step="half",
            priority=Priority.PROMPT,
            expires_at=entry.closes_at,
        )
        trace.record(ctx, "checkin.reminded", entry, was=entry, asked=person)


def _miss(ctx: Context, entry: Checkin) -> None:
    missed = rules.miss(entry)
    if missed is not entry:
        missed = ctx.uow.save(missed)
        trace.record(ctx, "checkin.missed", missed, was=entry)
    clockwork.stop(ctx, ClockKind.CHECKIN, entry.id)
    evening.refresh(ctx, missed)
    if missed.state is CheckinState.MISSED:
        _tell_head(ctx, missed)


def _tell_head(ctx: Context, missed: Checkin) -> None:
    """When a row of misses has just become long enough: once per row, and never in public."""
    row = rules.misses_in_a_row(evening.earlier_entries(ctx, missed.department, missed.day, LOOK_BACK_DAYS))
    if row != ctx.policy.checkin_misses_to_head:
        return
    head = ctx.directory.head(missed.department, missed.day)
    told = (head,) if head and head != missed.person else ctx.directory.pmo
    tell.notify(
        ctx,
        "checkin_missed",
        missed.id,
        told,
        step="head",
        department=Dept(missed.department),
        person=Who(missed.person),
        days=row,
    )
    trace.record(ctx, "checkin.head_told", missed, was=missed, told=told, days=row)


def summary(ctx: Context, project: str, payload: Mapping[str, Any]) -> None:
    """Posts who reported, once per project and day, even when nobody did. After a downtime of days only the last
    one is of use."""
    known = ctx.directory.projects.get(project)
    if known is None:
        return
    evening.arm_summary(ctx, known, max(ctx.now, ctx.real_now))
    day = date.fromisoformat(payload["day"])
    item = evening.summary_item(project, day)
    due = evening.summary_at(ctx, known, day)
    if due is None:
        return  # declared off since
    if due > ctx.real_now:
        evening.set_summary(ctx, known, day, due, f"{item}:{due.isoformat()}")  # hours changed since
        return
    following = evening.next_summary(ctx, known, due)
    if following and following[1] <= ctx.real_now:
        trace.record(ctx, "checkin.summary", item, result="dropped", why="a_later_one_is_due")
        return
    chats = ctx.directory.chats_of_project(project)
    trace.record(ctx, "checkin.summary", item, chats=chats)
    tell.show(ctx, item, evening.SUMMARY, chats=chats, priority=Priority.PROMPT)
