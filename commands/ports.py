"""What the core needs from storage, said as protocols. `storage.unit_of_work` keeps these promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol, TypeVar

from commands.domain.people import ChatBinding, Directory, Leave

Record = TypeVar("Record")  # Request, Task, Proposal, Escalation, Decision, Minutes, Confirmation, Checkin, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something due at a moment. `key` is its business key: setting it again before it ran moves it, and once it
    ran it is never due again under that key. `job` names a row of `catalogue.JOBS`; `subject` is what it is about."""

    key: str
    job: str
    due_at: datetime
    subject: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)  # Any: small JSON, read by the job alone


class Priority(IntEnum):
    """Who goes first when a platform's rate is short."""

    ESCALATION = 0
    ANSWER = 1
    EDIT = 2
    PROMPT = 3


class OwedKind(StrEnum):
    CARD = "card"  # the one card of a record in a chat: posted once, then edited
    NOTICE = "notice"  # a message of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message owed. `to` is "chat:platform:id" or "person:id"; `view` names a row of `catalogue.CARDS`.

    The text is not stored: it is built when it is sent, from the state at that moment, in the reader's language.
    A notice whose reason is gone by then is dropped, with a trace.
    """

    key: str
    to: str
    kind: OwedKind
    view: str
    item: str
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: small JSON, read by the view alone
    priority: Priority = Priority.ANSWER
    not_before: datetime | None = None
    expires_at: datetime | None = None
    urgent: bool = False
    bundle: bool = False  # may be joined with other notices to the same person
    owed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that is there: which card of which record, where, under the platform's id."""

    item: str
    view: str
    to: str
    platform: str
    chat: str
    message: str
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the trace. Append-only. `result` is done | refused | dropped | failed."""

    at: datetime
    what: str  # "request.accepted"
    item: str = ""
    actor: str | None = None  # a person's id; None: the clock
    acting_for: str | None = None
    department: str | None = None  # the actor's, at that time
    platform: str = ""
    chat: str = ""
    message: str = ""
    command: str = ""  # "request.accept"
    event: str = ""  # the inbound event's key, or the timer's
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    result: str = "done"
    why: str = ""
    planned_at: datetime | None = None
    project: str | None = None
    version: int = 0  # of the item


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day that somebody declared off or worked, in a calendar, by command."""

    calendar: str
    day: date
    works: bool
    note: str = ""


class UnitOfWork(Protocol):
    """One transaction. Everything read is locked against other commands until it ends, everything written
    becomes true at once or not at all."""

    @property
    def directory(self) -> Directory: ...

    def next_id(self, prefix: str) -> str:
        """The next short reference: `next_id("R")` → "R-12". Without gaps."""

    def get(self, kind: type[Record], id: str) -> Record | None:
        """The record, locked for this transaction; None if there is none."""

    def find(self, kind: type[Record], /, **where: Any) -> list[Record]:
        """Records whose fields equal `where` (a tuple means one of), oldest first. Not locked."""

    def add(self, record: Any) -> None: ...

    def save(self, record: Record) -> Record:
        """Stores a changed record and returns it with its new version. Raises `Conflict` if it changed meanwhile."""

    def set_timer(self, timer: Timer) -> None: ...

    def drop_timers(self, subject: str, job: str | None = None) -> None:
        """Cancels what is still open for a subject."""

    def owe(self, message: Owed) -> bool:
        """Puts a message into the outbox; False (and nothing) when its key was there before."""

    def owe_all(self, messages: Iterable[Owed]) -> None:
        """The same for several, without asking which were there before: they are written together."""

    def forgive(self, item: str, view: str | None = None) -> int:
        """Cancels messages about an item that are not sent yet; returns how many."""

    def wake(self, to: str, at: datetime) -> int:
        """What was put off for somebody who is back earlier goes out at that moment; returns how many messages."""

    def posted(self, item: str, view: str | None = None) -> Sequence[Posted]: ...

    def places(self, item: str, view: str) -> Sequence[str]:
        """Every target where this card is, or is about to be: posted, or still in the outbox."""

    def undelivered(self, to: str, since: datetime) -> Sequence[tuple[str, str]]:
        """Record and view of the cards that could not be shown there and were given up."""

    def audit(self, event: AuditEvent) -> None: ...

    def audited(
        self, item: str | tuple[str, ...] | None = None, since: datetime | None = None, limit: int = 500
    ) -> Sequence[AuditEvent]:
        """The last lines of the trace, of one or several items, oldest first."""

    def add_leave(self, leave: Leave) -> None: ...

    def end_leave(self, id: str, end: date) -> None: ...

    def set_language(self, person: str, language: str) -> None:
        """The language a person is spoken to in, from now on."""

    def identify(self, person: str, platform: str, user: str) -> bool:
        """Keeps who somebody is on a platform; False (and nothing) if the person has an id there already, or the id
        is somebody's."""

    def bind(self, binding: ChatBinding) -> None: ...

    def unbind(self, address: str) -> None: ...

    def mark_lost(self, address: str, why: str | None) -> None:
        """Why nothing can be posted in a bound chat from now on; None: it can again."""

    def declare_day(self, day: CalendarDay) -> None: ...

    def declared_days(self) -> Sequence[CalendarDay]: ...
