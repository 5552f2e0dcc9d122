"""A meeting's minutes: due, drafted, published in versions, and confirmed by each participant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from commands.errors import Refused


class MinutesState(StrEnum):
    DUE = "due"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    CLOSED_WITH_DEEMED = "closed_with_deemed"
    CLOSED_WITH_DISSENT = "closed_with_dissent"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    DECISION = "decision"
    ACTION = "action"
    POINT = "point"
    OPEN_ISSUE = "open_issue"


class ConfirmationState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    DEEMED = "deemed"
    EXCUSED = "excused"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One numbered item. `since` is the version in which its wording last changed; `ref` is D-n or T-n."""

    number: int
    kind: ItemKind
    text: str
    owner: str | None = None
    due: datetime | None = None
    standard: str = ""
    since: int = 1
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    item: int | None  # None: the whole
    by: str
    version: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The meeting and its minutes. `version` counts changes of the row, `edition` counts publications."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    host: str
    recorder: str
    participants: tuple[str, ...]
    absent: tuple[str, ...] = ()
    place: str = ""
    agenda: str = ""
    kind: str = ""  # weekly | kickoff | coordination | review | retro | ""
    project: str | None = None
    chat: str | None = None
    state: MinutesState = MinutesState.DUE
    edition: int = 0
    items: tuple[MinutesItem, ...] = ()
    editions: tuple[tuple[MinutesItem, ...], ...] = ()  # every published edition, kept
    objections: tuple[Objection, ...] = ()
    late: bool = False
    created_by: str = ""
    created_at: datetime
    published_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One person's answer about one meeting's minutes. `items` are the item numbers it is about (empty: all);
    `channels` keeps per channel ("group", "direct", "mail") what happened: sent | failed."""

    id: str  # "M-7/zhangwei"
    minutes: str
    person: str
    edition: int
    items: tuple[int, ...] = ()
    state: ConfirmationState = ConfirmationState.ASKED
    channels: tuple[tuple[str, str], ...] = ()
    asked_at: datetime
    answered_at: datetime | None = None
    answered_edition: int = 0
    version: int = 0


OPEN_STATES = frozenset({MinutesState.DUE, MinutesState.DRAFTED, MinutesState.PUBLISHED})
UNPUBLISHED = frozenset({MinutesState.DUE, MinutesState.DRAFTED})
SILENTLY_CLOSED = frozenset({MinutesState.CLOSED_WITH_DEEMED, MinutesState.CLOSED_WITH_DISSENT})
ANSWERED = frozenset({ConfirmationState.CONFIRMED, ConfirmationState.OBJECTED, ConfirmationState.DEEMED})
WAITING = frozenset({ConfirmationState.ASKED, ConfirmationState.UNDELIVERED})
UNHEARD = frozenset({ConfirmationState.DEEMED, ConfirmationState.UNDELIVERED, ConfirmationState.EXCUSED})


# --- the sheet ---------------------------------------------------------------------------------------


def draft(minutes: Minutes, items: tuple[MinutesItem, ...]) -> Minutes:
    """Kept, but seen by nobody else yet."""
    expect(minutes, "draft", *UNPUBLISHED)
    return replace(minutes, state=MinutesState.DRAFTED, items=items)


def publish(minutes: Minutes, items: tuple[MinutesItem, ...], absent: tuple[str, ...], now: datetime) -> Minutes:
    """A new edition for everybody; the earlier ones are kept. Who was invited and did not come is on the list too."""
    expect(minutes, "publish", *OPEN_STATES)
    if not items:
        raise Refused("minutes.empty", field="decisions", id=minutes.id)
    invited = tuple(dict.fromkeys((*minutes.participants, *absent)))
    if set(invited) <= set(absent):
        raise Refused("minutes.nobody_there", field="absent", id=minutes.id)
    if minutes.edition and items == minutes.items and set(absent) == set(minutes.absent):
        raise Refused("minutes.nothing_changed", field="decisions", id=minutes.id, edition=minutes.edition)
    return replace(
        minutes,
        state=MinutesState.PUBLISHED,
        edition=minutes.edition + 1,
        items=items,
        editions=(*minutes.editions, items),
        participants=invited,
        absent=absent,
        published_at=minutes.published_at or now,
    )


def changed_since(minutes: Minutes, edition: int) -> tuple[int, ...]:
    """Numbers of the items that changed after an edition, were added, or are gone."""
    gone = {item.number for item in minutes.editions[edition - 1]} if 0 < edition <= len(minutes.editions) else set()
    gone -= {item.number for item in minutes.items}
    return tuple(sorted(gone | {item.number for item in minutes.items if item.since > edition}))


def dropped(minutes: Minutes) -> tuple[MinutesItem, ...]:
    """The items of the edition before that the present one no longer has."""
    before = minutes.editions[-2] if len(minutes.editions) > 1 else ()
    kept = {item.number for item in minutes.items}
    return tuple(item for item in before if item.number not in kept)


def close(minutes: Minutes, state: MinutesState, now: datetime) -> Minutes:
    return replace(minutes, state=state, closed_at=now)


def reopen(minutes: Minutes) -> Minutes:
    """Somebody who had never been reached is asked after all."""
    expect(minutes, "publish", MinutesState.PUBLISHED, *SILENTLY_CLOSED)
    return replace(minutes, state=MinutesState.PUBLISHED, closed_at=None)


def cancel(minutes: Minutes, now: datetime) -> Minutes:
    """The meeting did not take place."""
    expect(minutes, "cancel", *UNPUBLISHED)
    return replace(minutes, state=MinutesState.CANCELLED, closed_at=now)


# --- who is asked ------------------------------------------------------------------------------------


def ask(minutes: Minutes, person: str, now: datetime) -> Confirmation:
    """The first question, about the whole. Who was absent gets the minutes for information and owes no answer."""
    state = ConfirmationState.EXCUSED if person in minutes.absent else ConfirmationState.ASKED
    made = Confirmation(
        id=f"{minutes.id}/{person}", minutes=minutes.id, person=person, edition=minutes.edition, asked_at=now
    )
    return replace(made, state=state)


def ask_again(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    """A new edition. Who answered an earlier one, or let it pass in silence, is asked about what changed since; who
    has not answered yet keeps the first question and its end."""
    if given.person in minutes.absent:
        return replace(given, state=ConfirmationState.EXCUSED, items=())
    if given.state is ConfirmationState.EXCUSED:
        return replace(ask(minutes, given.person, now), channels=given.channels, version=given.version)
    changed = changed_since(minutes, given.answered_edition)
    if given.state in WAITING:
        return replace(given, items=changed) if given.items else given
    if not changed:
        return given
    return replace(given, state=ConfirmationState.ASKED, items=changed, edition=minutes.edition, asked_at=now)


def is_asked_anew(given: Confirmation, again: Confirmation) -> bool:
    """Whether the person owes a new answer, with a limit of its own."""
    return again.state is ConfirmationState.ASKED and given.state is not ConfirmationState.ASKED


def reached(given: Confirmation, channel: str, arrived: bool, now: datetime) -> Confirmation:
    """What became of the message on one channel. Who could not be reached directly is not deemed to agree; who is
    reached after all is asked from then on."""
    channels = (*(c for c in given.channels if c[0] != channel), (channel, "sent" if arrived else "failed"))
    noted = replace(given, channels=channels)
    if channel != "direct" or given.state not in WAITING:
        return noted
    if not arrived:
        return replace(noted, state=ConfirmationState.UNDELIVERED)
    if given.state is ConfirmationState.UNDELIVERED:
        return replace(noted, state=ConfirmationState.ASKED, asked_at=now)
    return noted


# --- what they answer --------------------------------------------------------------------------------


def confirm(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    """For oneself, for the present edition. Confirming after an objection takes the objection back. When the limit
    has ended the matter, a late word still counts from those who had said nothing."""
    late = UNHEARD if minutes.state in SILENTLY_CLOSED else frozenset()
    if given.state is ConfirmationState.CONFIRMED:
        raise Refused("minutes.confirmed_before", id=minutes.id, at=given.answered_at)
    if minutes.state is not MinutesState.PUBLISHED and given.state not in late:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action="minutes.confirm")
    _expect_there(given, minutes)
    items = () if given.state is ConfirmationState.OBJECTED else given.items
    return _answered(replace(given, items=items), minutes, ConfirmationState.CONFIRMED, now)


def object_to(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    """While the answers are awaited. Afterwards only who had never been reached may still object."""
    if minutes.state in SILENTLY_CLOSED and given.state is not ConfirmationState.UNDELIVERED:
        raise Refused("minutes.too_late", id=minutes.id, at=minutes.closed_at, person=minutes.recorder)
    expect(minutes, "object", MinutesState.PUBLISHED, *SILENTLY_CLOSED)
    _expect_there(given, minutes)
    return _answered(given, minutes, ConfirmationState.OBJECTED, now)


def note_objection(minutes: Minutes, by: str, item: int | None, reason: str, now: datetime) -> Minutes:
    """The objection, word for word; it stays whatever is published later."""
    if not reason.strip():
        raise Refused("minutes.no_reason", field="reason")
    numbers = tuple(each.number for each in minutes.items)
    if item is not None and item not in numbers:
        raise Refused("minutes.no_item", field="item", id=minutes.id, item=item, last=max(numbers))
    said = Objection(item, by, minutes.edition, reason.strip(), now)
    return replace(minutes, objections=(*minutes.objections, said))


def deem(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    """Silence counts as no objection, and is kept apart from a confirmation. Who was never reached is not deemed."""
    if given.state is not ConfirmationState.ASKED:
        return given
    return _answered(given, minutes, ConfirmationState.DEEMED, now)


def excuse(given: Confirmation) -> Confirmation:
    """Who was away when the limit ended has not been silent."""
    return replace(given, state=ConfirmationState.EXCUSED) if given.state is ConfirmationState.ASKED else given


# --- how it ends -------------------------------------------------------------------------------------


def standing(minutes: Minutes, answers: Sequence[Confirmation]) -> tuple[Objection, ...]:
    """The objections that neither a new wording nor their author has settled."""
    by = {answer.person: answer for answer in answers}
    return tuple(o for o in minutes.objections if not _is_reworded(o, minutes) and not _is_taken_back(o, by.get(o.by)))


def outcome(minutes: Minutes, answers: Sequence[Confirmation]) -> MinutesState | None:
    """How it ends, once nobody is asked any more; None while somebody still is."""
    if any(a.state is ConfirmationState.ASKED for a in answers):
        return None
    if standing(minutes, answers):
        return MinutesState.CLOSED_WITH_DISSENT
    if any(a.state in (ConfirmationState.DEEMED, ConfirmationState.UNDELIVERED) for a in answers):
        return MinutesState.CLOSED_WITH_DEEMED
    return MinutesState.CONFIRMED


def _is_reworded(objection: Objection, minutes: Minutes) -> bool:
    if objection.item is None:
        return False
    return objection.item in changed_since(minutes, objection.version)


def _is_taken_back(objection: Objection, answer: Confirmation | None) -> bool:
    if answer is None or answer.state is not ConfirmationState.CONFIRMED:
        return False
    about_it = not answer.items or objection.item is None or objection.item in answer.items
    return about_it and answer.answered_at is not None and answer.answered_at >= objection.at


def _answered(given: Confirmation, minutes: Minutes, state: ConfirmationState, now: datetime) -> Confirmation:
    return replace(given, state=state, answered_at=now, answered_edition=minutes.edition)


def _expect_there(given: Confirmation, minutes: Minutes) -> None:
    if given.person in minutes.absent:
        raise Refused("minutes.absent", id=minutes.id, person=minutes.recorder)


def expect(minutes: Minutes, action: str, *states: MinutesState) -> None:
    """Refuses what the state does not allow."""
    if minutes.state not in states:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action=f"minutes.{action}")
