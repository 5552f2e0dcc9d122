"""What the clocks of an escalation do at their steps: mediation, ruling, carrying out."""

from __future__ import annotations

from commands import tell, trace
from commands.domain.clocks import Clock, is_quiet_for
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
    """C5: the chair and the deputies who may rule are pinged again and again, then the PMO. The bot never rules."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.TO_LEADERSHIP:
        return
    if step == f"again:{ctx.policy.ruling_repings}":
        _remind(ctx, "ruling_overdue_pmo", found, ctx.directory.pmo, clock, step)
        return
    acked = {a.by for a in found.acknowledged}
    judges = escalations.judges(ctx, found)
    group = ctx.directory.leadership
    pressed = (group.chair, *group.deputies) if step != "50" else judges[:1]
    people = tuple(p for p in pressed if p in judges) or judges
    awake = tuple(p for p in people if p and not (step == "50" and p in acked) and not is_quiet_for(clock, p, ctx.now))
    _remind(ctx, "ruling_waiting", found, awake, clock, step)


def execution(ctx: Context, clock: Clock, step: str) -> None:
    """A ruling that a party has not taken note of: reminded each working day, then the PMO hears of it."""
    found = ctx.uow.get(Escalation, clock.item)
    if found is None or found.state is not EscalationState.RULED:
        return
    if step == f"again:{ctx.policy.ruling_repings}":
        _remind(ctx, "ruling_execute_pmo", found, ctx.directory.pmo, clock, step)
        return
    done = {a.by for a in found.executed}
    people = tuple(p for p in found.executors if p not in done)
    _remind(ctx, "ruling_execute_late", found, people, clock, step)


def _remind(
    ctx: Context, view: str, found: Escalation, people: tuple[str | None, ...], clock: Clock, step: str
) -> None:
    told = tell.notify(
        ctx, view, found.id, people, step=f"{step}:{clock.id}", urgent=found.urgent, priority=Priority.ESCALATION
    )
    trace.record(ctx, "clock.warned", found, clock=clock.id, step=step, told=told)
