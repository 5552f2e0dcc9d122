"""Escalations that a clock opens: the answer did not come, or the work is days over its date."""

from __future__ import annotations

from datetime import timedelta

from commands import clockwork, tell, trace
from commands.domain import clocks
from commands.domain import escalation as rules
from commands.domain.clocks import Clock, ClockKind
from commands.domain.escalation import Escalation, EscalationKind, EscalationState
from commands.domain.request import Request, Urgency
from commands.domain.task import Task
from commands.escalate import record as escalations
from commands.ports import Priority
from commands.registry import Context
from commands.request import record


def open_unanswered(ctx: Context, request: Request) -> Escalation:
    """Nobody answered a request in time: the leadership group and its chair hear of it, nobody else."""
    return _open(
        ctx,
        item=request.id,
        reason="unanswered",
        parties=(request.department, request.lead),
        project=request.project,
        urgent=request.urgency is Urgency.URGENT,
    )


def open_overdue(ctx: Context, task: Task) -> Escalation | None:
    """A task is so many working days over its date. One live escalation per task is enough."""
    if escalations.live_about(ctx, task.id):
        return None
    request = record.request_of(ctx, task)
    others = (request.department,) if request else ()
    opened = _open(
        ctx,
        item=task.id,
        reason="overdue",
        parties=tuple(dict.fromkeys((*others, task.department))),
        project=task.project,
        urgent=False,
    )
    manager = record.manager(ctx, task.project)
    tell.notify(ctx, "escalation_copied", opened.id, (manager,), step="copied", priority=Priority.ESCALATION)
    return opened


def answered(ctx: Context, item: str, *, by: str, clock: Clock | None = None, conclusion: str = "answered") -> None:
    """The missing answer came, or somebody else has to give it now ("rerouted"): a breach closes by itself, and stays
    in the count."""
    for found in ctx.uow.find(Escalation, item=item, kind=EscalationKind.BREACH, state=tuple(rules.UNRULED)):
        was = escalations.get(ctx, found.id)
        late = _late(ctx, clock)
        closed = ctx.uow.save(rules.close_answered(was, conclusion, ctx.now))
        trace.record(
            ctx, "escalation.closed", closed, was=was, answered_by=by, late_minutes=int(late.total_seconds() // 60)
        )
        clockwork.stop(ctx, ClockKind.SUPPLEMENT, was.id, cancelled=True)
        clockwork.stop(ctx, ClockKind.RULING, was.id, cancelled=True)
        ctx.uow.forgive(was.id)
        escalations.show(ctx, closed, leadership=True)


def obsolete(ctx: Context, item: str, *, keep: str = "") -> None:
    """What it was about is gone."""
    for found in ctx.uow.find(Escalation, item=item, state=tuple(rules.LIVE_STATES)):
        if found.id == keep:
            continue
        was = escalations.get(ctx, found.id)
        closed = ctx.uow.save(rules.close_answered(was, "cancelled", ctx.now))
        trace.record(ctx, "escalation.closed", closed, was=was, reason="cancelled")
        clockwork.stop_all(ctx, was.id)
        ctx.uow.forgive(was.id)
        escalations.show(ctx, closed)


def start_ruling(ctx: Context, escalation: Escalation) -> None:
    """C5: leadership has been told and has to rule."""
    limit = ctx.policy.ruling_urgent if escalation.urgent else ctx.policy.ruling_normal
    clockwork.start(ctx, ClockKind.RULING, escalation.id, limit, urgent=escalation.urgent)


def _open(
    ctx: Context, *, item: str, reason: str, parties: tuple[str, ...], project: str | None, urgent: bool
) -> Escalation:
    opened = Escalation(
        id=ctx.uow.next_id("E"),
        kind=EscalationKind.BREACH,
        item=item,
        reason=reason,
        raised_by=None,
        parties=tuple(p for p in parties if p),
        project=project,
        urgent=urgent,
        state=EscalationState.TO_LEADERSHIP,
        raised_at=ctx.now,
        handed_in_at=ctx.now,
    )
    ctx.uow.add(opened)
    trace.record(ctx, "escalation.opened", opened)
    start_ruling(ctx, opened)
    escalations.show(ctx, opened, leadership=True)
    return opened


def _late(ctx: Context, clock: Clock | None) -> timedelta:
    return clocks.late_by(clock, ctx.now, clockwork.calendar_of(ctx, clock)) if clock else timedelta()
