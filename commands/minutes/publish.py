"""`/minutes publish` and `/minutes draft`: an edition goes to every participant, who has to confirm it or object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import minutes as rules
from commands.domain import permissions
from commands.domain import task as task_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Decision
from commands.domain.minutes import Confirmation, ConfirmationState, ItemKind, Line, Minutes, MinutesItem
from commands.domain.task import Task
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.jobs import due as due_dates
from commands.minutes import record, written
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request.task import announce, refresh
from commands.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    id: str = ask(Kind.REF, required=True, refs=("M",))
    decisions: str = ask(Kind.LINES, main=True)
    actions: str = ask(Kind.LINES)
    points: str = ask(Kind.LINES)
    issues: str = ask(Kind.LINES)
    absent: tuple[str, ...] = ask(Kind.PEOPLE)


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form holds what stands in the draft or in the last edition."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known is None:
        return values
    kinds = {
        "decisions": ItemKind.DECISION,
        "actions": ItemKind.ACTION,
        "points": ItemKind.POINT,
        "issues": ItemKind.OPEN_ISSUE,
    }
    texts = {name: written.as_text(known, kind, ctx) for name, kind in kinds.items()}
    return {**texts, "absent": known.absent, **values}


def check_draft(ctx: Context, values: Mapping[str, Any]) -> None:
    """Whether the form is worth opening for this person now."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known:
        _require(ctx, known)


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """The same for publishing, which has to wait for the meeting's end."""
    check_draft(ctx, values)
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known:
        _require_over(ctx, known)


def draft(ctx: Context, given: Publish) -> Reply:
    was = record.get(ctx, given.id)
    _require(ctx, was)
    kept = ctx.uow.save(rules.draft(was, rules.numbered(_lines(ctx, given), was.items, 1)))
    trace.record(ctx, "minutes.drafted", kept, was=was)
    record.refresh(ctx, kept)
    return Reply(say=words("minutes.drafted.said", id=was.id, n=len(kept.items)))


def publish(ctx: Context, given: Publish) -> Reply:
    """C6 ends; the participants get the edition and C7 runs for those who are asked."""
    was = record.get(ctx, given.id)
    _require(ctx, was)
    _require_over(ctx, was)
    items = rules.numbered(_lines(ctx, given), was.items if was.edition else (), was.edition + 1)
    edition = rules.publish(was, items, given.absent, ctx.now)
    published = ctx.uow.save(replace(edition, items=_followed_up(ctx, edition, was)))
    trace.record(ctx, "minutes.published", published, was=was, edition=published.edition)
    clock = clockwork.stop(ctx, ClockKind.MINUTES, was.id)
    if clock and clock.outcome == "late":
        published = ctx.uow.save(replace(published, late=True))
    asked = _ask(ctx, published)
    _announce(ctx, published, asked)
    return Reply(say=_said(ctx, published, asked))


def _require(ctx: Context, minutes: Minutes) -> None:
    day = ctx.calendar.local(ctx.now).date()
    permissions.require("minutes.publish", ctx.directory, ctx.me, record.sides(minutes), day)


def _require_over(ctx: Context, minutes: Minutes) -> None:
    if minutes.edition == 0 and minutes.ends_at > ctx.now:
        raise Refused("minutes.not_over", id=minutes.id, at=minutes.ends_at)


def _lines(ctx: Context, given: Publish) -> list[Line]:
    return [
        *written.lines_of(ItemKind.DECISION, given.decisions),
        *written.actions_of(ctx, given.actions),
        *written.lines_of(ItemKind.POINT, given.points),
        *written.lines_of(ItemKind.OPEN_ISSUE, given.issues),
    ]


def _said(ctx: Context, published: Minutes, asked: list[Confirmation]) -> Any:
    due = clockwork.due_at(ctx, ClockKind.CONFIRMATION, record.round_item(published))
    open_ends = tuple(i.number for i in published.items if i.kind is ItemKind.ACTION and not (i.owner and i.due))
    if open_ends:
        return words("minutes.published.open_ends", id=published.id, edition=published.edition, items=open_ends)
    return words("minutes.published.said", id=published.id, edition=published.edition, n=len(asked), due=due)


# --- who is asked ------------------------------------------------------------------------------------


def _ask(ctx: Context, minutes: Minutes) -> list[Confirmation]:
    """The first edition asks everybody who was there; a later one asks those who had answered, about what changed."""
    if minutes.edition == 1:
        return [_first_question(ctx, minutes, p) for p in minutes.participants if p not in minutes.absent]
    asked = []
    for given in record.answers(ctx, minutes):
        again = rules.ask_again(given, minutes, ctx.now)
        if again is not given:
            asked.append(ctx.uow.save(again))
    return asked


def _first_question(ctx: Context, minutes: Minutes, person: str) -> Confirmation:
    made = rules.ask(minutes.id, person, minutes.edition, ctx.now)
    ctx.uow.add(made)
    return made


def _announce(ctx: Context, minutes: Minutes, asked: list[Confirmation]) -> None:
    """The group sees it, and each participant gets it directly: two channels, with a receipt each."""
    if asked:
        clockwork.start(ctx, ClockKind.CONFIRMATION, record.round_item(minutes), ctx.policy.confirmation)
    chats = (minutes.chat, *(ctx.directory.chats_of_project(minutes.project) if minutes.project else ()))
    tell.show(
        ctx, minutes.id, "minutes", chats=chats, people=minutes.participants, in_person=True, priority=Priority.ANSWER
    )
    if minutes.edition > 1:
        people = tuple(c.person for c in asked if c.state is ConfirmationState.ASKED)
        step = f"e{minutes.edition}"
        tell.notify(ctx, "minutes_changed", minutes.id, people, step=step, even_self=True, in_person=True)


# --- what follows from the items ---------------------------------------------------------------------


def _followed_up(ctx: Context, minutes: Minutes, was: Minutes) -> tuple[MinutesItem, ...]:
    """Decisions go into the log, actions become tasks; a later edition changes them, and waives what is gone."""
    followed = tuple(_follow_up(ctx, minutes, item) for item in minutes.items)
    gone = {i.ref for i in was.items if i.ref} - {i.ref for i in followed if i.ref}
    for ref in sorted(gone):
        _waive(ctx, ref)
    return followed


def _follow_up(ctx: Context, minutes: Minutes, item: MinutesItem) -> MinutesItem:
    match item.kind:
        case ItemKind.DECISION:
            return replace(item, ref=_decide(ctx, minutes, item))
        case ItemKind.ACTION if item.owner and item.due:
            return replace(item, ref=_assign(ctx, minutes, item))
        case _:
            return item


def _decide(ctx: Context, minutes: Minutes, item: MinutesItem) -> str:
    known = ctx.uow.get(Decision, item.ref) if item.ref else None
    if known:
        if known.text != item.text:
            changed = ctx.uow.save(replace(known, text=item.text))
            trace.record(ctx, "decision.changed", changed, was=known)
        return known.id
    made = Decision(
        id=ctx.uow.next_id("D"),
        source=minutes.id,
        text=item.text,
        by=(minutes.host,),
        project=minutes.project,
        at=ctx.now,
    )
    ctx.uow.add(made)
    trace.record(ctx, "decision.made", made)
    return made.id


def _assign(ctx: Context, minutes: Minutes, item: MinutesItem) -> str:
    assert item.owner and item.due
    known = ctx.uow.get(Task, item.ref) if item.ref else None
    if known:
        changed = replace(known, title=item.text, owner=item.owner, due=item.due, standard=item.standard)
        if changed != known:
            saved = ctx.uow.save(changed)
            trace.record(ctx, "task.changed", saved, was=known)
            due_dates.arm(ctx, saved)
            refresh(ctx, saved)
        return known.id
    made = Task(
        id=ctx.uow.next_id("T"),
        title=item.text,
        department=ctx.directory.department_of(item.owner) or "",
        owner=item.owner,
        source=minutes.id,
        project=minutes.project,
        chat=minutes.chat,
        standard=item.standard,
        due=item.due,
        first_due=item.due,
        created_by=minutes.recorder,
        created_at=ctx.now,
    )
    ctx.uow.add(made)
    trace.record(ctx, "task.created", made)
    due_dates.arm(ctx, made)
    announce(ctx, made)
    return made.id


def _waive(ctx: Context, ref: str) -> None:
    task = ctx.uow.get(Task, ref) if ref.startswith("T-") else None
    if task is None or task.state not in task_rules.OPEN_STATES:
        return
    waived = ctx.uow.save(task_rules.waive(task, ctx.now))
    trace.record(ctx, "task.waived", waived, was=task)
    due_dates.disarm(ctx, ref)
    refresh(ctx, waived)
