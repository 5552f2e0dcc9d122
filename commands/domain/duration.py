"""Lengths of time with their unit: wall time, working hours, working days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from commands.domain.numerals import NUMBER, plain, read_number

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
LONGEST_DAYS = 10_000


class Unit(StrEnum):
    """What an amount counts."""

    WALL = "s"
    """Seconds of the clock on the wall; no calendar matters."""
    HOURS = "bh"
    """Hours of working time."""
    DAYS = "wd"
    """Working days, each as long as a normal day of the calendar."""


@dataclass(frozen=True)
class Duration:
    """An amount of one unit, never negative; only a calendar can say how long a working day is."""

    amount: float
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount < float("inf"):
            raise ValueError(f"A duration cannot be {self.amount}.")

    def __mul__(self, share: float) -> Duration:
        """A part of it, for warnings at 75 %."""
        return Duration(self.amount * share, self.unit)

    __rmul__ = __mul__

    def __str__(self) -> str:
        """The short form that `parse_duration` reads back: `90m`, `24h`, `3d`, `2bh`, `1wd`."""
        if self.unit is not Unit.WALL:
            return f"{_figure(self.amount)}{self.unit}"
        # A single day stays `24h`: that is how the handbooks and the people who configure it say it.
        sizes = (("d", _DAY), ("h", _HOUR), ("m", _MINUTE))
        for letter, size in sizes:
            if self.amount >= size and self.amount % size == 0 and (letter, self.amount) != ("d", _DAY):
                return f"{_figure(self.amount / size)}{letter}"
        return f"{_figure(self.amount)}s"


def parse_duration(text: str) -> Duration:
    """Reads `90s 30m 2h 3d` (wall time), `2bh` (working hours), `1wd` (working days), and how people say it.

    A week is seven days of wall time. Wall parts may be joined (`1h30m`, `1小时30分钟`). Refuses with a
    ValueError whose sentence can be shown as it is.
    """
    said = plain(text)
    for pattern, unit in _WORKING:
        if match := pattern.fullmatch(said):
            return _within_reason(_amount(match, text), unit, text)
    if not said or not _WALL.fullmatch(said):
        raise ValueError(_sentence(text))
    seconds = sum(_amount(part, text) * _size(part["unit"]) for part in _PART.finditer(said))
    return _within_reason(round(seconds, 3), Unit.WALL, text)


_COUNT = rf"(?P<number>{NUMBER}|half an?|半)(?P<and_half> ?个半)? ?个? ?"
_WORK = r"(?:working|business|work|biz)[ -]?"
_SIZES = (
    (_WEEK, r"weeks?|周|星期|礼拜"),
    (_DAY, r"days?|d|天|日"),
    (_HOUR, r"hours?|hrs?|h|小时|钟头"),
    (15 * _MINUTE, r"刻钟"),
    (_MINUTE, r"minutes?|mins?|m|分钟?"),
    (1, r"seconds?|secs?|s|秒钟?"),
)
_ANY_SIZE = "|".join(words for _, words in _SIZES)
_PART = re.compile(rf"{_COUNT}(?P<unit>{_ANY_SIZE})")
_JOINT = rf"(?:{NUMBER}|half an?|半)(?: ?个半)? ?个? ?(?:{_ANY_SIZE})"
_WALL = re.compile(rf"{_JOINT}(?: ?(?:and |零)?{_JOINT}){{0,3}}")
_WORKING = (
    (re.compile(rf"{_COUNT}(?:wds?|{_WORK}days?|工作日|工作天)"), Unit.DAYS),
    (re.compile(rf"{_COUNT}(?:bhs?|{_WORK}hours?|工作小时|工时)"), Unit.HOURS),
)


def _amount(match: re.Match[str], text: str) -> float:
    word = match["number"]
    try:
        value = 0.5 if word.startswith(("half", "半")) else read_number(word)
    except ValueError as error:
        raise ValueError(_sentence(text)) from error
    return value + 0.5 if match["and_half"] else value


def _size(unit: str) -> int:
    return next(size for size, words in _SIZES if re.fullmatch(words, unit))


def _within_reason(amount: float, unit: Unit, text: str) -> Duration:
    days = amount / {Unit.WALL: _DAY, Unit.HOURS: 1, Unit.DAYS: 1}[unit]
    if days > LONGEST_DAYS:
        raise ValueError(f"'{text.strip()}' is longer than this bot can count.")
    return Duration(amount, unit)


def _sentence(text: str) -> str:
    shown = text.strip()[:40]
    return (
        f"'{shown}' is not a duration. Write for example 90s, 30m, 2h or 3d (wall time), "
        "2bh (working hours) or 1wd (working days)."
    )


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
