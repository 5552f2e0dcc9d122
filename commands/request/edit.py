"""`/request edit`: what was asked for is put more exactly, or made more or less urgent, before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import request as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.request import Request, Urgency
from commands.inputs import Kind, ask
from commands.ports import Priority
from commands.registry import Action, Context, Reply
from commands.request import record
from commands.request.new import ask_whether_urgent, response_limit, would_disturb
from commands.words import Who, words

FIELDS = ("title", "wanted", "standard", "content", "supports", "resources", "urgency")
"""What can be changed, and is named in the message to the lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    title: str = ask(Kind.TEXT)
    urgency: str = ask(Kind.CHOICE, bare=True, choices=("normal", "urgent"))
    wanted: Due | None = ask(Kind.DUE)
    standard: str = ask(Kind.LINES)
    content: str = ask(Kind.LINES, main=True)
    supports: tuple[str, ...] = ask(Kind.DEPARTMENTS)
    resources: str = ask(Kind.TEXT)
    sure: str = ask(Kind.CHOICE, hidden=True, choices=("yes",))  # urgent outside working hours: asked once


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form begins with the request as it is."""
    found = ctx.uow.get(Request, str(values.get("id", "")))
    known = {name: value for name in FIELDS if (value := getattr(found, name, None))}
    return {**known, **values}


def edit(ctx: Context, given: Edit) -> Reply:
    """Whoever raised it, until it is answered. The lead hears what changed; the clock keeps what it has used."""
    was = record.get(ctx, given.id)
    record.require(ctx, "request.edit", record.sides(was))
    asks_first = given.urgency == Urgency.URGENT and was.urgency is Urgency.NORMAL and not given.sure
    disturbs = asks_first and would_disturb(ctx, was)
    wanted = given.wanted
    edited = rules.edit(
        was,
        title=given.title,
        urgency=None if disturbs or not given.urgency else Urgency(given.urgency),
        wanted=wanted.moment if wanted else None,
        wanted_words=wanted.words if wanted else "",
        standard=given.standard,
        content=given.content,
        supports=given.supports,
        resources=given.resources,
    )
    changed = tuple(name for name in FIELDS if getattr(edited, name) != getattr(was, name))
    if changed:
        _store(ctx, was, edited, changed)
    if disturbs:
        return ask_whether_urgent(ctx, was, (_confirmed(was.id),))
    if not changed:
        return Reply(say=words("request.edited.nothing", id=was.id))
    return Reply(say=words("request.edited.said", id=was.id, due=record.answer_by(ctx, edited)))


def _store(ctx: Context, was: Request, edited: Request, changed: tuple[str, ...]) -> None:
    saved = ctx.uow.save(edited)
    trace.record(ctx, "request.edited", saved, was=was, changed=changed)
    urgent = saved.urgency is Urgency.URGENT
    if "urgency" in changed:
        clockwork.change_limit(ctx, ClockKind.RESPONSE, was.id, response_limit(ctx, saved), urgent=urgent)
    tell.notify(
        ctx,
        "request_edited",
        was.id,
        (record.lead_liaison(ctx, saved), saved.requester),
        step=f"v{saved.version}",
        urgent=urgent,
        priority=Priority.ESCALATION if urgent else Priority.ANSWER,
        by=Who(ctx.me),
        changed=tuple(words(f"field.{name}.label") for name in changed),
        answer_by=record.answer_by(ctx, saved),
    )
    record.refresh(ctx, saved)


def _confirmed(id: str) -> Action:
    """The same edit, said to be meant."""
    args = {"id": id, "urgency": "urgent", "sure": "yes"}
    return Action("request.edit", args, "danger", label=words("request.confirm_urgent.yes"))
