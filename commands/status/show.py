"""`/status R-1`: where a record stands, whose turn it is and by when, and every step up to now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commands.cards import escalation as escalation_cards
from commands.cards import request as request_cards
from commands.chat import Tone
from commands.domain.escalation import Decision, Escalation
from commands.domain.minutes import Minutes
from commands.domain.request import Request
from commands.domain.task import Task
from commands.inputs import Kind, ask
from commands.ports import AuditEvent
from commands.registry import Action, Context, Reply, View
from commands.status import lines, sight, steps
from commands.status.lines import Line
from commands.words import words

MOST_STEPS = 30
MOST_BUTTONS = 3
REFS = ("R", "T", "E", "M", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    id: str = ask(Kind.REF, required=True, refs=REFS, main=True)
    page: int | None = ask(Kind.NUMBER, hidden=True)


def show(ctx: Context, given: Show) -> Reply:
    """The newest steps; earlier ones behind a button."""
    record = sight.see(ctx, given.id).record
    if isinstance(record, Decision):
        return Reply(view=escalation_cards.decision(ctx, record.id, ctx.me, {}), tone=Tone.INFO)
    now = _line(ctx, record)
    told = steps.steps_of(_events(ctx, record), record.id)
    page = given.page or 0
    end = max(len(told) - page * MOST_STEPS, 0)
    start = max(end - MOST_STEPS, 0)
    earlier = (
        (
            Action(
                "status.show", {"id": record.id, "page": str(page + 1)}, label=words("status.button.earlier", n=start)
            ),
        )
        if start
        else ()
    )
    tone = Tone.DANGER if now.is_late else Tone.INFO
    view = View(
        "status_timeline",
        {"now": now, "steps": tuple(told[start:end]), "earlier": start},
        (*_actions(ctx, record), *earlier),
        item=record.id,
        tone=tone,
    )
    return Reply(view=view, tone=tone)


def _line(ctx: Context, record: Any) -> Line:  # Any: one of sight.KINDS
    match record:
        case Request():
            return lines.of_requests(ctx, [record])[0]
        case Task():
            return lines.of_tasks(ctx, [record])[0]
        case Escalation():
            return lines.of_escalations(ctx, [record])[0]
        case _:
            return lines.of_minutes(ctx, [record])[0]


def _events(ctx: Context, record: Any) -> list[AuditEvent]:  # Any: one of sight.KINDS
    """The record's own events and those of what hangs on it: tasks, questions, disputes."""
    return list(ctx.uow.audited(_items(ctx, record)))


def _items(ctx: Context, record: Any) -> tuple[str, ...]:  # Any: one of sight.KINDS
    items = [record.id]
    if isinstance(record, Request | Escalation | Minutes):
        items += [t.id for t in ctx.uow.find(Task, source=record.id)]
    if isinstance(record, Request | Task):
        items += [e.id for e in ctx.uow.find(Escalation, item=record.id)]
    return tuple(items)


def _actions(ctx: Context, record: Any) -> tuple[Action, ...]:  # Any: one of sight.KINDS
    """What the reader may do about it now."""
    match record:
        case Request():
            return request_cards.offered(ctx, record, ctx.me)[:MOST_BUTTONS]
        case Task() if record.owner == ctx.me:
            return request_cards.task_actions(record)[:MOST_BUTTONS]
        case Escalation():
            return escalation_cards.offered(ctx, record, ctx.me)[:MOST_BUTTONS]
        case _:
            return ()
