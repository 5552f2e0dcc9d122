"""`/status calendar`: hours, days off and make-up days of the next weeks; PMO declares what the state did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from commands import clockwork, trace
from commands.domain import permissions
from commands.domain.clocks import Clock, ClockState
from commands.domain.due_date import NotADate, read_date_range
from commands.domain.permissions import Sides
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.ports import CalendarDay
from commands.registry import Action, Calendars, Context, Reply, View
from commands.status import evening
from commands.status.known_days import last_known_day, with_day
from commands.words import Dept, Words, words

WEEKS = 3
FURTHER_DAYS = 60
"""How far ahead exceptions are listed."""
LONGEST_DECLARED = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    department: str | None = ask(Kind.DEPARTMENT)
    day: tuple[date, date] | None = ask(Kind.DAYS, required=True, optional_when=("works", ""))
    works: str = ask(Kind.CHOICE, choices=("off", "work"), bare=True)
    note: str = ask(Kind.TEXT, main=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose calendar, and of which days one wants to know whether they are worked."""

    department: str | None
    days: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Exception_:
    """A day that is not as its weekday says."""

    day: date
    works: bool
    name: str


def calendar(ctx: Context, given: Calendar) -> Reply:
    """Shows a department's calendar, or declares days in it."""
    asked = Asked(given.department, given.day) if given.works or not given.note else _asked(ctx, given)
    department = asked.department or ctx.directory.department_of(ctx.me)
    known = ctx.directory.departments.get(department or "")
    id = known.calendar if known else "default"
    if given.works and given.day:
        return _declare(ctx, id, given.day, works=given.works == "work", note=given.note)
    if given.works:
        raise Refused("calendar.no_day", field="day")
    return Reply(view=_view(ctx, id, department, asked.days))


def _asked(ctx: Context, given: Calendar) -> Asked:
    """`/status calendar R&D`, `/status calendar 1 Oct`: words alone name a department or days."""
    word = given.note.strip()
    for department in ctx.directory.departments.values():
        names = (department.id, department.name, *department.aliases)
        if word.casefold() in (name.casefold() for name in names):
            return Asked(department.id, given.day)
    try:
        return Asked(given.department, read_date_range(word, ctx.now, ctx.calendar))
    except NotADate:
        raise Refused("calendar.unknown", word=word[:60]) from None


# --- showing -------------------------------------------------------------------------------------


def _view(ctx: Context, id: str, department: str | None, days: tuple[date, date] | None) -> View:
    working = ctx.calendars.named(id)
    today = working.local(ctx.now).date()
    monday = today - timedelta(days=today.weekday())
    last = last_known_day(working, today)
    ends_soon = last is None or (last - today).days <= ctx.policy.calendar_warn_days
    return View(
        "status_calendar",
        {
            "department": Dept(department) if department else None,
            "calendar": id,
            "hours": _hours(working),
            "zone": working.zone,
            "today": today,
            "works_today": working.is_working_day(today),
            "next_day": working.next_working_day(today),
            "asked": tuple(_named_days(working, days)) if days else (),
            "weeks": tuple(_week(working, monday + timedelta(weeks=n)) for n in range(WEEKS)),
            "exceptions": tuple(_exceptions(working, today)),
            "warning": (words("calendar.ends", last=last) if last else words("calendar.unknown"))
            if ends_soon
            else None,
        },
        _declare_button(ctx),
    )


def _hours(working: WorkCalendar) -> str:
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in working.segments)


def _week(working: WorkCalendar, monday: date) -> Words:
    days = [monday + timedelta(days=n) for n in range(7)]
    worked = tuple(day for day in days if working.is_working_day(day))
    key = "calendar.week" if worked else "calendar.week_off"
    return words(key, first=monday, last=days[-1], days=worked, n=len(worked))


def _exceptions(working: WorkCalendar, today: date) -> Iterator[Exception_]:
    for n in range(FURTHER_DAYS):
        day = today + timedelta(days=n)
        usual = day.weekday() in working.weekdays
        if working.is_working_day(day) != usual:
            yield Exception_(day, not usual, working.names.get(day, ""))


def _named_days(working: WorkCalendar, days: tuple[date, date]) -> Iterator[Words]:
    """Each of the days, as many as one week has."""
    first, last = days
    for n in range(min((last - first).days + 1, 7)):
        day = first + timedelta(days=n)
        key = "calendar.day.on" if working.is_working_day(day) else "calendar.day.off"
        yield words(key, day=day, name=working.names.get(day, ""))


def _declare_button(ctx: Context) -> tuple[Action, ...]:
    day = ctx.calendar.local(ctx.now).date()
    held = permissions.roles(ctx.directory, ctx.me, Sides(), day)
    return (
        (Action("status.calendar", {"works": "off"}, label=words("calendar.button.declare")),)
        if permissions.may("calendar", held)
        else ()
    )


# --- declaring -----------------------------------------------------------------------------------


def _declare(ctx: Context, id: str, days: tuple[date, date], *, works: bool, note: str) -> Reply:
    """From tomorrow on: what is past stays counted as it was. Running clocks and prompts move with the days."""
    _may(ctx)
    before = ctx.calendars.named(id)
    changed = before
    for day in _from_tomorrow(before, days, ctx):
        if before.is_working_day(day) == works:
            continue
        changed = with_day(changed, day, works=works, note=note)
        ctx.uow.declare_day(CalendarDay(calendar=id, day=day, works=works, note=note))
        trace.record(ctx, "calendar.declared", f"calendar:{id}", reason=note, day=day, works=works)
    if changed is before:
        raise Refused("calendar.already", day=days[0], works=words(f"choice.works.{'work' if works else 'off'}.label"))
    ctx.calendars = Calendars({**ctx.calendars.by_id, id: changed}, ctx.directory)
    moved = _rearm(ctx, id)
    key = "calendar.said.work" if works else "calendar.said.off"
    span = words("calendar.one_day" if days[0] == days[1] else "calendar.span", first=days[0], last=days[1])
    return Reply(say=words(key, days=span, moved=moved))


def _may(ctx: Context) -> None:
    day = ctx.calendar.local(ctx.now).date()
    if not permissions.may("calendar", permissions.roles(ctx.directory, ctx.me, Sides(), day)):
        could = permissions.who_could("calendar", ctx.directory, Sides(), day)
        raise Refused("calendar.not_yours", who=could[:4])


def _from_tomorrow(working: WorkCalendar, days: tuple[date, date], ctx: Context) -> list[date]:
    first, last = days
    if first <= working.local(ctx.now).date():
        raise Refused("calendar.past", field="day", day=first)
    count = (last - first).days + 1
    if count > LONGEST_DECLARED:
        raise Refused("calendar.too_long", field="day", n=count, limit=LONGEST_DECLARED)
    return [first + timedelta(days=n) for n in range(count)]


def _rearm(ctx: Context, id: str) -> int:
    """Sets the timers of the calendar's running clocks and of the prompts anew; returns how many clocks there are."""
    running = ctx.uow.find(Clock, calendar=id, state=ClockState.RUNNING)
    for clock in running:
        clockwork.arm(ctx, clock)
    evening.ensure_prompts(ctx)
    return len(running)
