"""Which day is meant: today, weekdays, dates, ends of periods. One function per kind."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from datetime import date, timedelta

from commands.domain.due_counted import read_counted
from commands.domain.due_holidays import read_holiday
from commands.domain.due_times import Ambiguous
from commands.domain.due_words import (
    DAY,
    MONTH,
    MONTHS,
    WEEKDAY,
    WEEKDAYS,
    WORKING_DAY,
    DayIsPast,
    N,
    NoSuchDay,
    end_of_week,
    last_of_month,
    months_on,
)
from commands.domain.numerals import NUMBER, read_number, read_whole, read_year
from commands.domain.worktime import WorkCalendar

_NEAR = {
    **dict.fromkeys(("今天", "今日", "本日", "当天", "当日", "today"), 0),
    **dict.fromkeys(("明天", "明日", "次日", "翌日", "tomorrow", "tmr", "tmrw"), 1),
    **dict.fromkeys(("后天", "后日", "the day after tomorrow", "day after tomorrow"), 2),
    "大后天": 3,
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("前天", "the day before yesterday"), -2),
}
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
    chinese, english = _CHINESE_WEEKDAY.fullmatch(text), _ENGLISH_WEEKDAY.fullmatch(text)
    return bool((chinese and not chinese[1]) or (english and english[1] in (None, "on") and not english[3]))


_CHINESE_WEEKDAY = re.compile(
    r"(?:(这个?|本|上+个?|下+个?)(?:(?:周|星期|礼拜)的?)?)?(?:周|星期|礼拜)([一二三四五六日天])"
)
_ENGLISH_WEEKDAY = re.compile(
    rf"(?:(this|next|last|coming|this coming|on) )?({WEEKDAY})(?: (?:of )?(next week|this week))?"
)
_WEEKS_FROM = re.compile(
    rf"(?P<n>{NUMBER}) weeks? (?:from|on|after) (?P<from>(?:this |coming )?(?:{WEEKDAY})|tomorrow|today)"
    rf"|(?P<week>{WEEKDAY}) week"
)


def _weekday(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`下周五` and `next Friday` are in the week after this one (weeks begin on Monday); a bare `周五` is the next
    Friday that is not over."""
    if found := _CHINESE_WEEKDAY.fullmatch(text):
        which = found[1] or ""
        weeks = which.count("下") - which.count("上") if which else None
        return _in_week(today, WEEKDAYS[found[2]], weeks)
    if found := _ENGLISH_WEEKDAY.fullmatch(text):
        weeks = {"next": 1, "this": 0, "last": -1}.get(found[1] or "")
        weeks = {"next week": 1, "this week": 0}.get(found[3] or "", weeks)
        return _in_week(today, WEEKDAYS[found[2]], weeks)
    return _weeks_from(text, today)


def _weeks_from(text: str, today: date) -> date | None:
    """`a week from Friday`, `Friday week`: so many weeks after the next one."""
    found = _WEEKS_FROM.fullmatch(text)
    if found is None:
        return None
    weeks = read_whole(found["n"]) if found["n"] else 1
    words = (found["week"] or found["from"]).removeprefix("this ").removeprefix("coming ")
    first = today + timedelta(days=_NEAR[words]) if words in _NEAR else _in_week(today, WEEKDAYS[words], None)
    return first + 7 * weeks * DAY


def _in_week(today: date, weekday: int, weeks: int | None) -> date:
    day = today + timedelta(days=weekday - today.weekday())
    if weeks is None:
        return day if day >= today else day + 7 * DAY
    day += 7 * weeks * DAY
    if day < today:
        raise DayIsPast
    return day


_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|((?:0[1-9]|1[0-2]))(\d{2}))")
_NUMBERED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_CHINESE_DATE = re.compile(
    rf"(?:(今年|明年|后年|\d{{4}}年|2\d年|[零〇一二三四五六七八九]{{4}}年))?({N})月份?(?:的)?(?:({N})[日号]|([0-9]{{1,2}}))"
)
_DAY_OF_MONTH = re.compile(rf"(?:(这个?月|本月|当月|下+个?月)的?)?({N})[日号]")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})")
_DAY_MONTH = re.compile(rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]({MONTH})\.?,?(?:[ -](\d{{4}}))?")
_MONTH_DAY = re.compile(rf"({MONTH})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?")
_ORDINAL = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|the|next) month)?")


def _date(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """A date with or without its year; without, the next one that is not over. `9/30` is month and day."""
    if found := _ISO.fullmatch(text):
        return _exact(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    if found := _NUMBERED.fullmatch(text):
        return _numbered(int(found[1]), int(found[3]), int(found[4]))
    if found := _CHINESE_DATE.fullmatch(text):
        return _dated(_year(found[1], today), read_whole(found[2]), read_whole(found[3] or found[4]), today)
    if found := _DAY_MONTH.fullmatch(text):
        return _dated(_whole(found[3]), MONTHS[found[2]], int(found[1]), today)
    if found := _MONTH_DAY.fullmatch(text):
        return _dated(_whole(found[3]), MONTHS[found[1]], int(found[2]), today)
    if found := _SLASHED.fullmatch(text):
        month, day = int(found[1]), int(found[2])
        return _dated(None, *((day, month) if month > 12 >= day else (month, day)), today)
    return _day_of_month(text, today)


def _numbered(first: int, second: int, year: int) -> date:
    """`30.09.2026`, `9/30/2026`: only where one of the two cannot be a month."""
    if first <= 12 and second <= 12 and first != second:
        raise Ambiguous
    return _exact(year, *((second, first) if first > 12 else (first, second)))


def _day_of_month(text: str, today: date) -> date | None:
    found = _DAY_OF_MONTH.fullmatch(text)
    if found is None:
        ordinal = _ORDINAL.fullmatch(text)
        return _ordinal(int(ordinal[1]), ordinal["which"], today) if ordinal else None
    which, day = found[1] or "", read_whole(found[2])
    if "下" in which:
        year, month = months_on(today, which.count("下"))
        return _exact(year, month, day)
    if which:
        return _exact(today.year, today.month, day)
    return _next_such_day(day, today)


def _ordinal(day: int, which: str | None, today: date) -> date:
    return _exact(*months_on(today, int(which == "next")), day) if which else _next_such_day(day, today)


def _next_such_day(day: int, today: date) -> date:
    """`30号`: this month's, or the next month's that has one."""
    for ahead in range(0, 3):
        year, month = months_on(today, ahead)
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
    rf"(?P<date>.+?)[ ,]*\(?(?:(?:这|本|下+)?个?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])"
    rf"|(?<=[ ,(])(?P<en>{WEEKDAY}))\)?"
    rf"|(?P<first>{WEEKDAY}),? (?:the )?(?P<rest>.+)"
    r"|(?:这|本|下+)?个?(?:周|星期|礼拜)(?P<before>[一二三四五六日天]) ?\(?(?P<after>.+?)\)?"
)


def _named_date(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """A date with its weekday beside it, as this bot shows dates; the two have to agree."""
    found = _NAMED_DATE.fullmatch(text)
    day = _date(found["date"] or found["rest"] or found["after"], today, calendar) if found else None
    if found is None or day is None:
        return None
    if day.weekday() != WEEKDAYS[found["zh"] or found["en"] or found["first"] or found["before"]]:
        raise NoSuchDay
    return day


_NEXT_WORKING_DAY = re.compile(r"(?:下一?个?|次一?个?)工作[日天]|(?:the )?next (?:working|business) day")


def _next_working_day(text: str, today: date, calendar: WorkCalendar) -> date | None:
    return calendar.next_working_day(today) if _NEXT_WORKING_DAY.fullmatch(text) else None


_IN_DAYS = re.compile(
    rf"(?:in |within )?({NUMBER}|half a|半) ?个? ?"
    rf"(?P<unit>天|日|自然日|日历日|d|days?|calendar days?|周|星期|礼拜|weeks?|fortnights?|月|months?"
    rf"|年|years?|{WORKING_DAY})"
    r"(?: ?(?:后|内|之后|以后|之内|以内|from now|from today|later))?"
)
_SUFFIXED = re.compile(r".*(?:后|内|from now|from today|later)$|^(?:in|within) .*")


def _in_days(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`3天内`, `in 2 weeks`, `半个月内`, `2个工作日后`: so many days, weeks, months or working days from today."""
    found = _IN_DAYS.fullmatch(text)
    if found is None:
        return None
    unit = found["unit"]
    working = bool(re.fullmatch(WORKING_DAY, unit.removeprefix("个")))
    if unit in ("日", "月", "年") and not _SUFFIXED.fullmatch(text):
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
    if unit in ("年", "year", "years"):
        return _days_on(amount * 12, "月", today)
    if unit in ("月", "month", "months"):
        if amount == 0.5:
            return today + 15 * DAY
        year, month = months_on(today, int(amount))
        return date(year, month, min(today.day, months.monthrange(year, month)[1])) if amount == int(amount) else None
    size = 14 if "fortnight" in unit else 7 if unit in ("周", "星期", "礼拜", "week", "weeks") else 1
    days = amount * size
    return today + timedelta(days=int(days)) if days == int(days) and 0 < days <= 3650 else None


_ENDS = re.compile(
    r"(?P<zh>(?P<which>本|这个?|当|下+个?|今年?|明年?|本年)?(?P<unit>月|年|季度?|年度|周)(?:底|末|尾)|(?P<week>本周|这周|这个星期|本星期|下周|下个星期|下星期)(?:内)?)"
    r"|(?P<in>本|这个?|今)?(?P<whole>周|星期|季度|年度?)之?内"
    r"|(?:the )?end of (?:the |this )?(?P<next>next )?(?P<en>week|month|quarter|year)|(?P<short>eow|eom|eoq|eoy)"
    r"|(?P<bare>month|quarter|year)[ -]end|(?:within|during) (?:the|this) (?P<within>week|month|quarter|year)"
    r"|(?P<span>this|next) week"
)


_UNITS = {
    **{"周": "week", "星期": "week", "月": "month"},
    **{"季": "quarter", "季度": "quarter", "年": "year", "年度": "year"},
}


def _end_of_period(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The end of a week is its last working day; of a month, quarter or year its last day."""
    found = _ENDS.fullmatch(text)
    if found is None:
        return None
    if found["week"] or found["span"]:
        later = "下" in (found["week"] or "") or found["span"] == "next"
        return end_of_week(today, int(later), calendar)
    unit = (
        found["en"]
        or found["bare"]
        or found["within"]
        or {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}.get(found["short"] or "")
    )
    unit = unit or _UNITS[found["unit"] or found["whole"]]
    if found["unit"] == "周":
        return None  # 周末 is the weekend, or the day before it: not one definite day
    which = found["which"] or ""
    ahead = which.count("下") or int(bool(found["next"]) or "明" in which)
    return _last_day(unit, ahead, today, calendar)


def _last_day(unit: str, ahead: int, today: date, calendar: WorkCalendar) -> date:
    match unit:
        case "week":
            return end_of_week(today, ahead, calendar)
        case "month":
            year, month = months_on(today, ahead)
        case "quarter":
            year, month = months_on(today.replace(day=1, month=(today.month - 1) // 3 * 3 + 3), 3 * ahead)
        case _:
            year, month = today.year + ahead, 12
    return last_of_month(year, month)


_END_OF_MONTH = re.compile(
    rf"(?:(今年|明年|\d{{4}}年)的?)?({N})月份?(?:底|末)|(?:the )?end of ({MONTH})(?: (\d{{4}}))?"
)


def _end_of_named_month(text: str, today: date, calendar: WorkCalendar) -> date | None:
    found = _END_OF_MONTH.fullmatch(text)
    if found is None:
        return None
    month = MONTHS[found[3]] if found[3] else read_whole(found[2])
    if not 1 <= month <= 12:
        raise NoSuchDay
    year = _year(found[1], today) or _whole(found[4]) or today.year + (month < today.month)
    return last_of_month(year, month)


_WITHIN_MONTH = re.compile(r"(?P<which>本月|这个?月|当月|下个?月)(?:之?内)")


def _within_month(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """`本月内`: by the month's last day."""
    found = _WITHIN_MONTH.fullmatch(text)
    return _last_day("month", int("下" in found["which"]), today, calendar) if found else None


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
    read_counted,
    _within_month,
)
