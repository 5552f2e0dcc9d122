"""The working calendars of this bot: what the config says, and what people declared in chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from bot.calendars import build_calendar
from bot.settings import Settings
from commands.domain.worktime import WorkCalendar
from commands.ports import CalendarDay

TRIAL = timedelta(hours=3)
"""How much of a working day an urgent request and what follows from it take."""


def calendar_builder(settings: Settings) -> Callable[[tuple[CalendarDay, ...], date], Mapping[str, WorkCalendar]]:
    """Working calendars from the settings and from what people declared in chat."""

    def built(declared: tuple[CalendarDay, ...], today: date) -> Mapping[str, WorkCalendar]:
        years = range(today.year - 1, today.year + 3)
        return {name: _calendar(settings, name, declared, years) for name in settings.calendars}

    return built


def within_work(calendar: WorkCalendar, now: datetime) -> datetime:
    """That moment when people then work for the next three hours, else soon after, when they do work.

    A trial that begins at night or on a day off would show nothing but waiting.
    """
    ahead = now + TRIAL
    return now if calendar.working_time(now, ahead) == TRIAL else calendar.next_open(ahead)


def _calendar(settings: Settings, name: str, declared: Iterable[CalendarDay], years: Iterable[int]) -> WorkCalendar:
    given = settings.calendars[name]
    mine = [day for day in declared if day.calendar == name]
    off = given.overrides.days_off | {d.day for d in mine if not d.works}
    work = given.overrides.days_worked | {d.day for d in mine if d.works}
    return build_calendar(
        name,
        country=given.country,
        hours=given.hours,
        zone=(given.timezone or settings.timezone).key,
        off=off - {d.day for d in mine if d.works},
        work=work - {d.day for d in mine if not d.works},
        workdays=given.workdays,
        years=years,
    )
