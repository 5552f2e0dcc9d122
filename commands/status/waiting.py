"""What waits for one person: answers they owe, their tasks, what they raised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from commands.cards.request import turn_of
from commands.domain.escalation import LIVE_STATES, Escalation
from commands.domain.minutes import Confirmation, ConfirmationState, Minutes, MinutesState
from commands.domain.proposal import Proposal, ProposalState
from commands.domain.request import ANSWERABLE, OPEN_STATES, Request, RequestState
from commands.domain.task import OPEN_STATES as OPEN_TASKS
from commands.domain.task import Task
from commands.escalate import record as escalations
from commands.registry import Context
from commands.status import lines
from commands.status.lines import Line
from commands.words import Who, words

MINE_TO_ANSWER = frozenset(
    {
        RequestState.DRAFT,
        RequestState.NEEDS_INFO,
        RequestState.COUNTERED,
        RequestState.DECLINED,
        RequestState.DELIVERED,
        RequestState.VERIFIED,
    }
)
"""States of a request in which its requester has the next word."""


def for_person(ctx: Context, person: str) -> list[Line]:
    """Everything on which somebody waits for this person's word, the most pressing first."""
    found = [
        *_requests(ctx, person),
        *_proposals(ctx, person),
        *_escalations(ctx, person),
        *_minutes(ctx, person),
    ]
    unique = {(line.ref, line.what.key): line for line in found}
    return list(unique.values())


def tasks_of(ctx: Context, person: str) -> list[Task]:
    return ctx.uow.find(Task, owner=person, state=tuple(OPEN_TASKS))


def raised_by(ctx: Context, person: str) -> list[Request]:
    return ctx.uow.find(Request, requester=person, state=tuple(OPEN_STATES))


def _requests(ctx: Context, person: str) -> list[Line]:
    led = _answers_for(ctx, person)
    to_answer = ctx.uow.find(Request, lead=led, state=tuple(ANSWERABLE - {RequestState.NEEDS_INFO})) if led else []
    mine = ctx.uow.find(Request, requester=person, state=tuple(MINE_TO_ANSWER))
    theirs = [r for r in to_answer if r.owner is None or r.owner == person or turn_of(ctx, r) == Who(person)]
    return lines.of_requests(ctx, [*theirs, *mine])


def _answers_for(ctx: Context, person: str) -> tuple[str, ...]:
    """The departments for which the person answers today, as liaison, deputy or stand-in."""
    day = _today(ctx, person)
    leaves = (leave for leave in ctx.directory.leaves if leave.deputy == person and leave.start <= day <= leave.end)
    people = (person, *(leave.person for leave in leaves))
    own = dict.fromkeys(d for p in people for d in ctx.directory.departments_of(p))
    return tuple(d for d in own if person in ctx.directory.liaisons(d, day))


def _proposals(ctx: Context, person: str) -> list[Line]:
    asked = [p for p in ctx.uow.find(Proposal, state=ProposalState.OPEN) if person in p.asked]
    ends = lines.ends_of(ctx, [p.item for p in asked])
    return [
        Line(
            p.item,
            p.reason,
            words(f"status.proposal.{p.kind}"),
            Who(person),
            ends.get(p.item),
            p.item in ends and ends[p.item] <= ctx.now,
        )
        for p in asked
        if not (p.kind == "counter" and p.item.startswith("R-"))  # stands there as a request already
    ]


def _escalations(ctx: Context, person: str) -> list[Line]:
    live = ctx.uow.find(Escalation, state=tuple(LIVE_STATES))
    return lines.of_escalations(ctx, [e for e in live if person in escalations.whose_turn(ctx, e)])


def _minutes(ctx: Context, person: str) -> list[Line]:
    to_write = ctx.uow.find(Minutes, recorder=person, state=(MinutesState.DUE, MinutesState.DRAFTED))
    asked = ctx.uow.find(Confirmation, person=person, state=ConfirmationState.ASKED)
    to_confirm = _found(ctx, (c.minutes for c in asked))
    confirm = [
        Line(line.ref, line.title, words("status.minutes.to_confirm"), Who(person), line.by, line.is_late)
        for line in lines.of_minutes(ctx, to_confirm)
    ]
    return [*lines.of_minutes(ctx, to_write), *confirm]


def _found(ctx: Context, ids: Iterable[str]) -> list[Minutes]:
    wanted = tuple(dict.fromkeys(ids))
    return ctx.uow.find(Minutes, id=wanted) if wanted else []


def _today(ctx: Context, person: str) -> date:
    return ctx.calendars.of_person(person).local(ctx.now).date()
