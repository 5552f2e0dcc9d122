"""The few things in which the two databases differ, in one value each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Dialect

from storage.types import aware, from_micros, to_micros

Convert = Callable[[Any], Any]  # Any: what the driver takes or gives


@dataclass(frozen=True, slots=True)
class Backend:
    """How values travel, how a transaction begins, and how rows are locked."""

    name: str
    placeholder: str
    begin: str
    begin_reading: str | None  # None: each statement is its own snapshot anyway (READ COMMITTED)
    lock: str
    lock_free: str  # lock what nobody else holds
    encode_moment: Convert
    decode_moment: Convert
    encode_day: Convert
    decode_day: Convert
    decode_flag: Convert | None

    def dialect(self) -> Dialect:
        """For compiling Core statements once, with the placeholders in order."""
        if self.name == "sqlite":
            from sqlalchemy.dialects.sqlite import pysqlite

            return pysqlite.dialect()
        from sqlalchemy.dialects.postgresql import psycopg

        dialect: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
        return dialect


# IMMEDIATE always: a deferred transaction that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT when
# another process wrote in between, and busy_timeout does not help (RELIABILITY §3).
SQLITE: Final = Backend(
    name="sqlite",
    placeholder="?",
    begin="BEGIN IMMEDIATE",
    begin_reading="BEGIN",
    lock="",
    lock_free="",
    encode_moment=to_micros,
    decode_moment=from_micros,
    encode_day=date.isoformat,
    decode_day=date.fromisoformat,
    decode_flag=bool,
)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


POSTGRESQL: Final = Backend(
    name="postgresql",
    placeholder="%s",
    begin="BEGIN",
    begin_reading=None,
    lock=" FOR UPDATE",
    lock_free=" FOR UPDATE SKIP LOCKED",
    encode_moment=aware,
    decode_moment=_in_utc,
    encode_day=lambda day: day,
    decode_day=lambda day: day,
    decode_flag=None,
)

BACKENDS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
