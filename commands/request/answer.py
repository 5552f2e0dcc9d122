"""The lead's answers: accept, decline, counter, ask back, reroute; and the requester's reply to a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import clocks
from commands.domain import request as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.permissions import Role
from commands.domain.proposal import Proposal, ProposalKind
from commands.domain.request import Request, RequestState, Urgency
from commands.escalate import breach
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.request import propose, record
from commands.request.new import raise_with
from commands.request.task import make_tasks
from commands.words import Dept, Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    due: Due | None = ask(Kind.DUE, required=True)
    owner: str | None = ask(Kind.PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    reason: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    reason: str = ask(Kind.LINES, required=True)
    alternative: str = ask(Kind.LINES, required=True, main=True, optional_when=("due|department", "*"))
    due: Due | None = ask(Kind.DUE)
    department: str | None = ask(Kind.DEPARTMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    question: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBack:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    answer: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reroute:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    department: str | None = ask(Kind.DEPARTMENT, required=True)
    reason: str = ask(Kind.LINES, main=True)


def propose_due(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form proposes the date that the requester wished for."""
    known = ctx.uow.get(Request, str(values.get("id", "")))
    wished = {"due": known.wanted} if known and known.wanted and known.wanted > ctx.now else {}
    return {**wished, **values}


def accept(ctx: Context, given: Accept) -> Reply:
    """C1 is met; the work gets an owner, a date and its tasks."""
    assert given.due  # required by the input
    was = record.get(ctx, given.id)
    record.require(ctx, "request.accept", record.sides(was))
    record.note_deputy(ctx, was.lead)
    if given.owner:
        record.require_colleague(ctx, was.lead, given.owner, field="owner")
    accepted = ctx.uow.save(rules.accept(was, ctx.me, ctx.now, due=given.due.moment, owner=given.owner))
    trace.record(ctx, "request.accepted", accepted, was=was)
    _no_longer_asked(ctx, was)
    _withdraw_counter(ctx, was)
    answered(ctx, accepted)
    make_tasks(ctx, accepted)
    return Reply(say=words("request.accepted.said", id=was.id, due=accepted.due))


def decline(ctx: Context, given: Decline) -> Reply:
    """C1 is met by a no with a reason; the requester may reroute, dispute or withdraw, else it closes."""
    was = record.get(ctx, given.id)
    record.require(ctx, "request.decline", record.sides(was))
    record.note_deputy(ctx, was.lead)
    declined = ctx.uow.save(rules.decline(was, ctx.me, ctx.now, reason=given.reason))
    trace.record(ctx, "request.declined", declined, was=was, reason=declined.reason)
    _no_longer_asked(ctx, was)
    answered(ctx, declined)
    clockwork.start(ctx, ClockKind.DECLINED, was.id, ctx.policy.decline_lapse, side=was.department)
    return Reply(say=words("request.declined.said", id=was.id))


def counter(ctx: Context, given: Counter) -> Reply:
    """C1 is met by an alternative; now the requester has to reply (C2)."""
    was = record.get(ctx, given.id)
    record.require(ctx, "request.counter", record.sides(was))
    record.note_deputy(ctx, was.lead)
    countered = ctx.uow.save(
        rules.counter(
            was,
            ctx.me,
            ctx.now,
            reason=given.reason,
            alternative=given.alternative,
            due=given.due.moment if given.due else None,
            department=given.department,
        )
    )
    trace.record(ctx, "request.countered", countered, was=was, reason=countered.reason)
    _no_longer_asked(ctx, was)
    propose.open_proposal(
        ctx,
        ProposalKind.COUNTER,
        item=was.id,
        reason=countered.reason,
        alternative=countered.alternative,
        due=countered.alternative_due,
        other_department=countered.alternative_department,
        asked=(was.requester,),
        asked_department=was.department,
    )
    answered(ctx, countered, tell_requester=False)
    return Reply(say=words("request.countered.said", id=was.id))


def ask_back(ctx: Context, given: AskBack) -> Reply:
    """C1 rests while the requester answers, who has a clock for it. Typed by the requester, it is the answer."""
    was = record.get(ctx, given.id)
    held = record.require(ctx, "request.audience", record.sides(was))
    if was.state is RequestState.NEEDS_INFO and Role.REQUESTER in held:
        return answer_back(ctx, AnswerBack(id=given.id, answer=given.question))
    record.require(ctx, "request.ask", record.sides(was))
    record.note_deputy(ctx, was.lead)
    asked = ctx.uow.save(rules.ask(was, ctx.me, question=given.question))
    trace.record(ctx, "request.asked", asked, was=was, reason=asked.question)
    clockwork.pause(ctx, ClockKind.RESPONSE, was.id, was.department)
    clock = clockwork.start(ctx, ClockKind.INFO, was.id, ctx.policy.info, side=was.department)
    tell.notify(
        ctx,
        "request_question",
        was.id,
        (was.requester,),
        step=f"v{asked.version}",
        urgent=_is_urgent(was),
        by=Who(ctx.me),
        answer_by=clocks.due_at(clock, clockwork.calendar_of(ctx, clock)),
    )
    record.refresh(ctx, asked)
    return Reply(say=words("request.asked.said", id=was.id, person=Who(was.requester)))


def answer_back(ctx: Context, given: AnswerBack) -> Reply:
    was = record.get(ctx, given.id)
    record.require(ctx, "request.answer", record.sides(was))
    replied = ctx.uow.save(rules.answer(was, text=given.answer))
    trace.record(ctx, "request.answered", replied, was=was, reason=replied.answer)
    clockwork.stop(ctx, ClockKind.INFO, was.id)
    ctx.uow.forgive(was.id, "info_waiting")
    ctx.uow.forgive(was.id, "info_overdue")
    clockwork.resume(ctx, ClockKind.RESPONSE, was.id)
    due = record.answer_by(ctx, replied)
    people = (record.lead_liaison(ctx, replied),)
    tell.notify(
        ctx, "request_replied", was.id, people, step=f"v{replied.version}", urgent=_is_urgent(was), answer_by=due
    )
    record.refresh(ctx, replied)
    return Reply(say=words("request.answered.said", id=was.id, due=due))


def reroute(ctx: Context, given: Reroute) -> Reply:
    """Another department leads: once by the lead, then only by the PMO; the requester may after a decline."""
    assert given.department
    was = record.get(ctx, given.id)
    by_pmo = _may_reroute(ctx, was)
    moved = ctx.uow.save(rules.reroute(was, to=given.department, by_pmo=by_pmo, reason=given.reason))
    trace.record(ctx, "request.rerouted", moved, was=was, reason=given.reason)
    _no_longer_asked(ctx, was)
    clockwork.stop(ctx, ClockKind.DECLINED, was.id)
    people = (was.requester, record.lead_liaison(ctx, was))
    tell.notify(
        ctx,
        "request_rerouted",
        was.id,
        people,
        step=f"v{moved.version}",
        by=Who(ctx.me),
        to=Dept(moved.lead),
        why=given.reason,
    )
    raise_with(ctx, moved)
    breach.answered(ctx, moved.id, by=ctx.me, conclusion="rerouted")
    due = record.answer_by(ctx, moved)
    return Reply(say=words("request.rerouted.said", id=was.id, lead=Dept(moved.lead), due=due))


def answered(ctx: Context, request: Request, *, tell_requester: bool = True) -> None:
    """C1 stops, an escalation that only waited for this answer closes, everybody concerned sees it."""
    clock = clockwork.stop(ctx, ClockKind.RESPONSE, request.id)
    breach.answered(ctx, request.id, by=ctx.me, clock=clock)
    ctx.uow.forgive(request.id, "request_waiting")
    if tell_requester:
        people = (request.requester,)
        tell.notify(
            ctx,
            f"request_{request.state}",
            request.id,
            people,
            step=f"v{request.version}",
            urgent=_is_urgent(request),
            by=Who(ctx.me),
        )
    record.refresh(ctx, request)


def _no_longer_asked(ctx: Context, was: Request) -> None:
    """The lead acts without what it asked for: the requester owes nothing any more."""
    if was.state is RequestState.NEEDS_INFO:
        clockwork.stop(ctx, ClockKind.INFO, was.id, cancelled=True)
        ctx.uow.forgive(was.id, "info_waiting")
        ctx.uow.forgive(was.id, "info_overdue")


def _is_urgent(request: Request) -> bool:
    """The other side waits: an urgent answer is told at any hour."""
    return request.urgency is Urgency.URGENT


def _may_reroute(ctx: Context, request: Request) -> bool:
    who = record.sides(request)
    if request.state is RequestState.DECLINED:
        record.require(ctx, "request.reroute_declined", who)
        return True
    if request.reroutes or record.lead_liaison(ctx, request) is None:
        record.require(ctx, "request.reroute_again", who)
        return True
    record.require(ctx, "request.reroute", who)
    return False


def _withdraw_counter(ctx: Context, was: Request) -> None:
    open_counter: Proposal | None = record.open_proposal(ctx, was.id)
    if open_counter and open_counter.kind is ProposalKind.COUNTER:
        propose.withdraw(ctx, open_counter)
