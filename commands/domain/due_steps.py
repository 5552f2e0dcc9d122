"""What a due date sets off: a warning ahead, a word on the day, then overdue, the head, leadership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commands.domain.duration import Duration, Unit
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar, earlier_working_moment


@dataclass(frozen=True, slots=True)
class DueStep:
    """`name`: warning | today | overdue:n (n-th working day past the date)."""

    name: str
    at: datetime

    @property
    def days_over(self) -> int:
        """Working days past the date; 0 before it."""
        return int(self.name.partition(":")[2] or 0)


def next_step(due: datetime, after: datetime, calendar: WorkCalendar, policy: Policy) -> DueStep:
    """The first step later than `after`. A date that is over gives a step every working day, without end:
    somebody has to close it."""
    hour = time.fromisoformat(policy.digest_at)
    for step in (_warning(due, calendar, policy, hour), _today(due, calendar, hour)):
        if step.at > after and step.at < due:
            return step
    return _overdue(due, after, calendar, hour)


def last_step(due: datetime, now: datetime, calendar: WorkCalendar, policy: Policy) -> DueStep | None:
    """The step that a date has reached, `now` included; None before its warning."""
    hour = time.fromisoformat(policy.digest_at)
    if over := _mornings_over(due, now, calendar, hour):
        return DueStep(f"overdue:{over}", now)
    steps = (_warning(due, calendar, policy, hour), _today(due, calendar, hour))
    return max((step for step in steps if step.at <= now), key=lambda step: step.at, default=None)


def overdue_at(due: datetime, days: int, calendar: WorkCalendar, policy: Policy) -> datetime:
    """When a date is so many working days over."""
    day = calendar.add_working_days(calendar.local(due).date(), days)
    return calendar.at(day, time.fromisoformat(policy.digest_at))


def _warning(due: datetime, calendar: WorkCalendar, policy: Policy, hour: time) -> DueStep:
    """So many days ahead; moved earlier to the last working day when that falls on a day off."""
    return DueStep("warning", earlier_working_moment(calendar, _before(due, policy.due_warn_before, calendar), hour))


def _before(due: datetime, ahead: Duration, calendar: WorkCalendar) -> date:
    day = calendar.local(due).date()
    if ahead.unit is Unit.WALL:
        return day - timedelta(days=round(ahead.amount / 86_400))
    return calendar.add_working_days(day, -round(ahead.amount))


def _today(due: datetime, calendar: WorkCalendar, hour: time) -> DueStep:
    return DueStep("today", earlier_working_moment(calendar, calendar.local(due).date(), hour))


def _overdue(due: datetime, after: datetime, calendar: WorkCalendar, hour: time) -> DueStep:
    """The next working morning that lies after both the date and `after`."""
    day, count = calendar.local(due).date(), 0
    while True:
        day = calendar.next_working_day(day)
        count += 1
        moment = calendar.at(day, hour)
        if moment > after and moment > due:
            return DueStep(f"overdue:{count}", moment)


def _mornings_over(due: datetime, now: datetime, calendar: WorkCalendar, hour: time) -> int:
    """How many working mornings after the day of the date have come."""
    day, count = calendar.next_working_day(calendar.local(due).date()), 0
    while calendar.at(day, hour) <= now:
        day, count = calendar.next_working_day(day), count + 1
    return count
