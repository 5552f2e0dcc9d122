"""The card of an escalation and of a decision: what it is about, both positions, the history, who decides by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.cards.request import actions
from commands.chat import Tone
from commands.domain.escalation import (
    LIVE_STATES,
    Decision,
    Escalation,
    EscalationKind,
    EscalationState,
)
from commands.domain.request import Request
from commands.domain.task import Task
from commands.escalate import record as escalations
from commands.registry import Action, Context, View
from commands.words import Dept, Shown, Who, Words, words

_S = EscalationState
HISTORY = (
    "request.raised",
    "clock.warned",
    "clock.breached",
    "request.accepted",
    "request.declined",
    "request.countered",
    "request.asked",
    "request.answered",
    "request.rerouted",
    "request.delivered",
    "request.sent_back",
    "request.due_moved",
    "task.created",
    "task.due_moved",
    "proposal.delay",
)
LONGEST_HISTORY = 8


def escalation(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The one card of an escalation."""
    found = ctx.uow.get(Escalation, item)
    if found is None:
        return None
    shown = {
        "escalation": found,
        "reason": reason_of(found),
        "about": _about(ctx, found),
        "lines": lines(ctx, found),
        "positions": tuple((Dept(d), found.positions.get(d, "") or None) for d in found.parties),
        "history": history(ctx, found.item, found.handed_in_at or ctx.now),
        "turn": turn_of(ctx, found),
    }
    return View("escalation", shown, offered(ctx, found, reader), found.id, _tone(found))


def decision(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """A line of the decision log, as both sides see it."""
    found = ctx.uow.get(Decision, item)
    if found is None:
        return None
    moved = _about_due(ctx, found)
    done = tuple(words(f"decision.effect.{effect}", due=moved) for effect in found.effects)
    return View("decision", {"decision": found, "by": tuple(Who(p) for p in found.by), "effects": done}, (), found.id)


def reason_of(found: Escalation) -> Shown:
    """Why it climbed: a clock's reason is the catalogue's, a person's is their own words."""
    return words(f"escalation.reason.{found.reason}", item=found.item) if found.raised_by is None else found.reason


def turn_of(ctx: Context, found: Escalation) -> Shown:
    people = tuple(Who(p) for p in escalations.whose_turn(ctx, found))
    if found.state is _S.OPEN:
        return people[0] if people else None
    return people if found.state in LIVE_STATES else None


def offered(ctx: Context, found: Escalation, reader: str | None) -> tuple[Action, ...]:
    """Level 1: settle or hand in. Leadership: note, then one button per option. Ruled: the parties carry it out."""
    judges = escalations.judges(ctx, found)
    match found.state:
        case _S.OPEN:
            return actions(("escalate.settle", "escalate.up", "escalate.position"), found.id)
        case _S.TO_LEADERSHIP if reader is None or reader in judges:
            return (*actions(("escalate.ack",), found.id), *_options(found))
        case _S.SENT_BACK:
            return actions(("escalate.position",), found.id)
        case _S.RULED if reader is None or reader in found.executors:
            return (Action("escalate.ack", {"id": found.id}, "primary", label=words("escalation.execute.button")),)
        case _:
            return ()


def lines(ctx: Context, found: Escalation) -> tuple[Words, ...]:
    due = escalations.answer_by(ctx, found)
    acked = tuple(words("escalation.card.acked", person=Who(a.by), at=a.at) for a in found.acknowledged)
    match found.state:
        case _S.OPEN:
            said = [words("escalation.card.open", person=Who(found.mediator) if found.mediator else None, due=due)]
        case _S.TO_LEADERSHIP:
            said = [words("escalation.card.to_leadership", people=turn_of(ctx, found), due=due), *acked]
        case _S.SENT_BACK:
            said = [words("escalation.card.sent_back", question=found.question)]
        case _S.SETTLED:
            said = [words("escalation.card.settled", conclusion=found.conclusion)]
        case _S.WITHDRAWN:
            said = [words("escalation.card.withdrawn")]
        case _S.CLOSED:
            said = [*_closed(ctx, found), *acked]
        case _:
            said = _ruled(ctx, found)
    return (*said, *_votes(found))


def history(ctx: Context, item: str, until: datetime) -> tuple[Words, ...]:
    """What happened to the item before it climbed, with times; the latest few."""
    events = [e for e in ctx.uow.audited(item) if e.what in HISTORY and (e.planned_at or e.at) <= until]
    return tuple(_history_line(e.what, e.planned_at or e.at, e.actor, e.after) for e in events[-LONGEST_HISTORY:])


def _history_line(what: str, at: datetime, actor: str | None, after: Mapping[str, Any]) -> Words:
    told = tuple(Who(p) for p in after.get("told", ()))
    return words(f"history.{what}", at=at, person=Who(actor) if actor else None, people=told)


def _options(found: Escalation) -> tuple[Action, ...]:
    def button(option: str) -> Action:
        label = words(f"choice.option.{option}.label")
        if option in ("support_raiser", "support_other") and len(found.parties) > 1:
            party = found.parties[0 if option == "support_raiser" else 1]
            label = words("escalation.support.button", department=Dept(party))
        return Action("escalate.rule", {"id": found.id, "option": option}, label=label)

    if found.kind is EscalationKind.BREACH:
        return tuple(button(o) for o in ("nudge", "assign", "reroute"))
    options = ("support_raiser", "support_other", "compromise", "send_back")
    return tuple(button(o) for o in options if o != "send_back" or not found.sent_back)


def _closed(ctx: Context, found: Escalation) -> list[Words]:
    if found.conclusion == "rerouted":
        request = ctx.uow.get(Request, found.item)
        return [words("escalation.card.rerouted", department=Dept(request.lead) if request else None)]
    if found.conclusion != "answered":
        return [words("escalation.card.obsolete")]
    closed = [e for e in ctx.uow.audited(found.id) if e.what == "escalation.closed"]
    facts = closed[-1].after if closed else {}
    return [
        words(
            "escalation.card.answered", person=Who(facts.get("answered_by", "")), minutes=facts.get("late_minutes", 0)
        )
    ]


def _ruled(ctx: Context, found: Escalation) -> list[Words]:
    done = tuple(words("escalation.card.executed", person=Who(a.by), at=a.at) for a in found.executed)
    head = words("escalation.card.ruled", decision=found.decision, **ruling_facts(ctx, found))
    missing = turn_of(ctx, found)
    waiting = [words("escalation.card.to_execute", people=missing)] if missing else []
    return [head, *waiting, *done]


def ruling_facts(ctx: Context, found: Escalation) -> dict[str, Shown]:
    """What was ruled and why, as the decision log has it."""
    given = ctx.uow.get(Decision, found.decision) if found.decision else None
    if given is None:
        return {"option": None, "ruling_reason": None}
    return {"option": words(f"choice.option.{given.option}.label"), "ruling_reason": given.reason}


def _votes(found: Escalation) -> tuple[Words, ...]:
    if found.state is not _S.TO_LEADERSHIP:
        return ()
    return tuple(
        words("escalation.card.vote", person=Who(v.by), option=words(f"choice.option.{v.option}.label"))
        for v in found.votes
    )


def _about(ctx: Context, found: Escalation) -> Shown:
    """The title of what it is about."""
    about = _item(ctx, found.item)
    return f"{found.item} {about.title}" if about else found.item


def _about_due(ctx: Context, found: Decision) -> datetime | None:
    if not found.item:
        return None
    about = _item(ctx, found.item)
    return about.due if about else None


def _item(ctx: Context, item: str) -> Request | Task | None:
    return ctx.uow.get(Request, item) if item.startswith("R-") else ctx.uow.get(Task, item)


def _tone(found: Escalation) -> Tone:
    match found.state:
        case _S.TO_LEADERSHIP | _S.SENT_BACK:
            return Tone.DANGER
        case _S.OPEN | _S.RULED:
            return Tone.WARNING
        case _:
            return Tone.SUCCESS
