"""Taken note: of a request by the lead, of an escalation by leadership, of a ruling by a party."""

from __future__ import annotations

from dataclasses import dataclass

from commands import clockwork, tell, trace
from commands.domain import clocks
from commands.domain import escalation as rules
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, EscalationState
from commands.errors import Refused
from commands.escalate import record as escalations
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.request import record
from commands.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))


def ack(ctx: Context, given: Ack) -> Reply:
    """Which of the three it is follows from what is named and where it stands."""
    if given.id.startswith("R-") and not escalations.live_about(ctx, given.id):
        return _ack_request(ctx, given.id)
    was = escalations.addressed(ctx, given.id)
    if was.state is EscalationState.RULED:
        return _execute(ctx, was)
    _require_leadership(ctx, was)
    seen = ctx.uow.save(rules.acknowledge(was, ctx.me, ctx.now))
    trace.record(ctx, "escalation.acknowledged", seen, was=was)
    _quieten(ctx, ClockKind.RULING, was.id)
    ctx.uow.forgive(was.id, "ruling_waiting")
    escalations.show(ctx, seen)
    return Reply(say=words("escalation.acked.said", id=was.id, due=clockwork.due_at(ctx, ClockKind.RULING, was.id)))


def _execute(ctx: Context, was: Escalation) -> Reply:
    """A party carries the ruling out; the last one ends the matter."""
    done = ctx.uow.save(rules.execute(was, ctx.me, ctx.now))
    trace.record(ctx, "escalation.executed", done, was=was)
    if done.state is EscalationState.EXECUTED:
        clockwork.stop(ctx, ClockKind.EXECUTION, was.id)
        ctx.uow.forgive(was.id)
    escalations.show(ctx, done)
    tell.show(ctx, was.decision or "", "decision")
    return Reply(say=words("escalation.executed.said", id=was.id, decision=was.decision))


def _ack_request(ctx: Context, id: str) -> Reply:
    """The lead has seen it: fewer pings for that person, the answer is still owed."""
    request = record.get(ctx, id)
    record.require(ctx, "ack", record.sides(request))
    request_rules.expect(request, "ack")
    _refuse_second_ack(ctx, request.id)
    trace.record(ctx, "request.acknowledged", request)
    _quieten(ctx, ClockKind.RESPONSE, id)
    record.refresh(ctx, request)
    return Reply(say=words("request.acked.said", id=id, due=record.answer_by(ctx, request)))


def _refuse_second_ack(ctx: Context, id: str) -> None:
    """Once per clock and person; a request that came back may be acknowledged anew."""
    clock = clockwork.running(ctx, ClockKind.RESPONSE, id)
    since = clock.ran[-1].start if clock else None
    mine = (e.at for e in ctx.uow.audited(id, since) if e.what == "request.acknowledged" and e.actor == ctx.me)
    if before := next(mine, None):
        raise Refused("request.acked_before", id=id, at=before)


def _quieten(ctx: Context, kind: ClockKind, item: str) -> None:
    clock = clockwork.running(ctx, kind, item)
    if clock:
        ctx.uow.save(clocks.quieten(clock, ctx.me, ctx.now, clockwork.calendar_of(ctx, clock)))


def _require_leadership(ctx: Context, escalation: Escalation) -> None:
    group = ctx.directory.leadership.everyone
    if ctx.me not in group:
        raise Refused("not_allowed", action="escalate.ack", who=group)
