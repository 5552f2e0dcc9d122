"""The clocks: how long a side may take to answer, who is warned on the way, and what happens at the end.

A clock is a list of segments in which it ran; pauses are kept with the side that was waited for. Due moments
are computed from the segments and a working calendar, never stored as the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from commands.domain.duration import Duration, Unit, parse_duration
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar

NOTICE = timedelta(minutes=30)
"""How much time is left at least when the limit of a running clock is changed."""


class ClockKind(StrEnum):
    RESPONSE = "C1"
    REPLY = "C2"
    DISPUTE = "C4"
    RULING = "C5"
    MINUTES = "C6"
    CONFIRMATION = "C7"
    ACCEPTANCE = "C8"
    REWORK = "C9"
    CHECKIN = "C10"
    EXECUTION = "execution"
    SUPPLEMENT = "supplement"
    DECLINED = "declined"
    RATING = "rating"
    INFO = "info"


TO_PMO = "pmo"
"""The last step of clocks that only remind: nobody is left to remind, the PMO has been told."""


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time booked to a side (a department's id, or "" for nobody in particular). `used_seconds`: what it
    used by the calendar of its own side, where the clock has gone to a side with another one."""

    start: datetime
    end: datetime | None
    side: str
    used_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person who acknowledged is not warned again before `until`; the clock itself runs on."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`id` is kind:item:generation. `side` is the department waited for, `calendar` that side's calendar;
    `limit` as written in the policy ("2h", "1wd"). `done` names the steps already taken, each once."""

    id: str
    kind: ClockKind
    item: str
    side: str
    calendar: str
    limit: str
    urgent: bool = False
    state: ClockState = ClockState.RUNNING
    ran: tuple[Segment, ...] = ()
    waited: tuple[Segment, ...] = ()
    done: tuple[str, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    not_before: datetime | None = None  # after a change of the limit: nobody is late at once
    breached_at: datetime | None = None
    outcome: str = ""  # met | late | cancelled
    started_at: datetime
    stopped_at: datetime | None = None
    used_minutes: int | None = None  # set when stopped; never recomputed
    version: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Something a clock does at a moment: "50" and "75" warn at that share of the limit, "breach" ends it,
    what follows has names of its own ("leadership", "again:1", "lapse")."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Which steps a kind of clock takes: warnings in per cent of the limit, then what follows the breach, each
    so long after it."""

    warn_at: tuple[int, ...]
    after: tuple[tuple[str, Duration], ...] = ()
    in_all: tuple[tuple[str, Duration], ...] = ()  # what follows when so much is used in all, the limit included


def plan(clock: Clock, policy: Policy) -> Plan:
    """The steps of a clock, from the policy's numbers."""
    first, *_ = policy.warn_at
    last = policy.warn_at[-1]
    every, times = policy.ruling_reping_every, policy.ruling_repings
    over = (TO_PMO, Duration(every.amount * times, every.unit))
    repings = (*_repeated("again", every, times - 1), over)
    match clock.kind:
        case ClockKind.RESPONSE:
            climbs = () if clock.urgent else (("leadership", policy.to_leadership_after_head),)
            return Plan(policy.warn_at, climbs)
        case ClockKind.REPLY:
            return Plan((last,), _reminded(policy), (("lapse", policy.counter_lapse),))
        case ClockKind.DISPUTE:
            return Plan(policy.warn_at)
        case ClockKind.RULING:
            return Plan((first,), repings)
        case ClockKind.ACCEPTANCE:
            return Plan(policy.acceptance_warn_at, _reminded(policy))
        case ClockKind.INFO | ClockKind.REWORK:
            return Plan((last,), _reminded(policy))
        case ClockKind.CHECKIN:
            return Plan((policy.checkin_remind_at,))
        case ClockKind.EXECUTION:
            return Plan((), repings)
        case ClockKind.DECLINED | ClockKind.RATING:
            return Plan(())
        case _:
            return Plan((last,))


def _repeated(name: str, every: Duration, times: int) -> tuple[tuple[str, Duration], ...]:
    return tuple((f"{name}:{n}", Duration(every.amount * n, every.unit)) for n in range(1, times + 1))


def _reminded(policy: Policy) -> tuple[tuple[str, Duration], ...]:
    """Silence after the limit: reminded so many times, and then the PMO hears of it, once."""
    every, times = policy.reminder_every, policy.reminders
    last = Duration(every.amount * (times + 1), every.unit)
    return (*_repeated("again", every, times), (TO_PMO, last))


# --- reading a clock ---------------------------------------------------------------------------------


def used(clock: Clock, now: datetime, calendar: WorkCalendar) -> timedelta:
    """How much of the limit is used: working time, or elapsed time when the limit is wall time."""
    if _is_wall(_limit(clock)):
        return sum(((s.end or max(now, s.start)) - s.start for s in clock.ran), timedelta())
    return sum((_worked(s, now, calendar) for s in clock.ran), timedelta())


def _worked(segment: Segment, now: datetime, calendar: WorkCalendar) -> timedelta:
    if segment.used_seconds is not None:
        return timedelta(seconds=segment.used_seconds)
    return calendar.working_time(segment.start, segment.end or max(now, segment.start))


def due_at(clock: Clock, calendar: WorkCalendar, share: int = 100) -> datetime | None:
    """When the clock will have used `share` per cent of its limit, if nothing happens; None while it is paused."""
    if clock.state is not ClockState.RUNNING:
        return None
    running = clock.ran[-1]
    before = replace(clock, ran=clock.ran[:-1])
    left = length(_limit(clock), calendar) * share / 100 - used(before, running.start, calendar)
    if left < timedelta():
        end = running.start
    else:
        end = running.start + left if _is_wall(_limit(clock)) else calendar.add(running.start, left)
    return max(end, clock.not_before) if clock.not_before and share == 100 else end


def length(limit: Duration, calendar: WorkCalendar) -> timedelta:
    """A limit as a span: working time of that calendar, or plain time."""
    return calendar.length_of(limit)


def late_by(clock: Clock, at: datetime, calendar: WorkCalendar) -> timedelta:
    """How far past its limit the clock was at a moment, in the limit's own kind of time; zero when in time."""
    return max(used(clock, at, calendar) - length(_limit(clock), calendar), timedelta())


def next_step(clock: Clock, calendar: WorkCalendar, policy: Policy) -> Step | None:
    """The earliest step not taken yet; None when the clock does not run or is through with its plan."""
    if clock.state is not ClockState.RUNNING:
        return None
    return next((step for step in _steps(clock, calendar, policy) if step.name not in clock.done), None)


def step_at(clock: Clock, name: str, calendar: WorkCalendar, policy: Policy) -> datetime | None:
    """When the clock takes a step of its plan; None while it rests, or where the plan has no such step."""
    return next((step.at for step in _steps(clock, calendar, policy) if step.name == name), None)


def _steps(clock: Clock, calendar: WorkCalendar, policy: Policy) -> Iterator[Step]:
    course = plan(clock, policy)
    for share in course.warn_at:
        if at := due_at(clock, calendar, share):
            yield Step(str(share), at)
    end = due_at(clock, calendar)
    if end is None:
        return
    yield Step("breach", end)
    later = []
    for name, whole in course.in_all:
        at = due_at(replace(clock, limit=str(whole), not_before=None), calendar)
        later.append(Step(name, max(end, at or end)))
    later += [Step(name, calendar.add(end, length)) for name, length in course.after]
    yield from sorted(later, key=lambda step: step.at)  # how long each takes is configured apart from the others


def steps_passed(clock: Clock, now: datetime, calendar: WorkCalendar, policy: Policy) -> tuple[Step, ...]:
    """The steps not taken whose moment is past: after a pause of the scheduler, more than one."""
    if clock.state is not ClockState.RUNNING:
        return ()
    return tuple(s for s in _steps(clock, calendar, policy) if s.name not in clock.done and s.at <= now)


# --- moving a clock ----------------------------------------------------------------------------------


def start(
    kind: ClockKind,
    item: str,
    generation: int,
    now: datetime,
    *,
    side: str,
    calendar: str,
    limit: Duration,
    urgent: bool = False,
) -> Clock:
    """A clock that runs from `now` (a meeting's end may lie ahead)."""
    return Clock(
        id=f"{kind}:{item}:{generation}",
        kind=kind,
        item=item,
        side=side,
        calendar=calendar,
        limit=str(limit),
        urgent=urgent,
        ran=(Segment(now, None, side),),
        started_at=now,
    )


def pause(clock: Clock, now: datetime, waits_for: str) -> Clock:
    """Stops counting; the time from now on is booked to the side that is waited for."""
    if clock.state is not ClockState.RUNNING:
        return clock
    waited = (*clock.waited, Segment(now, None, waits_for))
    return replace(clock, state=ClockState.PAUSED, ran=_closed(clock.ran, now), waited=waited)


def resume(clock: Clock, now: datetime) -> Clock:
    """Counts on with what was left."""
    if clock.state is not ClockState.PAUSED:
        return clock
    ran = (*clock.ran, Segment(now, None, clock.side))
    return replace(clock, state=ClockState.RUNNING, ran=ran, waited=_closed(clock.waited, now))


def stop(clock: Clock, now: datetime, calendar: WorkCalendar, *, cancelled: bool = False) -> Clock:
    """Ends the clock for good; what it used is written down and never computed again."""
    if clock.state is ClockState.STOPPED:
        return clock
    excused = clock.not_before is not None and now <= clock.not_before
    late = clock.breached_at is not None or (late_by(clock, now, calendar) > timedelta() and not excused)
    return replace(
        clock,
        state=ClockState.STOPPED,
        ran=_closed(clock.ran, now),
        waited=_closed(clock.waited, now),
        stopped_at=now,
        outcome="cancelled" if cancelled else "late" if late else "met",
        used_minutes=int(used(clock, now, calendar).total_seconds() // 60),
    )


def take(clock: Clock, step: Step) -> Clock:
    """Marks a step as taken, and the breach with its moment."""
    breached = step.at if step.name == "breach" else clock.breached_at
    return replace(clock, done=(*clock.done, step.name), breached_at=breached)


def hand_to(clock: Clock, now: datetime, side: str, calendar: str, was: WorkCalendar) -> Clock:
    """Gives a running clock to another side, keeping what it used by the calendar it `was` on (a request that is
    rerouted). Who took note of it there did so for the other side."""
    ran = tuple(replace(s, used_seconds=int(_worked(s, now, was).total_seconds())) for s in _closed(clock.ran, now))
    if clock.state is ClockState.RUNNING:
        ran = (*ran, Segment(now, None, side))
    return replace(clock, side=side, calendar=calendar, ran=ran, quiet=())


def change_limit(
    clock: Clock, now: datetime, calendar: WorkCalendar, limit: Duration, *, warn_at: tuple[int, ...], urgent: bool
) -> Clock:
    """Another limit for the same clock: what was used stays used, and the end is at least `NOTICE` away. Warnings
    whose moment is past under the new limit are not made up for."""
    if clock.state is ClockState.STOPPED:
        return clock
    changed = replace(clock, limit=str(limit), urgent=urgent, not_before=now + NOTICE, quiet=())
    if clock.breached_at or clock.state is ClockState.PAUSED:
        return changed
    past = (share for share in warn_at if (at := due_at(changed, calendar, share)) and at <= now)
    return replace(changed, done=tuple(map(str, past)))


def quieten(clock: Clock, person: str, now: datetime, calendar: WorkCalendar) -> Clock:
    """The person has taken note: no more warnings for them during half of the time that is left, counted as the
    clock counts it: a night between is no part of a limit in working time."""
    end = due_at(clock, calendar)
    if end is None:
        return clock
    kept = tuple(q for q in clock.quiet if q.person != person)
    if end <= now:
        until = now
    elif _is_wall(_limit(clock)):
        until = now + (end - now) / 2
    else:
        until = calendar.add(now, calendar.working_time(now, end) / 2)
    return replace(clock, quiet=(*kept, Quiet(person, until)))


def is_quiet_for(clock: Clock, person: str, now: datetime) -> bool:
    return any(q.person == person and now < q.until for q in clock.quiet)


def is_exhausted(clock: Clock) -> bool:
    """Whether everybody has been reminded as often as they are: from now on only people move it."""
    return TO_PMO in clock.done


def _limit(clock: Clock) -> Duration:
    return _read(clock.limit)


_read = lru_cache(maxsize=256)(parse_duration)


def _is_wall(limit: Duration) -> bool:
    return limit.unit is Unit.WALL


def _closed(segments: tuple[Segment, ...], now: datetime) -> tuple[Segment, ...]:
    if not segments or segments[-1].end is not None:
        return segments
    last = segments[-1]
    return (*segments[:-1], replace(last, end=max(now, last.start)))
