"""`/request cancel` and `/request handover`: a request taken back, or passed to somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands import clockwork, tell, trace
from commands.domain import permissions
from commands.domain import request as rules
from commands.domain import task as task_rules
from commands.domain.minutes import Minutes
from commands.domain.permissions import Role
from commands.domain.proposal import ProposalKind
from commands.domain.request import Request, RequestState
from commands.domain.task import Task
from commands.errors import Refused
from commands.escalate import breach
from commands.inputs import Kind, ask
from commands.jobs import due as due_dates
from commands.registry import Context, Reply
from commands.request import guards, propose, record
from commands.request.task import announce as announce_task
from commands.request.task import refresh as refresh_task
from commands.words import Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    reason: str = ask(Kind.LINES, required=True, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    id: str = ask(Kind.REF, required=True, refs=("R", "T", "M"))
    person: str | None = ask(Kind.PERSON, required=True)
    reason: str = ask(Kind.LINES, main=True)


def cancel(ctx: Context, given: Cancel) -> Reply:
    """The requester takes it back; the lead or the PMO asks the requester to."""
    was = record.get(ctx, given.id)
    guards.cancelling(ctx, {"id": was.id})
    if permissions.may("request.cancel", record.roles(ctx, record.sides(was))):
        cancel_now(ctx, was, given.reason)
        return Reply(say=words("request.cancelled.said", id=was.id))
    propose.open_proposal(
        ctx,
        ProposalKind.CANCEL,
        item=was.id,
        reason=rules.need_reason(given.reason, 1),
        asked=(was.requester,),
        asked_department=was.department,
    )
    return Reply(say=words("proposal.asked.said", id=was.id))


def cancel_now(ctx: Context, was: Request, reason: str) -> Request:
    """Everything that hangs on the request stops: clocks, tasks, questions, an escalation."""
    gone = ctx.uow.save(rules.cancel(was, ctx.now, reason=reason))
    trace.record(ctx, "request.cancelled", gone, was=was, reason=reason)
    wind_down(ctx, gone)
    if was.state is not RequestState.DRAFT:
        people = (was.requester, record.lead_liaison(ctx, was))
        tell.notify(ctx, "request_cancelled", was.id, people, step="cancelled", by=Who(ctx.actor.person or ""))
    return gone


def wind_down(ctx: Context, ended: Request, *, keep: str = "") -> None:
    """Ends what still waits for an ended request; an escalation in `keep` is being ruled right now."""
    clockwork.stop_all(ctx, ended.id)
    ctx.uow.drop_timers(ended.id)
    pending = record.open_proposal(ctx, ended.id)
    if pending:
        propose.withdraw(ctx, pending)
    for task in record.tasks(ctx, ended, task_rules.OPEN_STATES):
        waived = ctx.uow.save(task_rules.waive(task, ctx.now))
        trace.record(ctx, "task.waived", waived, was=task, reason=ended.reason)
        due_dates.disarm(ctx, task.id)
        refresh_task(ctx, waived)
    breach.obsolete(ctx, ended.id, keep=keep)
    record.refresh(ctx, ended)


def handover(ctx: Context, given: Handover) -> Reply:
    """Somebody else takes over: the lead's person, the requester, a task's owner, or the recorder of minutes."""
    assert given.person
    match given.id[0]:
        case "R":
            _hand_request(ctx, record.get(ctx, given.id), given.person, given.reason)
        case "T":
            _hand_task(ctx, record.get_task(ctx, given.id), given.person, given.reason)
        case _:
            _hand_minutes(ctx, given.id, given.person, given.reason)
    return Reply(say=words("handover.said", id=given.id, person=Who(given.person)))


def _hand_request(ctx: Context, was: Request, person: str, reason: str) -> None:
    held = record.require(ctx, "request.handover", record.sides(was))
    rules.expect(was, "handover")
    leading = bool(held & {Role.LEAD, Role.LEAD_HEAD, Role.MANAGER}) and not held & {Role.REQUESTER}
    _refuse_same(was.id, was.owner if leading else was.requester, person)
    record.require_colleague(ctx, was.lead if leading else was.department, person, field="person")
    moved = replace(was, owner=person) if leading else replace(was, requester=person)
    saved = ctx.uow.save(moved)
    trace.record(ctx, "request.handed_over", saved, was=was, reason=reason)
    if leading:
        for task in record.active_tasks(ctx, was):
            if task.owner == was.owner:
                ctx.uow.save(replace(task, owner=person))
    tell.show(ctx, was.id, "request", people=(person,))
    others = (was.requester, was.owner) if leading else (record.lead_liaison(ctx, was), was.requester)
    _told(ctx, saved, person, others, reason, asking=not leading)


def _hand_task(ctx: Context, was: Task, person: str, reason: str) -> None:
    if ctx.me != was.owner:
        record.require(ctx, "request.handover", record.sides_of_task(ctx, was))
    if was.state not in task_rules.OPEN_STATES:
        raise Refused("task.wrong_state", id=was.id, state=was.state, action="request.handover")
    _refuse_same(was.id, was.owner, person)
    record.require_colleague(ctx, was.department, person, field="person")
    saved = ctx.uow.save(replace(was, owner=person))
    trace.record(ctx, "task.handed_over", saved, was=was, reason=reason)
    announce_task(ctx, saved)
    request = record.request_of(ctx, was)
    others = (was.owner, *((record.lead_liaison(ctx, request), request.requester) if request else ()))
    _told(ctx, saved, person, others, reason)


def _refuse_same(id: str, holder: str | None, person: str) -> None:
    if holder == person:
        raise Refused("handover.same", field="person", id=id, person=person)


def _told(
    ctx: Context,
    saved: Request | Task,
    person: str,
    others: tuple[str | None, ...],
    reason: str,
    *,
    asking: bool = False,
) -> None:
    """Whoever has it now, the other side, and whoever had it. `asking`: it is the requester who changed."""
    step, by = f"v{saved.version}", Who(ctx.me)
    tell.notify(ctx, "handed_over", saved.id, (person,), step=step, by=by, reason=reason)
    rest = tuple(p for p in others if p != person)
    view = "handed_over_asking" if asking else "handed_over_to"
    tell.notify(ctx, view, saved.id, rest, step=step, by=by, reason=reason, person=Who(person))


def _hand_minutes(ctx: Context, id: str, person: str, reason: str) -> None:
    was = ctx.uow.get(Minutes, id)
    if was is None:
        raise Refused("unknown_reference", id=id)
    if ctx.me not in (was.recorder, was.host):
        raise Refused("not_allowed", action="minutes.publish", who=(was.recorder, was.host))
    participants = tuple(dict.fromkeys((*was.participants, person)))
    saved = ctx.uow.save(replace(was, recorder=person, participants=participants))
    trace.record(ctx, "minutes.handed_over", saved, was=was, reason=reason)
    tell.show(ctx, was.id, "minutes")
    tell.notify(ctx, "handed_over", was.id, (person,), step=f"v{saved.version}", by=Who(ctx.me), reason=reason)
