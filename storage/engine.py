"""Opens a database by its URL, so that what is committed stays committed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from storage.errors import DatabaseAway, DatabaseDamaged, StorageError, explain

BUSY_TIMEOUT_MS = 5000


def open_database(url: str | URL, *, check: bool = True, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """An engine whose connections are in autocommit mode (`storage.link` opens transactions itself).

    A SQLite file is checked first: a damaged one raises `DatabaseDamaged`, and is never replaced by an empty one.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, check, busy_timeout_ms)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed)
    raise StorageError(f"neither sqlite:///… nor postgresql://…: {parsed.render_as_string(hide_password=True)}")


def _open_sqlite(url: URL, check: bool, busy_timeout_ms: int) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory and "uri" not in url.query:
        _parent_exists(Path(url.database or ""))
    engine = create_engine(
        url,
        poolclass=StaticPool if in_memory else NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": busy_timeout_ms / 1000, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    _asking(engine, lambda connection: _make_ready(connection, check=check and not in_memory))
    return engine


def _parent_exists(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise DatabaseAway(f"there is no folder {path.absolute().parent} for the database {path.name}")


def _make_ready(connection: sqlite3.Connection, *, check: bool) -> None:
    """`quick_check` because a page that was overwritten opens fine and fails only when it is read, in the middle
    of somebody's command (RELIABILITY §3)."""
    if check:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"file is not a database as it should be: {verdict}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        connection.execute("PRAGMA journal_mode = WAL")


def _asking(engine: Engine, question: Any) -> None:
    try:
        held = engine.raw_connection()
        try:
            question(held.dbapi_connection)
        finally:
            held.close()
    except Exception as error:
        engine.dispose()
        known = explain(error)
        if known is None and isinstance(error, sqlite3.DatabaseError):
            known = DatabaseDamaged(f"{error}; put a backup in its place: liaison db restore FILE")
        if known is None:
            raise
        raise known from error


def _open_postgresql(url: URL) -> Engine:
    """UTC sessions in READ COMMITTED. The Store keeps the connections, and its BEGIN is their ping."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": "-c TimeZone=UTC", "connect_timeout": 5},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:  # Any: psycopg is an extra, not imported here
        connection.autocommit = True

    return engine
