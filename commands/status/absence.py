"""The rules of a leave: it has an end, does not lie in the past, and its deputy is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from commands.domain.people import Directory, Leave
from commands.errors import Refused
from commands.words import Words, words

LONGEST_DAYS = 366


def plan(
    directory: Directory,
    *,
    id: str,
    person: str,
    start: date,
    end: date,
    deputy: str | None,
    today: date,
) -> Leave:
    """The leave, or a refusal that says what is in the way."""
    if start < today:
        raise Refused("leave.past", start=start, today=today)
    if (end - start).days >= LONGEST_DAYS:
        raise Refused("leave.too_long", start=start, end=end, limit=LONGEST_DAYS)
    if other := _overlapping(directory, person, start, end):
        taken = span(other.start, other.end)
        raise Refused("leave.conflict", person=person, days=taken, day=other.start.isoformat())
    if deputy:
        _check_deputy(directory, person, deputy, start, end)
    return Leave(id=id, person=person, start=start, end=end, deputy=deputy)


def span(start: date, end: date) -> Words:
    """The days of a leave as one says them: a single day is named once."""
    return words("leave.days.single", start=start) if start == end else words("leave.days.span", start=start, end=end)


def to_end(directory: Directory, person: str, today: date, days: tuple[date, date] | None = None) -> Leave:
    """The leave that is meant by "ended": the one in the days that are named; else today's, else the next one."""
    own = (leave for leave in directory.leaves if leave.person == person and leave.start <= leave.end)
    coming = sorted((leave for leave in own if leave.end >= today), key=lambda leave: leave.start)
    if not coming:
        raise Refused("leave.none", person=person)
    if days is None:
        return coming[0]
    first, last = days
    named = next((leave for leave in coming if leave.start <= last and first <= leave.end), None)
    if named is None:
        raise Refused("leave.none_then", person=person, days=span(first, last))
    return named


def stand_ins(directory: Directory, leave: Leave) -> tuple[str, ...]:
    """Who answers during a leave, day by day: its deputy, else the next liaison of each department."""
    return tuple(dict.fromkeys(p for day in _days_of(leave) for p in _stand_ins_on(directory, leave, day)))


def gap(directory: Directory, leave: Leave) -> tuple[date, date] | None:
    """The first and the last day of a leave on which nobody answers; None when somebody always does."""
    alone = [day for day in _days_of(leave) if not _stand_ins_on(directory, leave, day)]
    return (alone[0], alone[-1]) if alone else None


def _days_of(leave: Leave) -> Iterator[date]:
    for n in range((leave.end - leave.start).days + 1):
        yield leave.start + timedelta(days=n)


def _stand_ins_on(directory: Directory, leave: Leave, day: date) -> tuple[str, ...]:
    if leave.deputy:
        found = directory.stands_for(leave.deputy, day)
        return (found,) if found else ()
    later = [d for d in directory.departments_of(leave.person) if leave.person in directory.departments[d].liaisons]
    liaisons = (_next_liaison(directory, department, leave, day) for department in later)
    return tuple(dict.fromkeys(p for p in liaisons if p))


def _next_liaison(directory: Directory, department: str, leave: Leave, day: date) -> str | None:
    others = (p for p in directory.departments[department].liaisons if p != leave.person)
    found = (directory.stands_for(p, day) for p in others)
    return next((p for p in found if p and p != leave.person), None)


def _check_deputy(directory: Directory, person: str, deputy: str, start: date, end: date) -> None:
    if deputy == person:
        raise Refused("leave.own_deputy", field="deputy")
    known = directory.people.get(deputy)
    if known is None or not known.active:
        raise Refused("leave.unknown_deputy", field="deputy", person=deputy)
    if away := _overlapping(directory, deputy, start, end):
        raise Refused("leave.deputy_away", field="deputy", person=deputy, days=span(away.start, away.end))


def _overlapping(directory: Directory, person: str, start: date, end: date) -> Leave | None:
    own = (leave for leave in directory.leaves if leave.person == person and leave.start <= leave.end)
    return next((leave for leave in own if leave.start <= end and start <= leave.end), None)
