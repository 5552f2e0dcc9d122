"""Which message goes next: by priority, then by age. A chat or person has one message under way at a time, and nothing
overtakes a message that waits for its next try. A message put off on purpose (`not_before`) holds nobody up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from commands.ports import Owed, OwedKind, Priority
from storage.link import Link, Row
from storage.mapping import Mapper
from storage.sql import Sql, column_list

COLUMNS: Final = column_list(tuple(f.name for f in fields(Owed)))
PAGE: Final = 1000
FEW: Final = 400
"""Fewer targets than this are asked one by one."""
_READY: Final = (
    "{t}.state = 'pending' AND ({t}.not_before IS NULL OR {t}.not_before <= :now) "
    "AND ({t}.next_try_at IS NULL OR {t}.next_try_at <= :now) AND ({t}.expires_at IS NULL OR {t}.expires_at > :now)"
)


def _ready(table: str) -> str:
    return _READY.format(t=table)


_RELEASE = Sql(
    "UPDATE outbox SET state = 'pending', lease = '', error = 'lease ended' "
    "WHERE state = 'sending' AND lease_until <= :now"
)
_QUEUE = (
    f'SELECT o.seq, o."to" FROM outbox o WHERE {_ready("o")} {{lanes}}'
    "AND o.priority = :priority AND o.seq > :seq ORDER BY o.seq LIMIT :most"
)
_FIRST = 'SELECT {what} FROM outbox h WHERE h."to" = {to} AND ' + _ready("h") + " ORDER BY h.priority, h.seq LIMIT 1"
_TARGETS = Sql(
    "WITH RECURSIVE target(name) AS (SELECT min(\"to\") FROM outbox WHERE state = 'pending' UNION ALL "
    'SELECT (SELECT min(o."to") FROM outbox o WHERE o.state = \'pending\' AND o."to" > target.name) '
    "FROM target WHERE target.name IS NOT NULL) SELECT name FROM target WHERE name IS NOT NULL LIMIT :most"
)
"""The targets by name, from one to the next: as many steps as there are targets, however many messages wait."""
_OLDEST_OF = Sql(_FIRST.format(what="h.priority, h.seq", to=":to"))
_PEEK = (
    f"SELECT o.seq, o.attempts, {COLUMNS} FROM outbox o WHERE o.seq = ({_FIRST.format(what='h.seq', to=':to')}) "
    "AND o.state = 'pending' "
    "AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.\"to\" = :to AND s.state = 'sending') "
    "AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.\"to\" = :to AND w.state = 'pending' "
    "AND w.next_try_at IS NOT NULL AND w.next_try_at > :now AND w.seq < o.seq)"
)
"""What a target gets next, unless something is under way to it or waits for its next try."""
_HEAD = Sql(_PEEK)
_HEAD_LOCKED = Sql(_PEEK + "{lock_free}")
_NEWER_CARDS = Sql(
    f"SELECT o.seq, o.attempts, {COLUMNS} FROM outbox o WHERE {_ready('o')} AND o.item = :item AND o.view = :view "
    "AND o.\"to\" = :to AND o.kind = 'card' AND o.seq <> :seq ORDER BY o.seq{lock_free}"
)
_BUNDLE = Sql(
    f'SELECT o.seq, o.attempts, {COLUMNS} FROM outbox o WHERE {_ready("o")} AND o."to" = :to '
    "AND o.kind = 'notice' AND o.bundle AND (o.attempts > 0) = :again AND o.seq <> :seq "
    "ORDER BY o.priority, o.seq LIMIT 50{lock_free}"
)
_LEASE = Sql(
    "UPDATE outbox SET state = 'sending', lease = :lease, lease_until = :until, attempts = attempts + 1 "
    "WHERE seq = :seq AND state = 'pending'"
)
_SUPERSEDE = Sql("UPDATE outbox SET state = 'dropped', error = 'superseded' WHERE seq = :seq AND state = 'pending'")
_LEASE_ENDED = Sql("SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until <= :now LIMIT 1")


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A message in hand until `until`. `attempts` were begun before this one; after the first, the message may be there
    already. `joined` are the other notices to the same person that go with it, in one message, under its lease."""

    seq: int
    lease: str
    attempts: int
    owed: Owed
    joined: tuple[OwedRow, ...] = ()
    until: datetime | None = None
    """None: not leased yet."""


def _anybody(person: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: at most `limit` messages, of them at most `prompts` prompts; of one platform's chats, unless
    that is None; and to the persons whom it `reaches`, for a message to a person names no platform."""

    limit: int = 20
    prompts: int | None = None
    platform: str | None = None
    reaches: Callable[[str], bool] = _anybody

    def __post_init__(self) -> None:
        # The name becomes a part of a statement. It comes from the program's own table, not from people.
        if self.platform is not None and not self.platform.isidentifier():
            raise ValueError(f"not the name of a platform: {self.platform!r}")

    def takes(self, to: str) -> bool:
        kind, _, rest = to.partition(":")
        if kind == "person":
            return self.reaches(rest)
        return self.platform in (None, rest.partition(":")[0])

    @property
    def priorities(self) -> tuple[Priority, ...]:
        return tuple(p for p in Priority if p is not Priority.PROMPT or self.prompts != 0)

    def few_enough(self, rows: Iterable[OwedRow]) -> Iterator[OwedRow]:
        """The first of the rows, which come by priority."""
        prompts = self.limit if self.prompts is None else self.prompts
        for row in islice(rows, self.limit):
            prompts -= row.owed.priority is Priority.PROMPT
            if prompts < 0:
                return
            yield row


EVERYTHING: Final = Wanted()


class Queue:
    """The messages that wait, inside one transaction."""

    __slots__ = ("_link", "_owed")

    def __init__(self, link: Link, owed: Mapper[Owed]) -> None:
        self._link = link
        self._owed = owed

    def has_ready(self, now: datetime, wanted: Wanted) -> bool:
        if self._link.one(_LEASE_ENDED, now=now) is not None:
            return True
        return any(True for _ in wanted.few_enough(self._heads(_HEAD, now, wanted)))

    def claim(self, now: datetime, wanted: Wanted, *, owner: str, lease: timedelta) -> list[OwedRow]:
        self._link.run(_RELEASE, now=now)
        rows = wanted.few_enough(self._heads(_HEAD_LOCKED, now, wanted))
        return [self._take(row, now, owner, now + lease) for row in rows]

    def _heads(self, sql: Sql, now: datetime, wanted: Wanted) -> Iterator[OwedRow]:
        """What each target may get now, by priority and age."""
        heads = (self._link.one(sql, now=now, to=to) for to in self._targets(now, wanted))
        return (self.row(head) for head in heads if head is not None)

    def _targets(self, now: datetime, wanted: Wanted) -> Iterator[str]:
        """Who has something to get, by the priority and age of it. Asked in a way whose cost does not grow with how
        many messages wait for one chat or person: the queue names somebody new in nearly every row, or else there are
        few names, which are counted one by one."""
        named: set[str] = set()
        most, seq = max(4 * wanted.limit, FEW), 0
        for priority in wanted.priorities:
            while rows := self._link.rows(_queue(wanted.platform), now=now, priority=priority, seq=seq, most=most):
                fresh = dict.fromkeys(to for _, to in rows if to not in named)
                named.update(fresh)
                yield from filter(wanted.takes, fresh)
                if len(rows) < most:
                    break
                if most < PAGE and (others := self._few(wanted)) is not None:
                    yield from self._by_age(now, (to for to in others if to not in named))
                    return
                most, seq = PAGE, rows[-1][0]
            seq = 0

    def _few(self, wanted: Wanted) -> list[str] | None:
        """Everybody for whom something waits; None when they are many."""
        rows = self._link.rows(_TARGETS, most=FEW)
        return [row[0] for row in rows if wanted.takes(row[0])] if len(rows) < FEW else None

    def _by_age(self, now: datetime, targets: Iterable[str]) -> list[str]:
        oldest = ((self._link.one(_OLDEST_OF, now=now, to=to), to) for to in targets)
        return [to for _, to in sorted((tuple(row), to) for row, to in oldest if row is not None)]

    def _take(self, row: OwedRow, now: datetime, owner: str, until: datetime) -> OwedRow:
        if row.owed.kind is OwedKind.CARD:
            row = self._newest(row, now)
        again = row.attempts > 0
        row = self._leased(row, owner, until)
        if row.owed.bundle and row.owed.kind is OwedKind.NOTICE and row.owed.to.startswith("person:"):
            # Tried again, it takes along what went with it before and nothing new: under its key the platform may
            # show the first message, in which a new notice would be missing.
            others = self._link.rows(_BUNDLE, now=now, to=row.owed.to, seq=row.seq, again=again)
            row = replace(row, joined=tuple(self._leased(self.row(other), owner, until) for other in others))
        return row

    def _newest(self, row: OwedRow, now: datetime) -> OwedRow:
        """One row for all states of the card that are owed: the text is built when it is sent anyway. If an attempt
        was begun, the card may be there already under that row's key, so that row goes on."""
        owed = row.owed
        found = self._link.rows(_NEWER_CARDS, now=now, item=owed.item, view=owed.view, to=owed.to, seq=row.seq)
        rows = sorted([row, *map(self.row, found)], key=lambda each: each.seq)
        kept = next((each for each in rows if each.attempts), rows[-1])
        for each in rows:
            if each is not kept:
                self._link.run(_SUPERSEDE, seq=each.seq)
        return kept

    def _leased(self, row: OwedRow, owner: str, until: datetime) -> OwedRow:
        lease = f"{owner}/{row.seq}/{row.attempts + 1}"
        self._link.run(_LEASE, lease=lease, until=until, seq=row.seq)
        return replace(row, lease=lease, until=until)

    def row(self, row: Row) -> OwedRow:
        return OwedRow(seq=row[0], lease="", attempts=row[1], owed=self._owed.record(row[2:]))


_QUEUES: dict[str | None, Sql] = {}


def _queue(platform: str | None) -> Sql:
    """The question for one platform."""
    if platform not in _QUEUES:
        _QUEUES[platform] = Sql(_QUEUE.replace("{lanes}", _of_platform(platform)))
    return _QUEUES[platform]


def _of_platform(platform: str | None) -> str:
    if platform is None:
        return ""
    chats = f"substr(o.\"to\", 1, {len(platform) + 6}) = 'chat:{platform}:'"
    return f"AND (substr(o.\"to\", 1, 7) = 'person:' OR {chats}) "
