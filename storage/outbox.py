"""Messages owed. Written with the change they tell of; claimed with a lease, sent outside any transaction, ticked off.
Their order is the business of `storage.queue`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from commands.ports import Owed, OwedKind, Posted
from storage.link import Link, Row
from storage.mapping import Mapper, mapper
from storage.posted import PostedCards
from storage.queue import COLUMNS, EVERYTHING, OwedRow, Queue, Wanted
from storage.sql import Sql
from storage.tables.machinery import METADATA

_OUTBOX: Final = METADATA.tables["outbox"]
_PARAMETERS: Final = ", ".join(f":{f.name}" for f in fields(Owed))
_ADD = Sql(
    f"INSERT INTO outbox ({COLUMNS}, state, lease, attempts, platform_message, error) "
    f"VALUES ({_PARAMETERS}, 'pending', '', 0, '', '') ON CONFLICT (key) DO NOTHING"
)
_FORGIVE = "UPDATE outbox SET state = 'dropped', error = 'forgiven' WHERE item = :item AND state = 'pending'"
_FORGIVE_ALL = Sql(_FORGIVE)
_FORGIVE_VIEW = Sql(_FORGIVE + " AND view = :view")
_WAKE = Sql("UPDATE outbox SET not_before = :at WHERE state = 'pending' AND \"to\" = :to AND not_before > :at")
_HELD = "WHERE seq = :seq AND state = 'sending' AND lease = :lease"
_SENT = Sql(f"UPDATE outbox SET state = 'sent', sent_at = :now, platform_message = :message, error = '' {_HELD}")
_RETRY = Sql(f"UPDATE outbox SET state = 'pending', next_try_at = :at, error = :error, lease = '' {_HELD}")
_UNTRIED = "UPDATE outbox SET state = 'pending', lease = '', attempts = attempts - 1, "
_PUT_BACK = Sql(f"{_UNTRIED}next_try_at = :at, error = :error {_HELD}")
_PUT_OFF = Sql(f"{_UNTRIED}not_before = :at {_HELD}")
_END = Sql(f"UPDATE outbox SET state = :state, error = :error {_HELD}")
_EXPIRED = Sql(
    f"SELECT o.seq, o.attempts, {COLUMNS} FROM outbox o WHERE o.state = 'pending' AND o.expires_at <= :now "
    "ORDER BY o.seq LIMIT :most{lock_free}"
)
_OWED_BEFORE = Sql(
    f"SELECT o.seq, o.attempts, {COLUMNS} FROM outbox o "
    "WHERE o.state = 'pending' AND o.owed_at < :moment ORDER BY o.seq"
)
_EXPIRE = Sql("UPDATE outbox SET state = 'dropped', error = :why WHERE seq = :seq AND state = 'pending'")
_OLDEST = Sql("SELECT min(owed_at) FROM outbox WHERE state = 'pending'")
_EARLIEST = Sql(
    "SELECT not_before, next_try_at, owed_at, expires_at FROM outbox WHERE state = 'pending' "
    "UNION ALL SELECT lease_until, NULL, owed_at, NULL FROM outbox WHERE state = 'sending'"
)
_SENT_SINCE = Sql(
    "SELECT count(*) FROM outbox WHERE \"to\" = :to AND state = 'sent' AND sent_at > :since AND kind = 'notice'"
)
_RECENT = Sql(
    f"SELECT platform_message, sent_at, {COLUMNS} FROM outbox WHERE \"to\" = :to AND state = 'sent' "
    "AND kind = 'notice' AND sent_at > :since ORDER BY seq"
)
_STANDING_IN = Sql(
    f"SELECT {COLUMNS} FROM outbox WHERE \"to\" = :to AND state = 'sent' AND platform_message = :message ORDER BY seq"
)
_UNDELIVERED = Sql(
    "SELECT item, view, max(seq) FROM outbox WHERE \"to\" = :to AND state = 'dead' AND kind = 'card' "
    "AND owed_at > :since GROUP BY item, view ORDER BY 3"
)
_STATES = Sql("SELECT state, count(*) FROM outbox GROUP BY state")
_FORGET = Sql(
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state IN ('sent', 'dropped') "
    "AND owed_at < :moment ORDER BY seq LIMIT :most)"
)


@dataclass(frozen=True, slots=True)
class Recent:
    """A notice that was sent, and the platform's id of the message in which it stands."""

    message: str
    at: datetime
    owed: Owed


class Outbox:
    """The messages owed, inside one transaction."""

    __slots__ = ("_link", "_owed", "_posted", "_queue", "_unwritten")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._owed: Mapper[Owed] = mapper(Owed, _OUTBOX, link.backend.name)
        self._queue = Queue(link, self._owed)
        self._posted = PostedCards(link)
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

    def has_ready(self, now: datetime, wanted: Wanted = EVERYTHING) -> bool:
        """Whether `claim` could find anything, asked without writing."""
        self.flush()
        return self._queue.has_ready(now, wanted)

    def claim(self, now: datetime, *, owner: str, lease: timedelta, wanted: Wanted = EVERYTHING) -> list[OwedRow]:
        """What may be sent now, at most one per chat or person, leased to `owner` until `now + lease`.

        Of several owed states of one card only the newest is returned, the others are dropped as superseded.
        """
        self.flush()
        return self._queue.claim(now, wanted, owner=owner, lease=lease)

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

    def put_back(self, row: OwedRow, at: datetime, error: str) -> bool:
        """The platform took nothing: as `retry`, but the try does not count."""
        return self._each(_PUT_BACK, row, at=at, error=error[:2000])

    def put_off(self, row: OwedRow, at: datetime) -> bool:
        """It was not tried, and comes again from `at`; it holds nobody up."""
        return self._each(_PUT_OFF, row, at=at)

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
        rows = [self._queue.row(row) for row in self._link.rows(_EXPIRED, now=now, most=limit)]
        return self._drop_all(rows, "expired")

    def drop_owed_before(self, moment: datetime, why: str) -> list[Owed]:
        """Drops what has waited too long to be said, and returns it, for the trace."""
        self.flush()
        return self._drop_all([self._queue.row(row) for row in self._link.rows(_OWED_BEFORE, moment=moment)], why)

    def _drop_all(self, rows: Sequence[OwedRow], why: str) -> list[Owed]:
        for row in rows:
            self._link.run(_EXPIRE, seq=row.seq, why=why)
        return [row.owed for row in rows]

    # --- what is there ---

    def post(self, owed: Owed, *, platform: str, chat: str, message: str, now: datetime, content: str = "") -> None:
        self._posted.post(owed, platform=platform, chat=chat, message=message, now=now, content=content)

    def unpost(self, owed: Owed) -> None:
        """The posted card cannot be edited any more; the next state is a new message."""
        self._posted.unpost(owed)

    def posted(self, item: str, view: str | None = None) -> Sequence[Posted]:
        self.flush()
        return self._posted.of(item, view)

    def posted_between(self, platform: str, since: datetime, until: datetime, *, unless: str) -> Sequence[Posted]:
        """The cards that were posted there in that time and are there still, but for those about whose message
        something is owed, or was, under the key `unless` + its id."""
        self.flush()
        return self._posted.between(platform, since, until, unless=unless)

    def places(self, item: str, view: str) -> Sequence[str]:
        """Every target where this card is, or is about to be."""
        self.flush()
        return self._posted.places(item, view)

    def undelivered(self, to: str, since: datetime) -> Sequence[tuple[str, str]]:
        """Record and view of the cards that could not be shown there, in the order in which they last should have."""
        self.flush()
        return [(item, view) for item, view, _ in self._link.rows(_UNDELIVERED, to=to, since=since)]

    def content(self, owed: Owed) -> str:
        """The digest of what the posted card shows; "" when there is none or it is not known."""
        return self._posted.content(owed)

    # --- for the loops and the metrics ---

    def oldest_pending(self) -> datetime | None:
        self.flush()
        row = self._link.one(_OLDEST)
        return self._link.moment(row[0]) if row else None

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
