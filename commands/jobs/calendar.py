"""Once a week the administrators hear of calendars whose holidays are soon unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from commands import tell, trace
from commands.ports import Timer
from commands.registry import Context
from commands.status.known_days import last_known_day

WATCH = "calendar.watch"
AT = time(9, 30)


def ensure_watch(ctx: Context) -> None:
    """Arms the next look at the calendars. Called at the start; harmless at any other time."""
    day = _next_look(ctx)
    due = ctx.calendars.default.at(day, AT)
    ctx.uow.set_timer(Timer(key=f"calendar.watch:{day.isoformat()}", job=WATCH, due_at=due))


def watch(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
    """One message for all calendars that end within the time set in the policy."""
    ensure_watch(ctx)
    today = ctx.calendars.default.local(ctx.real_now).date()
    ending = {id: last for id, last in _ends(ctx, today).items() if _warns_from(ctx, last, today) <= today}
    if not ending:
        return
    trace.record(ctx, "calendar.warned", "calendar", calendars=tuple(ending))
    tell.notify(
        ctx,
        "calendar_ends",
        "calendar",
        (*ctx.directory.admins, *ctx.directory.pmo),
        step=today.isoformat(),
        calendars=tuple(ending),
        last=min((last for last in ending.values() if last), default=None),
    )


def _next_look(ctx: Context) -> date:
    """The first day of the next warning; while one is on, also the next Monday."""
    now = max(ctx.now, ctx.real_now)
    today = ctx.calendars.default.local(now).date()
    first = today if now < ctx.calendars.default.at(today, AT) else today + timedelta(days=1)
    starts = [_warns_from(ctx, last, today) for last in _ends(ctx, today).values()]
    monday = first + timedelta(days=-first.weekday() % 7)
    ahead = [day for day in starts if day >= first]
    return min([*ahead, monday]) if any(day < first for day in starts) else min(ahead)


def _ends(ctx: Context, today: date) -> dict[str, date | None]:
    """The last known day of every calendar in use."""
    used = {d.calendar for d in ctx.directory.departments.values()} | {"default"}
    return {id: last_known_day(ctx.calendars.named(id), today) for id in sorted(used)}


def _warns_from(ctx: Context, last: date | None, today: date) -> date:
    return last - timedelta(days=ctx.policy.calendar_warn_days) if last else today
