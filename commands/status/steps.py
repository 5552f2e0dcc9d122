"""The trace as sentences: each event of a record's life as who did what, when and why, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commands.domain.duration import parse_duration
from commands.ports import AuditEvent
from commands.words import Dept, Shown, Who, Words, words

Read = Callable[[Any], Shown]


@dataclass(frozen=True, slots=True)
class Step:
    """One line. `ref` is set where the line is about another record than the one that is shown."""

    at: datetime
    who: Shown
    what: Words
    why: str = ""
    ref: str = ""


def _moment(value: Any) -> Shown:
    return datetime.fromisoformat(value) if value else None


def _person(value: Any) -> Shown:
    return Who(value) if value else None


def _people(value: Any) -> Shown:
    return tuple(Who(p) for p in value) if value else None


def _department(value: Any) -> Shown:
    return Dept(value) if value else None


def _minutes(value: Any) -> Shown:
    return timedelta(minutes=value) if value is not None else None


def _fields(value: Any) -> Shown:
    return tuple(words(f"field.{name}.label") for name in value) if value else None


def _limit(value: Any) -> Shown:
    return parse_duration(value) if value else None


def _plain(value: Any) -> Shown:
    return value if isinstance(value, str | int | float) else None


_READ: Mapping[str, Read] = {
    "due": _moment,
    "resume_at": _moment,
    "alternative_due": _moment,
    "old_due": _moment,
    "owner": _person,
    "recorder": _person,
    "lead": _department,
    "department": _department,
    "waits_for": _department,
    "side": _department,
    "told": _people,
    "changed": _fields,
    "limit": _limit,
    "used_minutes": _minutes,
    "late_minutes": _minutes,
}

STEPS: Mapping[str, tuple[str, ...]] = {
    "request.raised": ("lead",),
    "request.accepted": ("due", "owner"),
    "request.acknowledged": (),
    "request.declined": (),
    "request.countered": ("alternative", "alternative_due"),
    "request.alternative_refused": (),
    "request.alternative_agreed": ("due",),
    "request.asked": (),
    "request.answered": (),
    "request.rerouted": ("lead",),
    "request.started": (),
    "request.held": ("resume_at",),
    "request.resumed": (),
    "request.due_moved": ("due",),
    "request.handed_over": ("owner",),
    "request.delivered": (),
    "request.verified": (),
    "request.sent_back": (),
    "request.closed": ("rating",),
    "request.reopened": (),
    "request.edited": ("changed",),
    "request.cancelled": (),
    "task.created": ("owner", "due"),
    "task.started": (),
    "task.submitted": (),
    "task.done": (),
    "task.sent_back": (),
    "task.waived": (),
    "task.changed": (),
    "task.due_moved": ("due",),
    "task.handed_over": ("owner",),
    "proposal.delay": ("due", "alternative"),
    "proposal.hold": ("due",),
    "proposal.cancel": (),
    "proposal.agreed": (),
    "proposal.refused": (),
    "proposal.withdrawn": (),
    "proposal.lapsed": (),
    "proposal.to_decider": ("told",),
    "escalation.opened": (),
    "escalation.position": (),
    "escalation.supplemented": (),
    "escalation.unanswered": (),
    "escalation.reminded": ("told",),
    "escalation.settled": (),
    "escalation.handed_in": (),
    "escalation.acknowledged": (),
    "escalation.voted": ("option",),
    "escalation.ruled": ("decision",),
    "escalation.sent_back": (),
    "escalation.executed": (),
    "escalation.withdrawn": (),
    "escalation.closed": (),
    "escalation.nudge": (),
    "escalation.assign": (),
    "escalation.reroute": (),
    "clock.breached": ("side",),
    "clock.exhausted": ("told",),
    "clock.paused": ("waits_for", "used_minutes"),
    "clock.resumed": (),
    "clock.limit_changed": ("limit",),
    "clock.stopped": ("used_minutes", "side"),
    "due.overdue": (),
    "minutes.created": (),
    "minutes.drafted": (),
    "minutes.published": ("edition",),
    "minutes.confirmed": (),
    "minutes.objected": (),
    "minutes.deemed": (),
    "minutes.reminded": (),
    "minutes.late": (),
    "minutes.handed_over": ("recorder",),
    "minutes.closed": (),
    "minutes.cancelled": (),
    "minutes.asked": (),
    "minutes.excused": (),
    "minutes.undelivered": (),
    "minutes.reopened": (),
    "decision.withdrawn": (),
}
"""The events that are steps, each with the facts its sentence `step.<event>` names. Others (timers set, warnings
sent, drafts) are in the trace and not in the timeline."""

COMES_ALONG = frozenset({"task.started", "task.submitted", "task.done", "task.sent_back"})
"""Steps of a request's own task that the request's step says already."""

WITHOUT_FACTS = frozenset(
    {
        "clock.paused",
        "request.accepted",
        "request.countered",
        "request.held",
        "request.closed",
        "task.created",
        "proposal.delay",
        "proposal.hold",
        "proposal.to_decider",
        "clock.breached",
        "clock.exhausted",
    }
)
"""Steps whose sentence has a shorter form, `step.<event>.plain`, for when a fact of theirs is not there."""

CLOCKS_SHOWN = frozenset({"C1", "C2", "C4", "C5", "C6", "C8", "C9", "info"})
_OPTIONS = "choice.option.{}.label"


def steps_of(events: Iterable[AuditEvent], item: str) -> list[Step]:
    """The steps among the events, by moment and then as they were written. What a person did to a record and, by the
    same act, to what hangs on it is one step."""
    done = sorted((e for e in events if e.result == "done" and _is_step(e)), key=lambda e: e.at)
    own = {(e.at, e.actor) for e in done if e.item == item and e.actor and not e.what.startswith("clock.")}
    return [_step(e, item) for e in done if e.item == item or not _comes_along(e, own)]


def _comes_along(event: AuditEvent, own: Set[tuple[datetime, str | None]]) -> bool:
    return event.what in COMES_ALONG and (event.at, event.actor) in own


def sentence(event: AuditEvent) -> Words | None:
    """What a step says; None where the event is none."""
    return _step(event, event.item).what if _is_step(event) else None


def actor(event: AuditEvent) -> Shown:
    return Who(event.actor, acting_for=event.acting_for) if event.actor else words("step.clock")


def _is_step(event: AuditEvent) -> bool:
    if event.what == "clock.stopped":
        return event.after.get("kind") in CLOCKS_SHOWN and event.after.get("outcome") in ("met", "late")
    if event.what == "clock.breached":
        return event.after.get("kind") in CLOCKS_SHOWN
    return event.what in STEPS


def _step(event: AuditEvent, item: str) -> Step:
    facts: dict[str, Shown] = {name: fact(event, name) for name in STEPS[event.what]}
    is_short = event.what in WITHOUT_FACTS and None in facts.values()
    said = Words(f"{_key(event)}.plain" if is_short else _key(event), facts)
    return Step(event.at, actor(event), said, event.reason, event.item if event.item != item else "")


def _key(event: AuditEvent) -> str:
    """A clock's sentence depends on which clock it is and how it ended."""
    kind = event.after.get("kind")
    if event.what == "clock.stopped":
        return f"step.clock.stopped.{event.after.get('outcome')}.{kind}"
    if event.what == "clock.breached":
        return f"step.clock.breached.{kind}"
    return f"step.{event.what}"


def fact(event: AuditEvent, name: str) -> Shown:
    value = event.after.get(name)
    if name == "option" and isinstance(value, str):
        return words(_OPTIONS.format(value))
    return value_of(name, value)


def value_of(name: str, value: Any) -> Shown:
    """A field of the trace, as its kind."""
    return _READ.get(name, _plain)(value)
