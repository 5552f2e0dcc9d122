"""A request between departments: its life from raised to closed. One function per transition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from commands.errors import Refused


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


class RequestState(StrEnum):
    DRAFT = "draft"
    RAISED = "raised"
    NEEDS_INFO = "needs_info"
    COUNTERED = "countered"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DELIVERED = "delivered"
    REWORK = "rework"
    VERIFIED = "verified"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One round of acceptance: what was handed over, and what became of it."""

    round: int
    link: str
    by: str
    at: datetime
    note: str = ""
    outcome: str | None = None  # passed | failed
    failed: str = ""  # the criteria that failed, in the acceptor's words
    judged_by: str | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it stands. Moments are aware UTC; people, departments and projects are ids."""

    id: str
    title: str
    requester: str
    department: str  # the requesting department
    lead: str  # the lead department
    supports: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    kind: str = ""  # major | incident | process | resources
    content: str = ""
    standard: str = ""
    resources: str = ""
    wanted: datetime | None = None
    wanted_words: str = ""
    project: str | None = None
    chat: str | None = None  # address where it was raised
    state: RequestState = RequestState.DRAFT
    owner: str | None = None  # the lead department's person
    due: datetime | None = None  # agreed
    first_due: datetime | None = None
    reason: str = ""  # of the last decline, reroute, hold, cancellation or reopening
    question: str = ""
    answer: str = ""
    alternative: str = ""
    alternative_due: datetime | None = None
    alternative_department: str | None = None
    held_from: datetime | None = None
    resume_at: datetime | None = None
    held_for: str | None = None  # the department that is waited for while on hold
    reroutes: int = 0
    reopened: int = 0
    deliveries: tuple[Delivery, ...] = ()
    rating: int | None = None
    rating_note: str = ""
    outcome: str = ""  # of a closed request: verified | declined | withdrawn | ruled; of a draft: unconfirmed
    answered_by: str | None = None
    answered_at: datetime | None = None
    created_at: datetime
    raised_at: datetime | None = None
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0


OPEN_STATES = frozenset(RequestState) - {RequestState.CLOSED, RequestState.CANCELLED}
ANSWERABLE = frozenset({RequestState.RAISED, RequestState.NEEDS_INFO, RequestState.REOPENED})
WORKED_ON = frozenset({RequestState.ACCEPTED, RequestState.IN_PROGRESS, RequestState.REWORK})
SHORTEST_REASON = 10

ALLOWED: Mapping[str, frozenset[RequestState]] = {
    "send": frozenset({RequestState.DRAFT}),
    "edit": ANSWERABLE,
    "accept": ANSWERABLE | {RequestState.COUNTERED},
    "decline": ANSWERABLE,
    "counter": ANSWERABLE,
    "ask": frozenset({RequestState.RAISED, RequestState.REOPENED}),
    "answer": frozenset({RequestState.NEEDS_INFO}),
    "agree": frozenset({RequestState.COUNTERED}),
    "reroute": ANSWERABLE | {RequestState.DECLINED},
    "ack": ANSWERABLE,
    "task": WORKED_ON,
    "delay": WORKED_ON,
    "hold": WORKED_ON,
    "resume": frozenset({RequestState.ON_HOLD}),
    "deliver": WORKED_ON,
    "verify": frozenset({RequestState.DELIVERED}),
    "rework": frozenset({RequestState.DELIVERED}),
    "close": frozenset({RequestState.VERIFIED}),
    "reopen": frozenset({RequestState.VERIFIED, RequestState.CLOSED}),
    "cancel": OPEN_STATES,
    "handover": OPEN_STATES,
    "dispute": OPEN_STATES - {RequestState.DRAFT},
    "lapse": frozenset({RequestState.DECLINED, RequestState.COUNTERED}),
    "accept_by_ruling": ANSWERABLE | {RequestState.COUNTERED, RequestState.DECLINED},
    "close_by_ruling": OPEN_STATES,
}
"""In which states each action is possible: the machine, read at a glance."""

_VERBS = {
    "ack": "escalate.ack",
    "dispute": "escalate.dispute",
    "lapse": "request.close",
    "accept_by_ruling": "escalate.rule",
    "close_by_ruling": "escalate.rule",
}
"""The verb that stands for an action, where it is not a verb of `/request` itself."""

_ANSWERS = frozenset({"accept", "decline", "counter", "ask", "reroute", "ack"})


def send(request: Request, now: datetime, urgency: Urgency | None = None) -> Request:
    """The draft becomes a request that has to be answered."""
    expect(request, "send")
    return replace(request, state=RequestState.RAISED, urgency=urgency or request.urgency, raised_at=now)


def expire(request: Request, now: datetime) -> Request:
    """A draft that its writer never confirmed. Nobody was told of it, so it is simply gone."""
    expect(request, "send")
    return replace(request, state=RequestState.CANCELLED, outcome="unconfirmed", closed_at=now)


def edit(
    request: Request,
    *,
    title: str = "",
    urgency: Urgency | None = None,
    wanted: datetime | None = None,
    wanted_words: str = "",
    standard: str = "",
    content: str = "",
    supports: tuple[str, ...] = (),
    resources: str = "",
) -> Request:
    """Put more exactly before it is answered; what is not given stays as it is."""
    expect(request, "edit")
    return replace(
        request,
        title=title.strip() or request.title,
        urgency=urgency or request.urgency,
        wanted=wanted or request.wanted,
        wanted_words=wanted_words if wanted else request.wanted_words,
        standard=standard.strip() or request.standard,
        content=content.strip() or request.content,
        supports=tuple(s for s in supports if s != request.lead) or request.supports,
        resources=resources.strip() or request.resources,
    )


def accept(request: Request, by: str, now: datetime, *, due: datetime, owner: str | None = None) -> Request:
    """The lead department takes it on, with an owner and an agreed date."""
    expect(request, "accept")
    return _agreed(_without_alternative(request), by, now, due, owner or by)


def accept_by_ruling(request: Request, by: str, now: datetime, *, due: datetime, owner: str) -> Request:
    """Leadership decided that it is taken on, whatever was answered before."""
    expect(request, "accept_by_ruling")
    return _agreed(_without_alternative(request), by, now, due, owner)


def _without_alternative(request: Request) -> Request:
    """Taken on as it was asked for: what the lead offered instead is off the table."""
    return replace(request, alternative="", alternative_due=None, alternative_department=None)


def decline(request: Request, by: str, now: datetime, *, reason: str) -> Request:
    expect(request, "decline")
    reason = need_reason(reason, SHORTEST_REASON)
    return replace(request, state=RequestState.DECLINED, reason=reason, answered_by=by, answered_at=now)


def counter(
    request: Request,
    by: str,
    now: datetime,
    *,
    reason: str,
    alternative: str = "",
    due: datetime | None = None,
    department: str | None = None,
) -> Request:
    """The lead offers something else: another date, another scope, or another department."""
    expect(request, "counter")
    reason = need_reason(reason, 1)
    if not (alternative.strip() or due or department):
        raise Refused("request.no_alternative", field="alternative")
    if department == request.lead:
        raise Refused("request.same_lead", field="department")
    return replace(
        request,
        state=RequestState.COUNTERED,
        reason=reason,
        alternative=alternative.strip(),
        alternative_due=due,
        alternative_department=department,
        answered_by=by,
        answered_at=now,
    )


def agree_to_counter(request: Request, now: datetime, *, due: datetime | None = None) -> Request:
    """The requester takes the alternative: agreed with its date, or raised anew with the other department."""
    expect(request, "agree")
    if request.alternative_department:
        return _moved(request, request.alternative_department)
    agreed = request.alternative_due or due or request.wanted
    if agreed is None:
        raise Refused("request.no_due", field="due", id=request.id)
    return _agreed(request, request.answered_by or request.requester, now, agreed, request.answered_by or "")


def refuse_counter(request: Request) -> Request:
    """The alternative will not do: the request stands as it was raised, and the lead has to answer it again."""
    expect(request, "agree")
    return replace(
        request,
        state=RequestState.REOPENED if request.reopened else RequestState.RAISED,
        reason="",
        answered_by=None,
        answered_at=None,
        alternative="",
        alternative_due=None,
        alternative_department=None,
    )


def ask(request: Request, by: str, *, question: str) -> Request:
    """The lead needs to know more; its clock waits for the requester."""
    expect(request, "ask")
    if not question.strip():
        raise Refused("request.no_question", field="question")
    return replace(request, state=RequestState.NEEDS_INFO, question=question.strip(), answer="")


def answer(request: Request, *, text: str) -> Request:
    expect(request, "answer")
    if not text.strip():
        raise Refused("request.no_answer", field="answer")
    back = RequestState.REOPENED if request.reopened else RequestState.RAISED
    return replace(request, state=back, answer=text.strip())


def reroute(request: Request, *, to: str, by_pmo: bool = False, reason: str = "") -> Request:
    """Another department leads, and sees why. The lead may do it once, after that only the PMO."""
    expect(request, "reroute")
    if to == request.lead:
        raise Refused("request.same_lead", field="department")
    if to == request.department:
        raise Refused("request.own_department", field="department")
    if request.reroutes and not by_pmo:
        raise Refused("request.rerouted_before", id=request.id)
    return replace(_moved(request, to), reason=reason.strip())


def start(request: Request) -> Request:
    """Work has begun on one of its tasks."""
    if request.state is not RequestState.ACCEPTED:
        return request
    return replace(request, state=RequestState.IN_PROGRESS)


def deliver(request: Request, by: str, now: datetime, *, link: str, note: str = "") -> Request:
    """Hands the work over for acceptance; starts another round."""
    expect(request, "deliver")
    if not link.strip():
        raise Refused("request.no_link", field="link")
    handed = Delivery(len(request.deliveries) + 1, link.strip(), by, now, note.strip())
    return replace(request, state=RequestState.DELIVERED, deliveries=(*request.deliveries, handed), delivered_at=now)


def verify(request: Request, by: str, now: datetime) -> Request:
    """All criteria of the standard are met."""
    expect(request, "verify")
    judged = replace(request.deliveries[-1], outcome="passed", judged_by=by, judged_at=now)
    return replace(request, state=RequestState.VERIFIED, deliveries=(*request.deliveries[:-1], judged), verified_at=now)


def rework(request: Request, by: str, now: datetime, *, failed: str) -> Request:
    """Sends the delivery back, naming what does not meet the standard."""
    expect(request, "rework")
    if not failed.strip():
        raise Refused("request.no_failed", field="failed")
    last = replace(request.deliveries[-1], outcome="failed", failed=failed.strip(), judged_by=by, judged_at=now)
    return replace(request, state=RequestState.REWORK, deliveries=(*request.deliveries[:-1], last))


def close(request: Request, now: datetime, *, rating: int | None = None, note: str = "") -> Request:
    """The end of the loop, with the requester's score of 1 to 5 if given."""
    expect(request, "close")
    if rating is not None and not 1 <= rating <= 5:
        raise Refused("request.rating", field="rating")
    return replace(
        request, state=RequestState.CLOSED, outcome="verified", rating=rating, rating_note=note.strip(), closed_at=now
    )


def lapse(request: Request, now: datetime) -> Request:
    """Nobody pursued a declined request or answered an alternative: closed, visibly so."""
    expect(request, "lapse")
    outcome = "declined" if request.state is RequestState.DECLINED else "withdrawn"
    return replace(request, state=RequestState.CLOSED, outcome=outcome, closed_at=now)


def close_by_ruling(request: Request, now: datetime) -> Request:
    expect(request, "close_by_ruling")
    return replace(request, state=RequestState.CLOSED, outcome="ruled", closed_at=now)


def reopen(request: Request, now: datetime, *, reason: str, until: datetime) -> Request:
    """Something was missed: the lead has to answer again. Old results stay on record."""
    expect(request, "reopen")
    if now > until:
        raise Refused("request.reopen_too_late", id=request.id, until=until)
    return replace(
        request,
        state=RequestState.REOPENED,
        reason=need_reason(reason, 1),
        reopened=request.reopened + 1,
        outcome="",
        answered_by=None,
        answered_at=None,
        closed_at=None,
    )


def hold(request: Request, now: datetime, *, reason: str, resume_at: datetime, waits_for: str) -> Request:
    """Work rests until a date; the time is booked to the side that is waited for."""
    expect(request, "hold")
    return replace(
        request,
        state=RequestState.ON_HOLD,
        reason=need_reason(reason, 1),
        held_from=now,
        resume_at=resume_at,
        held_for=waits_for,
    )


def resume(request: Request) -> Request:
    expect(request, "resume")
    return replace(request, state=RequestState.IN_PROGRESS, held_from=None, resume_at=None, held_for=None)


def cancel(request: Request, now: datetime, *, reason: str) -> Request:
    """Taken back by the requester. Counted as cancelled, not as failed."""
    expect(request, "cancel")
    return replace(request, state=RequestState.CANCELLED, reason=need_reason(reason, 1), closed_at=now)


def move_due(request: Request, due: datetime) -> Request:
    """A new agreed date; the first one is kept."""
    return replace(request, due=due, first_due=request.first_due or request.due)


def criteria(standard: str) -> tuple[str, ...]:
    """The delivery standard as single criteria: one per line or semicolon."""
    parts = standard.replace("；", "\n").replace(";", "\n").splitlines()
    return tuple(part.strip() for part in parts if part.strip())


def need_reason(text: str, shortest: int) -> str:
    """The reason, or a refusal that says how long it has to be."""
    reason = text.strip()
    if len(reason) < shortest:
        code = "request.no_reason" if not reason or shortest == 1 else "request.short_reason"
        raise Refused(code, field="reason", shortest=shortest, length=len(reason))
    return reason


def _agreed(request: Request, by: str, now: datetime, due: datetime, owner: str) -> Request:
    if due <= now:
        raise Refused("request.due_past", field="due", due=due)
    return replace(
        request,
        state=RequestState.ACCEPTED,
        due=due,
        first_due=request.first_due or due,
        owner=owner or by,
        answered_by=by,
        answered_at=now,
        accepted_at=now,
    )


def _moved(request: Request, to: str) -> Request:
    return replace(
        request,
        state=RequestState.RAISED,
        lead=to,
        supports=tuple(s for s in request.supports if s != to),
        owner=None,
        reroutes=request.reroutes + 1,
        answered_by=None,
        answered_at=None,
        alternative="",
        alternative_due=None,
        alternative_department=None,
    )


def expect(request: Request, action: str) -> None:
    """Refuses an action that the state does not allow, naming who was faster where somebody was."""
    if request.state in ALLOWED[action]:
        return
    if action in _ANSWERS and request.answered_by and request.answered_at:
        raise Refused(
            "request.already_answered",
            id=request.id,
            person=request.answered_by,
            at=request.answered_at,
            state=request.state,
        )
    raise Refused(
        "request.wrong_state", id=request.id, state=request.state, action=_VERBS.get(action, f"request.{action}")
    )
