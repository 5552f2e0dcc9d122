"""The working calendars of this bot: what the config says, and what people declared in chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from bot.calendars import build_calendar
from bot.settings import Settings
from commands.domain.worktime import WorkCalendar
from commands.ports import CalendarDay


def calendar_builder(settings: Settings) -> Callable[[tuple[CalendarDay, ...], date], Mapping[str, WorkCalendar]]:
    """Working calendars from the settings and from what people declared in chat."""

    def built(declared: tuple[CalendarDay, ...], today: date) -> Mapping[str, WorkCalendar]:
        years = range(today.year - 1, today.year + 3)
        return {name: _calendar(settings, name, declared, years) for name in settings.calendars}

    return built


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
