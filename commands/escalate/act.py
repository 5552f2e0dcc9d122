"""What leadership does about a breach: press for the answer, name a person, or give it to another department."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from commands import clockwork, tell, trace
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation
from commands.domain.request import Request
from commands.domain.task import Task
from commands.errors import Refused
from commands.escalate import breach
from commands.escalate import record as escalations
from commands.ports import Priority
from commands.registry import Context
from commands.request import record
from commands.request.new import raise_with
from commands.request.task import announce
from commands.words import Dept, Who

PRESSED_TWICE = timedelta(minutes=10)
"""The same words of the same person within this time are the same push."""


def nudge(ctx: Context, escalation: Escalation, words_to_them: str) -> None:
    """The people who owe the answer, and their head, hear from leadership: once for the same words."""
    _refuse_repetition(ctx, escalation, words_to_them)
    lead = escalation.parties[-1]
    request = escalations.request_of(ctx, escalation)
    people = record.lead_liaisons(ctx, request) if request else ()
    owner = _task(ctx, escalation)
    tell.notify(
        ctx,
        "escalation_nudge",
        escalation.id,
        (*people, owner.owner if owner else None, record.head(ctx, lead)),
        step=f"nudge:{ctx.now.isoformat()}",
        urgent=escalation.urgent,
        priority=Priority.ESCALATION,
        by=Who(ctx.me),
        reason=words_to_them,
    )
    _again(ctx, escalation)


def assign(ctx: Context, escalation: Escalation, person: str, words_to_them: str) -> None:
    """A named person has to answer or do it."""
    task = _task(ctx, escalation)
    if task:
        saved = ctx.uow.save(replace(task, owner=person))
        trace.record(ctx, "task.handed_over", saved, was=task, reason=words_to_them)
        announce(ctx, saved)
    else:
        request = _request(ctx, escalation)
        saved_request = ctx.uow.save(replace(request, owner=person))
        trace.record(ctx, "request.handed_over", saved_request, was=request, reason=words_to_them)
        tell.show(ctx, request.id, "request", people=(person,), urgent=escalation.urgent, priority=Priority.ESCALATION)
    tell.notify(
        ctx,
        "escalation_assigned",
        escalation.id,
        (person,),
        step=f"assign:{ctx.now.isoformat()}",
        urgent=escalation.urgent,
        priority=Priority.ESCALATION,
        by=Who(ctx.me),
        reason=words_to_them,
    )
    _again(ctx, escalation)


def reroute(ctx: Context, escalation: Escalation, department: str, words_to_them: str) -> None:
    """Another department has to answer; the breach of the first one stays in the count."""
    if _task(ctx, escalation):
        raise Refused("escalation.not_for_task", field="option", id=escalation.id)
    was = _request(ctx, escalation)
    moved = ctx.uow.save(request_rules.reroute(was, to=department, by_pmo=True, reason=words_to_them))
    trace.record(ctx, "request.rerouted", moved, was=was, reason=words_to_them)
    clockwork.stop(ctx, ClockKind.RESPONSE, was.id)
    tell.notify(
        ctx,
        "request_rerouted",
        was.id,
        (was.requester, record.lead_liaison(ctx, was)),
        step=f"v{moved.version}",
        by=Who(ctx.me),
        to=Dept(moved.lead),
        why=words_to_them,
    )
    raise_with(ctx, moved)
    breach.answered(ctx, was.id, by=ctx.me, conclusion="rerouted")


def _refuse_repetition(ctx: Context, escalation: Escalation, words_to_them: str) -> None:
    """A second press is told that the first one counted."""
    since = ctx.now - PRESSED_TWICE
    for event in ctx.uow.audited(escalation.id, since):
        if event.what == "escalation.nudge" and event.actor == ctx.me and event.reason == words_to_them:
            raise Refused("escalation.nudged_before", id=escalation.id, at=event.at)


def _again(ctx: Context, escalation: Escalation) -> None:
    """Leadership has acted; if the answer still does not come, its clock runs out once more."""
    clockwork.stop(ctx, ClockKind.RULING, escalation.id)
    ctx.uow.forgive(escalation.id, "ruling_waiting")
    breach.start_ruling(ctx, escalation)
    escalations.show(ctx, escalation)


def _task(ctx: Context, escalation: Escalation) -> Task | None:
    return record.get_task(ctx, escalation.item) if escalation.item.startswith("T-") else None


def _request(ctx: Context, escalation: Escalation) -> Request:
    return record.get(ctx, escalation.item)
