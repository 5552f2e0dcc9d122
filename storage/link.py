"""One connection of the driver's, spoken to directly, with transactions opened and closed by our own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from storage.backend import Backend
from storage.sql import Prepared, Sql

Row = tuple[Any, ...]  # Any: the driver's own values


class Link:
    """A driver connection in autocommit mode: nothing begins or ends but what is said here."""

    __slots__ = ("_conn", "backend", "held", "strand")

    def __init__(self, held: Any, backend: Backend) -> None:  # Any: SQLAlchemy's pooled connection
        self.held = held
        self._conn = held.dbapi_connection
        self.backend = backend
        self.strand: tuple[int, int, str] | None = None  # this connection's part of the trace: see storage.trail

    def execute(self, prepared: Prepared, values: Sequence[Any] = ()) -> Any:  # Any: the driver's cursor
        return self._conn.execute(prepared.text, values)

    def say(self, text: str) -> Any:
        return self._conn.execute(text)

    def many(self, prepared: Prepared, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for many rows. psycopg sends them in one go, without waiting for each."""
        if len(rows) == 1:
            self._conn.execute(prepared.text, rows[0])
        elif rows:
            self._conn.cursor().executemany(prepared.text, rows)

    def in_one_go(self) -> AbstractContextManager[Any]:
        """What is said inside travels together: on PostgreSQL one round trip instead of one each."""
        return self._conn.pipeline() if self.backend.name == "postgresql" else nullcontext()

    def run(self, sql: Sql, **values: Any) -> Any:
        prepared = sql.prepared(self.backend)
        return self._conn.execute(prepared.text, [self.encode(values[name]) for name in prepared.names])

    def rows(self, sql: Sql, **values: Any) -> list[Row]:
        found: list[Row] = self.run(sql, **values).fetchall()
        return found

    def one(self, sql: Sql, **values: Any) -> Row | None:
        found: Row | None = self.run(sql, **values).fetchone()
        return found

    def query(self, text: str, values: Sequence[Any]) -> list[Row]:
        """For questions whose words depend on what is asked."""
        found: list[Row] = self._conn.execute(text, values).fetchall()
        return found

    def query_none(self, text: str, values: Sequence[Any]) -> int:
        """For changes whose words depend on what is changed; returns how many rows they touched."""
        count: int = self._conn.execute(text, values).rowcount
        return count

    def stream(self, text: str, values: Sequence[Any]) -> Iterator[Row]:
        """Row after row, for answers that may not fit into memory."""
        cursor = self._conn.execute(text, values)
        while batch := cursor.fetchmany(1000):
            yield from batch

    def changed(self, sql: Sql, **values: Any) -> int:
        """How many rows the statement touched."""
        count: int = self.run(sql, **values).rowcount
        return count

    def encode(self, value: Any) -> Any:
        return self.backend.encode_moment(value) if type(value) is datetime else value

    def moment(self, value: Any) -> datetime | None:
        found: datetime | None = None if value is None else self.backend.decode_moment(value)
        return found

    @property
    def in_transaction(self) -> bool:
        if self.backend.name == "sqlite":
            return bool(self._conn.in_transaction)
        return int(self._conn.info.transaction_status) != 0 and not self._conn.closed

    @property
    def broken(self) -> bool:
        return self.backend.name == "postgresql" and bool(self._conn.closed or self._conn.broken)

    def close(self) -> None:
        self.held.close()
