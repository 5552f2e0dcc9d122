"""A meeting's minutes: due, drafted, published in versions, and confirmed by each participant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
