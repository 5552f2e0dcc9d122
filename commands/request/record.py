"""A request as the verbs need it: loaded, with its sides, its people, and the places that show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from commands import clockwork, tell
from commands.domain import permissions
from commands.domain.clocks import ClockKind
from commands.domain.permissions import Role, Sides
from commands.domain.proposal import Proposal, ProposalState
from commands.domain.request import Request
from commands.domain.task import ACTIVE_STATES, Task
from commands.errors import Refused
from commands.ports import Priority
from commands.registry import Context


def get(ctx: Context, id: str) -> Request:
    """The request, locked. Refuses an unknown reference."""
    found = look_up(ctx, id)
    if found is None:
        raise Refused("unknown_reference", id=id)
    return found


def look_up(ctx: Context, id: str) -> Request | None:
    """The request, if there is one. To everybody but its writer there is none that was never sent."""
    found = ctx.uow.get(Request, id)
    if found and is_private(found) and ctx.actor.person not in (None, found.requester):
        raise Refused("unknown_reference", id=id)
    return found


def is_private(request: Request) -> bool:
    """It was written and never sent: nobody else has to know what somebody nearly asked for."""
    return request.raised_at is None


def get_task(ctx: Context, id: str) -> Task:
    found = ctx.uow.get(Task, id)
    if found is None:
        raise Refused("unknown_reference", id=id)
    return found


def sides(request: Request) -> Sides:
    return Sides(
        requester=request.requester,
        department=request.department,
        lead=request.lead,
        owner=request.owner,
        supports=request.supports,
        project=request.project,
    )


def sides_of_task(ctx: Context, task: Task) -> Sides:
    """A task's sides: those of its request, with the task's own department and owner as support."""
    request = request_of(ctx, task)
    if request is None:
        return Sides(requester=task.created_by, lead=task.department, owner=task.owner, project=task.project)
    own = () if task.department == request.lead else (task.department,)
    return Sides(
        requester=request.requester,
        department=request.department,
        lead=request.lead,
        owner=task.owner if not own else request.owner,
        supports=tuple(dict.fromkeys((*request.supports, *own))),
        project=request.project,
    )


def request_of(ctx: Context, task: Task) -> Request | None:
    return ctx.uow.get(Request, task.source) if task.source.startswith("R-") else None


def today(ctx: Context) -> date:
    return ctx.calendar.local(ctx.now).date()


def require(ctx: Context, action: str, who: Sides) -> frozenset[Role]:
    """The acting person's roles, or a refusal naming who could."""
    return permissions.require(action, ctx.directory, ctx.me, who, today(ctx))


def note_deputy(ctx: Context, department: str | None) -> None:
    """From here on the trace says for whom a deputy acts."""
    deputising = permissions.acting_for(ctx.directory, ctx.me, department)
    if deputising and ctx.me in ctx.directory.liaisons(department or "", today(ctx)):
        ctx.set_acting_for(deputising)


def require_colleague(ctx: Context, department: str, person: str, *, field: str) -> None:
    """Refuses somebody who belongs to another department: the work would change sides without a reroute. Who belongs
    to none is anybody's colleague."""
    known = ctx.directory.departments_of(person)
    if department and known and department not in known:
        raise Refused("person.other_department", field=field, person=person, department=department)


def lead_liaison(ctx: Context, request: Request) -> str | None:
    """Who has to answer for the lead department now: its owner once there is one, else the liaison there today."""
    if request.owner and not _is_replaced_by_the_other_side(ctx, request):
        return request.owner
    return _liaison_or_head(ctx, request.lead, permissions.barred(ctx.directory, sides(request), request.lead))


def lead_liaisons(ctx: Context, request: Request) -> tuple[str, ...]:
    """The lead's liaison and deputies, and an owner who was named."""
    day = _day_of(ctx, request.lead)
    barred = permissions.barred(ctx.directory, sides(request), request.lead)
    people = (*((request.owner,) if request.owner else ()), *ctx.directory.liaisons(request.lead, day, barred))
    return tuple(dict.fromkeys(people))


def head(ctx: Context, department: str) -> str | None:
    return ctx.directory.head(department, _day_of(ctx, department))


def manager(ctx: Context, project: str | None) -> str | None:
    known = ctx.directory.projects.get(project or "")
    return known.manager if known else None


def decider(ctx: Context, request: Request) -> str | None:
    """Who decides when the parties are silent: the project's manager, else the requesting department's head."""
    return manager(ctx, request.project) or head(ctx, request.department)


def open_proposal(ctx: Context, item: str) -> Proposal | None:
    found = ctx.uow.find(Proposal, item=item, state=ProposalState.OPEN)
    return ctx.uow.get(Proposal, found[-1].id) if found else None


def tasks(ctx: Context, request: Request, states: Iterable[str] = ()) -> list[Task]:
    """The request's tasks, all or those in some states."""
    if states:
        return ctx.uow.find(Task, source=request.id, state=tuple(states))
    return ctx.uow.find(Task, source=request.id)


def active_tasks(ctx: Context, request: Request) -> list[Task]:
    return tasks(ctx, request, ACTIVE_STATES)


def refresh(ctx: Context, request: Request, *, priority: Priority = Priority.EDIT) -> None:
    """Every chat that shows the request shows it as it is now."""
    tell.show(ctx, request.id, "request", priority=priority)


def home(ctx: Context, department: str | None) -> str | None:
    return ctx.directory.home_of(department) if department else None


def chats(ctx: Context, request: Request) -> tuple[str, ...]:
    """The groups that see this request: where it was raised, and the homes of the lead and the supporters."""
    found = (request.chat, home(ctx, request.lead), *(home(ctx, d) for d in request.supports))
    return tuple(dict.fromkeys(c for c in found if c))


def answer_by(ctx: Context, request: Request) -> datetime | None:
    """When the lead's answer is due; None while the clock rests."""
    return clockwork.due_at(ctx, ClockKind.RESPONSE, request.id)


def lead_head(ctx: Context, request: Request) -> str | None:
    """The lead's head, or who stands in; nobody of the other party."""
    barred = permissions.barred(ctx.directory, sides(request), request.lead)
    return ctx.directory.head(request.lead, _day_of(ctx, request.lead), barred)


def _liaison_or_head(ctx: Context, department: str, barred: frozenset[str]) -> str | None:
    day = _day_of(ctx, department)
    return ctx.directory.liaison(department, day, barred) or ctx.directory.head(department, day, barred)


def _is_replaced_by_the_other_side(ctx: Context, request: Request) -> bool:
    """Whether the owner is away and named somebody of the requesting side as deputy."""
    if not request.owner:
        return False
    stand_in = ctx.directory.stands_for(request.owner, _day_of(ctx, request.lead))
    return stand_in in permissions.barred(ctx.directory, sides(request), request.lead) - {request.owner}


def _day_of(ctx: Context, department: str) -> date:
    return ctx.calendars.of_department(department).local(ctx.now).date()


def roles(ctx: Context, who: Sides) -> frozenset[Role]:
    """Everything the acting person is to a record."""
    return permissions.roles(ctx.directory, ctx.me, who, today(ctx))
