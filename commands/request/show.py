"""`/request show` and `/request list`: one request as it stands, and the ones that concern me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.cards import request as cards
from commands.domain.request import ANSWERABLE, OPEN_STATES, Request, RequestState
from commands.inputs import Kind, ask
from commands.registry import Action, Context, Reply, View
from commands.request import record
from commands.words import Words, words

LONGEST_LIST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"), main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    department: str | None = ask(Kind.DEPARTMENT)


def show(ctx: Context, given: Show) -> Reply:
    if given.id.startswith("T-"):
        task = record.get_task(ctx, given.id)
        source = record.request_of(ctx, task)
        if source is None or source.chat != ctx.actor.address:
            record.require(ctx, "request.audience", record.sides_of_task(ctx, task))
        return Reply(view=cards.task(ctx, given.id, ctx.me, {}))
    request = record.get(ctx, given.id)
    if request.chat != ctx.actor.address:
        record.require(ctx, "request.audience", record.sides(request))
    return Reply(view=cards.request(ctx, given.id, ctx.me, {}))


def list_mine(ctx: Context, given: List) -> Reply:
    """Open requests that I raised or that my departments lead or support, newest date first come last."""
    found = [r for r in ctx.uow.find(Request, state=tuple(OPEN_STATES)) if _concerns(ctx, r, given.department)]
    rows = tuple(_row(ctx, r) for r in found[:LONGEST_LIST])
    more: Words | None = words("list.more", n=len(found) - len(rows)) if len(found) > len(rows) else None
    facts = {
        "title": words("request.list.title", n=len(found)),
        "rows": rows,
        "empty": words("request.list.empty"),
        "more": more,
    }
    return Reply(view=View("list", facts, (Action("request.new"),)))


def _concerns(ctx: Context, request: Request, department: str | None) -> bool:
    own = (department,) if department else ctx.directory.departments_of(ctx.me)
    related = {request.lead, request.department, *request.supports}
    if department:
        mine = ctx.me in (request.requester, request.owner) or bool(set(ctx.directory.departments_of(ctx.me)) & related)
        return department in related and (
            mine or ctx.me in ctx.directory.pmo or ctx.me in ctx.directory.leadership.everyone
        )
    return ctx.me in (request.requester, request.owner) or bool(set(own) & related)


def _date_of(ctx: Context, request: Request) -> datetime | None:
    """The date that counts now: a pause ends, an answer is due, work is due, or only a wish is known."""
    if request.state is RequestState.ON_HOLD:
        return request.resume_at
    if request.state in ANSWERABLE:
        return record.answer_by(ctx, request) or request.wanted
    return request.due or request.wanted


def _row(ctx: Context, request: Request) -> dict[str, object]:
    return {
        "ref": request.id,
        "title": request.title,
        "state": request.state,
        "who": cards.turn_of(ctx, request),
        "due": _date_of(ctx, request),
    }
