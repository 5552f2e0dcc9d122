"""`/minutes show`, `list` and `actions`: one meeting's minutes, those that wait for me, and what was promised there."""

from __future__ import annotations

from dataclasses import dataclass

from commands.cards import minutes as cards
from commands.domain import task as tasks
from commands.domain.minutes import OPEN_STATES, WAITING, Minutes, MinutesState
from commands.domain.permissions import require
from commands.domain.task import Task
from commands.inputs import Kind, ask
from commands.minutes import record
from commands.registry import Context, Reply, View
from commands.words import Who, words

LONGEST_LIST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    id: str = ask(Kind.REF, required=True, refs=("M",), main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    id: str = ask(Kind.REF, refs=("M",))
    person: str | None = ask(Kind.PERSON)


def show(ctx: Context, given: Show) -> Reply:
    found = record.get(ctx, given.id)
    if found.chat != ctx.actor.address:
        day = ctx.calendar.local(ctx.now).date()
        require("audit", ctx.directory, ctx.me, record.sides(found), day)
    return Reply(view=cards.minutes(ctx, found.id, ctx.me, {}))


def list_mine(ctx: Context, given: List) -> Reply:
    """Minutes that I have to write or to confirm."""
    mine = [m for m in ctx.uow.find(Minutes, state=tuple(OPEN_STATES)) if _waits_for_me(ctx, m)]
    rows = tuple(
        {"ref": m.id, "title": m.title, "state": m.state, "who": None, "due": cards.due(ctx, m)}
        for m in mine[:LONGEST_LIST]
    )
    title = words("minutes.list.title", n=len(mine))
    facts = {"title": title, "rows": rows, "empty": words("minutes.list.empty"), "more": None}
    return Reply(view=View("list", facts))


def actions(ctx: Context, given: Actions) -> Reply:
    """Open action items, overdue first: of one meeting, of one person, else of this project or of mine."""
    found = [t for t in _of_meetings(ctx, given) if t.state in tasks.OPEN_STATES]
    found.sort(key=lambda t: (not tasks.is_late(t, ctx.now), t.due or ctx.now))
    rows = tuple(
        {"ref": t.id, "title": t.title, "state": t.state, "who": Who(t.owner), "due": t.due}
        for t in found[:LONGEST_LIST]
    )
    more = words("list.more", n=len(found) - LONGEST_LIST) if len(found) > LONGEST_LIST else None
    title = words("minutes.actions.title", n=len(found))
    facts = {"title": title, "rows": rows, "empty": words("minutes.actions.empty"), "more": more}
    return Reply(view=View("list", facts))


def _waits_for_me(ctx: Context, minutes: Minutes) -> bool:
    if minutes.state is not MinutesState.PUBLISHED:
        return ctx.me == minutes.recorder
    return any(a.person == ctx.me and a.state in WAITING for a in record.answers(ctx, minutes))


def _of_meetings(ctx: Context, given: Actions) -> list[Task]:
    if given.id:
        return ctx.uow.find(Task, source=record.get(ctx, given.id).id)
    if given.person:
        found = ctx.uow.find(Task, owner=given.person)
    elif project := ctx.directory.project_at(ctx.actor.address):
        found = ctx.uow.find(Task, project=project.id)
    else:
        found = ctx.uow.find(Task, owner=ctx.me)
    return [t for t in found if t.source.startswith("M-")]
