"""`/minutes confirm`, `object`, `remind`: each participant answers for themselves, edition by edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import minutes as rules
from commands.domain import permissions
from commands.domain.clocks import ClockKind
from commands.domain.minutes import Confirmation, ConfirmationState, Minutes, MinutesState
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.minutes import record
from commands.registry import Context, Reply
from commands.words import Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyId:
    id: str = ask(Kind.REF, required=True, refs=("M",))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTo:
    id: str = ask(Kind.REF, required=True, refs=("M",))
    item: int | None = ask(Kind.NUMBER)
    reason: str = ask(Kind.LINES, required=True, main=True)


def confirm(ctx: Context, given: OnlyId) -> Reply:
    minutes = record.get(ctx, given.id)
    was = record.answer_of(ctx, minutes, ctx.me)
    saved = ctx.uow.save(rules.confirm(was, minutes, ctx.now))
    trace.record(ctx, "minutes.confirmed", minutes, edition=minutes.edition, state=saved.state)
    _answered(ctx, minutes)
    return Reply(say=words("minutes.confirmed.said", id=minutes.id, edition=minutes.edition))


def object_to(ctx: Context, given: ObjectTo) -> Reply:
    """The recorder and the host hear it word for word, and may publish a new edition."""
    was = record.get(ctx, given.id)
    mine = record.answer_of(ctx, was, ctx.me)
    noted = ctx.uow.save(rules.note_objection(was, ctx.me, given.item, given.reason, ctx.now))
    ctx.uow.save(rules.object_to(mine, noted, ctx.now))
    trace.record(
        ctx, "minutes.objected", noted, was=was, reason=given.reason, edition=noted.edition, item_number=given.item
    )
    people = (noted.recorder, noted.host)
    step = f"{ctx.me}:{len(noted.objections)}"
    tell.notify(
        ctx,
        "minutes_objected",
        noted.id,
        people,
        step=step,
        even_self=True,
        by=Who(ctx.me),
        number=given.item,
        reason=given.reason.strip(),
    )
    _answered(ctx, noted)
    return Reply(say=words("minutes.objected.said", id=was.id))


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Only who was there may object; said before a form opens."""
    minutes = ctx.uow.get(Minutes, str(values.get("id", "")))
    if minutes:
        record.answer_of(ctx, minutes, ctx.me)


def remind(ctx: Context, given: OnlyId) -> Reply:
    """Asks those who are silent, at most once a working day each."""
    minutes = record.get(ctx, given.id)
    day = ctx.calendar.local(ctx.now).date()
    permissions.require("minutes.remind", ctx.directory, ctx.me, record.sides(minutes), day)
    if minutes.state is not MinutesState.PUBLISHED:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action="minutes.remind")
    silent = tuple(c.person for c in record.answers(ctx, minutes) if c.state in rules.WAITING)
    told = tell.notify(ctx, "minutes_waiting", minutes.id, silent, step=f"asked:{day}", even_self=True, in_person=True)
    trace.record(ctx, "minutes.reminded", minutes, told=told)
    return Reply(say=words("minutes.reminded.said", id=minutes.id, people=tuple(Who(p) for p in told)))


def on_receipt(ctx: Context, item: str, person: str | None, arrived: bool) -> None:
    """What became of the card: kept per channel; who could not be reached is never deemed to agree."""
    minutes = ctx.uow.get(Minutes, item)
    if minutes is None or minutes.state is not MinutesState.PUBLISHED:
        return
    channel = "direct" if person else "group"
    for given in record.answers(ctx, minutes):
        if person in (None, given.person):
            _note(ctx, minutes, given, channel, arrived)


def finish_if_done(ctx: Context, minutes: Minutes) -> Minutes:
    """Once nobody is asked any more it is closed, saying how."""
    state = rules.outcome(minutes, record.answers(ctx, minutes))
    if state is None or minutes.state is not MinutesState.PUBLISHED:
        return minutes
    if state is MinutesState.CLOSED_WITH_DISSENT and _may_still_change(ctx, minutes):
        return minutes
    closed = ctx.uow.save(rules.close(minutes, state, ctx.now))
    trace.record(ctx, "minutes.closed", closed, was=minutes, state=state)
    for edition in range(1, closed.edition + 1):
        clockwork.stop(ctx, ClockKind.CONFIRMATION, f"{closed.id}/{edition}")
    ctx.uow.forgive(closed.id, "minutes_waiting")
    return closed


def _may_still_change(ctx: Context, minutes: Minutes) -> bool:
    """While a round runs, an objection may still lead to a new edition."""
    rounds = (f"{minutes.id}/{edition}" for edition in range(1, minutes.edition + 1))
    return any(clockwork.running(ctx, ClockKind.CONFIRMATION, item) for item in rounds)


def _answered(ctx: Context, minutes: Minutes) -> None:
    record.refresh(ctx, finish_if_done(ctx, minutes))


def _note(ctx: Context, minutes: Minutes, given: Confirmation, channel: str, arrived: bool) -> None:
    noted = rules.reached(given, channel, arrived)
    if noted == given:
        return
    ctx.uow.save(noted)
    if noted.state is not given.state:
        trace.record(ctx, f"minutes.{noted.state}", minutes, person=given.person, channel=channel)
        if noted.state is ConfirmationState.UNDELIVERED:
            record.refresh(ctx, minutes)
