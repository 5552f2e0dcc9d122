"""SQL text prepared once per database: named parameters become the driver's placeholders, in order.

Statements go to the driver itself. SQLAlchemy builds those that follow from a table, but executing through it
costs about 14 µs a statement, which on SQLite is more than the statement (RELIABILITY §1a).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.schema import Table

from storage.backend import Backend

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement in the driver's own words, and the order in which it takes its parameters."""

    text: str
    names: tuple[str, ...]


class Sql:
    """A statement with `:named` parameters. `{lock}` and `{lock_free}` become the database's row locks."""

    __slots__ = ("_prepared", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._prepared: dict[str, Prepared] = {}

    def prepared(self, backend: Backend) -> Prepared:
        found = self._prepared.get(backend.name)
        if found is None:
            found = self._prepared[backend.name] = _prepare(self.text, backend)
        return found


def _prepare(text: str, backend: Backend) -> Prepared:
    text = text.replace("{lock}", backend.lock).replace("{lock_free}", backend.lock_free)
    return Prepared(_NAME.sub(backend.placeholder, text), tuple(_NAME.findall(text)))


def insert_into(table: Table, columns: tuple[str, ...], backend: Backend) -> Prepared:
    return _compile(insert(table).inline().values({c: bindparam(c) for c in columns}), backend)


def update_version(table: Table, columns: tuple[str, ...], backend: Backend) -> Prepared:
    """UPDATE of all columns where id and version are the expected ones; their parameters come last."""
    values: dict[str, Any] = {c: bindparam(f"new_{c}") for c in columns}
    where = table.c.id == bindparam("old_id"), table.c.version == bindparam("old_version")
    return _compile(update(table).values(values).where(*where), backend)


def _compile(statement: ClauseElement, backend: Backend) -> Prepared:
    compiled: Any = statement.compile(dialect=backend.dialect())  # Any: positiontup is not in the typed interface
    return Prepared(str(compiled), tuple(compiled.positiontup))


def quoted(column: str) -> str:
    return f'"{column}"'


def column_list(columns: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, columns))
