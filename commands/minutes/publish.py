"""`/minutes publish` and `/minutes draft`: an edition goes to every participant, who has to confirm it or object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import minutes as rules
from commands.domain.clocks import ClockKind
from commands.domain.minutes import Confirmation, ConfirmationState, ItemKind, Minutes
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.minutes import follow_up, numbering, record, written
from commands.minutes.closing import finish_if_done
from commands.minutes.numbering import Line
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.words import Words, words

MOST_ITEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    id: str = ask(Kind.REF, required=True, refs=("M",))
    decisions: str = ask(Kind.LINES, main=True)
    actions: str = ask(Kind.LINES)
    points: str = ask(Kind.LINES)
    issues: str = ask(Kind.LINES)
    absent: tuple[str, ...] = ask(Kind.PEOPLE)
    edition: str = ask(Kind.TEXT, hidden=True)  # the one before the writer; none in a typed line


_KINDS = {
    "decisions": ItemKind.DECISION,
    "actions": ItemKind.ACTION,
    "points": ItemKind.POINT,
    "issues": ItemKind.OPEN_ISSUE,
}


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form holds what stands in the draft or in the last edition."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known is None:
        return {"edition": record.ANY, **values}
    texts = {name: written.as_text(known, kind, ctx) for name, kind in _KINDS.items()}
    return {**texts, "absent": known.absent, "edition": str(known.edition), **values}


def check_draft(ctx: Context, values: Mapping[str, Any]) -> None:
    """Whether the form is worth opening for this person now."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known:
        _require_draft(ctx, known)


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """The same for publishing, which has to wait for the meeting's end."""
    known = ctx.uow.get(Minutes, str(values.get("id", "")))
    if known:
        _require_open(ctx, known)


def draft(ctx: Context, given: Publish) -> Reply:
    was = record.get(ctx, given.id)
    _require_draft(ctx, was)
    kept = ctx.uow.save(rules.draft(was, numbering.first(_lines(ctx, given, was))))
    trace.record(ctx, "minutes.drafted", kept, was=was)
    record.refresh(ctx, kept)
    return Reply(say=words("minutes.drafted.said", id=was.id, n=len(kept.items)))


def publish(ctx: Context, given: Publish) -> Reply:
    """C6 ends; the participants get the edition and C7 runs for those who are asked."""
    was = record.get(ctx, given.id)
    _require_open(ctx, was)
    _require_same_edition(given, was)
    lines = _lines(ctx, given, was)
    written.require_complete(lines)
    items = numbering.next_edition(lines, was) if was.edition else numbering.first(lines)
    absent = given.absent or (was.absent if _is_typed(given) else ())
    edition = rules.publish(was, items, absent, ctx.now)
    published = ctx.uow.save(replace(edition, items=follow_up.of_items(ctx, edition, was)))
    trace.record(ctx, "minutes.published", published, was=was, edition=published.edition)
    clock = clockwork.stop(ctx, ClockKind.MINUTES, was.id)
    if clock and clock.outcome == "late" and not published.late:
        published = ctx.uow.save(replace(published, late=True))
    asked = _ask(ctx, published)
    _announce(ctx, published, asked)
    record.refresh(ctx, finish_if_done(ctx, published))
    return Reply(say=_said(ctx, published, asked))


def _require_draft(ctx: Context, minutes: Minutes) -> None:
    record.require_right(ctx, "minutes.publish", minutes)
    rules.expect(minutes, "draft", *rules.UNPUBLISHED)


def _require_open(ctx: Context, minutes: Minutes) -> None:
    record.require_right(ctx, "minutes.publish", minutes)
    rules.expect(minutes, "publish", *rules.OPEN_STATES)
    if minutes.edition == 0 and minutes.ends_at > ctx.now:
        raise Refused("minutes.not_over", id=minutes.id, at=minutes.ends_at)


def _require_same_edition(given: Publish, minutes: Minutes) -> None:
    """Two people who write at once do not undo each other's edition."""
    seen = record.edition_seen(given.edition)
    if seen is not None and seen != minutes.edition:
        raise Refused("minutes.written_meanwhile", id=minutes.id, edition=minutes.edition)


def _is_typed(given: Publish) -> bool:
    return record.edition_seen(given.edition) is None


def _lines(ctx: Context, given: Publish, was: Minutes) -> list[Line]:
    """What was written. A typed line says only what it changes; an empty field of a form means that nothing is left."""
    texts = {name: getattr(given, name) for name in _KINDS}
    if _is_typed(given):
        texts = {name: text or written.as_text(was, _KINDS[name], ctx) for name, text in texts.items()}
    lines = [
        *written.lines_of(ItemKind.DECISION, texts["decisions"]),
        *written.actions_of(ctx, texts["actions"], was),
        *written.lines_of(ItemKind.POINT, texts["points"]),
        *written.lines_of(ItemKind.OPEN_ISSUE, texts["issues"]),
    ]
    if len(lines) > MOST_ITEMS:
        raise Refused("minutes.too_many", id=given.id, n=len(lines), most=MOST_ITEMS)
    return lines


def _said(ctx: Context, published: Minutes, asked: list[Confirmation]) -> Words:
    if not asked:
        return words("minutes.published.nobody_asked", id=published.id, edition=published.edition)
    due = record.answer_by(ctx, published, asked[0])
    return words("minutes.published.said", id=published.id, edition=published.edition, n=len(asked), due=due)


# --- who is asked ------------------------------------------------------------------------------------


def _ask(ctx: Context, minutes: Minutes) -> list[Confirmation]:
    """The first edition asks everybody who was there; a later one asks those who had answered, about what changed.
    Returns those who have a new question."""
    known = {answer.person: answer for answer in record.answers(ctx, minutes)}
    asked = []
    for person in minutes.participants:
        was = known.get(person)
        now = rules.ask_again(was, minutes, ctx.now) if was else rules.ask(minutes, person, ctx.now)
        if was is None:
            ctx.uow.add(now)
        elif now != was:
            now = ctx.uow.save(now)
        is_new = now.state is ConfirmationState.ASKED if was is None else rules.is_asked_anew(was, now)
        if is_new:
            asked.append(now)
    return asked


def _announce(ctx: Context, minutes: Minutes, asked: list[Confirmation]) -> None:
    """The group sees it, and each participant gets it directly: two channels, with a receipt each."""
    if asked:
        clockwork.start(ctx, ClockKind.CONFIRMATION, record.round_item(minutes), ctx.policy.confirmation)
    people = (*minutes.participants, minutes.recorder, minutes.host)
    chats = record.chats(ctx, minutes)
    tell.show(ctx, minutes.id, "minutes", chats=chats, people=people, in_person=True, priority=Priority.ANSWER)
    for answer in asked if minutes.edition > 1 else ():
        tell.notify(
            ctx,
            "minutes_changed",
            minutes.id,
            (answer.person,),
            step=f"e{minutes.edition}",
            even_self=True,
            in_person=True,
            items=answer.items or tuple(item.number for item in minutes.items),
            due=record.answer_by(ctx, minutes, answer),
        )
