"""What the clocks of an escalation do at their steps: mediation, ruling, carrying out."""

from __future__ import annotations

from commands import tell, trace
from commands.domain.clocks import TO_PMO, Clock, is_quiet_for
from commands.domain.escalation import Escalation, EscalationState
from commands.escalate import mediate
from commands.escalate import record as escalations
from commands.ports import Priority
from commands.registry import Context


def dispute(ctx: Context, clock: Clock, step: str) -> None:
    """C4: mediator and parties are reminded; then it goes to the leadership group."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.OPEN:
        return
    if step == "breach":
        mediate.hand_in_now(ctx, found)
        return
    people = (found.mediator, *escalations.party_liaisons(ctx, found))
    _remind(ctx, "dispute_waiting", found, people, clock, step)


def ruling(ctx: Context, clock: Clock, step: str) -> None:
    """C5: the chair and the deputies who may rule are pinged again and again, or, where no deputy may, everybody who
    may; then the PMO. The bot never rules."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.TO_LEADERSHIP:
        return
    if step == TO_PMO:
        _remind(ctx, "ruling_overdue_pmo", found, _watching(ctx), clock, step)
        escalations.show(ctx, found)
        return
    acked = {a.by for a in found.acknowledged}
    people = escalations.judges(ctx, found)[:1] if step == "50" else _pressed(ctx, found)
    awake = tuple(p for p in people if not (step == "50" and p in acked) and not is_quiet_for(clock, p, ctx.now))
    _remind(ctx, "ruling_waiting", found, awake, clock, step)


def execution(ctx: Context, clock: Clock, step: str) -> None:
    """A ruling that a party has not taken note of: reminded each working day, then the PMO hears of it."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.RULED:
        return
    if step == TO_PMO:
        _remind(ctx, "ruling_execute_pmo", found, _watching(ctx), clock, step)
    else:
        _remind(ctx, "ruling_execute_late", found, escalations.whose_turn(ctx, found), clock, step)
    escalations.show(ctx, found)


def _pressed(ctx: Context, found: Escalation) -> tuple[str, ...]:
    judges = escalations.judges(ctx, found)
    deputies = tuple(d for d in ctx.directory.leadership.deputies if d in judges)
    return tuple(j for j in judges if j == ctx.directory.leadership.chair or j in deputies) if deputies else judges


def _watching(ctx: Context) -> tuple[str, ...]:
    """Who hears of it when nobody is left to remind."""
    return ctx.directory.pmo or ctx.directory.admins


def _remind(
    ctx: Context, view: str, found: Escalation, people: tuple[str | None, ...], clock: Clock, step: str
) -> None:
    told = tell.notify(
        ctx, view, found.id, people, step=f"{step}:{clock.id}", urgent=found.urgent, priority=Priority.ESCALATION
    )
    trace.record(ctx, "clock.warned", found, clock=clock.id, step=step, told=told)
