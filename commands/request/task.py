"""`/request task`: the pieces of work of a request, who owes them, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from commands import tell, trace
from commands.domain import request as request_rules
from commands.domain import task as rules
from commands.domain.due_date import Due
from commands.domain.request import Request
from commands.domain.task import Task
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.jobs import due as due_dates
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """With R-n: another task of that request. With T-n: what happens to that task."""

    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    action: str = ask(Kind.CHOICE, bare=True, choices=("start", "done", "waive"))
    title: str = ask(Kind.TEXT, main=True)
    department: str | None = ask(Kind.DEPARTMENT)
    owner: str | None = ask(Kind.PERSON)
    standard: str = ask(Kind.LINES)
    due: Due | None = ask(Kind.DUE)
    link: str = ask(Kind.TEXT)


def task(ctx: Context, given: NewTask) -> Reply:
    if given.id.startswith("T-"):
        return _progress(ctx, given)
    return _add(ctx, given)


def make_tasks(ctx: Context, request: Request) -> list[Task]:
    """An accepted request becomes work: one task for the lead, one for each supporting department."""
    assert request.due
    made = [_make(ctx, request, request.title, request.lead, request.owner or "", request.standard, request.due)]
    for department in request.supports:
        liaison = ctx.directory.liaison(department, record.today(ctx)) or record.head(ctx, department) or ""
        made.append(_make(ctx, request, request.title, department, liaison, request.standard, request.due))
    for supporting in made[1:]:
        announce(ctx, supporting)
    return made


def announce(ctx: Context, task: Task) -> None:
    """The owner gets the task's card, and so does the home chat of the owner's department."""
    tell.show(
        ctx,
        task.id,
        "task",
        chats=(record.home(ctx, task.department),),
        people=(task.owner,),
        priority=Priority.ANSWER,
    )


def refresh(ctx: Context, task: Task) -> None:
    tell.show(ctx, task.id, "task")


def begun(ctx: Context, task: Task) -> None:
    """The first task that starts puts its request in progress."""
    request = record.request_of(ctx, task)
    if request is None:
        return
    started = request_rules.start(request)
    if started is not request:
        started = ctx.uow.save(started)
        trace.record(ctx, "request.started", started, was=request)
    record.refresh(ctx, started)


def _add(ctx: Context, given: NewTask) -> Reply:
    request = record.get(ctx, given.id)
    record.require(ctx, "request.task", record.sides(request))
    request_rules.expect(request, "task")
    missing = [name for name in ("title", "standard", "due") if not getattr(given, name)]
    if missing:
        raise Refused("task.missing", field=missing[0], names=tuple(words(f"field.{m}.label") for m in missing))
    assert given.due
    department = given.department or ctx.directory.department_of(given.owner or "") or request.lead
    owner = given.owner or ctx.directory.liaison(department, record.today(ctx)) or record.head(ctx, department)
    if owner is None:
        raise Refused("department.nobody", field="department", department=department)
    made = _make(ctx, request, given.title, department, owner, given.standard, given.due.moment)
    announce(ctx, made)
    record.refresh(ctx, request)
    return Reply(say=words("task.added.said", id=made.id, person=Who(owner), due=made.due))


def _make(
    ctx: Context, request: Request, title: str, department: str, owner: str, standard: str, due: datetime
) -> Task:
    made = Task(
        id=ctx.uow.next_id("T"),
        title=title,
        department=department,
        owner=owner,
        source=request.id,
        project=request.project,
        chat=request.chat,
        standard=standard,
        due=due,
        first_due=due,
        created_by=ctx.actor.person or "",
        created_at=ctx.now,
    )
    ctx.uow.add(made)
    trace.record(ctx, "task.created", made)
    due_dates.arm(ctx, made)
    return made


def _progress(ctx: Context, given: NewTask) -> Reply:
    was = record.get_task(ctx, given.id)
    if ctx.me != was.owner:
        record.require(ctx, "request.task", record.sides_of_task(ctx, was))
    request = record.request_of(ctx, was)
    if request:
        request_rules.expect(request, "task")
    match given.action:
        case "start":
            return _start(ctx, was, given.standard)
        case "done":
            return hand_over(ctx, was, given.link or given.title, "")
        case "waive":
            return _waive(ctx, was, given.title)
        case _:
            raise Refused("task.no_action", field="action", id=was.id)


def _start(ctx: Context, was: Task, standard: str) -> Reply:
    named = replace(was, standard=standard) if standard else was
    started = ctx.uow.save(rules.start(named, ctx.now))
    trace.record(ctx, "task.started", started, was=was)
    refresh(ctx, started)
    begun(ctx, started)
    return Reply(say=words("task.started.said", id=was.id))


def hand_over(ctx: Context, was: Task, link: str, note: str) -> Reply:
    """The owner submits a task; whoever leads the request accepts it. One without a request is done at once."""
    submitted = ctx.uow.save(rules.submit(was, ctx.me, ctx.now, link=link, note=note))
    trace.record(ctx, "task.submitted", submitted, was=was, late=rules.is_late(was, ctx.now))
    due_dates.disarm(ctx, was.id)
    request = record.request_of(ctx, was)
    if request is None:
        done = ctx.uow.save(rules.accept(submitted, ctx.me, ctx.now))
        trace.record(ctx, "task.done", done, was=submitted)
        refresh(ctx, done)
        return Reply(say=words("task.done.said", id=was.id))
    refresh(ctx, submitted)
    begun(ctx, submitted)
    people = (record.lead_liaison(ctx, request),)
    tell.notify(ctx, "task_submitted", was.id, people, step=f"v{submitted.version}", by=Who(ctx.me))
    return Reply(say=words("task.submitted.said", id=was.id))


def _waive(ctx: Context, was: Task, reason: str) -> Reply:
    """Not needed any more: whoever leads the request says so, not the department that owes it."""
    request = record.request_of(ctx, was)
    if request:
        record.require(ctx, "task.waive", record.sides_of_task(ctx, was))
    waived = ctx.uow.save(rules.waive(was, ctx.now))
    trace.record(ctx, "task.waived", waived, was=was, reason=reason)
    due_dates.disarm(ctx, was.id)
    refresh(ctx, waived)
    if request:
        record.refresh(ctx, request)
    return Reply(say=words("task.waived.said", id=was.id))
