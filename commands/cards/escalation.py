"""The card of an escalation and of a decision: what it is about, both positions, the history, who decides by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands import clockwork
from commands.cards.request import actions
from commands.chat import Tone
from commands.domain import clocks
from commands.domain import escalation as rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import LIVE_STATES, Acknowledgement, Decision, Escalation, EscalationState, Vote
from commands.domain.request import Request
from commands.domain.task import Task
from commands.escalate import effects, options
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
        "positions": tuple(
            (Dept(d), found.positions.get(d, "") or None, tuple(s for s in found.supplements if s.department == d))
            for d in found.parties
        ),
        "history": history(ctx, found.item, found.handed_in_at or ctx.now),
        "turn": turn_of(ctx, found),
    }
    return View("escalation", shown, offered(ctx, found, reader), found.id, _tone(found))


def decision(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """A line of the decision log, as both sides see it: what was decided by whom, with which votes, what it changed,
    who has carried it out, and what replaces it."""
    found = ctx.uow.get(Decision, item)
    if found is None:
        return None
    matter = ctx.uow.get(Escalation, found.source)
    current = matter if matter and matter.decision == found.id else None
    later = ctx.uow.find(Decision, amends=found.id)
    shown = {
        "decision": found,
        "option": options.label(matter, found.option) if found.option else None,
        "by": tuple(Who(p) for p in found.by),
        "votes": tuple(_vote(matter, v) for v in found.votes) if len(found.votes) > 1 else (),
        "effects": effects.told(found),
        "executed": tuple(_executed(a) for a in current.executed) if current else (),
        "missing": turn_of(ctx, current) if current and current.state is _S.RULED else None,
        "replaced": later[-1].id if later else None,
    }
    return View("decision", shown, (), found.id)


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
            label = words("escalation.supplement.button")
            return (Action("escalate.position", {"id": found.id}, "primary", label=label),)
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
            asked = [words("escalation.card.question", question=found.question)] if found.question else []
            said = [*asked, words("escalation.card.to_leadership", people=turn_of(ctx, found), due=due), *acked]
            said += _reminders_over(ctx, ClockKind.RULING, found)
        case _S.SENT_BACK:
            waiting = tuple(Dept(d) for d in rules.unanswered(found))
            said = [
                words("escalation.card.sent_back", question=found.question),
                words("escalation.card.supplement_by", people=turn_of(ctx, found), due=due),
                words("escalation.card.paused", departments=waiting),
            ]
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
    if what == "clock.warned" and not told:
        return words("history.clock.nobody", at=at)
    return words(f"history.{what}", at=at, person=Who(actor) if actor else None, people=told)


def _options(found: Escalation) -> tuple[Action, ...]:
    def button(option: str) -> Action:
        label = options.label(found, option)
        spoken = {"option": label} if label.facts else {}
        return Action("escalate.rule", {"id": found.id, "option": option}, label=label, spoken=spoken)

    return tuple(button(o) for o in options.possible(found))


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
    done = tuple(_executed(a) for a in found.executed)
    head = words("escalation.card.ruled", decision=found.decision, **ruling_facts(ctx, found))
    missing = turn_of(ctx, found)
    due = escalations.answer_by(ctx, found)
    waiting = [words("escalation.card.to_execute", people=missing, due=due)] if missing else []
    return [head, *waiting, *_reminders_over(ctx, ClockKind.EXECUTION, found), *done]


def _executed(done: Acknowledgement) -> Words:
    return words("escalation.card.executed", person=Who(done.by), at=done.at)


def _reminders_over(ctx: Context, kind: ClockKind, found: Escalation) -> list[Words]:
    """Nobody is reminded any more; the PMO follows it up."""
    clock = clockwork.running(ctx, kind, found.id)
    return [words("escalation.card.reminders_over")] if clock and clocks.is_exhausted(clock) else []


def ruling_facts(ctx: Context, found: Escalation) -> dict[str, Shown]:
    """What was ruled and why, as the decision log has it."""
    given = ctx.uow.get(Decision, found.decision) if found.decision else None
    if given is None:
        return {"option": None, "ruling_reason": None, "effects": None}
    told = effects.told(given)
    return {"option": options.label(found, given.option), "ruling_reason": given.reason, "effects": told}


def _votes(found: Escalation) -> tuple[Words, ...]:
    if found.state is not _S.TO_LEADERSHIP:
        return ()
    return tuple(_vote(found, v) for v in found.votes)


def _vote(found: Escalation | None, vote: Vote) -> Words:
    """One member's vote: for what, and why."""
    target: Shown = Who(vote.person) if vote.person else Dept(vote.department) if vote.department else None
    key = "escalation.card.vote_for" if target else "escalation.card.vote"
    return words(key, person=Who(vote.by), option=options.label(found, vote.option), target=target, reason=vote.reason)


def _about(ctx: Context, found: Escalation) -> Shown:
    """The title of what it is about."""
    about = _item(ctx, found.item)
    return f"{found.item} {about.title}" if about else found.item


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
