"""How far calendars know their holidays, when to warn of the end, and a calendar with a day declared otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from commands.domain.worktime import WorkCalendar
from commands.ports import Timer
from commands.registry import Context

WATCH = "calendar.watch"
AT = time(9, 30)


def last_known_day(calendar: WorkCalendar, today: date) -> date | None:
    """The last day of the known years from this one on; None when this year is unknown already."""
    year = today.year
    if not calendar.is_known(year):
        return None
    while calendar.is_known(year + 1):
        year += 1
    return date(year, 12, 31)


def with_day(calendar: WorkCalendar, day: date, *, works: bool, note: str = "") -> WorkCalendar:
    """The calendar with one day declared worked or off."""
    if works:
        return replace(calendar, off=calendar.off - {day}, work=calendar.work | {day})
    names = {**calendar.names, day: note} if note else calendar.names
    return replace(calendar, off=calendar.off | {day}, work=calendar.work - {day}, names=names)


def ensure_watch(ctx: Context) -> None:
    """Arms the next look at the calendars. Called at the start; harmless at any other time."""
    day = _next_look(ctx)
    due = ctx.calendars.default.at(day, AT)
    ctx.uow.set_timer(Timer(key=f"calendar.watch:{day.isoformat()}", job=WATCH, due_at=due))


def _next_look(ctx: Context) -> date:
    """The first day of the next warning; while one is on, also the next Monday."""
    now = max(ctx.now, ctx.real_now)
    today = ctx.calendars.default.local(now).date()
    first = today if now < ctx.calendars.default.at(today, AT) else today + timedelta(days=1)
    starts = [warns_from(ctx, last, today) for last in ends(ctx, today).values()]
    monday = first + timedelta(days=-first.weekday() % 7)
    ahead = [day for day in starts if day >= first]
    return min([*ahead, monday]) if any(day < first for day in starts) else min(ahead)


def ends(ctx: Context, today: date) -> dict[str, date | None]:
    """The last known day of every calendar in use."""
    used = {d.calendar for d in ctx.directory.departments.values()} | {"default"}
    return {id: last_known_day(ctx.calendars.named(id), today) for id in sorted(used)}


def warns_from(ctx: Context, last: date | None, today: date) -> date:
    return last - timedelta(days=ctx.policy.calendar_warn_days) if last else today
