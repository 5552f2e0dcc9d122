"""Starts, pauses and stops clocks, and keeps exactly one timer per running clock: its next step."""

from __future__ import annotations

from datetime import datetime

from commands import trace
from commands.domain import clocks
from commands.domain.clocks import Clock, ClockKind, ClockState
from commands.domain.duration import Duration
from commands.domain.worktime import WorkCalendar
from commands.ports import Timer
from commands.registry import Context

JOB = "clock"


def start(
    ctx: Context,
    kind: ClockKind,
    item: str,
    limit: Duration,
    *,
    side: str = "",
    urgent: bool = False,
    at: datetime | None = None,
    calendar: str | None = None,
) -> Clock:
    """A new clock on an item. `side` is the department waited for; its calendar counts."""
    earlier = ctx.uow.find(Clock, kind=kind, item=item)
    known = ctx.directory.departments.get(side)
    clock = clocks.start(
        kind,
        item,
        len(earlier) + 1,
        at or ctx.now,
        side=side,
        calendar=calendar or (known.calendar if known else "default"),
        limit=limit,
        urgent=urgent,
    )
    ctx.uow.add(clock)
    arm(ctx, clock)
    trace.record(ctx, "clock.started", item, clock=clock.id, kind=kind, side=side, limit=clock.limit)
    return clock


def running(ctx: Context, kind: ClockKind, item: str) -> Clock | None:
    """The clock of that kind that is not over."""
    open_states = (ClockState.RUNNING, ClockState.PAUSED)
    return next(iter(ctx.uow.find(Clock, kind=kind, item=item, state=open_states)), None)


def stop(ctx: Context, kind: ClockKind, item: str, *, cancelled: bool = False) -> Clock | None:
    """Ends the clock of that kind on an item, if one is open, and books its result."""
    clock = running(ctx, kind, item)
    return _stop(ctx, clock, cancelled=cancelled) if clock else None


def stop_all(ctx: Context, item: str) -> None:
    """Ends every clock of an item without a verdict: the item was cancelled."""
    for clock in ctx.uow.find(Clock, item=item, state=(ClockState.RUNNING, ClockState.PAUSED)):
        _stop(ctx, clock, cancelled=True)


def pause(ctx: Context, kind: ClockKind, item: str, waits_for: str) -> Clock | None:
    clock = running(ctx, kind, item)
    if clock is None or clock.state is ClockState.PAUSED:
        return clock
    paused = ctx.uow.save(clocks.pause(clock, ctx.now, waits_for))
    ctx.uow.drop_timers(clock.id, JOB)
    used = clocks.used(paused, ctx.now, calendar_of(ctx, paused))
    trace.record(ctx, "clock.paused", item, clock=clock.id, waits_for=waits_for, used_minutes=used.total_seconds() / 60)
    return paused


def resume(ctx: Context, kind: ClockKind, item: str) -> Clock | None:
    clock = running(ctx, kind, item)
    if clock is None or clock.state is ClockState.RUNNING:
        return clock
    resumed = ctx.uow.save(clocks.resume(clock, ctx.now))
    arm(ctx, resumed)
    trace.record(ctx, "clock.resumed", item, clock=clock.id)
    return resumed


def change_limit(ctx: Context, kind: ClockKind, item: str, limit: Duration, *, urgent: bool) -> None:
    """Another limit for the clock that runs, keeping what it has used."""
    clock = running(ctx, kind, item)
    if clock is None:
        return
    warn_at = clocks.plan(clock, ctx.policy).warn_at
    changed = clocks.change_limit(clock, ctx.now, calendar_of(ctx, clock), limit, warn_at=warn_at, urgent=urgent)
    save(ctx, changed)
    trace.record(ctx, "clock.limit_changed", item, clock=clock.id, kind=kind, limit=changed.limit)


def save(ctx: Context, clock: Clock) -> Clock:
    """Stores a changed clock and sets its timer anew."""
    saved = ctx.uow.save(clock)
    arm(ctx, saved)
    return saved


def arm(ctx: Context, clock: Clock) -> None:
    """Sets the one timer of a clock to its next step."""
    ctx.uow.drop_timers(clock.id, JOB)
    step = clocks.next_step(clock, calendar_of(ctx, clock), ctx.policy)
    if step is None:
        return
    ctx.uow.set_timer(
        Timer(
            key=f"{clock.id}:{step.name}{limit_mark(clock)}",
            job=JOB,
            due_at=step.at,
            subject=clock.id,
            payload={"step": step.name},
        )
    )


def limit_mark(clock: Clock) -> str:
    """A step that was taken under the old limit may come again under the new one."""
    return f":{clock.not_before:%Y%m%dT%H%M%S}" if clock.not_before else ""


def due_at(ctx: Context, kind: ClockKind, item: str) -> datetime | None:
    """When the open clock of that kind ends; None if there is none or it is paused."""
    clock = running(ctx, kind, item)
    return clocks.due_at(clock, calendar_of(ctx, clock)) if clock else None


def calendar_of(ctx: Context, clock: Clock) -> WorkCalendar:
    return ctx.calendars.named(clock.calendar)


def _stop(ctx: Context, clock: Clock, *, cancelled: bool) -> Clock:
    stopped = ctx.uow.save(clocks.stop(clock, ctx.now, calendar_of(ctx, clock), cancelled=cancelled))
    ctx.uow.drop_timers(clock.id, JOB)
    trace.record(
        ctx,
        "clock.stopped",
        clock.item,
        clock=clock.id,
        kind=clock.kind,
        side=clock.side,
        outcome=stopped.outcome,
        used_minutes=stopped.used_minutes,
    )
    return stopped


def hand_to(ctx: Context, clock: Clock, department: str) -> Clock:
    """The clock goes on against another department, with its used time; a paused one runs again."""
    known = ctx.directory.departments[department]
    awake = clocks.resume(clock, ctx.now)
    return save(ctx, clocks.hand_to(awake, ctx.now, department, known.calendar, calendar_of(ctx, clock)))
