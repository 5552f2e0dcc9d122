"""While a dispute is open: positions, settlement, handing in to leadership, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass

from commands import clockwork, tell, trace
from commands.domain import escalation as rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, EscalationState
from commands.errors import Refused
from commands.escalate import question
from commands.escalate import record as escalations
from commands.escalate.breach import start_ruling
from commands.inputs import Kind, ask
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Dept, Who, Words, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))
    text: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))
    text: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyId:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))
    reason: str = ask(Kind.LINES, main=True)


def position(ctx: Context, given: Position) -> Reply:
    """A party's own words, as leadership will read them."""
    was = escalations.addressed(ctx, given.id)
    record.require(ctx, "escalate.position", escalations.sides(ctx, was))
    department = _my_party(ctx, was)
    stated = ctx.uow.save(rules.state_position(was, department, ctx.me, given.text, ctx.now))
    added = len(stated.supplements) > len(was.supplements)
    trace.record(ctx, "escalation.supplemented" if added else "escalation.position", stated, was=was, reason=given.text)
    if was.state is EscalationState.SENT_BACK and stated.state is EscalationState.TO_LEADERSHIP:
        question.answered(ctx, stated)
    escalations.show(ctx, stated)
    return Reply(say=_noted(was, stated, added=added))


def settle(ctx: Context, given: Settle) -> Reply:
    """Agreed, and written down what was agreed."""
    was = escalations.addressed(ctx, given.id)
    if ctx.me != was.mediator:
        record.require(ctx, "escalate.settle", escalations.sides(ctx, was))
    settled = ctx.uow.save(rules.settle(was, given.text, ctx.now))
    trace.record(ctx, "escalation.settled", settled, was=was, reason=given.text)
    _end(ctx, settled, "escalation_settled")
    return Reply(say=words("escalation.settled.said", id=was.id))


def up(ctx: Context, given: OnlyId) -> Reply:
    """To the leadership group now."""
    was = escalations.addressed(ctx, given.id)
    if ctx.me != was.mediator:
        record.require(ctx, "escalate.up", escalations.sides(ctx, was))
    hand_in_now(ctx, was)
    return Reply(say=words("escalation.handed_in.said", id=was.id))


def withdraw(ctx: Context, given: Withdraw) -> Reply:
    """Taken back by whoever raised it; a reason is welcome and told, not demanded."""
    was = escalations.addressed(ctx, given.id)
    gone = ctx.uow.save(rules.withdraw(was, ctx.me, ctx.now))
    trace.record(ctx, "escalation.withdrawn", gone, was=was, reason=given.reason)
    _end(ctx, gone, "escalation_withdrawn", given.reason)
    return Reply(say=words("escalation.withdrawn.said", id=was.id))


def hand_in_now(ctx: Context, was: Escalation) -> Escalation:
    """Both positions go to the leadership group; its clock (C5) starts."""
    handed = ctx.uow.save(rules.hand_in(was, ctx.now))
    trace.record(ctx, "escalation.handed_in", handed, was=was)
    clockwork.stop(ctx, ClockKind.DISPUTE, was.id)
    ctx.uow.forgive(was.id)
    start_ruling(ctx, handed)
    people = (*escalations.party_liaisons(ctx, handed), handed.mediator)
    tell.notify(ctx, "dispute_handed_in", was.id, people, step="handed_in")
    escalations.show(ctx, handed, leadership=True)
    if not escalations.judges(ctx, handed):
        people = (*ctx.directory.pmo, *ctx.directory.admins)
        tell.notify(ctx, "escalation_no_judge", was.id, people, step="no_judge", priority=Priority.ESCALATION)
    return handed


def _end(ctx: Context, ended: Escalation, view: str, why: str = "") -> None:
    clockwork.stop(ctx, ClockKind.DISPUTE, ended.id)
    clockwork.stop(ctx, ClockKind.SUPPLEMENT, ended.id, cancelled=True)
    clockwork.stop(ctx, ClockKind.RULING, ended.id, cancelled=True)
    escalations.wake(ctx, ended.item)
    ctx.uow.forgive(ended.id)
    people = (*escalations.party_liaisons(ctx, ended), ended.mediator)
    tell.notify(ctx, view, ended.id, people, step=str(ended.state), by=Who(ctx.me), why=why)
    escalations.show(ctx, ended)


def _noted(was: Escalation, stated: Escalation, *, added: bool) -> Words:
    """What became of the words: a position, an answer that others still owe too, or one that was the last."""
    if not added:
        return words("escalation.position.said", id=was.id)
    if waiting := rules.unanswered(stated) if stated.state is EscalationState.SENT_BACK else ():
        return words("escalation.supplement.waiting.said", id=was.id, departments=tuple(Dept(d) for d in waiting))
    return words("escalation.supplement.said", id=was.id)


def _my_party(ctx: Context, escalation: Escalation) -> str:
    """The party for which the acting person speaks."""
    own = ctx.directory.departments_of(ctx.me)
    mine = next((d for d in escalation.parties if d in own), None)
    if mine:
        return mine
    request = escalations.request_of(ctx, escalation)
    if request and ctx.me == request.requester and request.department:
        return request.department
    if request and ctx.me == request.owner:
        return request.lead
    raise Refused("not_allowed", action="escalate.position", who=escalations.party_liaisons(ctx, escalation))
