"""How far a calendar's holidays are known, and a calendar with a day declared otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from commands.domain.worktime import WorkCalendar


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
