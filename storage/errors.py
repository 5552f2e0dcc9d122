"""What can go wrong between us and the database, named so that each caller can do the right thing."""

from __future__ import annotations

from typing import Any

RESTORE = "liaison db restore FILE"


class StorageError(Exception):
    """The database did not do what it was asked. Nothing of the transaction is stored unless said otherwise.

    `temporary`: the same may well work in a moment, without anybody doing anything.
    """

    temporary = False


class DatabaseBusy(StorageError):
    """Somebody else holds the database and did not let go in time. Try again later."""

    temporary = True


class DatabaseReadOnly(StorageError):
    """The database may be read but not written: permissions, a read-only disk or a standby server."""


class DatabaseFull(StorageError):
    """No room is left. Reading goes on."""


class DatabaseDamaged(StorageError):
    """The file is not a whole database. The message names the way back."""


class DatabaseAway(StorageError):
    """The database cannot be reached, or the connection broke before the commit: nothing is stored."""


class CommitUnknown(StorageError):
    """The connection broke during the commit: it is stored, or it is not. Ask by business key, never just repeat."""


class Unsynced(StorageError):
    """It is stored, but the disk does not say that it would be after a power cut."""


class Collision(StorageError):
    """Two transactions stood in each other's way and the database chose this one to start again."""


class Taken(StorageError):
    """A key that has to be unique is there already."""


class AlreadySeen(StorageError):
    """An inbound event with this key was answered before."""


class SchemaProblem(StorageError):
    """The tables are not the ones this program was written for."""


class UnknownRevision(SchemaProblem):
    """The tables are newer than this program, or somebody else's: it must not touch them."""


class BackupProblem(StorageError):
    """A backup cannot be written, read, or put where it was asked to go."""


def explain(error: BaseException, *, committing: bool = False) -> StorageError | None:
    """The storage error behind a driver's, or None when it is a bug and should surface as it is."""
    original: Any = getattr(error, "orig", None) or error  # SQLAlchemy wraps what happens while connecting
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return _explain_sqlite(code, original)
    if type(original).__module__.startswith("sqlite3") and "not a database" in str(original):
        return _damaged(original)
    if type(original).__module__.startswith("psycopg"):
        return _explain_postgresql(original, committing)
    return None


def _explain_sqlite(code: int, error: BaseException) -> StorageError | None:
    """By primary result code: https://www.sqlite.org/rescode.html"""
    match code & 0xFF:
        case 5 | 6:
            return DatabaseBusy(f"the database is locked by another process: {error}")
        case 8:
            return DatabaseReadOnly(f"the database cannot be written: {error}")
        case 13:
            return DatabaseFull(f"no room is left for the database: {error}")
        case 11 | 26:
            return _damaged(error)
        case 10 | 14:
            return DatabaseAway(f"the database file cannot be used: {error}")
        case 19 if code in (2067, 1555):  # UNIQUE, PRIMARYKEY
            return Taken(str(error))
    return None


def _damaged(error: BaseException) -> DatabaseDamaged:
    return DatabaseDamaged(f"the database file is damaged ({error}); put a backup in its place: {RESTORE}")


def _explain_postgresql(error: Any, committing: bool) -> StorageError | None:
    """By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
    state: str | None = getattr(error, "sqlstate", None)
    if state is None or state.startswith(("08", "57P")):
        if type(error).__name__ not in ("OperationalError", "InterfaceError") and state is None:
            return None
        return CommitUnknown(str(error)) if committing else DatabaseAway(f"the database is away: {error}")
    if state in ("40001", "40P01"):
        return Collision(str(error))
    if state == "23505":
        return Taken(str(error))
    if state in ("55P03", "57014", "53300"):
        return DatabaseBusy(str(error))
    if state in ("53100", "53200", "53400"):
        return DatabaseFull(str(error))
    if state == "25006":
        return DatabaseReadOnly(str(error))
    if state.startswith("XX"):
        return DatabaseDamaged(f"the server reports damaged data ({error}); put a backup in its place: {RESTORE}")
    return None
