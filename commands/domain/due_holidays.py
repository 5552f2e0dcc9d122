"""Which day `国庆前`, `节后第一个工作日` and `before National Day` mean, as far as the calendar names its holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from commands.domain.numerals import plain
from commands.domain.worktime import WorkCalendar

DAY = timedelta(days=1)
_HOLIDAY = re.compile(
    r"(?P<name>国庆|中秋|春节|元旦|清明|五一|劳动|端午|十一|节|假期?)(?:节|长?假|假期)?(?P<side>前|后|之前|之后|以前|以后)(?:的?(?:最后|第)一个?工作日)?"
)
_ENGLISH_HOLIDAY = re.compile(r"(?P<side>before|after) (?:the )?(?P<name>[a-z' -]{4,30})")
_CALLED = {"五一": "劳动", "十一": "国庆"}
_TRANSLATED = (
    ("国庆", "national day"),
    ("中秋", "mid-autumn"),
    ("春节", "spring festival"),
    ("春节", "chinese new year"),
    ("清明", "tomb-sweeping"),
    ("劳动", "labor day"),
    ("劳动", "labour day"),
    ("端午", "dragon boat"),
    ("元旦", "new year's day"),
)
"""Calendars name their days in one language, people write in both."""


def read_holiday(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`国庆前`, `before National Day`: the last working day before the days off; `节后`: the first one after them."""
    found = _HOLIDAY.fullmatch(text) or _ENGLISH_HOLIDAY.fullmatch(text)
    if found is None:
        return None
    before = found["side"] in ("前", "之前", "以前", "before")
    off = _next_holiday(_names_of(found["name"]), today, calendar, running=not before)
    if off is None:
        return None
    return calendar.previous_working_day(off) if before else calendar.next_working_day(off)


def _names_of(name: str) -> tuple[str, ...]:
    if name in ("节", "假", "假期", "holiday", "holidays"):
        return ("",)
    name = _CALLED.get(name, name).removesuffix(" festival") or name
    return name, *(other for pair in _TRANSLATED if name in pair for other in pair)


def _next_holiday(names: tuple[str, ...], today: date, calendar: WorkCalendar, *, running: bool) -> date | None:
    """The first day off so called from tomorrow on, within a year; or, if wanted, today when the days off that it
    began are still running."""
    if running and any(_is_called(names, day, calendar) for day in _days_off_until(today, calendar)):
        return today
    ahead = (today + n * DAY for n in range(1, 367))
    return next((day for day in ahead if _is_called(names, day, calendar)), None)


def _days_off_until(today: date, calendar: WorkCalendar) -> Iterator[date]:
    day = today
    while not calendar.is_working_day(day) and today - day < 31 * DAY:
        yield day
        day -= DAY


def _is_called(names: tuple[str, ...], day: date, calendar: WorkCalendar) -> bool:
    called = plain(calendar.names.get(day, ""))
    return bool(called) and not calendar.is_working_day(day) and any(name in called for name in names)
