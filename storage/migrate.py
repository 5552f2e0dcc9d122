"""Brings the tables to the schema this program was written for. Alembic is imported only when there is work for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import Connection, Engine, inspect, text

from storage.backend import BACKENDS
from storage.engine import open_database
from storage.errors import SchemaProblem, UnknownRevision, explain
from storage.revision import HEAD, KNOWN

__all__ = ["HEAD", "Schema", "check", "upgrade"]

_STAMPED = text(
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
_LOCK = text("SELECT pg_advisory_xact_lock(7236125)")  # any number of ours: one replica migrates, the others wait


class Schema(StrEnum):
    """How the tables stand to this program."""

    EMPTY = "empty"
    BEHIND = "behind"
    AT_HEAD = "at head"
    UNKNOWN = "unknown"


def check(url: str | Engine) -> Schema:
    """Looks, and changes nothing."""
    with _engine(url) as engine, _transaction(engine) as connection:
        return _state(connection)


def expect(url: str | Engine) -> None:
    """Raises `SchemaProblem` where the tables are not those of this program: for whoever only wants to read them."""
    with _engine(url) as engine, _transaction(engine) as connection:
        match _state(connection):
            case Schema.EMPTY:
                raise SchemaProblem(
                    "the database is empty: its tables come with the first start, or liaison db upgrade"
                )
            case Schema.BEHIND:
                raise SchemaProblem("the database is of an earlier version: liaison db upgrade")
            case Schema.UNKNOWN:
                raise UnknownRevision(_not_ours(connection))
            case _:
                return


def upgrade(url: str | Engine) -> Schema:
    """Creates or migrates the tables in one transaction; returns what was there before.

    Raises `UnknownRevision` for tables that a newer program made, or somebody else.
    """
    with _engine(url) as engine, _transaction(engine, BACKENDS[engine.dialect.name].begin) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK)
        before = _state(connection)
        if before is Schema.UNKNOWN:
            raise UnknownRevision(_not_ours(connection))
        if before is Schema.EMPTY:
            _create(connection)
        elif before is Schema.BEHIND:
            _migrate(connection)
        return before


def _state(connection: Connection) -> Schema:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return Schema.EMPTY
    if "alembic_version" not in tables:
        return Schema.UNKNOWN
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if found == [HEAD]:
        return Schema.AT_HEAD
    return Schema.BEHIND if len(found) == 1 and found[0] in KNOWN else Schema.UNKNOWN


def _not_ours(connection: Connection) -> str:
    if "alembic_version" not in inspect(connection).get_table_names():
        return "there are tables in this database that are not Liaison's: give it a database of its own"
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return f"the database is at revision {', '.join(found) or 'none'}, this program knows up to {HEAD}: update it"


def _create(connection: Connection) -> None:
    """A new database gets its tables from the models: the same ones, and alembic need not be imported for it
    (`tests/storage` compares the two ways)."""
    from storage.tables.base import name_conditions
    from storage.tables.every import METADATA, TABLES

    name_conditions(connection.dialect.name)
    METADATA.create_all(connection, tables=list(TABLES), checkfirst=False)
    connection.execute(_STAMPED)
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


@contextmanager
def _engine(url: str | Engine) -> Iterator[Engine]:
    """A caller's engine stays open; one that we opened does not."""
    if isinstance(url, Engine):
        yield url
        return
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _transaction(engine: Engine, begin: str = "BEGIN") -> Iterator[Connection]:
    """DDL and all: sqlite3 would commit before a CREATE TABLE if it were left to open transactions itself."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(begin)
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
    except Exception as error:
        known = None if isinstance(error, SchemaProblem) else explain(error)
        if known is None:
            raise
        raise known from error
