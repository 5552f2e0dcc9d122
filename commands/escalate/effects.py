"""What a ruling changes in the record it is about."""

from __future__ import annotations

from datetime import datetime

from commands import clockwork, trace
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Decision, Escalation, Vote
from commands.domain.request import ANSWERABLE, OPEN_STATES, WORKED_ON, Request, RequestState
from commands.domain.task import ACTIVE_STATES, Task
from commands.errors import Refused
from commands.escalate import record as escalations
from commands.registry import Context
from commands.request import change, propose, record
from commands.request.cancel import wind_down
from commands.request.task import make_tasks
from commands.words import Words, words

REFUSED = frozenset({RequestState.COUNTERED, RequestState.DECLINED})
UNDECIDED = ANSWERABLE | REFUSED


def possible(ctx: Context, escalation: Escalation) -> tuple[str, ...]:
    """What a ruling may do to the record as it stands. A request that was turned down or countered cannot be left
    as it is: nobody would have to do anything about it any more."""
    request = None if escalation.item.startswith("T-") else escalations.request_of(ctx, escalation)
    if request is None or request.state not in OPEN_STATES:
        return ("none",)
    if request.state in REFUSED:
        return ("accept", "close")
    if request.state in UNDECIDED:
        return ("none", "accept", "close")
    if request.state in WORKED_ON:
        return ("none", "hold", "close")
    return ("none", "resume", "close") if request.state is RequestState.ON_HOLD else ("none", "close")


def proposed(ctx: Context, escalation: Escalation, option: str) -> str:
    """What an option means for the record if nothing else is said; "" where it has to be said."""
    allowed = possible(ctx, escalation)
    request = escalations.request_of(ctx, escalation)
    if request is None or "accept" not in allowed:
        return "none"
    side = _side(escalation, option)
    if side == request.department and (request.wanted or "none" not in allowed):
        return "accept"
    if "none" in allowed:
        return "none"
    return "close" if side == request.lead and request.state is RequestState.DECLINED else ""


def proposed_due(ctx: Context, escalation: Escalation) -> datetime | None:
    """The date that was wanted, or offered instead, if it is still to come."""
    request = escalations.request_of(ctx, escalation)
    dates = (request.wanted, request.alternative_due) if request else ()
    return next((d for d in dates if d and d > ctx.now), None)


def settled(ctx: Context, escalation: Escalation, option: str, effect: str, due: datetime | None) -> str:
    """The effect that a vote has. Refuses one that is not possible now, one without the date it needs, and none
    where the record would be left with nobody who has to act."""
    allowed = possible(ctx, escalation)
    if effect and effect not in allowed:
        labels = tuple(words(f"choice.effect.{e}.label") for e in allowed)
        raise Refused("escalation.wrong_effect", field="effect", id=escalation.id, item=escalation.item, options=labels)
    meant = effect or ("accept" if due and "accept" in allowed else proposed(ctx, escalation, option))
    if not meant:
        raise Refused("escalation.needs_effect", field="effect", id=escalation.item)
    if meant == "accept" and not (due or _wanted(ctx, escalation)):
        raise Refused("escalation.needs_due", field="due", id=escalation.item)
    if meant == "hold" and due is None:
        raise Refused("escalation.needs_due", field="due", id=escalation.item)
    return meant


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
        case "accept" if request.state in UNDECIDED:
            return _accept(ctx, request, ruling)
        case _:
            return _move(ctx, request, ruling)


def due_after(ctx: Context, escalation: Escalation, changed: tuple[str, ...], ruling: Vote) -> datetime | None:
    """The date that stands in the decision log: what the ruling has set, whatever happens to the record later."""
    if changed == ("accepted",) and ruling.due is None:
        request = escalations.request_of(ctx, escalation)
        return request.due if request else None
    return ruling.due if changed in (("accepted",), ("due_moved",), ("held",)) else None


def told(decision: Decision) -> tuple[Words, ...]:
    """What a ruling changed, in words; that it moved no date is said as well."""
    done = tuple(words(f"decision.effect.{effect}", due=decision.due) for effect in decision.effects)
    if done or not decision.option:
        return done
    return (words("decision.effect.none"),)


def _on_task(ctx: Context, task: Task, ruling: Vote) -> tuple[str, ...]:
    if ruling.due is None or task.state not in ACTIVE_STATES:
        return ()
    change.move_task(ctx, task, ruling.due)
    return ("due_moved",)


def _move(ctx: Context, request: Request, ruling: Vote) -> tuple[str, ...]:
    if ruling.due is None or request.state in UNDECIDED:
        return ()
    change.move_request(ctx, request, ruling.due)
    return ("due_moved",)


def _side(escalation: Escalation, option: str) -> str:
    """The department that an option supports."""
    at = ("support_raiser", "support_other").index(option) if option.startswith("support_") else len(escalation.parties)
    return escalation.parties[at] if at < len(escalation.parties) else ""


def _wanted(ctx: Context, escalation: Escalation) -> datetime | None:
    request = escalations.request_of(ctx, escalation)
    return request.wanted if request and request.wanted and request.wanted > ctx.now else None


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
