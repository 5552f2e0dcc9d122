"""The trace for people: who, when, what, in words; what only machines read is left to the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commands.facts import decode
from commands.lostchats import purpose_of
from commands.ports import AuditEvent
from commands.registry import Context
from commands.status import steps
from commands.words import Shown, Who, Words, words

MACHINERY = frozenset({"clock.started", "clock.stopped", "clock.breached", "clock.skipped", "due.skipped"})
"""Events that are told by others: a clock that matters to people is a step."""
EVENTS: Mapping[str, tuple[str, ...]] = {
    "request.drafted": (),
    "clock.warned": ("told",),
    "due.warning": (),
    "due.today": (),
    "due_action.failed": (),
    "message.dropped": (),
    "message.failed": (),
    "chat.lost": (),
    "chat.found": (),
    "decision.made": (),
    "decision.changed": (),
    "minutes.agenda": (),
}
"""Events that are no steps of a timeline, each with the facts its sentence `audit.event.<event>` names."""
STATES = {"R": "requeststate", "T": "taskstate", "E": "escalationstate", "M": "minutesstate"}


@dataclass(frozen=True, slots=True)
class TraceLine:
    """`planned_at`: when it should have happened, where that was earlier. `result` is said unless it is done."""

    at: datetime
    who: Shown
    what: Shown
    result: str = "done"
    changes: tuple[Words, ...] = ()
    reason: str = ""
    why: Shown = None
    planned_at: datetime | None = None


def lines_of(ctx: Context, events: Sequence[AuditEvent]) -> list[TraceLine]:
    """One line per thing that happened, by moment and then as written. Messages that went out together are one."""
    found: list[TraceLine] = []
    told: list[Shown] = []
    for event in _ordered(events):
        if event.what == "message.sent":
            told = [*told, _place(ctx, event)] if found and _is_told(found[-1], event) else [_place(ctx, event)]
            line = TraceLine(event.at, steps.actor(event), words("audit.event.message.sent", told=tuple(told)))
            found = [*found[:-1], line] if len(told) > 1 else [*found, line]
        elif line_of := _line(event):
            told = []
            found.append(line_of)
    return found


def _ordered(events: Sequence[AuditEvent]) -> list[AuditEvent]:
    raised = {e.at for e in events if e.what == "request.raised"}
    return sorted((e for e in events if e.what != "request.drafted" or e.at not in raised), key=lambda e: e.at)


def _is_told(line: TraceLine, event: AuditEvent) -> bool:
    return line.at == event.at and isinstance(line.what, Words) and line.what.key == "audit.event.message.sent"


def _line(event: AuditEvent) -> TraceLine | None:
    what = _refused(event) if event.result == "refused" else _said(event)
    if what is None:
        return None
    late = event.planned_at if event.planned_at and event.planned_at != event.at else None
    line = TraceLine(event.at, steps.actor(event), what, event.result, _changes(event), event.reason, None, late)
    return replace(line, changes=(), why=_why(event)) if event.result == "refused" else line


def _said(event: AuditEvent) -> Words | None:
    if step := steps.sentence(event):
        return step
    if event.what in MACHINERY:
        return None
    if event.what in EVENTS:
        return Words(f"audit.event.{event.what}", {name: steps.fact(event, name) for name in EVENTS[event.what]})
    return words("audit.event.other")


def _refused(event: AuditEvent) -> Words:
    if event.command:
        return words("audit.tried", what=words(f"verb.{event.command}.label"))
    return words("audit.tried_something")


def _why(event: AuditEvent) -> Shown:
    """The sentence that the person was told; of an old line only that it was refused is known."""
    facts = event.after.get("said")
    return Words(f"refused.{event.why.partition(' {')[0]}", decode(facts)) if isinstance(facts, Mapping) else None


def _changes(event: AuditEvent) -> tuple[Words, ...]:
    """What was different before, where a general reader knows the field."""
    return tuple(change for name in ("state", "due", "owner", "lead") if (change := _change(event, name)))


def _change(event: AuditEvent, name: str) -> Words | None:
    if not event.before.get(name) or not event.after.get(name):
        return None
    was, now = (_value(event, name, side[name]) for side in (event.before, event.after))
    return words(f"audit.change.{name}", was=was, now=now) if was and now else None


def _value(event: AuditEvent, name: str, value: Shown) -> Shown:
    if name == "state":
        kind = STATES.get(event.item.partition("-")[0])
        return words(f"state.{kind}.{value}") if kind else None
    return steps.value_of(name, value)


def _place(ctx: Context, event: AuditEvent) -> Shown:
    """Whom a message reached: a person, or a chat by what it is for."""
    kind, _, rest = str(event.after.get("to", "")).partition(":")
    if kind == "person":
        return Who(rest)
    return purpose_of(ctx.directory, rest) or words("audit.a_chat")
