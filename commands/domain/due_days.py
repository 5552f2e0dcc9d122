"""Which day is meant: today, weekdays, dates, ends of periods. One function per kind."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from datetime import date, timedelta

from commands.domain.due_holidays import read_holiday
from commands.domain.numerals import NUMBER, read_number, read_whole, read_year
from commands.domain.worktime import WorkCalendar

DAY = timedelta(days=1)
_N = "[0-9零一二两三四五六七八九十]{1,3}"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = tuple(name.lower() for name in months.month_name)[1:]
_MONTHS = {name: n for names in (_MONTH_NAMES, _LONG_MONTHS) for n, name in enumerate(names, 1)} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_NAMES = tuple(name.lower() for name in months.day_name)
_WEEKDAYS = {
    **{name: n for n, name in enumerate(_DAY_NAMES)},
    **{name[:3]: n for n, name in enumerate(_DAY_NAMES)},
    **{"tues": 1, "wednes": 2, "thur": 3, "thurs": 3},
    **{sign: n for n, sign in enumerate("一二三四五六日")},
    "天": 6,
}
_ENGLISH_WEEKDAY = "|".join(sorted((w for w in _WEEKDAYS if w.isascii()), key=len, reverse=True))
_WORKING_DAY = r"(?:(?:个)?工作日|(?:个)?工作天|(?:working|business|work) days?|wd)"
_NEAR = {
    **dict.fromkeys(("今天", "今日", "本日", "当天", "today"), 0),
    **dict.fromkeys(("明天", "明日", "tomorrow", "tmr", "tmrw"), 1),
    **dict.fromkeys(("后天", "后日", "the day after tomorrow", "day after tomorrow"), 2),
    "大后天": 3,
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("前天", "the day before yesterday"), -2),
}
_FARTHEST = 20  # years


class NoSuchDay(Exception):
    """A date that no calendar has, such as 30 February."""


class DayIsPast(Exception):
    """A day of this week that is over."""


Reader = Callable[[str, date, WorkCalendar], date | None]


def read_day(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The day that the whole (plain) text means, or None. A bare weekday is the next one, today included."""
    for reader in _READERS:
        found = reader(text, today, calendar)
        if found is not None:
            return found
    return None


def _near(text: str, today: date, calendar: WorkCalendar) -> date | None:
    return today + timedelta(days=_NEAR[text]) if text in _NEAR else None


def comes_weekly(text: str) -> bool:
    """Whether it is a bare weekday, which comes again next week."""
    chinese, english = _CHINESE_WEEKDAY.fullmatch(text), _ENGLISH_WEEKDAY_RE.fullmatch(text)
    return bool((chinese and not chinese[1]) or (english and english[1] in (None, "on") and not english[3]))


_CHINESE_WEEKDAY = re.compile(r"(这个?|本|上+个?|下+个?)?(?:周|星期|礼拜)([一二三四五六日天])")
_ENGLISH_WEEKDAY_RE = re.compile(rf"(?:(this|next|last|coming|on) )?({_ENGLISH_WEEKDAY})(?: (next week|this week))?")


def _weekday(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`下周五` and `next Friday` are in the week after this one (weeks begin on Monday); a bare `周五` is the next
    Friday that is not over."""
    if found := _CHINESE_WEEKDAY.fullmatch(text):
        which = found[1] or ""
        weeks = which.count("下") - which.count("上") if which else None
        return _in_week(today, _WEEKDAYS[found[2]], weeks)
    if found := _ENGLISH_WEEKDAY_RE.fullmatch(text):
        weeks = {"next": 1, "this": 0, "last": -1}.get(found[1] or "")
        weeks = {"next week": 1, "this week": 0}.get(found[3] or "", weeks)
        return _in_week(today, _WEEKDAYS[found[2]], weeks)
    return None


def _in_week(today: date, weekday: int, weeks: int | None) -> date:
    day = today + timedelta(days=weekday - today.weekday())
    if weeks is None:
        return day if day >= today else day + 7 * DAY
    day += 7 * weeks * DAY
    if day < today:
        raise DayIsPast
    return day


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_CHINESE_DATE = re.compile(
    rf"(?:(今年|明年|后年|\d{{4}}年|[零〇一二三四五六七八九]{{4}}年))?({_N})月份?(?:的)?(?:({_N})[日号]|([0-9]{{1,2}}))"
)
_DAY_OF_MONTH = re.compile(rf"(?:(这个?月|本月|当月|下个?月)的?)?({_N})[日号]")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})")
_DAY_MONTH = re.compile(rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\.?,?(?: (\d{{4}}))?")
_MONTH_DAY = re.compile(rf"({_MONTH})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?")
_ORDINAL = re.compile(r"the (\d{1,2})(?:st|nd|rd|th)")


def _date(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """A date with or without its year; without, the next one that is not over. `9/30` is month and day."""
    if found := _ISO.fullmatch(text):
        return _exact(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE_DATE.fullmatch(text):
        return _dated(_year(found[1], today), read_whole(found[2]), read_whole(found[3] or found[4]), today)
    if found := _DAY_MONTH.fullmatch(text):
        return _dated(_whole(found[3]), _MONTHS[found[2]], int(found[1]), today)
    if found := _MONTH_DAY.fullmatch(text):
        return _dated(_whole(found[3]), _MONTHS[found[1]], int(found[2]), today)
    if found := _SLASHED.fullmatch(text):
        month, day = int(found[1]), int(found[2])
        return _dated(None, *((day, month) if month > 12 >= day else (month, day)), today)
    return _day_of_month(text, today)


def _day_of_month(text: str, today: date) -> date | None:
    found = _DAY_OF_MONTH.fullmatch(text)
    if found is None:
        ordinal = _ORDINAL.fullmatch(text)
        return _next_such_day(int(ordinal[1]), today) if ordinal else None
    which, day = found[1] or "", read_whole(found[2])
    if "下" in which:
        year, month = _months_on(today, 1)
        return _exact(year, month, day)
    if which:
        return _exact(today.year, today.month, day)
    return _next_such_day(day, today)


def _next_such_day(day: int, today: date) -> date:
    """`30号`: this month's, or the next month's that has one."""
    for ahead in range(0, 3):
        year, month = _months_on(today, ahead)
        if day <= months.monthrange(year, month)[1] and day > 0:
            found = date(year, month, day)
            if found >= today:
                return found
    raise NoSuchDay


def _dated(year: int | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return _exact(year, month, day)
    for candidate in (today.year, today.year + 1, *range(today.year + 2, today.year + 9)):
        try:
            found = date(candidate, month, day)
        except ValueError:
            if (month, day) != (2, 29):
                raise NoSuchDay from None
            continue
        if found >= today:
            return found
    raise NoSuchDay


def _exact(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay from None


def _year(word: str | None, today: date) -> int | None:
    named = {"今年": 0, "明年": 1, "后年": 2}
    if word is None:
        return None
    return today.year + named[word] if word in named else read_year(word.removesuffix("年"))


def _whole(word: str | None) -> int | None:
    return int(word) if word else None


_NAMED_DATE = re.compile(
    rf"(?P<date>.+?)[ ,]*\(?(?:(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])|(?<=[ ,(])(?P<en>{_ENGLISH_WEEKDAY}))\)?"
    rf"|(?P<first>{_ENGLISH_WEEKDAY}),? (?P<rest>.+)"
)


def _named_date(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """A date with its weekday beside it, as this bot shows dates; the two have to agree."""
    found = _NAMED_DATE.fullmatch(text)
    day = _date(found["date"] or found["rest"], today, calendar) if found else None
    if found is None or day is None:
        return None
    if day.weekday() != _WEEKDAYS[found["zh"] or found["en"] or found["first"]]:
        raise NoSuchDay
    return day


_NEXT_WORKING_DAY = re.compile(r"(?:下一?个|下一)工作日|(?:the )?next (?:working|business) day")


def _next_working_day(text: str, today: date, calendar: WorkCalendar) -> date | None:
    return calendar.next_working_day(today) if _NEXT_WORKING_DAY.fullmatch(text) else None


_IN_DAYS = re.compile(
    rf"(?:in |within )?({NUMBER}|half a|半) ?个? ?(?P<unit>天|日|d|days?|周|星期|礼拜|weeks?|月|months?|{_WORKING_DAY})"
    r"(?: ?(?:后|内|之后|以后|之内|以内|from now|from today|later))?"
)
_SUFFIXED = re.compile(r".*(?:后|内|from now|from today|later)$|^(?:in|within) .*")


def _in_days(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`3天内`, `in 2 weeks`, `半个月内`, `2个工作日后`: so many days, weeks, months or working days from today."""
    found = _IN_DAYS.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"]
    working = bool(re.fullmatch(_WORKING_DAY, unit.removeprefix("个")))
    if unit in ("日", "月") and not _SUFFIXED.fullmatch(text):
        return None  # 3日 is a day of the month, 3日内 three days
    amount = 0.5 if found[1] in ("half a", "半") else read_number(found[1])
    if working:
        return _working_days_on(amount, today, calendar)
    return _days_on(amount, unit, today)


def _working_days_on(amount: float, today: date, calendar: WorkCalendar) -> date | None:
    if amount != int(amount) or not 0 < amount <= 1000:
        return None
    return calendar.add_working_days(today, int(amount))


def _days_on(amount: float, unit: str, today: date) -> date | None:
    if unit in ("月", "month", "months"):
        if amount == 0.5:
            return today + 15 * DAY
        year, month = _months_on(today, int(amount))
        return date(year, month, min(today.day, months.monthrange(year, month)[1])) if amount == int(amount) else None
    size = 7 if unit in ("周", "星期", "礼拜", "week", "weeks") else 1
    days = amount * size
    return today + timedelta(days=int(days)) if days == int(days) and 0 < days <= 3650 else None


_ENDS = re.compile(
    r"(?P<zh>(?P<which>本|这个?|当|下个?|今年?|明年?)?(?P<unit>月|年|季度|周)(?:底|末|尾)|(?P<week>本周|这周|这个星期|本星期|下周|下个星期|下星期)(?:内)?)"
    r"|(?:the )?end of (?:the |this )?(?P<next>next )?(?P<en>week|month|quarter|year)|(?P<short>eow|eom|eoq|eoy)"
    r"|(?P<span>this|next) week"
)


def _end_of_period(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The end of a week is its last working day; of a month, quarter or year its last day."""
    found = _ENDS.fullmatch(text)
    if found is None:
        return None
    if found["week"] or found["span"]:
        later = "下" in (found["week"] or "") or found["span"] == "next"
        return _end_of_week(today, int(later), calendar)
    unit = found["en"] or {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}.get(found["short"] or "")
    unit = unit or {"周": "week", "月": "month", "季度": "quarter", "年": "year"}[found["unit"]]
    if found["unit"] == "周":
        return None  # 周末 is the weekend, or the day before it: not one definite day
    ahead = int(bool(found["next"]) or "下" in (found["which"] or "") or "明" in (found["which"] or ""))
    return _last_day(unit, ahead, today, calendar)


def _last_day(unit: str, ahead: int, today: date, calendar: WorkCalendar) -> date:
    match unit:
        case "week":
            return _end_of_week(today, ahead, calendar)
        case "month":
            year, month = _months_on(today, ahead)
        case "quarter":
            year, month = _months_on(today.replace(day=1, month=(today.month - 1) // 3 * 3 + 3), 3 * ahead)
        case _:
            year, month = today.year + ahead, 12
    return date(year, month, months.monthrange(year, month)[1])


def _end_of_week(today: date, weeks: int, calendar: WorkCalendar) -> date:
    sunday = today + (6 - today.weekday() + 7 * weeks) * DAY
    days = (sunday - n * DAY for n in range(7))
    return next((day for day in days if calendar.is_working_day(day)), sunday)


_END_OF_MONTH = re.compile(rf"({_N})月(?:底|末)|(?:the )?end of ({_MONTH})")


def _end_of_named_month(text: str, today: date, calendar: WorkCalendar) -> date | None:
    found = _END_OF_MONTH.fullmatch(text)
    if found is None:
        return None
    month = _MONTHS[found[2]] if found[2] else read_whole(found[1])
    if not 1 <= month <= 12:
        raise NoSuchDay
    year = today.year + (month < today.month)
    return date(year, month, months.monthrange(year, month)[1])


_OF_MONTH = r"(?:(?P<which>本月|这个?月|当月|下个?月)|(?P<month>" + _N + r")月)"
_WORKING_OF_MONTH = re.compile(
    _OF_MONTH + rf"(?:的)?(?:(?P<last>最后)一?个?|第(?P<nth>{_N})个?)工作[日天]"
    rf"|(?:the )?(?P<en>last|first) (?:working|business) day of (?P<of>(?:the |this )?month|next month|{_MONTH})"
)
_WITHIN_MONTH = re.compile(r"(?P<which>本月|这个?月|当月|下个?月)(?:之?内)")


def _working_day_of_month(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`本月最后一个工作日`, `10月第2个工作日`, `last working day of next month`."""
    found = _WORKING_OF_MONTH.fullmatch(text)
    if found is None:
        return None
    year, month = _month_meant(found, today)
    if found["last"] or found["en"] == "last":
        after = date(year, month, months.monthrange(year, month)[1]) + DAY
        return calendar.previous_working_day(after)
    day = calendar.add_working_days(date(year, month, 1) - DAY, read_whole(found["nth"] or "1"))
    if (day.year, day.month) != (year, month):
        raise NoSuchDay
    return day


def _within_month(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`本月内`: by the month's last day."""
    found = _WITHIN_MONTH.fullmatch(text)
    return _last_day("month", int("下" in found["which"]), today, calendar) if found else None


def _month_meant(found: re.Match[str], today: date) -> tuple[int, int]:
    named = read_whole(found["month"]) if found["month"] else _MONTHS.get(found["of"] or "")
    if named is not None:
        if not 1 <= named <= 12:
            raise NoSuchDay
        return today.year + (named < today.month), named
    return _months_on(today, int("下" in (found["which"] or "") or "next" in (found["of"] or "")))


def _months_on(today: date, count: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    if not 1 <= year <= 9998:
        raise NoSuchDay
    return year, month + 1


_READERS: tuple[Reader, ...] = (
    _near,
    read_holiday,
    _weekday,
    _date,
    _named_date,
    _next_working_day,
    _in_days,
    _end_of_period,
    _end_of_named_month,
    _working_day_of_month,
    _within_month,
)
