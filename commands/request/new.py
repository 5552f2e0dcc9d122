"""`/request new`: a department raises a request; `/request send` confirms an urgent one outside working hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import permissions
from commands.domain import request as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.request import Request, Urgency
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.ports import Priority
from commands.registry import Action, Context, Reply, View
from commands.request import record
from commands.words import Dept, Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    lead: str = ask(Kind.DEPARTMENT, required=True)
    title: str = ask(Kind.TEXT, required=True, main=True)
    urgency: str = ask(Kind.CHOICE, bare=True, choices=("normal", "urgent"), default="normal")
    wanted: Due | None = ask(Kind.DUE, required=True, optional_when=("urgency", "urgent"))
    standard: str = ask(Kind.LINES, required=True, optional_when=("urgency", "urgent"))
    content: str = ask(Kind.LINES)
    supports: tuple[str, ...] = ask(Kind.DEPARTMENTS)
    kind: str = ask(Kind.CHOICE, choices=("major", "incident", "process", "resources"))
    resources: str = ask(Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    urgency: str = ask(Kind.CHOICE, bare=True, choices=("normal", "urgent"), default="urgent")


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A form starts from what was typed; a normal request is proposed."""
    return {"urgency": "normal", **values}


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Before the form opens: who may not raise anything, and a lead that is the person's own department."""
    lead = values.get("lead")
    _require_may_raise(ctx, lead)
    if lead:
        _own_department(ctx, lead)


def new(ctx: Context, given: New) -> Reply:
    """Raises the request, or asks first whether people shall be disturbed outside working hours."""
    _require_may_raise(ctx, given.lead)
    draft = _draft(ctx, given)
    ctx.uow.add(draft)
    trace.record(ctx, "request.drafted", draft)
    if draft.urgency is Urgency.URGENT and _would_disturb(ctx, draft):
        return _ask_whether_urgent(ctx, draft)
    return _raise(ctx, draft, advice=given.wanted)


def send(ctx: Context, given: Send) -> Reply:
    draft = record.get(ctx, given.id)
    if draft.requester != ctx.me:
        raise Refused("not_allowed", action="request.send", who=(draft.requester,))
    return _raise(ctx, draft, urgency=Urgency(given.urgency))


def _draft(ctx: Context, given: New) -> Request:
    project = ctx.directory.project_at(ctx.actor.address)
    return Request(
        id=ctx.uow.next_id("R"),
        title=given.title,
        requester=ctx.me,
        department=_own_department(ctx, given.lead),
        lead=given.lead,
        supports=tuple(d for d in given.supports if d != given.lead),
        urgency=Urgency(given.urgency),
        kind=given.kind,
        content=given.content,
        standard=given.standard,
        resources=given.resources,
        wanted=given.wanted.moment if given.wanted else None,
        wanted_words=given.wanted.words if given.wanted else "",
        project=project.id if project else None,
        chat=None if ctx.actor.direct else ctx.actor.address,
        created_at=ctx.now,
    )


def _require_may_raise(ctx: Context, lead: str | None) -> None:
    if permissions.may_raise(ctx.directory, ctx.me):
        return
    project = ctx.directory.project_at(ctx.actor.address)
    who = permissions.who_may_raise(ctx.directory, lead, project.id if project else None, record.today(ctx))
    raise Refused("not_allowed", action="request.new", who=who)


def _own_department(ctx: Context, lead: str) -> str:
    """The department that asks. One cannot oblige one's own department to answer oneself."""
    own = ctx.directory.departments_of(ctx.me)
    others = tuple(d for d in own if d != lead)
    if own and not others:
        raise Refused("request.own_department", field="lead", department=lead)
    return others[0] if others else ""


def _would_disturb(ctx: Context, draft: Request) -> bool:
    return not ctx.calendars.of_department(draft.lead).is_open(ctx.now)


def _ask_whether_urgent(ctx: Context, draft: Request) -> Reply:
    people = record.lead_liaisons(ctx, draft)
    facts = {
        "title": words("request.confirm_urgent.title", id=draft.id),
        "lines": (words("request.confirm_urgent.line", people=tuple(Who(p) for p in people), title=draft.title),),
    }
    actions = (
        Action(
            "request.send", {"id": draft.id, "urgency": "urgent"}, "danger", label=words("request.confirm_urgent.yes")
        ),
        Action("request.send", {"id": draft.id, "urgency": "normal"}, label=words("request.confirm_urgent.no")),
        Action("request.cancel", {"id": draft.id}),
    )
    return Reply(view=View("notice", facts, actions, draft.id))


def _raise(ctx: Context, draft: Request, *, urgency: Urgency | None = None, advice: Due | None = None) -> Reply:
    raised = ctx.uow.save(rules.send(draft, ctx.now, urgency))
    trace.record(ctx, "request.raised", raised, was=draft, title=draft.title, lead=draft.lead)
    start_response(ctx, raised)
    announce(ctx, raised)
    due = record.answer_by(ctx, raised)
    said = words("request.raised.said", id=raised.id, lead=Dept(raised.lead), due=due)
    if record.lead_liaison(ctx, raised) is None:
        tell.nobody_left(ctx, raised.id, raised.lead)
        said = words("request.raised.nobody", id=raised.id, lead=Dept(raised.lead))
    elif advice and advice.on_day_off:
        said = words("request.raised.day_off", id=raised.id, due=due, wanted=raised.wanted, open=advice.next_open)
    return Reply(say=said)


def start_response(ctx: Context, request: Request) -> None:
    """C1: the lead department has to answer in time."""
    urgent = request.urgency is Urgency.URGENT
    limit = ctx.policy.response_urgent if urgent else ctx.policy.response_normal
    clockwork.start(ctx, ClockKind.RESPONSE, request.id, limit, side=request.lead, urgent=urgent)


def announce(ctx: Context, request: Request) -> None:
    """One card in each chat concerned, and for the person who has to answer."""
    urgent = request.urgency is Urgency.URGENT
    raiser = (request.requester,) if request.chat is None else ()
    tell.show(
        ctx,
        request.id,
        "request",
        chats=record.chats(ctx, request),
        people=(record.lead_liaison(ctx, request), *raiser),
        urgent=urgent,
        priority=Priority.ANSWER,
    )


def raise_with(ctx: Context, request: Request) -> None:
    """The same request before another lead department: told there, with a clock that runs."""
    clock = clockwork.running(ctx, ClockKind.RESPONSE, request.id)
    if clock is None:
        start_response(ctx, request)
    else:
        clockwork.hand_to(ctx, clock, request.lead)
    announce(ctx, request)
