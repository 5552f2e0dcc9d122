"""What is due. A row each; the scheduler only ticks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.ports import Timer
from storage.link import Link
from storage.nested import dumps, loads_any
from storage.sql import Sql

_SET = Sql(
    "INSERT INTO timer (key, job, subject, due_at, run_at, payload, state, attempts, last_error) "
    "VALUES (:key, :job, :subject, :due_at, :due_at, :payload, 'open', 0, '') "
    "ON CONFLICT (key) DO UPDATE SET job = excluded.job, subject = excluded.subject, due_at = excluded.due_at, "
    "run_at = excluded.run_at, payload = excluded.payload, state = 'open', attempts = 0, last_error = '' "
    "WHERE timer.state <> 'done'"
)
_DROP = Sql("UPDATE timer SET state = 'cancelled' WHERE subject = :subject AND state = 'open'")
_DROP_JOB = Sql("UPDATE timer SET state = 'cancelled' WHERE subject = :subject AND state = 'open' AND job = :job")
_NEXT = Sql("SELECT key FROM timer WHERE state = 'open' AND run_at <= :now ORDER BY run_at, seq LIMIT :most")
_CLAIM = Sql(
    "SELECT key, job, subject, due_at, run_at, payload, attempts FROM timer "
    "WHERE key = :key AND state = 'open' AND run_at <= :now{lock_free}"
)
_FINISH = Sql("UPDATE timer SET state = 'done', done_at = :now WHERE key = :key AND state = 'open'")
_FAIL = Sql(
    "UPDATE timer SET attempts = attempts + 1, last_error = :error, run_at = :retry_at "
    "WHERE key = :key AND state = 'open'"
)
_EARLIEST = Sql("SELECT run_at FROM timer WHERE state = 'open' ORDER BY run_at LIMIT 1")
_COUNT = Sql("SELECT count(*), min(run_at) FROM timer WHERE state = 'open'")
_FORGET = Sql(
    "DELETE FROM timer WHERE seq IN (SELECT seq FROM timer WHERE state <> 'open' AND due_at < :moment "
    "ORDER BY seq LIMIT :most)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTimer:
    """A due action in hand. `due_at` is the planned moment, however late it runs; `attempts` failed before."""

    key: str
    job: str
    subject: str
    due_at: datetime
    run_at: datetime
    payload: Mapping[str, Any]
    attempts: int


class Timers:
    """The due actions, inside one transaction."""

    __slots__ = ("_link", "_unwritten")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._unwritten: list[list[Any]] = []  # Any: values as the driver takes them

    def set(self, timer: Timer) -> None:
        """Written with the next question or the commit, all at once."""
        due = self._link.backend.encode_moment(timer.due_at)
        values = {"key": timer.key, "job": timer.job, "subject": timer.subject, "due_at": due}
        values["payload"] = dumps(timer.payload)
        self._unwritten.append([values[name] for name in _SET.prepared(self._link.backend).names])

    def flush(self) -> None:
        if self._unwritten:
            self._link.many(_SET.prepared(self._link.backend), self._unwritten)
            self._unwritten = []

    def drop(self, subject: str, job: str | None = None) -> None:
        self.flush()
        if job is None:
            self._link.run(_DROP, subject=subject)
        else:
            self._link.run(_DROP_JOB, subject=subject, job=job)

    def next_due(self, now: datetime, limit: int) -> list[str]:
        """Keys of what is due, oldest first. Nothing is locked: `claim` asks again."""
        self.flush()
        return [row[0] for row in self._link.rows(_NEXT, now=now, most=limit)]

    def claim(self, key: str, now: datetime) -> StoredTimer | None:
        """Takes it for this transaction; None when somebody else has it, or it is no longer open and due."""
        self.flush()
        row = self._link.one(_CLAIM, key=key, now=now)
        if row is None:
            return None
        decode = self._link.backend.decode_moment
        return StoredTimer(
            key=row[0], job=row[1], subject=row[2], due_at=decode(row[3]), run_at=decode(row[4]),
            payload=loads_any(row[5]), attempts=row[6],
        )  # fmt: skip

    def finish(self, key: str, now: datetime) -> None:
        """It ran; under this key it will never be due again."""
        self.flush()
        self._link.run(_FINISH, key=key, now=now)

    def fail(self, key: str, error: str, retry_at: datetime) -> None:
        """It did not run: it stays open and is due again at `retry_at`, still with its planned moment."""
        self._link.run(_FAIL, key=key, error=error[:2000], retry_at=retry_at)

    def earliest_open(self) -> datetime | None:
        self.flush()
        row = self._link.one(_EARLIEST)
        return self._link.moment(row[0]) if row else None

    def open(self) -> tuple[int, datetime | None]:
        """For the metrics: how many are open, and since when the oldest has been due or will be."""
        self.flush()
        row = self._link.one(_COUNT)
        return (row[0], self._link.moment(row[1])) if row else (0, None)

    def forget_before(self, moment: datetime, limit: int = 1000) -> int:
        """Deletes what is long over. A key that ran must not come again, so `moment` is months back."""
        return self._link.changed(_FORGET, moment=moment, most=limit)
