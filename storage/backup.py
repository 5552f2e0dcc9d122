"""A copy of everything, taken while the bot runs, and the way back.

SQLite is copied by its own backup interface into a database file. PostgreSQL, or any path that ends in ".zip", gives
a portable archive: one JSON line a row, one file a table. An archive goes back into either database, and so does a
SQLite copy: that is the way from SQLite to PostgreSQL.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date
from sqlalchemy.engine import make_url
from sqlalchemy.sql.schema import Column, Table

from commands.ports import AuditEvent
from storage.engine import open_database
from storage.errors import BackupProblem, DatabaseDamaged
from storage.link import Link
from storage.migrate import HEAD, expect, upgrade
from storage.sql import Sql, column_list
from storage.store import Store
from storage.tables.every import TABLES
from storage.trail import verify
from storage.types import Moment, from_micros, to_micros
from storage.unit_of_work import UnitOfWork

_MANIFEST = "manifest.json"
Values = list[Any]  # Any: what JSON can hold


def backup(url: str, path: Path) -> int:
    """Copies the database to a new file and returns how many rows are in it. The file appears when it is whole."""
    if path.exists():
        raise BackupProblem(f"{path} is there already")
    if not path.absolute().parent.is_dir():
        raise BackupProblem(f"there is no folder {path.absolute().parent}")
    expect(url)
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    whole_file = _is_sqlite(url) and path.suffix != ".zip"
    try:
        with closing(Store(url)) as store:
            rows = _copy_file(store, unfinished) if whole_file else _archive(store, unfinished)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return rows


def restore(url: str, path: Path, *, force: bool = False) -> int:
    """Puts a copy in the place of the database and returns how many rows came. Everything or nothing.

    A database that holds something is only replaced with `force`. A damaged SQLite file is moved aside, to
    "….damaged". Call `after_restore` next.
    """
    if not path.is_file():
        raise BackupProblem(f"there is no file {path}")
    _set_aside_if_damaged(url)
    upgrade(url)
    with closing(Store(url)) as store, store.begin() as uow:
        if not force and (full := _full_tables(uow.link)):
            raise BackupProblem(f"the database is not empty ({', '.join(full)}): use --force to replace it")
        try:
            with _rows_of(path) as (counts, read):
                rows = sum(_fill(uow.link, table, read(table), counts.get(table.name, 0)) for table in TABLES)
        except (LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise _no_backup(path, repr(error)) from error
        problems = verify(uow.link).problems
        if problems:
            raise BackupProblem(f"the trace in {path} is not whole: {'; '.join(problems[:3])}")
    return rows


def after_restore(uow: UnitOfWork, now: datetime, *, older_than: timedelta = timedelta(hours=24)) -> int:
    """Makes an old copy safe to run: messages owed longer ago than `older_than` are dropped, each with a line in the
    trace, and `restored_at` says from when on overdue actions are a backlog to be bundled. Returns how many went."""
    uow.link.run(_REQUEUE)
    dropped = uow.outbox.drop_owed_before(now - older_than, "restored")
    for owed in dropped:
        why = f"owed since {owed.owed_at.isoformat()}, before the backup was restored"
        uow.audit(AuditEvent(at=now, what="message.dropped", item=owed.item, event=owed.key, result="dropped", why=why))
    uow.link.run(_RESTORED, micros=to_micros(now))
    uow.audit(AuditEvent(at=now, what="database.restored", why=f"{len(dropped)} old messages dropped"))
    return len(dropped)


def restored_at(uow: UnitOfWork) -> datetime | None:
    """When a backup was last restored here, or None."""
    row = uow.link.one(_RESTORED_AT)
    return from_micros(row[0]) if row else None


_REQUEUE = Sql("UPDATE outbox SET state = 'pending', lease = '' WHERE state = 'sending'")
_RESTORED = Sql(
    "INSERT INTO meta (key, value) VALUES ('restored_at', :micros) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_RESTORED_AT = Sql("SELECT value FROM meta WHERE key = 'restored_at'")


# --- copying out ---


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _copy_file(store: Store, target: Path) -> int:
    held = store.engine.raw_connection()
    try:
        source: Any = held.dbapi_connection  # Any: sqlite3's, behind SQLAlchemy's
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    finally:
        held.close()
    with _rows_of(target) as (counts, _):
        return sum(counts.values())


def _archive(store: Store, target: Path) -> int:
    with store.begin() as uow, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        if uow.link.backend.name == "postgresql":
            uow.link.say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # one moment, over many statements
        counts = {table.name: _archive_table(archive, uow.link, table) for table in TABLES}
        manifest = {"format": 1, "revision": HEAD, "rows": counts}
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return sum(counts.values())


def _archive_table(archive: zipfile.ZipFile, link: Link, table: Table) -> int:
    count = 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for values in _read(link, table):
            out.write(json.dumps(values).encode() + b"\n")
            count += 1
    return count


def _read(link: Link, table: Table) -> Iterator[Values]:
    """Rows as JSON can hold them, the same from both databases."""
    columns = tuple(table.c)
    keys = column_list(tuple(c.name for c in table.primary_key))
    text = f'SELECT {column_list(tuple(c.name for c in columns))} FROM "{table.name}" ORDER BY {keys}'
    for row in link.stream(text, ()):
        yield [None if v is None else _plain(v, c) for v, c in zip(row, columns, strict=True)]


def _plain(value: Any, column: Column[Any]) -> Any:
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    return bool(value) if isinstance(column.type, Boolean) else value


# --- copying in ---

Read = Any  # a function from a table to its rows
_Copy = tuple[dict[str, int], Read]


@contextmanager
def _rows_of(path: Path) -> Iterator[_Copy]:
    """How many rows each table has in a copy of either kind, and how to read them."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield _counts_of(archive, path), lambda table: _lines(archive, table)
        return
    with closing(_opened(path)) as store, store.read() as uow:
        if not uow.link.query("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'", ()):
            raise _no_backup(path, "it has none of our tables")
        if not uow.schema_is_ours():
            raise BackupProblem(f"{path} was made by another version of this program")
        link = uow.link
        counts = {t.name: link.query(f'SELECT count(*) FROM "{t.name}"', ())[0][0] for t in TABLES}
        yield counts, lambda table: _read(link, table)


def _opened(path: Path) -> Store:
    """It is the copy that is damaged here: nobody is to think that it is the database."""
    try:
        return Store(f"sqlite:///{path}")
    except DatabaseDamaged as error:
        raise _no_backup(path, str(error.__cause__ or "")) from error


def _no_backup(path: Path, why: str) -> BackupProblem:
    return BackupProblem(f"{path} is damaged or no backup of ours{f': {why}' if why else ''}")


def _counts_of(archive: zipfile.ZipFile, path: Path) -> dict[str, int]:
    broken = archive.testzip()
    if broken or _MANIFEST not in archive.namelist():
        raise _no_backup(path, broken or "")
    manifest = json.loads(archive.read(_MANIFEST))
    if manifest["revision"] != HEAD:
        raise BackupProblem(f"{path} is of revision {manifest['revision']}, this program needs {HEAD}")
    counts: dict[str, int] = manifest["rows"]
    return counts


def _lines(archive: zipfile.ZipFile, table: Table) -> Iterator[Values]:
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            yield json.loads(line)


def _full_tables(link: Link) -> list[str]:
    return [t.name for t in TABLES if link.query(f'SELECT 1 FROM "{t.name}" LIMIT 1', ())]


def _fill(link: Link, table: Table, rows: Iterator[Values], expected: int) -> int:
    columns = tuple(table.c)
    marks = ", ".join([link.backend.placeholder] * len(columns))
    names = column_list(tuple(c.name for c in columns))
    link.query_none(f'DELETE FROM "{table.name}"', ())
    count = 0
    for values in rows:
        encoded = [None if v is None else _encoded(link, v, c) for v, c in zip(values, columns, strict=True)]
        link.query_none(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', encoded)
        count += 1
    if count != expected:
        raise BackupProblem(f"{table.name}: {expected} rows were written, {count} are there")
    if "seq" in table.c and link.backend.name == "postgresql":
        highest = f'(SELECT coalesce(max(seq), 0) + 1 FROM "{table.name}")'
        link.query(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'seq'), {highest}, false)", ())
    return count


def _encoded(link: Link, value: Any, column: Column[Any]) -> Any:
    if isinstance(column.type, Moment):
        return link.backend.encode_moment(from_micros(value))
    if isinstance(column.type, Date):
        return link.backend.encode_day(date.fromisoformat(value))
    return value


def _set_aside_if_damaged(url: str) -> None:
    if not _is_sqlite(url):
        return
    try:
        open_database(url).dispose()
    except DatabaseDamaged:
        path = Path(make_url(url).database or "")
        for tail in ("", "-wal", "-shm"):
            file = path.with_name(path.name + tail)
            if file.exists():
                os.replace(file, file.with_name(file.name + ".damaged"))
