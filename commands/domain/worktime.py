"""Working time: which days are worked, at which hours, and what a length of work adds up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from commands.domain.duration import Duration, Unit

Segment = tuple[time, time]
Interval = tuple[datetime, datetime]

MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_LONGEST_CLOSURE = 800  # days without work after which we say that there is none, instead of searching on


@dataclass(frozen=True)
class WorkCalendar:
    """When one department works. Moments are aware, given in any zone and answered in UTC.

    `off` and `work` are exceptions to the weekdays: holidays, and make-up days (调休). `known_years` are those
    whose holidays have been published; for other years the answers are a guess that the caller should mark.
    A segment that ends at 00:00 runs to midnight; one that runs past it is refused.
    """

    id: str
    zone: str
    segments: tuple[Segment, ...] = ((time(9), time(18)),)
    weekdays: frozenset[int] = frozenset(range(5))
    """Monday is 0."""
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()
    names: Mapping[date, str] = field(default_factory=dict, hash=False)
    """What a day off is called, for showing and for reading 国庆前."""
    tz: ZoneInfo = field(init=False, repr=False, compare=False)
    day_length: timedelta = field(init=False, repr=False, compare=False)
    """The length of `1wd`: a normal day, whatever the clock change of a particular day does to it."""

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "tz", _zone(self.zone))
        lengths = (_nominal(end, closes=True) - _nominal(start) for start, end in self.segments)
        object.__setattr__(self, "day_length", sum(lengths, _NOTHING))

    @property
    def day_minutes(self) -> int:
        """The minutes of a normal day."""
        return self.day_length // timedelta(minutes=1)

    def is_known(self, year: int) -> bool:
        """Whether the holidays of that year are published, not guessed."""
        return year in self.known_years

    def is_working_day(self, day: date) -> bool:
        if day in self.work:
            return True
        return day.weekday() in self.weekdays and day not in self.off

    def local(self, moment: datetime) -> datetime:
        """The moment as the clocks of this calendar's zone show it."""
        return _aware(moment).astimezone(self.tz)

    def at(self, day: date, clock: time) -> datetime:
        """That local time: the first one if the clocks show it twice, the next there is if they skip it."""
        return _instant(self.tz, datetime.combine(day, clock.replace(tzinfo=None)))

    def day_segments(self, day: date) -> tuple[Interval, ...]:
        """The working intervals of that day, in order; none on a day off."""
        return self._hours(day) if self.is_working_day(day) else ()

    def work_start(self, day: date) -> datetime:
        """When work begins that day, or would if it were worked."""
        return self.at(day, self.segments[0][0])

    def work_end(self, day: date) -> datetime:
        """When work ends that day, or would if it were worked."""
        return self._closing(day, self.segments[-1][1])

    def is_open(self, moment: datetime) -> bool:
        """Whether people work at that moment; the last instant of a segment no longer counts."""
        moment = _aware(moment).astimezone(UTC)
        return any(start <= moment < end for start, end in self.day_segments(self.local(moment).date()))

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when people work, else the next time they begin."""
        moment = _aware(moment).astimezone(UTC)
        start, _ = next(self._segments_from(moment))
        return max(start, moment)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments; negative when the end comes first."""
        start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
        if end < start:
            return -self.working_time(end, start)
        day, last = self.local(start).date(), self.local(end).date()
        total = _NOTHING
        while day <= last:
            for opens, closes in self.day_segments(day):
                total += max(min(closes, end) - max(opens, start), _NOTHING)
            day += _DAY
        return total

    def add(self, moment: datetime, length: Duration | timedelta) -> datetime:
        """The moment at which that much time has been worked; a timedelta is working time.

        Reaching the end of a segment exactly stays there (18:00, not 09:00 tomorrow). Wall durations ignore
        the calendar. Refuses with ValueError when there is no working day to reach.
        """
        moment = _aware(moment).astimezone(UTC)
        if isinstance(length, Duration):
            if length.unit is Unit.WALL:
                return _later(moment, timedelta(seconds=length.amount))
            length = self.length_of(length)
        if length < _NOTHING:
            raise ValueError("Working time can only be added, not taken away.")
        if length == _NOTHING:
            return moment
        for start, end in self._segments_from(moment):
            begin = max(start, moment)
            if length <= end - begin:
                return begin + length
            length -= end - begin
        raise AssertionError("the search ends by an answer or an error")

    def length_of(self, duration: Duration) -> timedelta:
        """A duration as working time: `1wd` is a normal day. A wall duration is its own length."""
        match duration.unit:
            case Unit.DAYS:
                return self.day_length * duration.amount
            case Unit.HOURS:
                return timedelta(hours=duration.amount)
            case Unit.WALL:
                return timedelta(seconds=duration.amount)

    def next_working_day(self, day: date) -> date:
        """The first working day after that day."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before that day."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day, before it when negative, the day itself when 0."""
        step = _DAY if count > 0 else -_DAY
        left, idle = abs(count), 0
        while left:
            day = _step(day, step)
            worked = self.is_working_day(day)
            idle = 0 if worked else idle + 1
            left -= worked
            if idle > _LONGEST_CLOSURE:
                raise self._never_open(day)
        return day

    def _segments_from(self, moment: datetime) -> Iterator[Interval]:
        """The segments that end after the moment, without end unless no day is ever worked."""
        day, idle = self.local(moment).date(), 0
        while idle <= _LONGEST_CLOSURE:
            segments = self.day_segments(day)
            idle = 0 if segments else idle + 1
            for segment in segments:
                if segment[1] > moment:
                    yield segment
            day = _step(day, _DAY)
        raise self._never_open(day)

    def _hours(self, day: date) -> tuple[Interval, ...]:
        spans = ((self.at(day, start), self._closing(day, end)) for start, end in self.segments)
        return tuple(span for span in spans if span[0] < span[1])  # a clock change can swallow one

    def _closing(self, day: date, clock: time) -> datetime:
        return self.at(_step(day, _DAY), MIDNIGHT) if clock == MIDNIGHT else self.at(day, clock)

    def _never_open(self, day: date) -> ValueError:
        return ValueError(f"Calendar '{self.id}' has no working day in the two years around {day}.")


def earlier_working_moment(calendar: WorkCalendar, day: date, at: time) -> datetime:
    """That local time on the day, or on the last working day before it: a warning never falls on a day off."""
    if not calendar.is_working_day(day):
        day = calendar.previous_working_day(day)
    return calendar.at(day, at)


@lru_cache(maxsize=8192)
def _instant(tz: ZoneInfo, local: datetime) -> datetime:
    try:
        moment = local.replace(tzinfo=tz).astimezone(UTC)
        if moment.astimezone(tz).replace(tzinfo=None) == local:
            return moment
    except OverflowError as error:
        raise ValueError(f"{local} is outside the years that can be counted.") from error
    return _end_of_gap(tz, local)


def _end_of_gap(tz: ZoneInfo, local: datetime) -> datetime:
    """When clocks skip a local time: the instant of the jump, found between the two readings of that time."""
    late = local.replace(tzinfo=tz).astimezone(UTC)
    early = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    after = late.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(tz).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


def _check(calendar: WorkCalendar) -> None:
    name = f"Calendar '{calendar.id}'"
    if not calendar.segments:
        raise ValueError(f"{name} has no working hours.")
    if not calendar.weekdays <= frozenset(range(7)):
        raise ValueError(f"{name}: weekdays are numbers from 0 (Monday) to 6 (Sunday).")
    if both := calendar.off & calendar.work:
        raise ValueError(f"{name}: {min(both)} is given both as off and as worked.")
    for segment in calendar.segments:
        _check_segment(name, segment)
    for (_, before), (after, _) in pairwise(calendar.segments):
        if before == MIDNIGHT or after < before:
            raise ValueError(f"{name}: working hours overlap or are out of order at {after:%H:%M}.")


def _check_segment(name: str, segment: Segment) -> None:
    start, end = segment
    shown = f"{start:%H:%M}-{end:%H:%M}"
    if any(edge.second or edge.microsecond or edge.tzinfo for edge in segment):
        raise ValueError(f"{name}: {shown} must be local times in whole minutes.")
    if start == end != MIDNIGHT:  # 00:00-00:00 is a whole day
        raise ValueError(f"{name}: {shown} is empty.")
    if end != MIDNIGHT and end < start:
        raise ValueError(f"{name}: {shown} runs past midnight, which is not supported; split it at 24:00.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # a folder's name ("Asia") is an OSError
        raise ValueError(f"'{name}' is not a time zone; write for example Asia/Shanghai.") from error


def _nominal(clock: time, *, closes: bool = False) -> timedelta:
    if closes and clock == MIDNIGHT:
        return _DAY
    return timedelta(hours=clock.hour, minutes=clock.minute)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone.")
    return moment


def _step(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError as error:
        raise ValueError(f"{day} is at the end of the years that can be counted.") from error


def _later(moment: datetime, length: timedelta) -> datetime:
    try:
        return moment + length
    except OverflowError as error:
        raise ValueError(f"{length} after {moment} is outside the years that can be counted.") from error
