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
    """One person's answer about one meeting's minutes. `items` are the item numbers asked about now (empty: all);
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
ANSWERED = frozenset({ConfirmationState.CONFIRMED, ConfirmationState.OBJECTED})
WAITING = frozenset({ConfirmationState.ASKED, ConfirmationState.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it was written down, before it has a number."""

    kind: ItemKind
    text: str
    owner: str | None = None
    due: datetime | None = None
    standard: str = ""


def numbered(lines: Sequence[Line], before: Sequence[MinutesItem], edition: int) -> tuple[MinutesItem, ...]:
    """Gives each line its number. A line that stands again, or takes the place of one of its kind, keeps the number
    of that item; `since` is the edition that last changed it. New lines are numbered on."""
    kept = _pair(lines, before)
    last = max((item.number for item in before), default=0)
    items = []
    for index, line in enumerate(lines):
        old = kept.get(index)
        if old is None:
            last += 1
        since = edition if old is None or not _same(line, old) else old.since
        items.append(
            MinutesItem(
                number=old.number if old else last,
                kind=line.kind,
                text=line.text,
                owner=line.owner,
                due=line.due,
                standard=line.standard,
                since=since,
                ref=old.ref if old else None,
            )
        )
    return tuple(items)


def draft(minutes: Minutes, items: tuple[MinutesItem, ...]) -> Minutes:
    """Kept, but seen by nobody else yet."""
    _expect(minutes, "draft", *UNPUBLISHED)
    return replace(minutes, state=MinutesState.DRAFTED, items=items)


def publish(minutes: Minutes, items: tuple[MinutesItem, ...], absent: tuple[str, ...], now: datetime) -> Minutes:
    """A new edition for everybody. The earlier ones are kept."""
    _expect(minutes, "publish", *OPEN_STATES)
    if not items:
        raise Refused("minutes.empty", field="decisions", id=minutes.id)
    return replace(
        minutes,
        state=MinutesState.PUBLISHED,
        edition=minutes.edition + 1,
        items=items,
        editions=(*minutes.editions, items),
        absent=absent,
        published_at=minutes.published_at or now,
    )


def changed_since(minutes: Minutes, edition: int) -> tuple[int, ...]:
    """Numbers of the items that changed after an edition."""
    return tuple(item.number for item in minutes.items if item.since > edition)


def ask(id: str, person: str, edition: int, now: datetime) -> Confirmation:
    return Confirmation(id=f"{id}/{person}", minutes=id, person=person, edition=edition, asked_at=now)


def ask_again(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    """Only about what changed since this person answered; who has not answered keeps the first question."""
    if given.state not in ANSWERED:
        return given
    changed = changed_since(minutes, given.answered_edition)
    if not changed:
        return given
    return replace(given, state=ConfirmationState.ASKED, items=changed, edition=minutes.edition, asked_at=now)


def confirm(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    _expect_published(minutes)
    if given.state is ConfirmationState.CONFIRMED:
        raise Refused("minutes.confirmed_before", id=minutes.id, at=given.answered_at)
    return _answered(given, minutes, ConfirmationState.CONFIRMED, now)


def object_to(given: Confirmation, minutes: Minutes, now: datetime) -> Confirmation:
    _expect_published(minutes)
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


def deem(given: Confirmation, now: datetime) -> Confirmation:
    """Silence counts as no objection, and is kept apart from a confirmation. Who was never reached is not deemed."""
    if given.state is not ConfirmationState.ASKED:
        return given
    return replace(given, state=ConfirmationState.DEEMED, answered_at=now)


def reached(given: Confirmation, channel: str, arrived: bool) -> Confirmation:
    """What became of the message on one channel. Who could not be reached directly is not deemed to agree."""
    channels = (*(c for c in given.channels if c[0] != channel), (channel, "sent" if arrived else "failed"))
    state = given.state
    if channel == "direct" and state in WAITING:
        state = ConfirmationState.ASKED if arrived else ConfirmationState.UNDELIVERED
    return replace(given, channels=channels, state=state)


def outcome(minutes: Minutes, answers: Sequence[Confirmation]) -> MinutesState | None:
    """How it ends, once nobody is asked any more; None while somebody still is."""
    if any(a.state is ConfirmationState.ASKED for a in answers):
        return None
    if any(a.state is ConfirmationState.OBJECTED for a in answers):
        return MinutesState.CLOSED_WITH_DISSENT
    if any(a.state in (ConfirmationState.DEEMED, ConfirmationState.UNDELIVERED) for a in answers):
        return MinutesState.CLOSED_WITH_DEEMED
    return MinutesState.CONFIRMED


def close(minutes: Minutes, state: MinutesState, now: datetime) -> Minutes:
    return replace(minutes, state=state, closed_at=now)


def cancel(minutes: Minutes, now: datetime) -> Minutes:
    """The meeting did not take place."""
    _expect(minutes, "cancel", *UNPUBLISHED)
    return replace(minutes, state=MinutesState.CANCELLED, closed_at=now)


def _answered(given: Confirmation, minutes: Minutes, state: ConfirmationState, now: datetime) -> Confirmation:
    return replace(given, state=state, items=(), answered_at=now, answered_edition=minutes.edition)


def _pair(lines: Sequence[Line], before: Sequence[MinutesItem]) -> dict[int, MinutesItem]:
    """Which earlier item each line is: the same words first, then the next free one of its kind in order."""
    free = list(before)
    found: dict[int, MinutesItem] = {}
    for index, line in enumerate(lines):
        same = next((item for item in free if item.kind is line.kind and item.text == line.text), None)
        if same:
            found[index] = same
            free.remove(same)
    for index, line in enumerate(lines):
        if index not in found:
            rest = next((item for item in free if item.kind is line.kind), None)
            if rest:
                found[index] = rest
                free.remove(rest)
    return found


def _same(line: Line, item: MinutesItem) -> bool:
    mine = (line.text, line.owner, line.due, line.standard)
    return mine == (item.text, item.owner, item.due, item.standard)


def _expect_published(minutes: Minutes) -> None:
    """Answers are taken while it is open, and late ones when it closed by silence."""
    _expect(minutes, "confirm", MinutesState.PUBLISHED, MinutesState.CLOSED_WITH_DEEMED)


def _expect(minutes: Minutes, action: str, *states: MinutesState) -> None:
    if minutes.state not in states:
        raise Refused("minutes.wrong_state", id=minutes.id, state=minutes.state, action=f"minutes.{action}")
