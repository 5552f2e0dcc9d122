"""Due dates as people write them, in Chinese and English. The whole text has to make sense; nothing is guessed.

A day alone means the end of its working hours (18:00; the usual end on a day off). `3个工作日内` is the end of the
third working day, `24小时内` exactly that long, `月底` the last day of the month, `下周` the last working day of next
week. What is over is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from commands.domain.due_days import DAY, DayIsPast, NoSuchDay, comes_weekly, read_day
from commands.domain.due_times import Ambiguous, DayPart, read_clock
from commands.domain.duration import Duration, Unit, parse_duration
from commands.domain.numerals import NUMBER, plain
from commands.domain.worktime import WorkCalendar

LONGEST = 80
_SENTENCES = {
    "unreadable": "is not a date I can read",
    "past": "is over already",
    "ambiguous": "could mean several moments",
    "no_such_day": "is not a day that exists",
    "backwards": "ends before it begins",
}
_LEAD = re.compile(
    r"^(?:截止(?:到|至|日期)?[:：]?|截至|最晚|最迟|不晚于|不迟于|务必|请?于|请?在|到|by|before|until|till|due|on|at"
    r"|no later than|not later than) ?"
)
_TAIL = re.compile(r" ?(?:之前|以前|前|之内|以内|内|为止|截止|止|完成|交付)$")
_AGO = re.compile(
    rf"(?:{NUMBER}|半) ?个?半?(?:天|周|星期|礼拜|月|年|小时|钟头|分钟?|秒钟?|刻钟|工作日)(?:之前|以前|前)|.* ago"
)
_BEFORE_PERIOD = re.compile(
    r"(?:本|这个?|下+个?)(?:周|星期|礼拜|月|季度|年)(?:之前|以前|前)|before (?:this|next) (?:week|month|quarter|year)"
)
"""`下周前` is before next week, or in it: people mean both."""
_CLOSE = (
    r"(?:下班之?前?|下班时?|收工前?|eod|cob|close of business|end of (?:the )?(?:working |business )?day|end of day)"
)
_CLOSE_WHOLE = re.compile(_CLOSE)
_CLOSE_LAST = re.compile(rf"(?P<day>.+?)(?:的| |,)?(?:by |before )?{_CLOSE}")
_CLOSE_FIRST = re.compile(rf"{_CLOSE} (?:on |of )?(?P<day>.+)")
_LATER = re.compile(r"^(?:in|within) | ?(?:后|内|之后|以后|之内|以内|from now|later)$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?(?:z|[+-]\d{2}:?\d{2}))?")
_RANGE = re.compile(
    r" ?(?:\.\.+|到|至|~|–|—|\bto\b|\buntil\b|(?<=[日号天一二三四五六])-(?=.)|(?<=\d) ?- ?(?=\d|[a-z])) ?"
)
_MAY_BE_TIME = re.compile(r"[:点时]|[ap]m$|noon|midday|中午|正午|上午|下午|晚|早|morning|afternoon|evening|night")
_SHARED_MONTH = re.compile(r"(?P<from>\d{1,2}) ?(?:-|–|to|\.\.) ?(?P<to>\d{1,2} [a-z]{3,9}(?: \d{4})?)")


class NotADate(ValueError):
    """The text is no due date. `code` says why: unreadable, past, ambiguous, no_such_day, backwards."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"'{text[:LONGEST]}' {_SENTENCES[code]}.")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Due:
    """A moment (UTC) and the words it came from; on a day off also the next moment at which anybody works."""

    moment: datetime
    words: str
    on_day_off: bool = False
    next_open: datetime | None = None


def read_due(text: str, now: datetime, calendar: WorkCalendar) -> Due:
    """The moment that the text means, seen from `now` in the calendar's zone. Raises `NotADate`."""
    try:
        moment = _read(text, now, calendar)
    except NoSuchDay:
        raise NotADate("no_such_day", text) from None
    except Ambiguous:
        raise NotADate("ambiguous", text) from None
    except DayIsPast:
        raise NotADate("past", text) from None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise NotADate("unreadable", text)
    if moment <= now:
        raise NotADate("past", text)
    return _due(moment, text.strip(), calendar)


def read_date(text: str, now: datetime, calendar: WorkCalendar) -> date:
    """A day, today included. Raises `NotADate`."""
    today = calendar.local(now).date()
    try:
        day = read_day(_stripped(plain(text[:LONGEST])), today, calendar)
    except NoSuchDay:
        raise NotADate("no_such_day", text) from None
    except DayIsPast:
        raise NotADate("past", text) from None
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise NotADate("unreadable", text)
    if day < today:
        raise NotADate("past", text)
    return day


def read_date_range(text: str, now: datetime, calendar: WorkCalendar) -> tuple[date, date]:
    """The first and the last day of `9月28日-9月30日`, `下周一到下周三`, `28-30 Sep`; one day is a range of itself."""
    words = re.sub(r"^(?:从|自|from )", "", plain(text[:LONGEST]))
    for first, last in _ranges(words):
        try:
            start = read_date(first, now, calendar)
            end = _last_of_range(last, start, now, calendar)
        except NotADate as problem:
            if problem.code == "past":
                raise NotADate("past", text) from None
            continue
        if end < start:
            raise NotADate("backwards", text)
        return start, end
    day = read_date(text, now, calendar)
    return day, day


def _read(text: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    words = plain(text) if len(text) <= LONGEST else ""
    if not words:
        return None
    if _ISO.fullmatch(words):
        return _iso(words, calendar)
    if _AGO.fullmatch(words):
        raise DayIsPast
    if _BEFORE_PERIOD.fullmatch(words):
        raise Ambiguous
    problem: Exception | None = None
    for candidate in _candidates(words):
        try:
            found = _whole(candidate, now, calendar)
        except (NoSuchDay, DayIsPast, Ambiguous) as error:
            problem = problem or error
            continue
        if found is not None:
            return found
    if problem:
        raise problem
    return None


def _candidates(words: str) -> Iterator[str]:
    """The text as it is, and without the words around it that only say "by"."""
    yield words
    stripped = words
    while (shorter := _stripped(stripped)) != stripped:
        stripped = shorter
        yield stripped


def _stripped(words: str) -> str:
    shorter = _LEAD.sub("", words, count=1)
    return shorter if shorter != words else _TAIL.sub("", words, count=1)


def _whole(words: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    today = calendar.local(now).date()
    if _CLOSE_WHOLE.fullmatch(words):
        return _close(today, calendar)
    if moment := _span(words, now, calendar):
        return moment
    if moment := _timed(words, DayPart(None, "day"), now, calendar):
        return moment
    if part := _clock(words.removeprefix("this ")):
        return _at(today, part, calendar)
    return _day_and_part(words, now, calendar)


def _day_and_part(words: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """A day, then a time of it; or `EOD Friday`. Both parts have to make sense on their own."""
    for pattern in (_CLOSE_LAST, _CLOSE_FIRST):
        found = pattern.fullmatch(words)
        if found and (moment := _timed(found["day"].strip(), DayPart(None, "day"), now, calendar)):
            return moment
    problem: Exception | None = None
    for first, second in _cuts(words):
        try:
            moment = _in_two(first, second, now, calendar) or _in_two(second, first, now, calendar)
        except (NoSuchDay, DayIsPast, Ambiguous) as error:
            problem = error
            continue
        if moment:
            return moment
    if problem:
        raise problem
    return None


def _in_two(day_words: str, clock_words: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """The time is looked at first: a piece of a date may look like a day that does not exist."""
    if not _MAY_BE_TIME.search(clock_words):
        return None
    part = _clock(clock_words) if read_day(day_words, calendar.local(now).date(), calendar) else None
    return _timed(day_words, part, now, calendar) if part else None


def _timed(day_words: str, part: DayPart, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """That part of the day. A bare weekday whose hour is over today is the one of next week."""
    today = calendar.local(now).date()
    day = read_day(day_words, today, calendar)
    if day is None:
        return None
    moment = _at(day, part, calendar)
    if moment <= now and comes_weekly(day_words):
        return _at(day + 7 * DAY, part, calendar)
    return moment


def _clock(words: str) -> DayPart | None:
    try:
        return read_clock(words)
    except ValueError:  # 25点, 一10点: no time; a cut at another place may be one
        return None


def _cuts(words: str) -> Iterator[tuple[str, str]]:
    for at in range(1, len(words)):
        if words[at - 1].isdigit() and words[at].isdigit():
            continue  # 9月10点 is not the first of September, 0:00
        first, second = words[:at].strip(" ,"), words[at:].strip(" ,")
        if first and second:
            yield _joined_today(first), second.removeprefix("at ")


def _joined_today(first: str) -> str:
    """`今晚8点`, `明早九点`: the day keeps its sign, the part of the day goes with the hour."""
    return {"今": "今天", "明": "明天", "后": "后天"}.get(first.removesuffix("的"), first.removesuffix("的"))


def _at(day: date, part: DayPart, calendar: WorkCalendar) -> datetime:
    """The end of the morning is the break before noon at the latest; of the afternoon, the end of work."""
    if part.clock is not None:
        return calendar.at(day + DAY if part.next_day else day, part.clock)
    return calendar.at(day, time(12)) if part.name == "morning" else _close(day, calendar)


def _close(day: date, calendar: WorkCalendar) -> datetime:
    return calendar.work_end(day) if calendar.is_working_day(day) else calendar.at(day, calendar.segments[-1][1])


def _span(words: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """Hours and minutes from now, by the clock or in working time. Days are whole days, see `read_day`."""
    bare = _LATER.sub("", _LATER.sub("", words))
    length = _length(bare)
    if length is None or length.unit is Unit.DAYS or length.amount <= 0:
        return None
    if length.unit is Unit.WALL and re.search(r"天|日|周|星期|礼拜|days?|weeks?|\dd$", bare):
        return None
    return calendar.add(now, length)


@lru_cache(maxsize=1024)
def _length(words: str) -> Duration | None:
    try:
        return parse_duration(words)
    except ValueError:
        return None


def _iso(words: str, calendar: WorkCalendar) -> datetime | None:
    moment = datetime.fromisoformat(re.sub(r" (?=[+-]\d)", "", words).upper())
    if moment.tzinfo is None:
        return calendar.at(moment.date(), moment.time())
    return moment.astimezone(UTC)


def _due(moment: datetime, words: str, calendar: WorkCalendar) -> Due:
    day = calendar.local(moment - timedelta(microseconds=1)).date()  # midnight ends the day that was meant
    if calendar.is_working_day(day):
        return Due(moment, words)
    return Due(moment, words, True, calendar.next_open(moment))


def _ranges(words: str) -> Iterator[tuple[str, str]]:
    if found := _SHARED_MONTH.fullmatch(words):
        month = found["to"].partition(" ")[2]
        yield f"{found['from']} {month}", found["to"]
    for joint in _RANGE.finditer(words):
        yield words[: joint.start()].strip(), words[joint.end() :].strip()
    for at, sign in enumerate(words):
        if sign == "-" and 0 < at < len(words) - 1:
            yield words[:at].strip(), words[at + 1 :].strip()


def _last_of_range(last: str, start: date, now: datetime, calendar: WorkCalendar) -> date:
    """What comes again is meant as the next one after the start: 9月28日到30日, 9月30日到5日, 周五到周一."""
    if found := re.fullmatch(r"(\d{1,2})[日号]?", last):
        month = start.replace(day=1) + (32 * DAY if int(found[1]) < start.day else 0 * DAY)
        try:
            return month.replace(day=int(found[1]))
        except ValueError:
            raise NotADate("no_such_day", last) from None
    end = read_date(last, now, calendar)
    return read_date(last, calendar.at(start, time(0)), calendar) if end < start and comes_weekly(last) else end
