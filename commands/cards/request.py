"""The card of a request and of a task: where it stands, whose turn it is, by when, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commands import clockwork
from commands.chat import Tone
from commands.domain import clocks, permissions
from commands.domain import task as task_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import LIVE_STATES, Escalation
from commands.domain.permissions import Sides
from commands.domain.request import Request, RequestState, Urgency
from commands.domain.task import Task, TaskState
from commands.escalate import record as escalations
from commands.registry import Action, Context, View
from commands.request import record
from commands.words import Dept, Shown, Who, Words, words

_S = RequestState
_LEAD_ANSWERS = ("request.accept", "request.decline", "request.counter", "request.ask")

OFFERED: Mapping[RequestState, tuple[str, ...]] = {
    _S.DRAFT: ("request.send", "request.cancel"),
    _S.RAISED: (*_LEAD_ANSWERS, "escalate.ack", "request.reroute", "request.cancel"),
    _S.REOPENED: (*_LEAD_ANSWERS, "request.cancel"),
    _S.NEEDS_INFO: ("request.answer", "request.accept", "request.decline", "request.counter", "request.cancel"),
    _S.COUNTERED: ("request.agree", "request.refuse", "escalate.dispute", "request.cancel"),
    _S.DECLINED: ("request.reroute", "escalate.dispute", "request.cancel"),
    _S.ACCEPTED: ("request.deliver", "request.delay", "escalate.dispute"),
    _S.IN_PROGRESS: ("request.deliver", "request.delay", "escalate.dispute"),
    _S.ON_HOLD: ("request.resume",),
    _S.DELIVERED: ("request.verify", "request.rework"),
    _S.REWORK: ("request.deliver", "request.delay", "escalate.dispute"),
    _S.VERIFIED: ("request.close",),
    _S.CLOSED: ("request.reopen",),
    _S.CANCELLED: (),
}
"""What each state offers, the likeliest first."""

IN_GROUP = 4  # a group's card keeps to the first few; the rest is one-to-one, and always typed

TONES: Mapping[RequestState, Tone] = {
    _S.DECLINED: Tone.WARNING,
    _S.COUNTERED: Tone.WARNING,
    _S.NEEDS_INFO: Tone.WARNING,
    _S.REWORK: Tone.WARNING,
    _S.ACCEPTED: Tone.SUCCESS,
    _S.DELIVERED: Tone.SUCCESS,
    _S.VERIFIED: Tone.SUCCESS,
    _S.CLOSED: Tone.SUCCESS,
}

STYLES = {
    "request.accept": "primary",
    "request.agree": "primary",
    "request.verify": "primary",
    "request.deliver": "primary",
    "request.answer": "primary",
    "request.close": "primary",
    "minutes.publish": "primary",
    "minutes.confirm": "primary",
    "request.decline": "danger",
    "request.rework": "danger",
    "request.refuse": "danger",
}

RIGHT_OF = {
    "request.agree": "request.answer",
    "request.refuse": "request.answer",
    "escalate.ack": "ack",
    "request.send": "request.cancel",
}
"""The right a button needs, where it is not named like its verb."""


def request(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The one card of a request; one-to-one it offers only what the reader may do."""
    found = ctx.uow.get(Request, item)
    if found is None:
        return None
    live = ctx.uow.find(Escalation, item=found.id, state=tuple(LIVE_STATES))
    quarrel = escalations.open_quarrel(live)
    turn = turn_of(ctx, found) if quarrel is None else tuple(Who(p) for p in escalations.whose_turn(ctx, quarrel))
    said = lines(ctx, found, live)
    tone = _tone(found, is_overdue=_is_overdue(ctx, found, said))
    shown = {"request": found, "lines": said, "turn": turn, "tasks": _tasks(ctx, found)}
    return View("request", shown, offered(ctx, found, reader, disputed=quarrel is not None), found.id, tone)


def _tone(found: Request, *, is_overdue: bool) -> Tone:
    """What waits for its first answer stands out where it is urgent."""
    if is_overdue:
        return Tone.DANGER
    waits = found.state in (_S.RAISED, _S.REOPENED) and found.urgency is Urgency.URGENT
    return Tone.WARNING if waits else TONES.get(found.state, Tone.INFO)


def offered(ctx: Context, found: Request, reader: str | None, *, disputed: bool = False) -> tuple[Action, ...]:
    """What can be done now: nobody agrees to a proposal that is not open, nor opens a second dispute."""
    verbs = OFFERED[found.state]
    if disputed:
        verbs = tuple(v for v in verbs if v != "escalate.dispute")
    if found.state is _S.COUNTERED and record.open_proposal(ctx, found.id) is None:
        verbs = tuple(v for v in verbs if v not in ("request.agree", "request.refuse"))
    if found.state is _S.RAISED and found.reroutes:
        verbs = tuple(v for v in verbs if v != "request.reroute")
    if reader is None:
        verbs = tuple(v for v in verbs if v != "request.reopen")[:IN_GROUP]
    else:
        verbs = allowed_about(ctx, found, verbs, reader)
    return actions(verbs, found.id)


def allowed_about(ctx: Context, found: Request, verbs: tuple[str, ...], reader: str) -> tuple[str, ...]:
    """The verbs that the reader may use on this request as it stands: a declined one is the requester's to reroute."""
    rights = {"request.reroute": "request.reroute_declined"} if found.state is _S.DECLINED else {}
    return allowed(ctx, verbs, record.sides(found), reader, rights)


def actions(verbs: tuple[str, ...], item: str) -> tuple[Action, ...]:
    """Buttons for verbs about one item; what cannot be undone asks first."""
    return tuple(
        Action(
            v, {"id": item}, STYLES.get(v, "default"), words(f"verb.{v}.confirm", id=item) if v in _ASKS_FIRST else None
        )
        for v in verbs
    )


_ASKS_FIRST = frozenset({"request.verify", "escalate.up"})


def allowed(
    ctx: Context, verbs: tuple[str, ...], sides: Sides, reader: str, rights: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The verbs whose right the reader has; `rights` names another right for a verb."""
    rights = {**RIGHT_OF, **(rights or {})}
    held = permissions.roles(ctx.directory, reader, sides, ctx.calendars.of_person(reader).local(ctx.now).date())
    return tuple(v for v in verbs if permissions.may(rights.get(v, v), held))


def lines(ctx: Context, found: Request, live: Sequence[Escalation]) -> tuple[Words, ...]:
    """The sentences that say what is expected now. `live`: the escalations about it that are not over."""
    said = [*_by_state(ctx, found), *_pending(ctx, found), *(_climbing(ctx, e) for e in live)]
    return tuple(said)


def turn_of(ctx: Context, found: Request) -> Shown:
    """Whose turn it is: a person where one is known, else the department; nobody when it is over."""
    match found.state:
        case _S.COUNTERED if (asked := record.open_proposal(ctx, found.id)) and asked.decider:
            return tuple(Who(p) for p in asked.asked)
        case _S.NEEDS_INFO | _S.COUNTERED | _S.DECLINED | _S.DELIVERED | _S.VERIFIED | _S.DRAFT:
            return Who(found.requester)
        case _S.CLOSED | _S.CANCELLED:
            return None
        case _:
            person = record.lead_liaison(ctx, found)
            return Who(person) if person else Dept(found.lead)


def allowed_on_task(ctx: Context, found: Task, verbs: tuple[str, ...], reader: str) -> tuple[str, ...]:
    """The verbs that the reader may use on this task: its owner works on it, who leads the request judges it."""
    own = frozenset({"request.deliver", "request.delay", "request.handover"}) if reader == found.owner else frozenset()
    rights = {"request.verify": "task.verify", "request.rework": "task.verify"}
    may = allowed(ctx, verbs, record.sides_of_task(ctx, found), reader, rights)
    return tuple(v for v in verbs if v in own or v in may)


def task(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The card of a task, for its owner and the owner's department."""
    found = ctx.uow.get(Task, item)
    if found is None:
        return None
    late = task_rules.is_late(found, ctx.now)
    done = found.state in (TaskState.DONE, TaskState.SUBMITTED)
    tone = Tone.DANGER if late else Tone.SUCCESS if done else Tone.INFO
    offers = task_actions(found)
    if reader is not None:
        may = (*allowed_on_task(ctx, found, tuple(a.verb for a in offers), reader), "request.task")
        offers = tuple(a for a in offers if a.verb in may)
    return View("task", {"task": found, "late": late}, offers, found.id, tone)


def task_actions(found: Task) -> tuple[Action, ...]:
    match found.state:
        case TaskState.NOT_STARTED:
            started = Action("request.task", {"id": found.id, "action": "start"}, label=words("task.start.button"))
            return (started, *actions(("request.deliver", "request.delay"), found.id))
        case TaskState.IN_PROGRESS | TaskState.REWORK:
            return actions(("request.deliver", "request.delay"), found.id)
        case TaskState.SUBMITTED if found.source.startswith("R-"):
            return actions(("request.verify", "request.rework"), found.id)
        case _:
            return ()


def _by_state(ctx: Context, r: Request) -> list[Words]:
    match r.state:
        case _S.RAISED | _S.REOPENED:
            return _waiting_for_answer(ctx, r)
        case _S.NEEDS_INFO:
            due, over = _clock(ctx, ClockKind.INFO, r.id)
            return [words("request.card.question", person=Who(r.requester), question=r.question, due=due), *over]
        case _S.COUNTERED:
            return _countered(ctx, r)
        case _S.DECLINED:
            due, _ = _clock(ctx, ClockKind.DECLINED, r.id)
            return [words("request.card.declined", by=_by(ctx, r), reason=r.reason, due=due)]
        case _S.ACCEPTED | _S.IN_PROGRESS:
            return [words("request.card.accepted", by=_by(ctx, r), due=r.due)]
        case _S.ON_HOLD:
            return [words("request.card.held", until=r.resume_at, reason=r.reason)]
        case _S.DELIVERED:
            due, over = _clock(ctx, ClockKind.ACCEPTANCE, r.id)
            last = r.deliveries[-1]
            return [words("request.card.delivered", by=Who(last.by), link=last.link, note=last.note, due=due), *over]
        case _S.REWORK:
            due, over = _clock(ctx, ClockKind.REWORK, r.id)
            failed = r.deliveries[-1].failed
            return [words("request.card.rework", failed=failed, round=len(r.deliveries), due=due), *over]
        case _S.VERIFIED:
            return [words("request.card.verified", person=Who(r.requester))]
        case _S.CLOSED:
            return _closed(r)
        case _S.CANCELLED:
            return [words("request.card.cancelled", reason=r.reason)]
        case _:
            return []


def _clock(ctx: Context, kind: ClockKind, item: str) -> tuple[datetime | None, tuple[Words, ...]]:
    """When the clock that runs ends, and a line about its reminders when they are used up."""
    clock = clockwork.running(ctx, kind, item)
    if clock is None:
        return None, ()
    over = (words("request.card.reminders_over"),) if clocks.is_exhausted(clock) else ()
    return clocks.due_at(clock, clockwork.calendar_of(ctx, clock)), over


_ANSWER_OVERDUE = "request.card.answer_overdue"


def _waiting_for_answer(ctx: Context, r: Request) -> list[Words]:
    due = record.answer_by(ctx, r)  # none while a dispute about a refused alternative goes on
    key = _ANSWER_OVERDUE if due and due <= ctx.now else "request.card.answer_by"
    said = [*([words(key, due=due)] if due else ()), *_noted(ctx, r)]
    if r.answer:
        said.append(words("request.card.answered", question=r.question, answer=r.answer))
    if r.reroutes and r.reason and r.state is _S.RAISED:
        said.append(words("request.card.rerouted", reason=r.reason))
    if r.state is _S.REOPENED:
        said.append(words("request.card.reopened", reason=r.reason))
    return said


def _noted(ctx: Context, r: Request) -> tuple[Words, ...]:
    """Who has taken note of it, for everybody to see: the answer is still owed."""
    clock = clockwork.running(ctx, ClockKind.RESPONSE, r.id)
    people = tuple(Who(q.person) for q in clock.quiet) if clock else ()
    return (words("request.card.noted", people=people),) if people else ()


def _countered(ctx: Context, r: Request) -> list[Words]:
    said = [words("request.card.countered", by=_by(ctx, r), alternative=r.alternative, reason=r.reason)]
    if r.alternative_due:
        said.append(words("request.card.countered_due", due=r.alternative_due))
    if r.alternative_department:
        said.append(words("request.card.countered_department", department=Dept(r.alternative_department)))
    proposal = record.open_proposal(ctx, r.id)
    due = clockwork.due_at(ctx, ClockKind.REPLY, proposal.id) if proposal else None  # it rests during a dispute
    if proposal is None or due is None:
        return said
    return [*said, words(_reply_key(ctx, due), person=tuple(Who(p) for p in proposal.asked), due=due)]


def _closed(r: Request) -> list[Words]:
    said = [words(f"request.card.closed_{r.outcome or 'verified'}", reason=r.reason)]
    if r.rating:
        said.append(words("request.card.rated", rating=r.rating, note=r.rating_note))
    return said


def _pending(ctx: Context, r: Request) -> list[Words]:
    """A question one side has asked the other and that is not answered yet."""
    proposal = record.open_proposal(ctx, r.id)
    if proposal is None or r.state is _S.COUNTERED:
        return []
    people = tuple(Who(p) for p in proposal.asked)
    due, over = _clock(ctx, ClockKind.REPLY, proposal.id)
    return [
        words(
            f"proposal.card.{proposal.kind}",
            by=Who(proposal.by),
            reason=proposal.reason,
            due=proposal.due,
        ),
        *((words(_reply_key(ctx, due), person=people, due=due),) if due else ()),
        *over,
    ]


def _reply_key(ctx: Context, due: datetime) -> str:
    return "request.card.reply_by" if due > ctx.now else "request.card.reply_overdue"


def _climbing(ctx: Context, e: Escalation) -> Words:
    """A dispute with whose turn it is and until when; anything else with its state."""
    due = escalations.answer_by(ctx, e)
    if escalations.open_quarrel((e,)) is None or due is None:
        return words("request.card.escalated", id=e.id, state=e.state)
    people = tuple(Who(p) for p in escalations.whose_turn(ctx, e))
    return words(f"request.card.disputed_{e.state}", id=e.id, people=people, due=due)


def _tasks(ctx: Context, r: Request) -> tuple[Task, ...]:
    """The tasks worth showing: more than the lead's own single one."""
    found = record.tasks(ctx, r)
    return tuple(found) if len(found) > 1 else ()


def _by(ctx: Context, r: Request) -> Who:
    """Who answered; a deputy with the name of whom they stand for."""
    person = r.answered_by or r.requester
    deputising = permissions.acting_for(ctx.directory, person, r.lead)
    speaks = person in ctx.directory.departments[r.lead].liaisons if r.lead in ctx.directory.departments else False
    return Who(person, acting_for=deputising if speaks else None)


def _is_overdue(ctx: Context, r: Request, said: Sequence[Words]) -> bool:
    """Whether the answer is, which the lines say already; else whether the work is."""
    if r.state in (_S.RAISED, _S.REOPENED):
        return any(line.key == _ANSWER_OVERDUE for line in said)
    return r.state in (_S.ACCEPTED, _S.IN_PROGRESS, _S.REWORK) and r.due is not None and r.due <= ctx.now
