"""An escalation as the verbs need it: loaded, with its parties and the people who may rule on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commands import clockwork, tell
from commands.domain import escalation as rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import LIVE_STATES, Escalation, EscalationKind, EscalationState
from commands.domain.permissions import Sides
from commands.domain.request import Request, RequestState
from commands.domain.task import Task
from commands.errors import Refused
from commands.ports import Priority
from commands.registry import Context
from commands.request import record
from commands.words import Who

_CLOCK_OF = {
    EscalationState.OPEN: ClockKind.DISPUTE,
    EscalationState.TO_LEADERSHIP: ClockKind.RULING,
    EscalationState.SENT_BACK: ClockKind.SUPPLEMENT,
    EscalationState.RULED: ClockKind.EXECUTION,
}


def get(ctx: Context, id: str) -> Escalation:
    found = ctx.uow.get(Escalation, id)
    if found is None:
        raise Refused("unknown_reference", id=id)
    return found


def found(ctx: Context, id: str) -> Escalation | None:
    """The escalation named, or the live one about the record named, if there is one."""
    return ctx.uow.get(Escalation, id) if id.startswith("E-") else live_about(ctx, id)


def addressed(ctx: Context, id: str) -> Escalation:
    """The escalation named, or the live one about the record named."""
    if id.startswith("E-"):
        return get(ctx, id)
    live = live_about(ctx, id)
    if live is None:
        raise Refused("escalation.none", id=id)
    return live


def live_about(ctx: Context, item: str) -> Escalation | None:
    found = ctx.uow.find(Escalation, item=item, state=tuple(LIVE_STATES))
    return ctx.uow.get(Escalation, found[-1].id) if found else None


def request_of(ctx: Context, escalation: Escalation) -> Request | None:
    """The request it is about, also when it is about one of its tasks."""
    if escalation.item.startswith("R-"):
        return ctx.uow.get(Request, escalation.item)
    task = ctx.uow.get(Task, escalation.item)
    return record.request_of(ctx, task) if task else None


def sides(ctx: Context, escalation: Escalation) -> Sides:
    request = request_of(ctx, escalation)
    if request:
        return record.sides(request)
    task = ctx.uow.get(Task, escalation.item)
    if task:
        return record.sides_of_task(ctx, task)
    first, *rest = (*escalation.parties, "")
    return Sides(requester=escalation.raised_by, department=first, lead=rest[0], project=escalation.project)


def party_people(ctx: Context, escalation: Escalation) -> frozenset[str]:
    """Everybody who speaks for a party, and who raised or owns the matter: they may not rule on it."""
    request = request_of(ctx, escalation)
    own = (request.requester, request.owner) if request else ()
    speakers = (p for d in escalation.parties for p in _speakers(ctx, d))
    return frozenset(p for p in (*speakers, *own, escalation.raised_by) if p)


def judges(ctx: Context, escalation: Escalation) -> tuple[str, ...]:
    """The leadership members who may rule."""
    return rules.eligible(ctx.directory.leadership, party_people(ctx, escalation))


def presiding(ctx: Context, escalation: Escalation) -> Who | None:
    """The chair, or the next in rank where the chair has to abstain."""
    return next((Who(j) for j in judges(ctx, escalation)), None)


def party_liaisons(ctx: Context, escalation: Escalation) -> tuple[str, ...]:
    """For each party the person who speaks for it here."""
    return speakers(ctx, escalation, escalation.parties)


def speakers(ctx: Context, escalation: Escalation, parties: tuple[str, ...]) -> tuple[str, ...]:
    """For each of some parties the person who speaks for it here: who raised or owns the matter, else the liaison."""
    request = request_of(ctx, escalation)
    found: list[str | None] = []
    for department in parties:
        if request and department == request.department:
            found.append(request.requester)
        elif request and department == request.lead:
            found.append(record.lead_liaison(ctx, request))
        else:
            found.append(ctx.directory.liaison(department, record.today(ctx)))
    return tuple(dict.fromkeys(p for p in found if p))


def answer_by(ctx: Context, escalation: Escalation) -> datetime | None:
    """When the present step is due."""
    kind = _CLOCK_OF.get(escalation.state)
    return clockwork.due_at(ctx, kind, escalation.id) if kind else None


def whose_turn(ctx: Context, escalation: Escalation) -> tuple[str, ...]:
    """Who has to act now: the mediator, the members who may rule, the parties that were asked, or those who have not
    taken note of the ruling."""
    match escalation.state:
        case EscalationState.OPEN:
            return (escalation.mediator,) if escalation.mediator else ()
        case EscalationState.TO_LEADERSHIP:
            return judges(ctx, escalation)
        case EscalationState.SENT_BACK:
            return speakers(ctx, escalation, rules.unanswered(escalation))
        case EscalationState.RULED:
            done = {a.by for a in escalation.executed}
            return tuple(p for p in escalation.executors if p not in done)
        case _:
            return ()


def open_quarrel(about: Sequence[Escalation]) -> Escalation | None:
    """The one among a record's escalations that people have not settled and nobody has ruled on. One that a clock
    opened is none: there the answer itself is missing."""
    return next((e for e in about if e.kind is not EscalationKind.BREACH and e.state in rules.UNRULED), None)


def rest(ctx: Context, item: str) -> None:
    """While others decide, nothing about the disputed request ends by itself: an alternative waits for no reply, and
    a declined request does not close."""
    for kind, of in _resting(ctx, item):
        clockwork.pause(ctx, kind, of, "")


def wake(ctx: Context, item: str) -> None:
    """The dispute is over and changed nothing: whoever had to act has to act now, in the time that was left."""
    for kind, of in _resting(ctx, item):
        clockwork.resume(ctx, kind, of)
    request = ctx.uow.get(Request, item)
    if request and request.state in (RequestState.RAISED, RequestState.REOPENED):
        clockwork.resume(ctx, ClockKind.RESPONSE, item)  # it rests where the dispute is about a refused alternative


def _resting(ctx: Context, item: str) -> tuple[tuple[ClockKind, str], ...]:
    proposal = record.open_proposal(ctx, item)
    return ((ClockKind.DECLINED, item), *(((ClockKind.REPLY, proposal.id),) if proposal else ()))


def heads(ctx: Context, escalation: Escalation) -> tuple[str, ...]:
    """Who has to carry out a ruling: the parties' heads, or their liaisons where there is no head."""
    found = (record.head(ctx, d) or ctx.directory.liaison(d, record.today(ctx)) for d in escalation.parties)
    return tuple(dict.fromkeys(p for p in found if p))


def show(ctx: Context, escalation: Escalation, *, leadership: bool = False) -> None:
    """The card in every chat that has it; with `leadership`, also to that group and to the first of it who may
    rule: the chair, unless the chair has to abstain."""
    tell.show(
        ctx,
        escalation.id,
        "escalation",
        chats=(ctx.directory.leadership_chat(),) if leadership else (escalation.chat,),
        people=judges(ctx, escalation)[:1] if leadership else (),
        urgent=escalation.urgent,
        priority=Priority.ESCALATION,
    )
    if escalation.item.startswith("R-"):
        tell.show(ctx, escalation.item, "request")


def _speakers(ctx: Context, department: str) -> tuple[str, ...]:
    known = ctx.directory.departments.get(department)
    if known is None:
        return ()
    return (*known.liaisons, *((known.head,) if known.head else ()))
