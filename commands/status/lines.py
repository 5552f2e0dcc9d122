"""One line per open thing: what it is, whose turn it is, by when, and whether that is past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands import clockwork
from commands.cards.escalation import reason_of
from commands.cards.request import turn_of
from commands.domain import clocks
from commands.domain.clocks import Clock, ClockState
from commands.domain.escalation import Escalation, EscalationState
from commands.domain.minutes import Minutes, MinutesState
from commands.domain.proposal import Proposal, ProposalState
from commands.domain.request import Request, RequestState
from commands.domain.task import ACTIVE_STATES, OPEN_STATES, Task
from commands.escalate import record as escalations
from commands.registry import Context
from commands.words import Shown, Who, Words, words

DATED = frozenset({RequestState.ACCEPTED, RequestState.IN_PROGRESS})
"""States in which the agreed date is what counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """`who`: whose turn it is. `by`: until when; None where nothing runs."""

    ref: str
    title: Shown
    what: Words
    who: Shown = None
    by: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading. `more`: how many were left out."""

    title: Words | None
    lines: tuple[Line, ...]
    more: int = 0


def section(title: Words | None, lines: Sequence[Line], most: int, skip: int = 0) -> Section:
    """The most pressing lines: overdue first, then by date."""
    ordered = sorted(lines, key=_pressing)
    shown = ordered[skip : skip + most]
    return Section(title, tuple(shown), max(len(ordered) - skip - most, 0))


def late(lines: Iterable[Line]) -> int:
    return sum(1 for line in lines if line.is_late)


def _pressing(line: Line) -> tuple[bool, bool, str, str, int]:
    letter, _, number = line.ref.partition("-")
    at = line.by.isoformat() if line.by else ""
    return (not line.is_late, line.by is None, at, letter, int(number) if number.isdigit() else 0)


# --- records to lines ----------------------------------------------------------------------------


def of_requests(ctx: Context, requests: Sequence[Request]) -> list[Line]:
    ends = ends_of(ctx, [r.id for r in requests])
    return [_of_request(ctx, r, ends) for r in requests]


def of_tasks(ctx: Context, tasks: Sequence[Task]) -> list[Line]:
    return [_of_task(ctx, t) for t in tasks]


def _of_task(ctx: Context, t: Task) -> Line:
    what = words(f"status.task.{t.state}")
    if t.state not in OPEN_STATES:
        return Line(t.id, t.title, what)
    return Line(t.id, t.title, what, Who(t.owner), t.due, _is_late(ctx, t))


def of_escalations(ctx: Context, matters: Sequence[Escalation]) -> list[Line]:
    ends = ends_of(ctx, [e.id for e in matters])
    return [
        _line(
            ctx,
            e.id,
            reason_of(e),
            words(f"status.escalation.{e.state}", item=e.item),
            _turn(ctx, e),
            ends.get(e.id),
        )
        for e in matters
    ]


def of_minutes(ctx: Context, minutes: Sequence[Minutes]) -> list[Line]:
    ends = ends_of(ctx, [m.id for m in minutes])
    return [
        _line(
            ctx,
            m.id,
            m.title,
            words(f"status.minutes.{m.state}"),
            Who(m.recorder) if m.state in (MinutesState.DUE, MinutesState.DRAFTED) else None,
            ends.get(m.id),
        )
        for m in minutes
    ]


def ends_of(ctx: Context, items: Sequence[str]) -> Mapping[str, datetime]:
    """When the running clock of each item ends; a question open about an item (an alternative, a delay) counts
    as its own."""
    if not items:
        return {}
    asked = ctx.uow.find(Proposal, item=tuple(items), state=ProposalState.OPEN)
    owner = {proposal.id: proposal.item for proposal in asked}
    found: dict[str, datetime] = {}
    for clock in ctx.uow.find(Clock, item=(*items, *owner), state=ClockState.RUNNING):
        end = clocks.due_at(clock, clockwork.calendar_of(ctx, clock))
        item = owner.get(clock.item, clock.item)
        if end and (item not in found or end < found[item]):
            found[item] = end
    return found


def _of_request(ctx: Context, r: Request, ends: Mapping[str, datetime]) -> Line:
    by = r.due if r.state in DATED else r.resume_at if r.state is RequestState.ON_HOLD else ends.get(r.id)
    if by is None and r.state is RequestState.REWORK:
        by = r.due
    line = _line(ctx, r.id, r.title, words(f"status.request.{r.state}"), turn_of(ctx, r), by)
    if r.state is RequestState.ON_HOLD:
        return Line(line.ref, line.title, line.what, line.who, line.by)  # a pause is not late
    return line


def _line(ctx: Context, ref: str, title: Shown, what: Words, who: Shown, by: datetime | None) -> Line:
    return Line(ref, title, what, who, by, by is not None and by <= ctx.now)


def _is_late(ctx: Context, t: Task) -> bool:
    return t.due is not None and t.state in ACTIVE_STATES and t.due <= ctx.now


def _turn(ctx: Context, e: Escalation) -> Shown:
    """Who is waited for: the mediator, the leadership group, the parties it asked, or those who still have to take
    note of a ruling."""
    match e.state:
        case EscalationState.OPEN:
            return Who(e.mediator) if e.mediator else None
        case EscalationState.TO_LEADERSHIP:
            return ctx.directory.leadership.name or None
        case EscalationState.SENT_BACK | EscalationState.RULED:
            return tuple(Who(p) for p in escalations.whose_turn(ctx, e)) or None
        case _:
            return None
