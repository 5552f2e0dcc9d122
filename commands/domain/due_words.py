"""The words of days, weekdays and months, and the arithmetic that all readers of days share."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

from commands.domain.worktime import WorkCalendar

DAY = timedelta(days=1)
N = "[0-9零一二两三四五六七八九十]{1,3}"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = tuple(name.lower() for name in months.month_name)[1:]
MONTHS = {name: n for names in (_MONTH_NAMES, _LONG_MONTHS) for n, name in enumerate(names, 1)} | {"sept": 9}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_NAMES = tuple(name.lower() for name in months.day_name)
WEEKDAYS = {
    **{name: n for n, name in enumerate(_DAY_NAMES)},
    **{name[:3]: n for n, name in enumerate(_DAY_NAMES)},
    **{"tues": 1, "wednes": 2, "thur": 3, "thurs": 3},
    **{sign: n for n, sign in enumerate("一二三四五六日")},
    "天": 6,
}
WEEKDAY = "|".join(sorted((w for w in WEEKDAYS if w.isascii()), key=len, reverse=True))
WORKING_DAY = r"(?:(?:个)?工作日|(?:个)?工作天|(?:working|business|work|biz) days?|wd|bds?)"


class NoSuchDay(Exception):
    """A date that no calendar has, such as 30 February."""


class DayIsPast(Exception):
    """A day of this week that is over."""


def months_on(today: date, count: int) -> tuple[int, int]:
    """The year and month so many months on."""
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    if not 1 <= year <= 9998:
        raise NoSuchDay
    return year, month + 1


def last_of_month(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def end_of_week(today: date, weeks: int, calendar: WorkCalendar) -> date:
    """The last working day of a week; its Sunday where nobody works at all."""
    sunday = today + (6 - today.weekday() + 7 * weeks) * DAY
    days = (sunday - n * DAY for n in range(7))
    return next((day for day in days if calendar.is_working_day(day)), sunday)
