"""One transaction, as the core sees it: `commands.ports.UnitOfWork`, on a connection of the driver's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from commands.domain.people import ChatBinding, Directory, Leave
from commands.errors import Conflict
from commands.ports import AuditEvent, CalendarDay, Owed, Posted, Timer
from storage import directory, identities, org
from storage.errors import DatabaseReadOnly
from storage.inbox import Inbox
from storage.link import Link
from storage.outbox import Outbox
from storage.records import shelf
from storage.replicas import Replicas
from storage.revision import schema_is_ours
from storage.sql import Sql
from storage.timers import Timers
from storage.trail import Trail

Record = TypeVar("Record")
ReadDirectory = Callable[[Link], Directory]

_NEXT_ID = Sql(
    "INSERT INTO counter (prefix, last) VALUES (:prefix, 1) "
    "ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last"
)

_ABOUT = ("item", "source")
"""Fields that name the record which another one is about."""


def _fits(record: Any, where: Mapping[str, Any]) -> bool:
    """Any: a record and the values that `find` compares its fields with."""
    found = ((getattr(record, name), wanted) for name, wanted in where.items())
    return all(value in wanted if isinstance(wanted, tuple) else value == wanted for value, wanted in found)


class UnitOfWork:
    """What is read with `get` stays locked until the end; what is written becomes true at once or not at all.

    Beside the core's questions: `inbox`, `outbox`, `timers`, `replicas` for the loops in `bot`.
    """

    __slots__ = (
        "_directory",
        "_directory_is_ours",
        "_held",
        "_new",
        "_owed_about",
        "_read_directory",
        "_reading",
        "_timed",
        "_trail",
        "_unwritten",
        "has_written",
        "inbox",
        "link",
        "outbox",
        "replicas",
        "timers",
    )

    def __init__(self, link: Link, read_directory: ReadDirectory, *, reading: bool = False) -> None:
        self.link = link
        self.inbox = Inbox(link)
        self.outbox = Outbox(link)
        self.timers = Timers(link)
        self.replicas = Replicas(link)
        self._trail = Trail(link)
        self._read_directory = read_directory
        self._directory: Directory | None = None
        self._directory_is_ours = False
        self._reading = reading
        self._held: dict[tuple[type[Any], str], Any] = {}
        self._unwritten: dict[
            tuple[type[Any], str], Any
        ] = {}  # added, and written with the next question or the commit
        # What was born in this transaction: nobody else can have written about it yet, so nobody has to be asked.
        self._new: set[str] = set()
        self._timed: set[str] = set()
        self._owed_about: set[str] = set()
        self.has_written = False
        """Whether something happened: every change writes a line of the trace. A mere question leaves none."""

    # --- records ---

    def next_id(self, prefix: str) -> str:
        self._must_write()
        row = self.link.one(_NEXT_ID, prefix=prefix)
        assert row is not None
        return f"{prefix}-{row[0]}"

    def get(self, kind: type[Record], id: str) -> Record | None:
        held = self._held.get((kind, id))
        if held is not None:
            found: Record = held
            return found
        mapper = shelf(kind, self.link.backend.name)
        row = self.link.execute(mapper.peek if self._reading else mapper.get, (id,)).fetchone()
        if row is None:
            return None
        record: Record = mapper.record(row)
        self._held[kind, id] = record
        return record

    def find(self, kind: type[Record], /, **where: Any) -> list[Record]:
        if any(where.get(name) in self._new for name in _ABOUT if isinstance(where.get(name), str)):
            return [each for (of, _), each in self._held.items() if of is kind and _fits(each, where)]
        self._write_new()
        mapper = shelf(kind, self.link.backend.name)
        text, values = mapper.find(where)
        records = (mapper.record(row) for row in self.link.query(text, values))
        return [self._held.get((kind, record.id), record) for record in records]

    def add(self, record: Any) -> None:
        self._must_write()
        self._held[type(record), record.id] = self._unwritten[type(record), record.id] = record
        self._new.add(record.id)

    def save(self, record: Record) -> Record:
        now: Any = record  # Any: every record has an id and a version
        key = (type(record), now.id)
        changed: Any = replace(now, version=now.version + 1)
        if key in self._unwritten and self._unwritten[key].version == now.version:
            self._unwritten[key] = changed
        else:
            self._update(now, changed)
        self._held[key] = changed
        stored: Record = changed
        return stored

    def _update(self, now: Any, changed: Any) -> None:
        self._must_write()
        mapper = shelf(type(now), self.link.backend.name)
        values = (*mapper.values(changed), now.id, now.version)
        if self.link.execute(mapper.update, values).rowcount != 1:
            self._held.pop((type(now), now.id), None)
            raise Conflict(f"{now.id} is no longer at version {now.version}")

    def _write_new(self) -> None:
        for (kind, _), record in self._unwritten.items():
            mapper = shelf(kind, self.link.backend.name)
            self.link.execute(mapper.insert, mapper.values(record))
        self._unwritten.clear()

    def _must_write(self) -> None:
        """What is kept back would otherwise vanish without a word where only reading is possible."""
        if self._reading:
            raise DatabaseReadOnly("this transaction only reads")

    # --- what follows from a change ---

    def set_timer(self, timer: Timer) -> None:
        self._timed.add(timer.subject)
        self.timers.set(timer)

    def drop_timers(self, subject: str, job: str | None = None) -> None:
        if subject in self._timed or subject not in self._new:
            self.timers.drop(subject, job)

    def owe(self, message: Owed) -> bool:
        self._owed_about.add(message.item)
        return self.outbox.add(message)

    def owe_all(self, messages: Iterable[Owed]) -> None:
        self._must_write()
        for message in messages:
            self._owed_about.add(message.item)
            self.outbox.add_later(message)

    def forgive(self, item: str, view: str | None = None) -> int:
        return self.outbox.forgive(item, view) if self._was_told(item) else 0

    def wake(self, to: str, at: datetime) -> int:
        return self.outbox.wake(to, at)

    def posted(self, item: str, view: str | None = None) -> Sequence[Posted]:
        return self.outbox.posted(item, view) if self._was_told(item) else ()

    def places(self, item: str, view: str) -> Sequence[str]:
        return self.outbox.places(item, view) if self._was_told(item) else ()

    def undelivered(self, to: str, since: datetime) -> Sequence[tuple[str, str]]:
        return self.outbox.undelivered(to, since)

    def _was_told(self, item: str) -> bool:
        """Whether anybody can have been told, or be about to be told, of this record."""
        return item in self._owed_about or item not in self._new

    def audit(self, event: AuditEvent) -> None:
        self._must_write()
        self._trail.note(event)
        self.has_written = True

    def audited(
        self, item: str | tuple[str, ...] | None = None, since: datetime | None = None, limit: int = 500
    ) -> Sequence[AuditEvent]:
        return self._trail.read(item, since, limit)

    # --- inbound events ---

    def seen(self, key: str) -> Mapping[str, Any] | None:
        """The answer an inbound event got before, or None."""
        return self.inbox.seen(key)

    def remember(self, key: str, answer: Mapping[str, Any], now: datetime) -> None:
        """Raises `storage.errors.AlreadySeen` when another transaction answered the same event."""
        self.inbox.remember(key, answer, now)

    # --- the directory ---

    @property
    def directory(self) -> Directory:
        if self._directory is None:
            read = self._read_own_directory if self._directory_is_ours else self._read_directory
            self._directory = read(self.link)
        return self._directory

    def directory_changed(self) -> None:
        """Told by whoever wrote to the directory's tables: it is read again, here and in every other process."""
        directory.touch(self.link)
        self._directory = None
        self._directory_is_ours = True

    def _read_own_directory(self, link: Link) -> Directory:
        """With our changes, which may still be rolled back: nobody else must see this value."""
        return directory.load(link, directory.version(link))

    def add_leave(self, leave: Leave) -> None:
        org.add_leave(self.link, leave)
        self.directory_changed()

    def end_leave(self, id: str, end: date) -> None:
        org.end_leave(self.link, id, end)
        self.directory_changed()

    def bind(self, binding: ChatBinding) -> None:
        org.bind(self.link, binding, source="chat")
        self.directory_changed()

    def unbind(self, address: str) -> None:
        org.unbind(self.link, address)
        self.directory_changed()

    def mark_lost(self, address: str, why: str | None) -> None:
        org.mark_lost(self.link, address, why)
        self.directory_changed()

    def set_language(self, person: str, language: str) -> None:
        org.set_language(self.link, person, language)
        self.directory_changed()

    def identify(self, person: str, platform: str, user: str) -> bool:
        self.directory_changed()  # first: whoever else is about to do the same waits here, and then sees it
        return identities.learn(self.link, person, platform, user)

    def declare_day(self, day: CalendarDay) -> None:
        org.declare_day(self.link, day)
        self.directory_changed()  # whoever keeps calendars by the directory's version builds them anew

    def declared_days(self) -> Sequence[CalendarDay]:
        return org.declared_days(self.link)

    # --- the end ---

    def schema_is_ours(self) -> bool:
        """False when a newer program changed the tables meanwhile: this process has to stop."""
        return schema_is_ours(self.link)

    def flush(self) -> None:
        """Sends what is still kept back; the commit follows."""
        self._write_new()
        self.outbox.flush()
        self.timers.flush()
        self._trail.flush()

    def committed(self) -> None:
        self.link.strand = self._trail.head
