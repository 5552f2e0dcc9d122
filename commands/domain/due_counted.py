"""Days that are counted out: `下周第一个工作日`, `last Friday of the month`, `T+2`, `Q4末`, `下一个补班日`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from commands.domain.due_words import (
    MONTH,
    MONTHS,
    WEEKDAY,
    WEEKDAYS,
    N,
    NoSuchDay,
    last_of_month,
    months_on,
)
from commands.domain.numerals import read_whole
from commands.domain.worktime import WorkCalendar

DAY = timedelta(days=1)
_ENGLISH_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_PERIOD = (
    rf"(?:(?P<which>本|这个?|当|下+个?)?(?P<unit>周|星期|月)|(?P<named>{N})月|(?P<year>今?年)|(?P<end>月|年)[底末])"
)
_CHINESE = re.compile(
    rf"{_PERIOD}(?:的|之?前的?)?"
    rf"(?:(?P<last>最后)一?个?|倒数第(?P<back>{N})个?|(?:第(?P<nth>{N})|首|头一)个?)(?:工作[日天]|(?:周|星期|礼拜)(?P<day>[一二三四五六日天]))"
)
_ENGLISH = re.compile(
    rf"(?:the )?(?P<nth>{'|'.join(_ENGLISH_NTH)}) (?:(?:working|business|work) day|(?P<day>{WEEKDAY})) (?:of|in) "
    rf"(?:(?P<next>next |this |the )?(?P<unit>week|month|year)|(?P<named>{MONTH}))"
)
_WORKING_DAYS_ON = re.compile(r"t ?\+ ?(\d{1,2})")
_QUARTER = re.compile(
    r"(?:(?P<year>今年|明年|\d{4}年)?的?(?:q(?P<q>[1-4])|第?(?P<zh>[一二三四1-4])季度?)(?:结束|底|末|尾)"
    r"|(?:the )?end of q(?P<en>[1-4])(?: (?P<of>\d{4}))?)"
)
_MAKE_UP_DAY = re.compile(
    r"(?:下一?个?|最近的?一?个?)?(?:补班|调休上班|调休补班)(?:的?(?:日|那天|那一天|当天))"
    r"|(?:the )?next make-?up (?:working )?day"
)


def read_counted(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The day that the whole (plain) text counts out, or None."""
    for reader in (_chinese, _english, _working_days_on, _end_of_quarter, _make_up_day):
        found = reader(text, today, calendar)
        if found is not None:
            return found
    return None


def _chinese(text: str, today: date, calendar: WorkCalendar) -> date | None:
    found = _CHINESE.fullmatch(text)
    if found is None:
        return None
    unit = {"星期": "周"}.get(found["unit"] or "", found["unit"]) or found["end"] or ("年" if found["year"] else "月")
    named = read_whole(found["named"]) if found["named"] else None
    days = _days_of({"周": "week", "月": "month", "年": "year"}[unit], (found["which"] or "").count("下"), named, today)
    nth = -1 if found["last"] else -read_whole(found["back"]) if found["back"] else read_whole(found["nth"] or "1")
    return _nth(days, nth, found["day"], calendar)


def _english(text: str, today: date, calendar: WorkCalendar) -> date | None:
    found = _ENGLISH.fullmatch(text)
    if found is None:
        return None
    named = MONTHS[found["named"]] if found["named"] else None
    days = _days_of(found["unit"] or "month", int(found["next"] == "next "), named, today)
    return _nth(days, _ENGLISH_NTH[found["nth"]], found["day"], calendar)


def _nth(days: Iterator[date], nth: int, weekday: str | None, calendar: WorkCalendar) -> date:
    """The nth of the days that are worked, or that are that weekday; -1 is the last one."""
    wanted = WEEKDAYS[weekday] if weekday else None
    fits = [d for d in days if (calendar.is_working_day(d) if wanted is None else d.weekday() == wanted)]
    if nth == 0 or len(fits) < abs(nth):
        raise NoSuchDay
    return fits[nth - 1 if nth > 0 else nth]


def _days_of(unit: str, ahead: int, named: int | None, today: date) -> Iterator[date]:
    """Every day of this week, month or year, or of one `ahead`, or of a named month that is not over."""
    match unit:
        case "week":
            first = today + (7 * ahead - today.weekday()) * DAY
            last = first + 6 * DAY
        case "month":
            year, month = months_on(today, ahead)
            if named is not None:
                if not 1 <= named <= 12:
                    raise NoSuchDay
                year, month = today.year + (named < today.month), named
            first, last = date(year, month, 1), last_of_month(year, month)
        case _:
            first, last = date(today.year + ahead, 1, 1), date(today.year + ahead, 12, 31)
    return (first + n * DAY for n in range((last - first).days + 1))


def _working_days_on(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`T+2`: as everywhere that settles by it, T is today and the days are working days."""
    found = _WORKING_DAYS_ON.fullmatch(text)
    return calendar.add_working_days(today, int(found[1])) if found else None


def _end_of_quarter(text: str, today: date, calendar: WorkCalendar) -> date | None:
    found = _QUARTER.fullmatch(text)
    if found is None:
        return None
    quarter = read_whole(found["q"] or found["zh"] or found["en"])
    year = found["of"] or (found["year"] or "").removesuffix("年")
    if year in ("今", "明"):
        return last_of_month(today.year + (year == "明"), quarter * 3)
    if year:
        return last_of_month(int(year), quarter * 3)
    return last_of_month(today.year + (quarter * 3 < today.month), quarter * 3)


def _make_up_day(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The next day that is worked in exchange for one off. A bare 调休日 may be the day off, and is not read."""
    if _MAKE_UP_DAY.fullmatch(text) is None:
        return None
    day = min((day for day in calendar.work if day > today), default=None)
    if day is None:
        raise NoSuchDay
    return day
