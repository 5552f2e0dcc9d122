"""`/minutes new`, `retro` and `cancel`: a meeting is announced, so that its minutes are due; or it did not happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import minutes as rules
from commands.domain.clocks import ClockKind
from commands.domain.minutes import Minutes
from commands.domain.request import need_reason
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.minutes import agenda, record
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.words import Who, words

WEEKLY_AT_MOST = timedelta(minutes=30)
KINDS = ("weekly", "kickoff", "coordination", "review", "retro")


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    title: str = ask(Kind.TEXT, required=True, main=True)
    starts: datetime | None = ask(Kind.MOMENT, required=True)
    ends: datetime | None = ask(Kind.MOMENT, required=True)
    participants: tuple[str, ...] = ask(Kind.PEOPLE, required=True)
    host: str | None = ask(Kind.PERSON)
    recorder: str | None = ask(Kind.PERSON)
    place: str = ask(Kind.TEXT)
    agenda: str = ask(Kind.LINES)
    kind: str = ask(Kind.CHOICE, choices=KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    id: str = ask(Kind.REF, required=True, refs=("M",))
    reason: str = ask(Kind.LINES, required=True, main=True)


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whoever announces the meeting records it and the recorder hosts it, unless they say otherwise."""
    recorder = values.get("recorder") or ctx.me
    return {"recorder": recorder, "host": recorder, **values}


def new(ctx: Context, given: New) -> Reply:
    """The minutes are due one limit after the meeting's end (C6)."""
    assert given.starts and given.ends
    if given.ends <= given.starts:
        raise Refused("minutes.ends_first", field="ends")
    made = _made(ctx, given, given.starts, given.ends)
    ctx.uow.add(made)
    trace.record(ctx, "minutes.created", made)
    side = ctx.directory.department_of(made.recorder) or ""
    clockwork.start(ctx, ClockKind.MINUTES, made.id, ctx.policy.minutes, side=side, at=given.ends)
    agenda.arm(ctx, made)
    due = clockwork.due_at(ctx, ClockKind.MINUTES, made.id)
    is_late = due is not None and due <= ctx.now
    if is_late:
        made = ctx.uow.save(replace(made, late=True))
    writers = (made.recorder, made.host)
    tell.show(ctx, made.id, "minutes", chats=(made.chat,), people=writers, in_person=True, priority=Priority.ANSWER)
    too_long = made.kind == "weekly" and given.ends - given.starts > WEEKLY_AT_MOST
    key = "late" if is_late else "long" if too_long else "said"
    return Reply(say=words(f"minutes.created.{key}", id=made.id, person=Who(made.recorder), due=due))


def retro(ctx: Context, given: New) -> Reply:
    """A look back is a meeting like others, with an agenda of its own."""
    return new(ctx, replace(given, kind="retro"))


def cancel(ctx: Context, given: Cancel) -> Reply:
    was = record.get(ctx, given.id)
    record.require_right(ctx, "minutes.cancel", was)
    reason = need_reason(given.reason, 1)
    gone = ctx.uow.save(rules.cancel(was, ctx.now))
    trace.record(ctx, "minutes.cancelled", gone, was=was, reason=reason)
    clockwork.stop_all(ctx, was.id)
    agenda.disarm(ctx, was)
    ctx.uow.forgive(was.id)
    record.refresh(ctx, gone)
    return Reply(say=words("minutes.cancelled.said", id=was.id))


def _made(ctx: Context, given: New, starts: datetime, ends: datetime) -> Minutes:
    """Who hosts takes part, named or not. Who records writes it down, and is asked only when named as well: to publish
    is to confirm."""
    project = ctx.directory.project_at(ctx.actor.address)
    recorder = given.recorder or ctx.me
    host = given.host or recorder
    named = (*given.participants, *((host,) if host != recorder else ()))
    return Minutes(
        id=ctx.uow.next_id("M"),
        title=given.title,
        starts_at=starts,
        ends_at=ends,
        host=host,
        recorder=recorder,
        participants=tuple(dict.fromkeys(named)),
        place=given.place,
        agenda=given.agenda,
        kind=given.kind or agenda.kind_of(given.title),
        project=project.id if project else None,
        chat=None if ctx.actor.direct else ctx.actor.address,
        created_by=ctx.me,
        created_at=ctx.now,
    )
