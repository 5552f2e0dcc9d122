"""Messages owed. Written with the change they tell of; claimed with a lease, sent outside any transaction, ticked off.

The order: by priority, then by age, but a chat or person has one message under way at a time, and nothing overtakes a
message that waits for its next try. A message put off on purpose (`not_before`) holds nobody up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from commands.ports import Owed, OwedKind, Posted, Priority
from storage.link import Link, Row
from storage.mapping import Mapper, mapper
from storage.sql import Sql, column_list
from storage.tables.machinery import METADATA

_OUTBOX: Final = METADATA.tables["outbox"]
_POSTED: Final = METADATA.tables["posted"]
_COLUMNS: Final = column_list(tuple(f.name for f in fields(Owed)))
_PARAMETERS: Final = ", ".join(f":{f.name}" for f in fields(Owed))
PAGE: Final = 1000
FEW: Final = 400
"""Fewer targets than this are asked one by one."""
_READY: Final = (
    "{t}.state = 'pending' AND ({t}.not_before IS NULL OR {t}.not_before <= :now) "
    "AND ({t}.next_try_at IS NULL OR {t}.next_try_at <= :now) AND ({t}.expires_at IS NULL OR {t}.expires_at > :now)"
)


def _ready(table: str) -> str:
    return _READY.format(t=table)


_ADD = Sql(
    f"INSERT INTO outbox ({_COLUMNS}, state, lease, attempts, platform_message, error) "
    f"VALUES ({_PARAMETERS}, 'pending', '', 0, '', '') ON CONFLICT (key) DO NOTHING"
)
_FORGIVE = "UPDATE outbox SET state = 'dropped', error = 'forgiven' WHERE item = :item AND state = 'pending'"
_FORGIVE_ALL = Sql(_FORGIVE)
_FORGIVE_VIEW = Sql(_FORGIVE + " AND view = :view")
_WAKE = Sql("UPDATE outbox SET not_before = :at WHERE state = 'pending' AND \"to\" = :to AND not_before > :at")
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
_HEAD = Sql(
    f"SELECT o.seq, o.attempts, {_COLUMNS} FROM outbox o WHERE o.seq = ({_FIRST.format(what='h.seq', to=':to')}) "
    "AND o.state = 'pending' "
    "AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.\"to\" = :to AND s.state = 'sending') "
    "AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.\"to\" = :to AND w.state = 'pending' "
    "AND w.next_try_at IS NOT NULL AND w.next_try_at > :now AND w.seq < o.seq){lock_free}"
)
"""What a target gets next, unless something is under way to it or waits for its next try."""
_NEWER_CARDS = Sql(
    f"SELECT o.seq, o.attempts, {_COLUMNS} FROM outbox o WHERE {_ready('o')} AND o.item = :item AND o.view = :view "
    "AND o.\"to\" = :to AND o.kind = 'card' AND o.seq <> :seq ORDER BY o.seq{lock_free}"
)
_BUNDLE = Sql(
    f'SELECT o.seq, o.attempts, {_COLUMNS} FROM outbox o WHERE {_ready("o")} AND o."to" = :to '
    "AND o.kind = 'notice' AND o.bundle AND (o.attempts > 0) = :again AND o.seq <> :seq "
    "ORDER BY o.priority, o.seq LIMIT 50{lock_free}"
)
_LEASE = Sql(
    "UPDATE outbox SET state = 'sending', lease = :lease, lease_until = :until, attempts = attempts + 1 "
    "WHERE seq = :seq AND state = 'pending'"
)
_HELD = "WHERE seq = :seq AND state = 'sending' AND lease = :lease"
_SENT = Sql(f"UPDATE outbox SET state = 'sent', sent_at = :now, platform_message = :message, error = '' {_HELD}")
_RETRY = Sql(f"UPDATE outbox SET state = 'pending', next_try_at = :at, error = :error, lease = '' {_HELD}")
_END = Sql(f"UPDATE outbox SET state = :state, error = :error {_HELD}")
_SUPERSEDE = Sql("UPDATE outbox SET state = 'dropped', error = 'superseded' WHERE seq = :seq AND state = 'pending'")
_POST = Sql(
    'INSERT INTO posted (item, view, "to", platform, chat, message, posted_at, content) '
    "VALUES (:item, :view, :to, :platform, :chat, :message, :posted_at, :content) "
    'ON CONFLICT (item, view, "to") DO UPDATE SET platform = excluded.platform, chat = excluded.chat, '
    "message = excluded.message, posted_at = excluded.posted_at, content = excluded.content"
)
_UNPOST = Sql('DELETE FROM posted WHERE item = :item AND view = :view AND "to" = :to')
_CARD_OWED = "SELECT \"to\" FROM outbox WHERE item = :item AND view = :view AND kind = 'card' AND state = "
_PLACES = Sql(
    'SELECT "to" FROM posted WHERE item = :item AND view = :view '
    f"UNION {_CARD_OWED}'pending' UNION {_CARD_OWED}'sending' ORDER BY 1"
)
_CONTENT = Sql('SELECT content FROM posted WHERE item = :item AND view = :view AND "to" = :to')
_EXPIRED = Sql(
    f"SELECT o.seq, o.attempts, {_COLUMNS} FROM outbox o WHERE o.state = 'pending' AND o.expires_at <= :now "
    "ORDER BY o.seq LIMIT :most{lock_free}"
)
_OWED_BEFORE = Sql(
    f"SELECT o.seq, o.attempts, {_COLUMNS} FROM outbox o "
    "WHERE o.state = 'pending' AND o.owed_at < :moment ORDER BY o.seq"
)
_EXPIRE = Sql("UPDATE outbox SET state = 'dropped', error = :why WHERE seq = :seq AND state = 'pending'")
_OLDEST = Sql("SELECT min(owed_at) FROM outbox WHERE state = 'pending'")
_ANY_READY = Sql(
    f"SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox o WHERE {_ready('o')}) "
    "OR EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until <= :now)"
)
_EARLIEST = Sql(
    "SELECT not_before, next_try_at, owed_at, expires_at FROM outbox WHERE state = 'pending' "
    "UNION ALL SELECT lease_until, NULL, owed_at, NULL FROM outbox WHERE state = 'sending'"
)
_SENT_SINCE = Sql(
    "SELECT count(*) FROM outbox WHERE \"to\" = :to AND state = 'sent' AND sent_at > :since AND kind = 'notice'"
)
_RECENT = Sql(
    f"SELECT platform_message, sent_at, {_COLUMNS} FROM outbox WHERE \"to\" = :to AND state = 'sent' "
    "AND kind = 'notice' AND sent_at > :since ORDER BY seq"
)
_STANDING_IN = Sql(
    f"SELECT {_COLUMNS} FROM outbox WHERE \"to\" = :to AND state = 'sent' AND platform_message = :message ORDER BY seq"
)
_STATES = Sql("SELECT state, count(*) FROM outbox GROUP BY state")
_FORGET = Sql(
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state IN ('sent', 'dropped') "
    "AND owed_at < :moment ORDER BY seq LIMIT :most)"
)


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A message in hand. `attempts` were begun before this one; after the first, the message may be there already.
    `joined` are the other notices to the same person that go with it, in one message, under its lease."""

    seq: int
    lease: str
    attempts: int
    owed: Owed
    joined: tuple[OwedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Recent:
    """A notice that was sent, and the platform's id of the message in which it stands."""

    message: str
    at: datetime
    owed: Owed


class Outbox:
    """The messages owed, inside one transaction."""

    __slots__ = ("_link", "_owed", "_posted", "_unwritten")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._owed: Mapper[Owed] = mapper(Owed, _OUTBOX, link.backend.name)
        self._posted: Mapper[Posted] = mapper(Posted, _POSTED, link.backend.name)
        self._unwritten: list[list[Any]] = []  # Any: values as the driver takes them

    # --- owing ---

    def add(self, message: Owed) -> bool:
        """False, and nothing, when the key was there before."""
        self.flush()
        added: int = self._link.execute(_ADD.prepared(self._link.backend), self._owed.values(message)).rowcount
        return added == 1

    def add_later(self, message: Owed) -> None:
        """Written with the next question or the commit, all at once; nothing, when the key was there before."""
        self._unwritten.append(self._owed.values(message))

    def flush(self) -> None:
        if self._unwritten:
            self._link.many(_ADD.prepared(self._link.backend), self._unwritten)
            self._unwritten = []

    def forgive(self, item: str, view: str | None = None) -> int:
        self.flush()
        if view is None:
            return self._link.changed(_FORGIVE_ALL, item=item)
        return self._link.changed(_FORGIVE_VIEW, item=item, view=view)

    def wake(self, to: str, at: datetime) -> int:
        self.flush()
        return self._link.changed(_WAKE, to=to, at=at)

    # --- sending ---

    def claim(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        limit: int = 20,
        platforms: Collection[str] | None = None,
    ) -> list[OwedRow]:
        """What may be sent now, at most one per chat or person, leased to `owner` until `now + lease`.

        `platforms` leaves out chats of other platforms; messages to persons are always in. Of several owed states of
        one card only the newest is returned, the others are dropped as superseded.
        """
        self.flush()
        self._link.run(_RELEASE, now=now)
        targets = self._targets(now, limit, frozenset(platforms) if platforms is not None else None)
        heads = (self._link.one(_HEAD, now=now, to=to) for to in targets)
        rows = (self._row(head) for head in heads if head is not None)
        return [self._take(row, now, owner, now + lease) for row in islice(rows, limit)]

    def _targets(self, now: datetime, limit: int, platforms: frozenset[str] | None) -> Iterator[str]:
        """Who has something to get, by the priority and age of it. Asked in a way whose cost does not grow with how
        many messages wait for one chat or person: the queue names somebody new in nearly every row, or else there are
        few names, which are counted one by one."""
        named: set[str] = set()
        most, seq = 4 * limit, 0
        for priority in Priority:
            while rows := self._link.rows(_queue(platforms), now=now, priority=priority, seq=seq, most=most):
                fresh = dict.fromkeys(to for _, to in rows if to not in named)
                named.update(fresh)
                yield from fresh
                if len(rows) < most:
                    break
                if most < PAGE and (others := self._few(platforms)) is not None:
                    yield from self._by_age(now, (to for to in others if to not in named))
                    return
                most, seq = PAGE, rows[-1][0]
            seq = 0

    def _few(self, platforms: frozenset[str] | None) -> list[str] | None:
        """Everybody for whom something waits; None when they are many."""
        rows = self._link.rows(_TARGETS, most=FEW)
        return [row[0] for row in rows if _is_in(row[0], platforms)] if len(rows) < FEW else None

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
            row = replace(row, joined=tuple(self._leased(self._row(other), owner, until) for other in others))
        return row

    def _newest(self, row: OwedRow, now: datetime) -> OwedRow:
        """One row for all states of the card that are owed: the text is built when it is sent anyway. If an attempt
        was begun, the card may be there already under that row's key, so that row goes on."""
        owed = row.owed
        found = self._link.rows(_NEWER_CARDS, now=now, item=owed.item, view=owed.view, to=owed.to, seq=row.seq)
        rows = sorted([row, *map(self._row, found)], key=lambda each: each.seq)
        kept = next((each for each in rows if each.attempts), rows[-1])
        for each in rows:
            if each is not kept:
                self._link.run(_SUPERSEDE, seq=each.seq)
        return kept

    def _leased(self, row: OwedRow, owner: str, until: datetime) -> OwedRow:
        lease = f"{owner}/{row.seq}/{row.attempts + 1}"
        self._link.run(_LEASE, lease=lease, until=until, seq=row.seq)
        return replace(row, lease=lease)

    def _row(self, row: Row) -> OwedRow:
        return OwedRow(seq=row[0], lease="", attempts=row[1], owed=self._owed.record(row[2:]))

    def sent(self, row: OwedRow, *, platform: str, chat: str, message: str, now: datetime, content: str = "") -> bool:
        """Ticks it off with what was joined to it. False, and nothing, when the lease went to somebody else.

        For a card it also remembers where it is, so that the next state edits it; `content` is a digest of what
        it shows.
        """
        if not self._each(_SENT, row, now=now, message=message):
            return False
        if row.owed.kind is OwedKind.CARD:
            self.post(row.owed, platform=platform, chat=chat, message=message, now=now, content=content)
        return True

    def retry(self, row: OwedRow, at: datetime, error: str) -> bool:
        """Not now: it is tried again from `at`, and later messages to the same chat wait behind it."""
        return self._each(_RETRY, row, at=at, error=error[:2000])

    def drop(self, row: OwedRow, why: str) -> bool:
        """Its reason is gone."""
        return self._each(_END, row, state="dropped", error=why)

    def bury(self, row: OwedRow, error: str) -> bool:
        """It cannot be delivered: a dead letter, kept for the administrator."""
        return self._each(_END, row, state="dead", error=error[:2000])

    def _each(self, sql: Sql, row: OwedRow, **values: Any) -> bool:
        """False when the lease went to somebody else."""
        first, *_ = [self._link.changed(sql, seq=r.seq, lease=r.lease, **values) for r in _all(row)]
        return first == 1

    def expire(self, now: datetime, limit: int = 1000) -> list[Owed]:
        """Drops what makes no sense any more and returns it, for the trace."""
        self.flush()
        rows = [self._row(row) for row in self._link.rows(_EXPIRED, now=now, most=limit)]
        return self._drop_all(rows, "expired")

    def drop_owed_before(self, moment: datetime, why: str) -> list[Owed]:
        """Drops what has waited too long to be said, and returns it, for the trace."""
        self.flush()
        return self._drop_all([self._row(row) for row in self._link.rows(_OWED_BEFORE, moment=moment)], why)

    def _drop_all(self, rows: Sequence[OwedRow], why: str) -> list[Owed]:
        for row in rows:
            self._link.run(_EXPIRE, seq=row.seq, why=why)
        return [row.owed for row in rows]

    # --- what is there ---

    def post(self, owed: Owed, *, platform: str, chat: str, message: str, now: datetime, content: str = "") -> None:
        self._link.run(
            _POST, item=owed.item, view=owed.view, to=owed.to, platform=platform, chat=chat, message=message,
            posted_at=now, content=content,
        )  # fmt: skip

    def unpost(self, owed: Owed) -> None:
        """The posted card cannot be edited any more; the next state is a new message."""
        self._link.run(_UNPOST, item=owed.item, view=owed.view, to=owed.to)

    def posted(self, item: str, view: str | None = None) -> Sequence[Posted]:
        self.flush()
        wanted = [value for value in (item, view) if value is not None]
        where = " AND ".join(f"{name} = {self._link.backend.placeholder}" for name in ("item", "view")[: len(wanted)])
        text = f"SELECT {column_list(self._posted.columns)} FROM posted WHERE {where} ORDER BY seq"
        return [self._posted.record(row) for row in self._link.query(text, wanted)]

    def places(self, item: str, view: str) -> Sequence[str]:
        """Every target where this card is, or is about to be."""
        self.flush()
        return [row[0] for row in self._link.rows(_PLACES, item=item, view=view)]

    def content(self, owed: Owed) -> str:
        """The digest of what the posted card shows; "" when there is none or it is not known."""
        row = self._link.one(_CONTENT, item=owed.item, view=owed.view, to=owed.to)
        return row[0] if row else ""

    # --- for the loops and the metrics ---

    def oldest_pending(self) -> datetime | None:
        self.flush()
        row = self._link.one(_OLDEST)
        return self._link.moment(row[0]) if row else None

    def has_ready(self, now: datetime) -> bool:
        """Whether `claim` could find anything, asked without writing."""
        self.flush()
        return self._link.one(_ANY_READY, now=now) is not None

    def earliest_ready(self) -> datetime | None:
        """The moment at which the next message can go out (or a lease ends); may lie in the past."""
        self.flush()
        moments = (self._ready_at(row) for row in self._link.rows(_EARLIEST))
        return min((moment for moment in moments if moment), default=None)

    def _ready_at(self, row: Row) -> datetime | None:
        not_before, next_try, owed_at, expires = map(self._link.moment, row)
        ready = max(moment for moment in (not_before, next_try, owed_at) if moment)
        return None if expires and expires <= ready else ready

    def sent_to_since(self, to: str, since: datetime) -> int:
        """How many notices somebody got after a moment."""
        self.flush()
        row = self._link.one(_SENT_SINCE, to=to, since=since)
        return row[0] if row else 0

    def recent(self, to: str, since: datetime) -> list[Recent]:
        """The notices somebody got after a moment, in order: what stands in which message."""
        rows = self._link.rows(_RECENT, to=to, since=since)
        found = ((row[0], self._link.moment(row[1]), self._owed.record(row[2:])) for row in rows)
        return [Recent(message, at, owed) for message, at, owed in found if at]

    def standing_in(self, to: str, message: str) -> list[Owed]:
        """What a platform's message shows, in order."""
        return [self._owed.record(row) for row in self._link.rows(_STANDING_IN, to=to, message=message)]

    def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        self.flush()
        return dict((row[0], row[1]) for row in self._link.rows(_STATES))

    def forget_before(self, moment: datetime, limit: int = 1000) -> int:
        """Deletes what was sent or dropped long ago; dead letters stay."""
        return self._link.changed(_FORGET, moment=moment, most=limit)


def _all(row: OwedRow) -> tuple[OwedRow, ...]:
    return (row, *row.joined)


_BY_LANES: dict[frozenset[str] | None, Sql] = {}


def _queue(platforms: frozenset[str] | None) -> Sql:
    """The question for some platforms. Their names come from the program's own table, not from people."""
    if platforms not in _BY_LANES:
        _BY_LANES[platforms] = Sql(_QUEUE.replace("{lanes}", _lanes(platforms)))
    return _BY_LANES[platforms]


def _lanes(platforms: frozenset[str] | None) -> str:
    if platforms is None:
        return ""
    if not all(name.isidentifier() for name in platforms):
        raise ValueError(f"not names of platforms: {sorted(platforms)}")
    starts = " ".join(f"OR substr(o.\"to\", 1, {len(name) + 6}) = 'chat:{name}:'" for name in sorted(platforms))
    return f"AND (substr(o.\"to\", 1, 7) = 'person:' {starts}) "


def _is_in(to: str, platforms: frozenset[str] | None) -> bool:
    kind, _, rest = to.partition(":")
    return platforms is None or kind == "person" or rest.partition(":")[0] in platforms
