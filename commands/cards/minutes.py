"""The card of a meeting's minutes, for the group and for each participant, and the messages about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands import clockwork
from commands.cards.request import actions
from commands.chat import Tone
from commands.domain.clocks import ClockKind
from commands.domain.minutes import (
    UNPUBLISHED,
    WAITING,
    Confirmation,
    ConfirmationState,
    ItemKind,
    Minutes,
    MinutesItem,
    MinutesState,
)
from commands.minutes import record
from commands.registry import Action, Context, View
from commands.words import Shown, Who, Words, words

SHOWN_ITEMS = 20

_TONES = {
    MinutesState.DUE: Tone.INFO,
    MinutesState.DRAFTED: Tone.INFO,
    MinutesState.PUBLISHED: Tone.WARNING,
    MinutesState.CLOSED_WITH_DISSENT: Tone.WARNING,
}


def minutes(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The one card of the minutes."""
    found = ctx.uow.get(Minutes, item)
    if found is None:
        return None
    answers = record.answers(ctx, found)
    shown = {
        "minutes": found,
        "lines": lines(ctx, found, reader, answers),
        "groups": _groups(found),
        "more": words("list.more", n=len(found.items) - SHOWN_ITEMS) if len(found.items) > SHOWN_ITEMS else None,
        "answers": _by_state(answers if _sees_all(found, reader) else [a for a in answers if a.person == reader]),
        "objections": tuple(
            words("minutes.card.objection", person=Who(o.by), item=o.item, edition=o.version, reason=o.reason)
            for o in found.objections
        ),
    }
    tone = Tone.DANGER if found.late and found.state in UNPUBLISHED else _TONES.get(found.state, Tone.SUCCESS)
    return View("minutes", shown, offered(found, reader, answers), found.id, tone)


def due(ctx: Context, found: Minutes, edition: int | None = None) -> datetime | None:
    """When the minutes are due, or the answers to an edition: the present one unless said otherwise."""
    if found.state in UNPUBLISHED:
        return clockwork.due_at(ctx, ClockKind.MINUTES, found.id)
    return clockwork.due_at(ctx, ClockKind.CONFIRMATION, f"{found.id}/{edition or found.edition}")


def _sees_all(found: Minutes, reader: str | None) -> bool:
    """The group, host and recorder see who has answered; a participant's own card does not change with others."""
    return reader is None or reader in (found.host, found.recorder)


def offered(found: Minutes, reader: str | None, answers: list[Confirmation]) -> tuple[Action, ...]:
    if found.state in UNPUBLISHED:
        writes = reader is None or reader in (found.recorder, found.host)
        return actions(("minutes.publish",), found.id) if writes else ()
    if found.state is not MinutesState.PUBLISHED:
        return ()
    asked = reader is None or any(a.person == reader and a.state in WAITING for a in answers)
    buttons = actions(("minutes.confirm", "minutes.object"), found.id) if asked else ()
    if reader in (found.recorder, found.host) and found.objections:
        buttons = (*buttons, *actions(("minutes.publish",), found.id))
    return buttons


def lines(ctx: Context, found: Minutes, reader: str | None, answers: list[Confirmation]) -> tuple[Words, ...]:
    """What is expected now; one-to-one also what this reader is asked about."""
    mine = next((a for a in answers if a.person == reader and a.state in WAITING), None)
    when = due(ctx, found, mine.edition if mine else None)
    match found.state:
        case MinutesState.DUE | MinutesState.DRAFTED:
            key = "minutes.card.overdue" if found.late else "minutes.card.due"
            return (words(key, person=Who(found.recorder), due=when),)
        case MinutesState.PUBLISHED:
            said = words("minutes.card.confirm_by", due=when) if when else words("minutes.card.open")
            if mine and mine.items:
                return (words("minutes.card.only_items", items=mine.items, edition=found.edition), said)
            return (said,)
        case MinutesState.CANCELLED:
            return (words("minutes.card.cancelled"),)
        case _:
            return (words(f"minutes.card.{found.state}"),)


def _groups(found: Minutes) -> tuple[tuple[Words, tuple[MinutesItem, ...]], ...]:
    """The items by kind, in the order of the sheet, with a heading each."""
    shown = found.items[:SHOWN_ITEMS]
    kinds = (ItemKind.DECISION, ItemKind.ACTION, ItemKind.POINT, ItemKind.OPEN_ISSUE)
    groups = ((words(f"minutes.kind.{kind}"), tuple(i for i in shown if i.kind is kind)) for kind in kinds)
    return tuple((heading, items) for heading, items in groups if items)


def _by_state(answers: list[Confirmation]) -> tuple[tuple[Words, Shown], ...]:
    """Who confirmed, who objected, whose silence counts, who is asked, who was not reached: each shown apart."""
    rows = []
    for state in ConfirmationState:
        people = tuple(Who(a.person) for a in answers if a.state is state)
        if people:
            rows.append((words(f"minutes.answers.{state}", n=len(people)), people))
    return tuple(rows)
