"""When a meeting was or will be: `29 Sep 14:00-15:00`, `今天 14:00`, `昨天下午2点到3点半`. The past is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from commands.domain.numerals import plain, read_whole
from commands.domain.worktime import WorkCalendar


class NotAMoment(ValueError):
    """`code` says why: unreadable, no_time (a day alone), ends_first."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {m: n for n, m in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {d[:3]: n for n, d in enumerate(_DAY_NAMES)}
_CHINESE_WEEKDAYS = {d: n for n, d in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_NEAR = {
    **dict.fromkeys(("今天", "今日", "today", "本日"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("明天", "明日", "tomorrow"), 1),
    "前天": -2,
    "后天": 2,
}
_HALVES = {
    **dict.fromkeys(("上午", "早上", "早晨", "凌晨", "am"), 0),
    **dict.fromkeys(("下午", "晚上", "傍晚", "pm"), 12),
    "中午": 12,
}
_N = "[0-9零一二两三四五六七八九十]{1,3}"
_HALF = "上午|早上|早晨|凌晨|下午|晚上|傍晚|中午"
_CLOCK = (
    rf"(?P<half#>{_HALF})? ?(?:(?P<h#>[0-9]{{1,2}}):(?P<m#>[0-9]{{2}})(?::00)?"
    rf"|(?P<ch#>{_N})[点时](?:(?P<cm#>半|一刻|三刻|{_N}分?))?整?|(?P<eh#>[0-9]{{1,2}})(?= ?[ap]m))"
    rf" ?(?P<ap#>[ap]m)?"
)
"""A time of day; `#` stands for the number of its groups."""
_TO = r" ?(?:-|–|—|~|到|至|to|until) ?"
_SPAN = re.compile(
    rf"(?P<day>.*?)(?:[ ,]|(?<=[0-9])t)*(?:\bat )?{_CLOCK.replace('#', '1')}(?:{_TO}{_CLOCK.replace('#', '2')})?"
)
_BARE_HOUR = re.compile(r"(?<![0-9:])([0-9]{1,2})(?= ?(?:-|–|~|to) ?[0-9]{1,2}(?::[0-9]{2})? ?([ap]m))")
_ISO_DAY = re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?")
_CHINESE_DAY = re.compile(rf"(?:(?P<y>\d{{4}})年)?(?P<m>{_N})月(?P<d>{_N})[日号]?")
_DAY_MONTH = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<m>[a-z]{3})[a-z]*\.?,?(?: (?P<y>\d{4}))?")
_MONTH_DAY = re.compile(r"(?P<m>[a-z]{3})[a-z]*\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<y>\d{4}))?")
_WEEKDAY = re.compile(
    r"(?P<which>上|下|本|这|last |next |this |on )?(?:个)?(?:周|星期|礼拜)?(?P<name>[一二三四五六日天]|[a-z]{3,9})"
)


def read_moment(text: str, now: datetime, calendar: WorkCalendar) -> tuple[datetime, datetime | None]:
    """The moment, and the end if a span is given, in UTC. A day without a year is the nearest one, a bare weekday
    that of this week, a bare time today's. Raises NotAMoment."""
    words = _BARE_HOUR.sub(r"\1\2", plain(text)[:80])  # 2-3pm
    found = _SPAN.fullmatch(words)
    if not found:
        raise NotAMoment("no_time" if _day(words, calendar.local(now).date()) else "unreadable")
    day = _day(found["day"].strip(" ,"), calendar.local(now).date())
    if day is None:
        raise NotAMoment("unreadable")
    start, end = _clocks(found)
    if end is not None and end <= start:
        raise NotAMoment("ends_first")
    try:
        return calendar.at(day, start), calendar.at(day, end) if end else None
    except OverflowError:
        raise NotAMoment("unreadable") from None


def _clocks(found: re.Match[str]) -> tuple[time, time | None]:
    half = [found["half1"] or found["ap1"], found["half2"] or found["ap2"]]
    start = _clock(found, 1, half[0] or (half[1] if found["ap2"] else None))
    if not (found["h2"] or found["ch2"] or found["eh2"]):
        return start, None
    return start, _clock(found, 2, half[1] or half[0])


def _clock(found: re.Match[str], n: int, half: str | None) -> time:
    hour = read_whole(found[f"h{n}"] or found[f"ch{n}"] or found[f"eh{n}"])
    minute = _minute(found[f"m{n}"] or found[f"cm{n}"] or "0")
    if half and _HALVES[half] == 12 and hour < 12 and not (half == "中午" and hour == 11):
        hour += 12
    if half in ("am", "凌晨") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        raise NotAMoment("unreadable")
    return time(hour, minute)


def _minute(word: str) -> int:
    named = {"半": 30, "一刻": 15, "三刻": 45}
    return named[word] if word in named else read_whole(word.removesuffix("分"))


def _day(words: str, today: date) -> date | None:
    if words in ("", "on"):
        return today
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    try:
        return next(_dates(words, today), None)
    except (ValueError, OverflowError):
        return None


def _dates(words: str, today: date) -> Iterator[date]:
    for pattern in (_ISO_DAY, _CHINESE_DAY, _DAY_MONTH, _MONTH_DAY):
        found = pattern.fullmatch(words.removeprefix("on "))
        if found and (month := _MONTHS.get(found["m"]) or _whole(found["m"])):
            yield _nearest(found["y"], month, read_whole(found["d"]), today)
    found = _WEEKDAY.fullmatch(words)
    if found and (name := _weekday(words, found["name"])) is not None:
        weeks = {"上": -1, "last ": -1, "下": 1, "next ": 1}.get(found["which"] or "", 0)
        yield today + timedelta(days=name - today.weekday() + 7 * weeks)


def _whole(word: str) -> int | None:
    try:
        return read_whole(word)
    except ValueError:
        return None


def _weekday(words: str, name: str) -> int | None:
    if name in _CHINESE_WEEKDAYS:
        return _CHINESE_WEEKDAYS[name] if re.search("周|星期|礼拜", words) else None
    return _WEEKDAYS.get(name[:3]) if any(day.startswith(name) for day in _DAY_NAMES) else None


def _nearest(year: str | None, month: int, day: int, today: date) -> date:
    """A day that does not exist in that year raises ValueError."""
    if year:
        return date(int(year), month, day)
    candidates = [date(y, month, day) for y in (today.year - 1, today.year, today.year + 1) if _exists(y, month, day)]
    return min(candidates, key=lambda d: abs(d - today))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
