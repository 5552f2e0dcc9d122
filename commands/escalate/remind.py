"""`/escalate remind`: whoever has to act on a matter hears of it again, with the buttons to do it."""

from __future__ import annotations

from datetime import timedelta

from commands import tell, trace
from commands.domain.escalation import Escalation, EscalationState
from commands.errors import Refused
from commands.escalate import record as escalations
from commands.escalate.mediate import OnlyId
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Who, words

NOT_AGAIN_WITHIN = timedelta(minutes=10)
"""Somebody who was pressed a moment ago is not pressed again; whoever tries is told when it was done."""

_NOTICE = {
    EscalationState.OPEN: "dispute_waiting",
    EscalationState.TO_LEADERSHIP: "ruling_waiting",
    EscalationState.SENT_BACK: "escalation_question_waiting",
    EscalationState.RULED: "ruling_execute_late",
}


def remind(ctx: Context, given: OnlyId) -> Reply:
    """For the PMO, the project's manager and leadership."""
    was = escalations.addressed(ctx, given.id)
    record.require(ctx, "escalate.remind", escalations.sides(ctx, was))
    view = _NOTICE.get(was.state)
    if view is None:
        raise Refused("escalation.wrong_state", id=was.id, state=was.state, action="escalate.remind")
    refuse_again(ctx, was, "escalation.reminded")
    told = tell.notify(
        ctx,
        view,
        was.id,
        escalations.whose_turn(ctx, was),
        step=f"remind:{ctx.now.isoformat()}",
        urgent=was.urgent,
        priority=Priority.ESCALATION,
    )
    if not told:
        raise Refused("escalation.nobody_to_remind", id=was.id)
    trace.record(ctx, "escalation.reminded", was, told=told)
    return Reply(say=words("escalation.reminded.said", id=was.id, people=tuple(Who(p) for p in told)))


def refuse_again(ctx: Context, escalation: Escalation, what: str, said: str = "") -> None:
    """Refuses what was done a few minutes ago in the same words, and says by whom and when."""
    events = ctx.uow.audited(escalation.id, ctx.now - NOT_AGAIN_WITHIN)
    done = [e for e in events if e.what == what and e.reason == said]
    if done and done[-1].actor == ctx.me:
        raise Refused("escalation.nudged_before", id=escalation.id, at=done[-1].at)
    if done:
        raise Refused("escalation.nudged_by_other", id=escalation.id, person=done[-1].actor, at=done[-1].at)
