"""What leadership does about a breach: press for the answer, name a person, or give it to another department."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from commands import clockwork, tell, trace
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, EscalationState
from commands.domain.request import Request
from commands.domain.task import Task
from commands.errors import Refused
from commands.escalate import breach, question, remind
from commands.escalate import record as escalations
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.request.new import raise_with
from commands.request.task import announce
from commands.words import Dept, Who, words


def nudge(ctx: Context, escalation: Escalation, words_to_them: str) -> Reply:
    """The people who owe the answer, and their head, hear from leadership; twice within minutes is once."""
    remind.refuse_again(ctx, escalation, "escalation.nudge", words_to_them)
    trace.record(ctx, "escalation.nudge", escalation, reason=words_to_them)
    due = _again(ctx, escalation)
    told = tell.notify(
        ctx,
        "escalation_nudge",
        escalation.id,
        _who_owes(ctx, escalation),
        step=f"nudge:{ctx.now.isoformat()}",
        urgent=escalation.urgent,
        priority=Priority.ESCALATION,
        by=Who(ctx.me),
        reason=words_to_them,
        answer_by=due,
    )
    if not told:
        tell.nobody_left(ctx, escalation.item, escalation.parties[-1])
    people = tuple(Who(p) for p in told)
    return Reply(say=words("escalation.nudge.said", id=escalation.id, people=people, due=due))


def assign(ctx: Context, escalation: Escalation, person: str, words_to_them: str) -> Reply:
    """A named person has to answer or do it."""
    trace.record(ctx, "escalation.assign", escalation, reason=words_to_them, owner=person)
    task = _task(ctx, escalation)
    if task:
        saved = ctx.uow.save(replace(task, owner=person))
        trace.record(ctx, "task.handed_over", saved, was=task, reason=words_to_them)
        announce(ctx, saved)
    else:
        request = record.get(ctx, escalation.item)
        saved_request = ctx.uow.save(replace(request, owner=person))
        trace.record(ctx, "request.handed_over", saved_request, was=request, reason=words_to_them)
        tell.show(ctx, request.id, "request", people=(person,), urgent=escalation.urgent, priority=Priority.ESCALATION)
    due = _again(ctx, escalation)
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
        answer_by=due,
    )
    return Reply(say=words("escalation.assign.said", id=escalation.id, person=Who(person), due=due))


def reroute(ctx: Context, escalation: Escalation, department: str, words_to_them: str) -> Reply:
    """Another department has to answer; the breach of the first one stays in the count."""
    if _task(ctx, escalation):
        raise Refused("escalation.not_for_task", field="option", id=escalation.id)
    trace.record(ctx, "escalation.reroute", escalation, reason=words_to_them, department=department)
    question.over(ctx, escalation)
    was: Request = record.get(ctx, escalation.item)
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
    return Reply(say=words("escalation.reroute.said", id=escalation.id, item=was.id, department=Dept(department)))


def _who_owes(ctx: Context, escalation: Escalation) -> tuple[str | None, ...]:
    request = escalations.request_of(ctx, escalation)
    task = _task(ctx, escalation)
    if task:
        return (task.owner, record.head(ctx, task.department))
    people = record.lead_liaisons(ctx, request) if request else ()
    return (*people, record.head(ctx, escalation.parties[-1]))


def _again(ctx: Context, escalation: Escalation) -> datetime | None:
    """Leadership has acted; if the answer still does not come, its clock runs out once more. Its votes are used."""
    waits = escalation.state is EscalationState.SENT_BACK
    acted = ctx.uow.save(replace(question.over(ctx, escalation), votes=())) if escalation.votes or waits else escalation
    clockwork.stop(ctx, ClockKind.RULING, escalation.id)
    ctx.uow.forgive(escalation.id, "ruling_waiting")
    breach.start_ruling(ctx, acted)
    escalations.show(ctx, acted)
    return clockwork.due_at(ctx, ClockKind.RULING, escalation.id)


def _task(ctx: Context, escalation: Escalation) -> Task | None:
    return record.get_task(ctx, escalation.item) if escalation.item.startswith("T-") else None
