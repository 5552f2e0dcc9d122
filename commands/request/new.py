"""`/request new`: a department raises a request; `/request send` confirms an urgent one outside working hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import permissions
from commands.domain import request as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.duration import Duration
from commands.domain.request import Request, RequestState, Urgency
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.ports import Priority, Timer
from commands.registry import Action, Context, Reply, View
from commands.request import record
from commands.words import Dept, Who, words

DRAFT_JOB = "request.draft"


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
    """Raises the request, or asks first whether people shall be disturbed outside working hours. Not confirmed, it
    comes back when the lead's work starts, and lapses a working day later."""
    _require_may_raise(ctx, given.lead)
    draft = _draft(ctx, given)
    ctx.uow.add(draft)
    trace.record(ctx, "request.drafted", draft)
    if draft.urgency is Urgency.URGENT and would_disturb(ctx, draft):
        _arm_draft(ctx, draft, "start", ctx.calendars.of_department(draft.lead).next_open(ctx.now))
        return ask_whether_urgent(ctx, draft, draft_actions(draft.id))
    return _raise(ctx, draft, advice=given.wanted)


def send(ctx: Context, given: Send) -> Reply:
    draft = record.get(ctx, given.id)
    if draft.requester != ctx.me:
        raise Refused("not_allowed", action="request.send", who=(draft.requester,))
    if draft.state is not RequestState.DRAFT:
        raise _not_a_draft(draft)
    ctx.uow.drop_timers(draft.id, DRAFT_JOB)
    ctx.uow.forgive(draft.id, "request_draft")
    return _raise(ctx, draft, urgency=Urgency(given.urgency))


def draft_unconfirmed(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
    """Nobody has confirmed it: when the lead's work starts it is offered once more, then it is taken back."""
    draft = ctx.uow.get(Request, subject)
    if draft is None or draft.state is not RequestState.DRAFT:
        return
    if payload["step"] == "start":
        calendar = ctx.calendars.of_department(draft.lead)
        end = calendar.add(ctx.now, ctx.policy.draft_lapse)
        _arm_draft(ctx, draft, "lapse", end)
        tell.notify(ctx, "request_draft", draft.id, (draft.requester,), step="start", until=end)
        return
    gone = ctx.uow.save(rules.expire(draft, ctx.now))
    trace.record(ctx, "request.cancelled", gone, was=draft)
    tell.notify(ctx, "request_draft_lapsed", draft.id, (draft.requester,), step="lapsed")


def _arm_draft(ctx: Context, draft: Request, step: str, at: datetime) -> None:
    ctx.uow.set_timer(
        Timer(key=f"draft:{draft.id}:{step}", job=DRAFT_JOB, due_at=at, subject=draft.id, payload={"step": step})
    )


def _not_a_draft(request: Request) -> Refused:
    """What became of it, for a button that is still there."""
    if request.raised_at:
        return Refused("request.sent_before", id=request.id, at=request.raised_at)
    return Refused("request.draft_gone", id=request.id, at=request.closed_at)


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


def would_disturb(ctx: Context, draft: Request) -> bool:
    """Whether the lead is off work now."""
    return not ctx.calendars.of_department(draft.lead).is_open(ctx.now)


def ask_whether_urgent(ctx: Context, request: Request, answers: tuple[Action, ...]) -> Reply:
    """Names the people who would be disturbed outside working hours, before they are."""
    people = record.lead_liaisons(ctx, request)
    facts = {
        "title": words("request.confirm_urgent.title", id=request.id),
        "lines": (words("request.confirm_urgent.line", people=tuple(Who(p) for p in people), title=request.title),),
    }
    return Reply(view=View("notice", facts, answers, request.id, is_question=True))


def draft_actions(id: str) -> tuple[Action, ...]:
    """To send it at once, to send it as a normal one, or not at all."""
    return (
        Action("request.send", {"id": id, "urgency": "urgent"}, "danger", label=words("request.confirm_urgent.yes")),
        Action("request.send", {"id": id, "urgency": "normal"}, label=words("request.confirm_urgent.no")),
        Action("request.cancel", {"id": id}),
    )


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
    limit = response_limit(ctx, request)
    clockwork.start(ctx, ClockKind.RESPONSE, request.id, limit, side=request.lead, urgent=urgent)


def response_limit(ctx: Context, request: Request) -> Duration:
    """How long the lead may take to answer."""
    return ctx.policy.response_urgent if request.urgency is Urgency.URGENT else ctx.policy.response_normal


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
    _call_back(ctx, request)
    announce(ctx, request)


def _call_back(ctx: Context, request: Request) -> None:
    """Who has the card already would only see it change: a request that comes back is a message of its own."""
    urgent = request.urgency is Urgency.URGENT
    known = {place.to for place in ctx.uow.posted(request.id, "request")}
    liaison, home = record.lead_liaison(ctx, request), record.home(ctx, request.lead)
    step = f"v{request.version}"
    due = record.answer_by(ctx, request)
    if liaison and tell.to_person(liaison) in known:
        tell.notify(
            ctx,
            "request_came_back",
            request.id,
            (liaison,),
            step=step,
            urgent=urgent,
            answer_by=due,
            why=request.reason,
        )
    if home and home != request.chat and tell.to_chat(home) in known:
        tell.post(
            ctx, "request_came_back", request.id, (home,), step=step, urgent=urgent, answer_by=due, why=request.reason
        )
