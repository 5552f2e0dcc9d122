"""The card of a meeting's minutes, for the group and for each participant, and the messages about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
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
    Objection,
    dropped,
)
from commands.minutes import agenda, record
from commands.registry import Action, Context, View
from commands.words import Shown, Typed, Who, Words, words

SHOWN_ITEMS = 20
SHOWN_SIGNS = 500
"""What a card shows of the items, and of each item's text."""

_TONES = {
    MinutesState.DUE: Tone.INFO,
    MinutesState.DRAFTED: Tone.INFO,
    MinutesState.PUBLISHED: Tone.WARNING,
    MinutesState.CLOSED_WITH_DISSENT: Tone.WARNING,
}


def minutes(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """The one card of the minutes."""
    found = ctx.uow.get(Minutes, item)
    return view(ctx, found, reader) if found else None


def view(ctx: Context, found: Minutes, reader: str | None, *, whole: bool = False) -> View:
    """As a card, or `whole`, with everything that was written."""
    found = _as_read(found, reader)
    answers = record.answers(ctx, found)
    mine = [a for a in answers if a.person == reader]
    sheet = found if whole else replace(found, items=found.items[:SHOWN_ITEMS])
    short: Short = str if whole else partial(_short, found.id)
    left = len(found.items) - len(sheet.items)
    came = tuple(Who(p) for p in found.participants if p not in found.absent)
    shown = {
        "minutes": sheet,
        "whole": whole,
        "lines": lines(ctx, found, reader, answers),
        "open_items": agenda.left_open(ctx, found),
        "disputes": agenda.disputes(ctx, found),
        "usual_agenda": agenda.template(found) if found.state in UNPUBLISHED else None,
        "invited": tuple(Who(p) for p in found.participants) if found.state in UNPUBLISHED else (),
        "groups": _groups(sheet, short),
        "dropped": dropped(found),
        "more": words("minutes.card.more", id=found.id, n=left) if left else None,
        "came": came if whole else (),
        "came_of": words("minutes.card.came", n=len(came), invited=len(found.participants)),
        "answers": _by_state(found, answers if _sees_all(found, reader) else mine),
        "objections": tuple(_objection(o, short) for o in sheet.objections),
    }
    tone = Tone.DANGER if found.late and found.state in UNPUBLISHED else _TONES.get(found.state, Tone.SUCCESS)
    return View("minutes", shown, offered(found, reader, answers), found.id, tone)


def _as_read(found: Minutes, reader: str | None) -> Minutes:
    """A draft is its writers' alone until it is published."""
    if found.state is MinutesState.DRAFTED and reader not in (found.recorder, found.host):
        return replace(found, items=())
    return found


def agenda_notice(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """Before the meeting: what it is about, so that everybody comes prepared."""
    found = ctx.uow.get(Minutes, item)
    if found is None or found.state not in UNPUBLISHED:
        return None
    known: dict[str, Shown] = {"id": found.id, "title": found.title, "host": Who(found.host), "place": found.place}
    when = words("minutes.agenda.place" if found.place else "minutes.agenda.when", at=found.starts_at, **known)
    said = (when, *agenda.lines(ctx, found))
    shown = {"title": words("minutes.agenda.title", **known), "lines": said, "facts": ()}
    return View("notice", shown, actions(("minutes.show",), found.id), found.id)


def due(ctx: Context, found: Minutes, answer: Confirmation | None = None) -> datetime | None:
    """When the minutes are due, or the answers to the present edition, or this one person's."""
    if found.state in UNPUBLISHED:
        return clockwork.due_at(ctx, ClockKind.MINUTES, found.id)
    return record.answer_by(ctx, found, answer)


def offered(found: Minutes, reader: str | None, answers: list[Confirmation]) -> tuple[Action, ...]:
    """What this reader may do now. An answer carries the edition that its reader has before them."""
    writes = reader is None or reader in (found.recorder, found.host)
    if found.state in UNPUBLISHED:
        return actions(("minutes.publish",), found.id) if writes else ()
    late = found.state is MinutesState.CLOSED_WITH_DEEMED
    if found.state is not MinutesState.PUBLISHED and not late:
        return ()
    open_to = {ConfirmationState.UNDELIVERED} if late else WAITING
    asked = any(a.state in open_to and reader in (None, a.person) for a in answers)
    takes_back = any(a.state is ConfirmationState.OBJECTED and a.person == reader for a in answers) and not late
    verbs = ("minutes.confirm", "minutes.object") if asked else ("minutes.confirm",) if takes_back else ()
    buttons = tuple(_about_edition(a, found) for a in actions(verbs, found.id))
    rewrites = reader and writes and found.objections and not late
    again = Action("minutes.publish", {"id": found.id}, label=words("minutes.card.new_version"))
    return (*buttons, again) if rewrites else buttons


def lines(ctx: Context, found: Minutes, reader: str | None, answers: list[Confirmation]) -> tuple[Words, ...]:
    """What is expected now; one-to-one also what this reader is asked about."""
    mine = next((a for a in answers if a.person == reader and a.state in WAITING), None)
    when = due(ctx, found, mine)
    match found.state:
        case MinutesState.DUE | MinutesState.DRAFTED:
            key = "minutes.card.overdue" if found.late else "minutes.card.due"
            return (words(key, person=Who(found.recorder), due=when),)
        case MinutesState.PUBLISHED if reader in found.absent:
            return (words("minutes.card.for_information"),)
        case MinutesState.PUBLISHED:
            said = _asked_by(ctx, when)
            if mine and mine.items:
                return (words("minutes.card.only_items", items=mine.items, edition=found.edition), said)
            return (said,)
        case MinutesState.CANCELLED:
            return (words("minutes.card.cancelled"),)
        case MinutesState.CLOSED_WITH_DEEMED if not any(a.state is ConfirmationState.DEEMED for a in answers):
            return (words("minutes.card.closed_undelivered"),)
        case _:
            return (words(f"minutes.card.{found.state}"),)


def _asked_by(ctx: Context, when: datetime | None) -> Words:
    if when is None:
        return words("minutes.card.open")
    silent = "confirm_by" if ctx.policy.silence_is == "deemed" else "confirm_by_open"
    return words(f"minutes.card.{silent}", due=when)


def _about_edition(action: Action, found: Minutes) -> Action:
    return replace(action, args={**action.args, "edition": str(found.edition)})


def _sees_all(found: Minutes, reader: str | None) -> bool:
    """The group, host and recorder see who has answered; a participant's own card does not change with others."""
    return reader is None or reader in (found.host, found.recorder)


Short = Callable[[str], Shown]
Row = tuple[MinutesItem, Shown, Shown]
"""An item with its text and its standard as they are shown."""


def _short(id: str, text: str) -> Shown:
    """No more of a text than one reads on a card; the rest is a command away."""
    if len(text) <= SHOWN_SIGNS:
        return text
    return words("minutes.card.short", text=text[:SHOWN_SIGNS].rstrip(), command=Typed(f"/minutes show {id}"))


def _groups(found: Minutes, short: Short) -> tuple[tuple[Words, tuple[Row, ...]], ...]:
    """The items by kind, in the order of the sheet, with a heading each."""
    kinds = (ItemKind.DECISION, ItemKind.ACTION, ItemKind.POINT, ItemKind.OPEN_ISSUE)
    rows = [(item, short(item.text), short(item.standard)) for item in found.items]
    groups = ((words(f"minutes.kind.{kind}"), tuple(row for row in rows if row[0].kind is kind)) for kind in kinds)
    return tuple((heading, of_kind) for heading, of_kind in groups if of_kind)


def _objection(said: Objection, short: Short) -> Words:
    key = "minutes.card.objection" if said.item is not None else "minutes.card.objection_whole"
    return words(key, person=Who(said.by), item=said.item, edition=said.version, reason=short(said.reason))


def _by_state(found: Minutes, answers: Sequence[Confirmation]) -> tuple[tuple[Words, Shown], ...]:
    """Who confirmed, who objected, whose silence counts, who is asked, who was not reached: each shown apart. Who was
    absent is named elsewhere."""
    rows = []
    for state in ConfirmationState:
        people = tuple(Who(a.person) for a in answers if a.state is state and a.person not in found.absent)
        if people:
            rows.append((words(f"minutes.answers.{state}", n=len(people)), people))
    return tuple(rows)
