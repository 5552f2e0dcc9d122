"""What a ruling changes in the record it is about."""

from __future__ import annotations

from commands import clockwork, trace
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, Vote
from commands.domain.request import ANSWERABLE, OPEN_STATES, WORKED_ON, Request, RequestState
from commands.domain.task import ACTIVE_STATES, Task
from commands.errors import Refused
from commands.escalate import record as escalations
from commands.registry import Context
from commands.request import change, propose, record
from commands.request.cancel import wind_down
from commands.request.task import make_tasks

UNDECIDED = ANSWERABLE | {RequestState.COUNTERED, RequestState.DECLINED}


def apply(ctx: Context, escalation: Escalation, ruling: Vote) -> tuple[str, ...]:
    """Carries the ruling into the request or task; returns the names of what changed, for the decision log."""
    if escalation.item.startswith("T-"):
        return _on_task(ctx, record.get_task(ctx, escalation.item), ruling)
    request = escalations.request_of(ctx, escalation)
    if request is None or request.state not in OPEN_STATES:
        return ()
    match ruling.effect:
        case "close":
            return _close(ctx, request, escalation)
        case "hold":
            return _hold(ctx, request, ruling)
        case "resume" if request.state is RequestState.ON_HOLD:
            change.resume_now(ctx, request)
            return ("resumed",)
        case _:
            return _accept_or_move(ctx, request, escalation, ruling)


def _on_task(ctx: Context, task: Task, ruling: Vote) -> tuple[str, ...]:
    if ruling.due is None or task.state not in ACTIVE_STATES:
        return ()
    change.move_task(ctx, task, ruling.due)
    return ("due_moved",)


def _accept_or_move(ctx: Context, request: Request, escalation: Escalation, ruling: Vote) -> tuple[str, ...]:
    """A request not taken on yet is taken on when the ruling says so or names a date; otherwise its date moves."""
    if request.state in UNDECIDED:
        if _has_to_be_done(request, escalation, ruling):
            return _accept(ctx, request, ruling)
        return ()
    if ruling.due is None:
        return ()
    change.move_request(ctx, request, ruling.due)
    return ("due_moved",)


def _has_to_be_done(request: Request, escalation: Escalation, ruling: Vote) -> bool:
    if ruling.effect == "accept" or ruling.due:
        return True
    asked_by_requester = bool(escalation.parties) and escalation.parties[0] == request.department
    favoured = "support_raiser" if asked_by_requester else "support_other"
    return ruling.option == favoured and request.wanted is not None


def _accept(ctx: Context, request: Request, ruling: Vote) -> tuple[str, ...]:
    due = ruling.due or request.wanted
    if due is None or due <= ctx.now:
        raise Refused("escalation.needs_due", field="due", id=request.id)
    owner = record.lead_liaison(ctx, request) or ruling.by
    taken = ctx.uow.save(request_rules.accept_by_ruling(request, ruling.by, ctx.now, due=due, owner=owner))
    trace.record(ctx, "request.accepted", taken, was=request, reason=ruling.reason, by_ruling=True)
    for kind in (ClockKind.RESPONSE, ClockKind.DECLINED, ClockKind.INFO):
        clockwork.stop(ctx, kind, request.id)
    _withdraw_proposal(ctx, request)
    make_tasks(ctx, taken)
    record.refresh(ctx, taken)
    return ("accepted",)


def _close(ctx: Context, request: Request, escalation: Escalation) -> tuple[str, ...]:
    closed = ctx.uow.save(request_rules.close_by_ruling(request, ctx.now))
    trace.record(ctx, "request.closed", closed, was=request, by_ruling=True)
    wind_down(ctx, closed, keep=escalation.id)
    return ("closed",)


def _hold(ctx: Context, request: Request, ruling: Vote) -> tuple[str, ...]:
    if request.state not in WORKED_ON:
        return ()
    if ruling.due is None:
        raise Refused("escalation.needs_due", field="due", id=request.id)
    change.hold_now(ctx, request, ruling.reason, ruling.due, "")
    return ("held",)


def _withdraw_proposal(ctx: Context, request: Request) -> None:
    pending = record.open_proposal(ctx, request.id)
    if pending:
        propose.withdraw(ctx, pending)
