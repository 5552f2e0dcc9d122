"""Changes after acceptance: a later date (announced in time or marked), a pause, and work resumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from commands import tell, trace
from commands.domain import proposal as proposals
from commands.domain import request as rules
from commands.domain import task as task_rules
from commands.domain.due_date import Due, NotADate, read_due
from commands.domain.permissions import Role
from commands.domain.proposal import ProposalKind
from commands.domain.request import Request
from commands.domain.task import ACTIVE_STATES, Task
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.jobs import due as due_dates
from commands.ports import Timer
from commands.registry import Context, Reply
from commands.request import propose, record
from commands.request.task import refresh as refresh_task
from commands.words import Who, words

RESUME_JOB = "request.resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    id: str = ask(Kind.REF, required=True, refs=("T", "R"))
    reason: str = ask(Kind.LINES, required=True, main=True)
    alternative: str = ask(Kind.LINES, required=True)
    due: Due | None = ask(Kind.DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    reason: str = ask(Kind.LINES, required=True, main=True)
    resume: Due | None = ask(Kind.DUE, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    id: str = ask(Kind.REF, required=True, refs=("R",))


def delay(ctx: Context, given: Delay) -> Reply:
    """A change notice: reason and alternative, two working days ahead; later it counts, but is marked."""
    if given.id.startswith("T-"):
        return _delay_task(ctx, record.get_task(ctx, given.id), given)
    return _delay_request(ctx, record.get(ctx, given.id), given)


def hold(ctx: Context, given: Hold) -> Reply:
    """The lead asks for a pause and the requester agrees; the requester's side and leadership decide it alone."""
    assert given.resume
    was = record.get(ctx, given.id)
    held = record.require(ctx, "request.hold", record.sides(was))
    rules.expect(was, "hold")
    if held & {Role.REQUESTER, Role.REQUESTER_HEAD, Role.CHAIR, Role.LEADERSHIP}:
        hold_now(ctx, was, given.reason, given.resume.moment, was.department)
        return Reply(say=words("request.held.said", id=was.id, at=given.resume.moment))
    propose.open_proposal(
        ctx,
        ProposalKind.HOLD,
        item=was.id,
        reason=rules.need_reason(given.reason, 1),
        due=given.resume.moment,
        asked=(was.requester,),
        asked_department=was.department,
    )
    return Reply(say=words("proposal.asked.said", id=was.id))


def resume(ctx: Context, given: Resume) -> Reply:
    was = record.get(ctx, given.id)
    record.require(ctx, "request.resume", record.sides(was))
    resumed = resume_now(ctx, was)
    return Reply(say=words("request.resumed.said", id=was.id, due=resumed.due))


def hold_now(ctx: Context, was: Request, reason: str, until: datetime | None, waits_for: str) -> Request:
    """Work rests: no warnings of its tasks until it goes on."""
    assert until
    resting = ctx.uow.save(rules.hold(was, ctx.now, reason=reason, resume_at=until, waits_for=waits_for))
    trace.record(ctx, "request.held", resting, was=was, reason=reason)
    for task in record.active_tasks(ctx, was):
        ctx.uow.save(replace(task, paused_at=ctx.now))
        due_dates.disarm(ctx, task.id)
    ctx.uow.set_timer(Timer(key=f"resume:{was.id}:{until.isoformat()}", job=RESUME_JOB, due_at=until, subject=was.id))
    _tell_both(ctx, "request_held", resting)
    record.refresh(ctx, resting)
    return resting


def resume_now(ctx: Context, was: Request) -> Request:
    """Work goes on; dates move by the working time it rested."""
    resumed = ctx.uow.save(_shifted(ctx, was, rules.resume(was)))
    trace.record(ctx, "request.resumed", resumed, was=was, held_for=was.held_for)
    ctx.uow.drop_timers(was.id, RESUME_JOB)
    for task in record.active_tasks(ctx, was):
        moved = ctx.uow.save(_task_shifted(ctx, task))
        due_dates.arm(ctx, moved)
        refresh_task(ctx, moved)
    _tell_both(ctx, "request_resumed", resumed)
    record.refresh(ctx, resumed)
    return resumed


def resume_when_due(ctx: Context, subject: str, payload: object) -> None:
    """The agreed pause is over."""
    held = ctx.uow.get(Request, subject)
    if held and held.state is rules.RequestState.ON_HOLD:
        resume_now(ctx, held)


def move_task(ctx: Context, was: Task, due: datetime) -> Task:
    moved = ctx.uow.save(task_rules.move_due(was, due))
    trace.record(ctx, "task.due_moved", moved, was=was)
    due_dates.arm(ctx, moved)
    refresh_task(ctx, moved)
    request = record.request_of(ctx, was)
    if request and was.department == request.lead and request.due and due > request.due:
        move_request(ctx, request, due, tasks=False)
    elif request:
        record.refresh(ctx, request)
    return moved


def move_request(ctx: Context, was: Request, due: datetime, *, tasks: bool = True) -> Request:
    """The agreed date of the request, and of the lead's own tasks, moves."""
    moved = ctx.uow.save(rules.move_due(was, due))
    trace.record(ctx, "request.due_moved", moved, was=was)
    for task in record.active_tasks(ctx, was) if tasks else ():
        if task.due == was.due or task.department == was.lead:
            later = ctx.uow.save(task_rules.move_due(task, due))
            trace.record(ctx, "task.due_moved", later, was=task)
            due_dates.arm(ctx, later)
            refresh_task(ctx, later)
    record.refresh(ctx, moved)
    return moved


def _delay_task(ctx: Context, task: Task, given: Delay) -> Reply:
    if ctx.me != task.owner:
        record.require(ctx, "request.delay", record.sides_of_task(ctx, task))
    if task.state not in ACTIVE_STATES:
        raise Refused("task.wrong_state", id=task.id, state=task.state, action="request.delay")
    request = record.request_of(ctx, task)
    if request is None:
        asked: tuple[str | None, ...] = (task.created_by, record.manager(ctx, task.project))
        return _notice(ctx, task.id, task.due, task.department, asked, "", given)
    lead = record.lead_liaison(ctx, request)
    asked = (request.requester,) if task.department == request.lead else (lead, request.requester)
    return _notice(ctx, task.id, task.due, task.department, asked, request.department, given)


def _delay_request(ctx: Context, request: Request, given: Delay) -> Reply:
    held = record.require(ctx, "request.delay", record.sides(request))
    rules.expect(request, "delay")
    by_requester = bool(held & {Role.REQUESTER, Role.REQUESTER_HEAD}) and not held & {Role.LEAD, Role.LEAD_HEAD}
    asked = record.lead_liaison(ctx, request) if by_requester else request.requester
    side = request.lead if by_requester else request.department
    return _notice(ctx, request.id, request.due, request.lead, (asked,), side, given)


def _notice(
    ctx: Context,
    item: str,
    due: datetime | None,
    department: str,
    asked: tuple[str | None, ...],
    asked_department: str,
    given: Delay,
) -> Reply:
    """Asks the others; whether it came in time is decided now and never changes."""
    new_due = _new_due(ctx, given)
    if new_due and due and new_due <= due:
        raise Refused("delay.not_later", field="due", id=item, due=due)
    calendar = ctx.calendars.of_department(department)
    late = proposals.is_late_notice(due, ctx.now, calendar, ctx.policy.notice_before_days)
    made = propose.open_proposal(
        ctx,
        ProposalKind.DELAY,
        item=item,
        reason=rules.need_reason(given.reason, 1),
        alternative=given.alternative.strip(),
        due=new_due,
        old_due=due,
        asked=tuple(p for p in asked if p != ctx.me),
        asked_department=asked_department,
        late_notice=late,
    )
    key = "delay.late.said" if late else "delay.asked.said"
    return Reply(say=words(key, id=item, days=ctx.policy.notice_before_days, people=_names(made.asked)))


def _new_due(ctx: Context, given: Delay) -> datetime | None:
    """The new date, given as such or written as the alternative; none when only the scope changes."""
    if given.due:
        return given.due.moment
    if not given.alternative.strip():
        raise Refused("delay.no_alternative", field="alternative")
    try:
        return read_due(given.alternative.strip(), ctx.now, ctx.calendar).moment
    except NotADate:
        return None


def _names(people: tuple[str, ...]) -> tuple[Who, ...]:
    return tuple(Who(p) for p in people)


def _shifted(ctx: Context, was: Request, resumed: Request) -> Request:
    if was.held_from is None or resumed.due is None:
        return resumed
    calendar = ctx.calendars.of_department(was.lead)
    rested = calendar.working_time(was.held_from, ctx.now)
    return rules.move_due(resumed, calendar.add(resumed.due, rested))


def _task_shifted(ctx: Context, task: Task) -> Task:
    awake = replace(task, paused_at=None)
    if task.paused_at is None or task.due is None:
        return awake
    calendar = ctx.calendars.of_department(task.department)
    return task_rules.move_due(awake, calendar.add(task.due, calendar.working_time(task.paused_at, ctx.now)))


def _tell_both(ctx: Context, view: str, request: Request) -> None:
    people = (request.requester, record.lead_liaison(ctx, request))
    tell.notify(ctx, view, request.id, people, step=f"v{request.version}")
