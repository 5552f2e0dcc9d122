"""`/escalate list` and `/escalate show`: what is climbing, and one matter with its history."""

from __future__ import annotations

from dataclasses import dataclass

from commands.cards import escalation as cards
from commands.domain.escalation import LIVE_STATES, Escalation
from commands.domain.permissions import Role
from commands.escalate import record as escalations
from commands.inputs import Kind, ask
from commands.registry import Context, Reply, View
from commands.request import record
from commands.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"), main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    department: str | None = ask(Kind.DEPARTMENT)


def show(ctx: Context, given: Show) -> Reply:
    found = escalations.addressed(ctx, given.id)
    record.require(ctx, "request.audience", escalations.sides(ctx, found))
    return Reply(view=cards.escalation(ctx, found.id, ctx.me, {}))


def list_live(ctx: Context, given: List) -> Reply:
    """The live matters that I may see, oldest first."""
    live = [e for e in ctx.uow.find(Escalation, state=tuple(LIVE_STATES)) if _visible(ctx, e, given.department)]
    rows = tuple(
        {
            "ref": e.id,
            "title": words("escalation.list.row", item=e.item, reason=cards.reason_of(e)),
            "state": e.state,
            "who": cards.turn_of(ctx, e),
            "due": escalations.answer_by(ctx, e),
        }
        for e in live
    )
    facts = {
        "title": words("escalation.list.title", n=len(live)),
        "rows": rows,
        "empty": words("escalation.list.empty"),
        "more": None,
    }
    return Reply(view=View("list", facts))


def _visible(ctx: Context, escalation: Escalation, department: str | None) -> bool:
    if department and department not in escalation.parties:
        return False
    held = record.roles(ctx, escalations.sides(ctx, escalation))
    return bool(held & (frozenset(Role) - {Role.ADMIN}))
