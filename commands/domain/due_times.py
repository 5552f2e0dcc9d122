"""Which time of a day is meant: `15:00`, `下午3点半`, `3pm`, `noon`, or a part of the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from commands.domain.numerals import read_whole

_N = "[0-9零一二两三四五六七八九十]{1,3}"
_MORNING = "凌晨|清晨|早上|早晨|早|上午"
_LATER_HALF = "下午|傍晚|晚上|晚间|晚|夜里|夜间"
_HALF = rf"(?P<half>{_MORNING}|中午|正午|{_LATER_HALF})?"
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


class AmbiguousHour(Exception):
    """`3点` may be at night or in the afternoon, and an evening has no one hour."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """A time of day, or only the name of a part of it (morning, afternoon)."""

    clock: time | None
    name: str = ""


def read_clock(words: str) -> DayPart | None:
    """The time of day that the whole (plain) text means; None if it means none."""
    if words in _NAMED:
        return DayPart(_NAMED[words])
    if words in _PARTS:
        return DayPart(None, _PARTS[words])
    if words in ("晚上", "今晚", "晚", "evening", "tonight", "早上", "早", "night"):
        raise AmbiguousHour
    for pattern in (_DIGITAL, _ENGLISH, _CHINESE):
        if found := pattern.fullmatch(words.removesuffix(" o'clock")):
            return DayPart(_time(found, pattern is _CHINESE))
    return None


def _time(found: re.Match[str], spoken: bool) -> time | None:
    groups = found.groupdict()
    hour, minute = read_whole(groups["h"]), _minute(groups.get("m"))
    half, ap = groups.get("half") or "", groups.get("ap") or ""
    if (half or ap) and hour <= 12:
        hour = _of_half(hour, half, ap)
    elif spoken and 1 <= hour <= 6:
        raise AmbiguousHour
    if hour == 24 and minute == 0:
        raise AmbiguousHour
    return time(hour, minute)


def _of_half(hour: int, half: str, ap: str) -> int:
    if ap == "pm" or re.fullmatch(_LATER_HALF, half):
        return hour % 12 + 12
    if half in ("中午", "正午"):
        return hour if hour >= 10 else hour + 12
    return hour % 12 if ap == "am" or half == "凌晨" else hour


def _minute(word: str | None) -> int:
    if not word:
        return 0
    return _MINUTES[word] if word in _MINUTES else read_whole(word)
