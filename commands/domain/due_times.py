"""Which time of a day is meant: `15:00`, `下午3点半`, `3pm`, `noon`, or a part of the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from commands.domain.numerals import read_whole

_N = "[0-9零一二两三四五六七八九十]{1,3}"
_HOURS: dict[str, dict[int, int]] = {
    "凌晨": {12: 0} | {hour: hour for hour in range(7)},
    "上午": {hour: hour for hour in range(5, 13)},
    "中午": {11: 11, 12: 12, 1: 13, 2: 14},
    "下午": {12: 12} | {hour: hour % 12 + 12 for hour in (*range(1, 12), *range(13, 20))},
    "傍晚": {hour: hour % 12 + 12 for hour in (*range(4, 9), *range(16, 21))},
    "晚上": {12: 24, 0: 24} | {hour: hour % 12 + 12 for hour in (*range(5, 12), *range(17, 24))},
    "am": {12: 0} | {hour: hour for hour in range(1, 12)},
    "pm": {12: 12} | {hour: hour + 12 for hour in range(1, 12)},
}
"""What an hour means in a part of the day. Where it is missing, people do not say that: 晚上3点 is which night's?"""
_ALSO = {"清晨": "上午", "早上": "上午", "早晨": "上午", "早": "上午", "正午": "中午"}
_ALSO |= dict.fromkeys(("晚间", "晚", "夜里", "夜间"), "晚上")
_SPOKEN = "|".join(sorted((word for word in (*_HOURS, *_ALSO) if not word.isascii()), key=len, reverse=True))
_HALF = rf"(?P<half>{_SPOKEN})?"
_CHINESE = re.compile(rf"{_HALF} ?(?P<h>{_N})[点时](?:(?P<m>半|一刻|三刻|{_N})分?|整|钟)?")
_DIGITAL = re.compile(rf"{_HALF} ?(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?::00)?(?: ?(?P<ap>am|pm))?")
_ENGLISH = re.compile(r"(?P<h>\d{1,2}) ?(?P<ap>am|pm)")
_NAMED = {
    **dict.fromkeys(("中午", "正午", "noon", "midday", "12 noon"), time(12)),
}
_PARTS = {
    **dict.fromkeys(("上午", "morning", "in the morning"), "morning"),
    **dict.fromkeys(("下午", "afternoon", "in the afternoon"), "afternoon"),
}
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}


class Ambiguous(Exception):
    """`3点` may be at night or in the afternoon, an evening has no one hour, `下周前` may be this week or next."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """A time of day, or only the name of a part of it (morning, afternoon). Midnight at the end of a day (24:00,
    今晚12点) is 00:00 `next_day`."""

    clock: time | None
    name: str = ""
    next_day: bool = False


def read_clock(words: str) -> DayPart | None:
    """The time of day that the whole (plain) text means; None if it means none. ValueError: there is no such time."""
    if words in _NAMED:
        return DayPart(_NAMED[words])
    if words in _PARTS:
        return DayPart(None, _PARTS[words])
    if words in ("晚上", "今晚", "晚", "evening", "tonight", "早上", "早", "night"):
        raise Ambiguous
    for pattern in (_DIGITAL, _ENGLISH, _CHINESE):
        if found := pattern.fullmatch(words.removesuffix(" o'clock")):
            return _time(found, pattern is _CHINESE)
    return None


def _time(found: re.Match[str], spoken: bool) -> DayPart:
    groups = found.groupdict()
    hour, minute = read_whole(groups["h"]), _minute(groups.get("m"))
    half = groups.get("half") or groups.get("ap")
    if half:
        if groups.get("half") and groups.get("ap"):
            raise Ambiguous
        hour = _hour_of(_ALSO.get(half, half), hour)
    elif spoken and 1 <= hour <= 6:
        raise Ambiguous
    if hour == 24 and minute < 60:
        if minute and not half:
            raise ValueError("there is nothing after 24:00")
        return DayPart(time(0, minute), next_day=True)
    return DayPart(time(hour, minute))


def _hour_of(half: str, hour: int) -> int:
    if hour not in _HOURS[half]:
        raise ValueError(f"{half} has no hour {hour}")
    return _HOURS[half][hour]


def _minute(word: str | None) -> int:
    if not word:
        return 0
    return _MINUTES[word] if word in _MINUTES else read_whole(word)
