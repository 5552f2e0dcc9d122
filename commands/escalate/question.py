"""Leadership sends a matter back with a question: the parties add to their positions, then it rules."""

from __future__ import annotations

from commands import clockwork, tell, trace
from commands.domain import escalation as rules
from commands.domain.clocks import Clock, ClockKind
from commands.domain.escalation import Escalation, EscalationState
from commands.escalate import record as escalations
from commands.ports import Priority
from commands.registry import Context
from commands.words import Dept, Who


def send_back(ctx: Context, was: Escalation, question: str) -> Escalation:
    """The ruling rests; the parties have a clock of their own."""
    back = ctx.uow.save(rules.send_back(was, question, ctx.now))
    trace.record(ctx, "escalation.sent_back", back, was=was, reason=question)
    clockwork.pause(ctx, ClockKind.RULING, was.id, "")
    ctx.uow.forgive(was.id, "ruling_waiting")
    limit = ctx.policy.supplement_urgent if was.urgent else ctx.policy.supplement_normal
    clockwork.start(ctx, ClockKind.SUPPLEMENT, was.id, limit, urgent=was.urgent)
    people = escalations.party_liaisons(ctx, back)
    tell.notify(
        ctx,
        "escalation_question",
        was.id,
        people,
        step="sent_back",
        urgent=was.urgent,
        priority=Priority.ESCALATION,
        by=Who(ctx.me),
        even_self=True,
    )
    escalations.show(ctx, back)
    return back


def answered(ctx: Context, returned: Escalation) -> None:
    """Each party has answered: the ruling clock goes on, and leadership hears of it."""
    _go_on(ctx, returned, cancelled=False)
    _tell_leadership(ctx, "escalation_answered", returned)


def over(ctx: Context, was: Escalation) -> Escalation:
    """Leadership acts without waiting for the answers any longer."""
    if was.state is not EscalationState.SENT_BACK:
        return was
    returned = ctx.uow.save(rules.take_back(was))
    _go_on(ctx, returned, cancelled=True)
    return returned


def on_step(ctx: Context, clock: Clock, step: str) -> None:
    """Who has not answered is reminded once; at the end leadership goes on with what it has."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.SENT_BACK:
        return
    if step != "breach":
        told = tell.notify(
            ctx,
            "escalation_question_waiting",
            found.id,
            escalations.speakers(ctx, found, rules.unanswered(found)),
            step=f"{step}:{clock.id}",
            urgent=found.urgent,
            priority=Priority.ESCALATION,
        )
        trace.record(ctx, "clock.warned", found, clock=clock.id, step=step, told=told)
        return
    returned = ctx.uow.save(rules.take_back(found))
    trace.record(ctx, "escalation.unanswered", returned, was=found)
    _go_on(ctx, returned, cancelled=False)
    _tell_leadership(ctx, "escalation_unanswered", returned)
    escalations.show(ctx, returned)


def _go_on(ctx: Context, returned: Escalation, *, cancelled: bool) -> None:
    clockwork.stop(ctx, ClockKind.SUPPLEMENT, returned.id, cancelled=cancelled)
    for view in ("escalation_question", "escalation_question_waiting"):
        ctx.uow.forgive(returned.id, view)
    clockwork.resume(ctx, ClockKind.RULING, returned.id)


def _tell_leadership(ctx: Context, view: str, returned: Escalation) -> None:
    silent = rules.unanswered(returned)
    tell.notify(
        ctx,
        view,
        returned.id,
        escalations.judges(ctx, returned),
        step=f"v{returned.version}",
        urgent=returned.urgent,
        priority=Priority.ESCALATION,
        answered=tuple(Dept(d) for d in returned.parties if d not in silent) or None,
        silent=tuple(Dept(d) for d in silent) or None,
    )
