"""`/minutes confirm`, `object`, `remind`: each participant answers for themselves, edition by edition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import tell, trace
from commands.chat import Tone
from commands.domain import minutes as rules
from commands.domain.minutes import Confirmation, ConfirmationState, Minutes, MinutesState
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.minutes import record
from commands.minutes.closing import ask_late, finish_if_done
from commands.registry import Context, Reply
from commands.words import Who, words

_NUMBER_FIRST = re.compile(r"第\s*(\d{1,3})\s*[项条点][\s:：,，]*(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyId:
    id: str = ask(Kind.REF, required=True, refs=("M",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A button also says which edition its reader had before them."""

    id: str = ask(Kind.REF, required=True, refs=("M",))
    edition: str = ask(Kind.TEXT, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTo:
    id: str = ask(Kind.REF, required=True, refs=("M",))
    item: int | None = ask(Kind.NUMBER)
    reason: str = ask(Kind.LINES, required=True, main=True)
    edition: str = ask(Kind.TEXT, hidden=True)


def confirm(ctx: Context, given: Confirm) -> Reply:
    minutes = record.get(ctx, given.id)
    was = _my_answer(ctx, minutes, "confirm")
    if was.state is ConfirmationState.CONFIRMED:
        known = words("minutes.confirmed.before", id=minutes.id, edition=was.answered_edition, at=was.answered_at)
        return Reply(say=known, tone=Tone.INFO)
    record.require_current(minutes, record.edition_seen(given.edition))
    saved = ctx.uow.save(rules.confirm(was, minutes, ctx.now))
    trace.record(ctx, "minutes.confirmed", minutes, edition=saved.answered_edition)
    _answered(ctx, minutes)
    return Reply(say=words("minutes.confirmed.said", id=minutes.id, edition=minutes.edition))


def object_to(ctx: Context, given: ObjectTo) -> Reply:
    """The recorder and the host hear it word for word, and may publish a new edition."""
    was = record.get(ctx, given.id)
    mine = _my_answer(ctx, was, "object")
    number, reason = _about(given)
    record.require_current(was, record.edition_seen(given.edition), number)
    answer = rules.object_to(mine, was, ctx.now)
    noted = ctx.uow.save(rules.note_objection(was, ctx.me, number, reason, ctx.now))
    ctx.uow.save(answer)
    trace.record(ctx, "minutes.objected", noted, was=was, reason=reason, edition=noted.edition, item_number=number)
    tell.notify(
        ctx,
        "minutes_objected",
        noted.id,
        (noted.recorder, noted.host),
        step=f"{ctx.me}:{len(noted.objections)}",
        even_self=True,
        by=Who(ctx.me),
        number=number if number is not None else f"{was.items[0].number}–{was.items[-1].number}",
        reason=reason.strip(),
    )
    _answered(ctx, noted)
    return Reply(say=words("minutes.objected.said", id=was.id))


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A form is about the edition that stands when it opens, unless its button says otherwise."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    return {"edition": str(known.edition) if known else record.ANY, **values}


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Only who was there, and only while it is open; said before a form opens."""
    minutes = ctx.uow.get(Minutes, str(values.get("id", "")))
    if minutes:
        rules.object_to(_my_answer(ctx, minutes, "object"), minutes, ctx.now)


def remind(ctx: Context, given: OnlyId) -> Reply:
    """Asks those who are silent, at most once a working day each. Who was never reached is tried again."""
    minutes = record.get(ctx, given.id)
    record.require_right(ctx, "minutes.remind", minutes)
    if minutes.state is not MinutesState.PUBLISHED:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action="minutes.remind")
    waiting = [c for c in record.answers(ctx, minutes) if c.state in rules.WAITING]
    if not waiting:
        return Reply(say=words("minutes.reminded.nobody", id=minutes.id), tone=Tone.INFO)
    day = _working_day(ctx)
    before = _told_on(ctx, minutes, day)
    due_now = [c for c in waiting if c.person not in before]
    if not due_now:
        people = tuple(Who(c.person) for c in waiting)
        return Reply(say=words("minutes.reminded.before", id=minutes.id, people=people), tone=Tone.INFO)
    for answer in due_now:
        _ping(ctx, minutes, answer, day)
    told = tuple(c.person for c in due_now)
    trace.record(ctx, "minutes.reminded", minutes, told=told, day=day)
    return Reply(say=words("minutes.reminded.said", id=minutes.id, people=tuple(Who(p) for p in told)))


def on_receipt(ctx: Context, item: str, person: str | None, arrived: bool) -> None:
    """What became of the card: kept per channel; who could not be reached is never deemed to agree, and who is
    reached later has a full limit from then on."""
    minutes = ctx.uow.get(Minutes, item)
    if minutes is None or minutes.edition == 0:
        return
    channel = "direct" if person else "group"
    for given in record.answers(ctx, minutes):
        if person in (None, given.person):
            _note(ctx, minutes, given, channel, arrived)


def _my_answer(ctx: Context, minutes: Minutes, action: str) -> Confirmation:
    """The acting person's own answer: nobody stands in for anybody here."""
    if minutes.edition == 0:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action=f"minutes.{action}")
    if ctx.me == minutes.recorder and ctx.me not in minutes.participants:
        raise Refused("minutes.recorder_own", id=minutes.id)
    return record.answer_of(ctx, minutes, ctx.me)


def _about(given: ObjectTo) -> tuple[int | None, str]:
    """The item and the reason; `第2项 负责人不是我` names the item in front of the reason."""
    found = _NUMBER_FIRST.fullmatch(given.reason.strip()) if given.item is None else None
    return (int(found[1]), found[2]) if found else (given.item, given.reason)


def _working_day(ctx: Context) -> str:
    """Today, or the working day before which a reminder would not be read anyway."""
    calendar = ctx.calendars.default
    today = calendar.local(ctx.now).date()
    return (today if calendar.is_working_day(today) else calendar.next_working_day(today)).isoformat()


def _told_on(ctx: Context, minutes: Minutes, day: str) -> frozenset[str]:
    """Whom somebody has reminded on that working day already."""
    trail = (e.after for e in ctx.uow.audited(minutes.id) if e.what == "minutes.reminded")
    return frozenset(person for after in trail if after.get("day") == day for person in after["told"])


def _ping(ctx: Context, minutes: Minutes, answer: Confirmation, day: str) -> None:
    if answer.state is ConfirmationState.UNDELIVERED:
        tell.show(ctx, minutes.id, "minutes", people=(answer.person,), in_person=True)
        return
    end = record.answer_by(ctx, minutes, answer)
    step = f"asked:{minutes.edition}:{day}"
    tell.notify(
        ctx, "minutes_waiting", minutes.id, (answer.person,), step=step, even_self=True, in_person=True, due=end
    )


def _note(ctx: Context, minutes: Minutes, given: Confirmation, channel: str, arrived: bool) -> None:
    noted = rules.reached(given, channel, arrived, ctx.now)
    if noted == given:
        return
    ctx.uow.save(noted)
    if noted.state is given.state:
        return
    trace.record(ctx, f"minutes.{noted.state}", minutes, person=given.person, channel=channel)
    record.refresh(ctx, ask_late(ctx, minutes, noted) if arrived else finish_if_done(ctx, minutes))


def _answered(ctx: Context, minutes: Minutes) -> None:
    record.refresh(ctx, finish_if_done(ctx, minutes))
