"""Who may look at what. A record is seen by its parties, the project's manager, leadership and PMO, and by whoever
asks in a chat that already shows it. Others learn that it exists, and whom they could ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commands.domain import permissions
from commands.domain.escalation import Decision, Escalation
from commands.domain.minutes import Minutes
from commands.domain.permissions import Sides
from commands.domain.request import Request
from commands.domain.task import Task
from commands.errors import Refused
from commands.escalate import record as escalations
from commands.registry import Context
from commands.request import record as requests

KINDS: dict[str, type[Any]] = {"R": Request, "T": Task, "E": Escalation, "M": Minutes, "D": Decision}
ACTION = "audit"  # the same people may see a record's steps and its trace
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with the people around it."""

    record: Any  # Any: one of KINDS
    sides: Sides


def load(ctx: Context, id: str) -> Seen:
    """The record of a reference. Refuses an unknown one; a decision is seen by whoever sees what it came from."""
    kind = KINDS.get(id.partition("-")[0])
    found = ctx.uow.get(kind, id) if kind else None
    if found is None:
        raise Refused("unknown_reference", id=id)
    if isinstance(found, Decision):
        return Seen(found, load(ctx, found.source).sides)
    return Seen(found, _sides(ctx, found))


def see(ctx: Context, id: str) -> Seen:
    """The record, if the person may see it."""
    seen = load(ctx, id)
    if _is_own_draft(ctx, seen):
        return seen
    if not _is_in_its_chat(ctx, seen):
        require(ctx, seen, "status.not_yours")
    return seen


def see_trace(ctx: Context, id: str) -> Seen:
    """The record, if the person may read its trace. Whoever may not see it at all learns nothing, not even that there
    is one; whoever sees it in its chat is told whom they could ask for the trace."""
    seen = load(ctx, id)
    if _is_own_draft(ctx, seen):
        return seen
    if not _is_in_its_chat(ctx, seen) and not _is_theirs(ctx, seen):
        raise Refused("unknown_reference", id=id)
    require(ctx, seen, "audit.not_yours")
    return seen


def _is_own_draft(ctx: Context, seen: Seen) -> bool:
    """A draft is its writer's alone: to others there is no such thing."""
    if not isinstance(seen.record, Request) or not requests.is_private(seen.record):
        return False
    if ctx.me != seen.record.requester:
        raise Refused("unknown_reference", id=seen.record.id)
    return True


def _is_theirs(ctx: Context, seen: Seen) -> bool:
    day = ctx.calendar.local(ctx.now).date()
    return permissions.may(ACTION, permissions.roles(ctx.directory, ctx.me, seen.sides, day))


def require(ctx: Context, seen: Seen, code: str) -> None:
    """Refuses whoever has nothing to do with the record, naming who has."""
    if not _is_theirs(ctx, seen):
        day = ctx.calendar.local(ctx.now).date()
        could = permissions.who_could(ACTION, ctx.directory, seen.sides, day)
        raise Refused(code, id=seen.record.id, who=could[:MOST_NAMED])


def _is_in_its_chat(ctx: Context, seen: Seen) -> bool:
    """Whoever can type in a group that shows the record sees it there anyway."""
    if ctx.actor.direct:
        return False
    homes = (ctx.directory.home_of(d) for d in (seen.sides.department, seen.sides.lead, *seen.sides.supports) if d)
    project = ctx.directory.chats_of_project(seen.sides.project) if seen.sides.project else ()
    return ctx.actor.address in {getattr(seen.record, "chat", None), *homes, *project}


def _sides(ctx: Context, found: Any) -> Sides:  # Any: one of KINDS
    match found:
        case Request():
            return requests.sides(found)
        case Task():
            return requests.sides_of_task(ctx, found)
        case Escalation():
            return escalations.sides(ctx, found)
        case _:
            return Sides(
                host=found.host,
                recorder=found.recorder,
                participants=(*found.participants, *found.absent),
                project=found.project,
            )
