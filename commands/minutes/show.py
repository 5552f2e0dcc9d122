"""`/minutes show`, `list` and `actions`: one meeting's minutes, those that wait for me, and what was promised there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commands.cards import minutes as cards
from commands.domain import task as tasks
from commands.domain.minutes import OPEN_STATES, WAITING, Minutes, MinutesState
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
    """Everything that was written, where the card shortens."""
    found = record.get(ctx, given.id)
    record.require_sight(ctx, found)
    return Reply(view=cards.view(ctx, found, ctx.me, whole=True))


def list_mine(ctx: Context, given: List) -> Reply:
    """Minutes that I have to write or to confirm."""
    mine = [row for m in ctx.uow.find(Minutes, state=tuple(OPEN_STATES)) if (row := _row(ctx, m))]
    title = words("minutes.list.title", n=len(mine))
    more = words("list.more", n=len(mine) - LONGEST_LIST) if len(mine) > LONGEST_LIST else None
    facts = {"title": title, "rows": tuple(mine[:LONGEST_LIST]), "empty": words("minutes.list.empty"), "more": more}
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


def _row(ctx: Context, minutes: Minutes) -> dict[str, Any] | None:  # Any: shown by the template
    """None when it does not wait for me."""
    mine = None
    if minutes.state is MinutesState.PUBLISHED:
        asked = (a for a in record.answers(ctx, minutes) if a.person == ctx.me and a.state in WAITING)
        mine = next(asked, None)
        if mine is None:
            return None
    elif ctx.me not in (minutes.recorder, minutes.host):
        return None
    end = cards.due(ctx, minutes, mine)
    return {"ref": minutes.id, "title": minutes.title, "state": minutes.state, "who": None, "due": end}


def _of_meetings(ctx: Context, given: Actions) -> list[Task]:
    if given.id:
        minutes = record.get(ctx, given.id)
        record.require_sight(ctx, minutes)
        return ctx.uow.find(Task, source=minutes.id)
    if given.person:
        found = ctx.uow.find(Task, owner=given.person)
    elif project := ctx.directory.project_at(ctx.actor.address):
        found = ctx.uow.find(Task, project=project.id)
    else:
        found = ctx.uow.find(Task, owner=ctx.me)
    return [t for t in found if t.source.startswith("M-")]
