"""The directory from the config file, laid under what people changed in chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.sql.schema import Table

from commands.domain.people import ChatBinding, Department, Directory, Leadership, Project
from storage import directory as tables
from storage import identities
from storage.link import Link
from storage.sql import column_list, quoted
from storage.tables.org import METADATA
from storage.unit_of_work import UnitOfWork

Values = dict[str, Any]  # Any: the driver's values, by column
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table and what names a row in it. `keeps`: a row that vanished from the file is switched off, not deleted."""

    table: Table
    key: tuple[str, ...]
    keeps: bool


_PERSON: Final = _Kind(METADATA.tables["person"], ("id",), True)
_IDENTITY: Final = _Kind(METADATA.tables["identity"], ("platform", "user"), False)
_ROLE: Final = _Kind(METADATA.tables["role"], ("role", "person"), False)
_DEPARTMENT: Final = _Kind(tables.DEPARTMENT, ("id",), True)
_PROJECT: Final = _Kind(tables.PROJECT, ("id",), True)
_LEADERSHIP: Final = _Kind(tables.LEADERSHIP, ("id",), False)
_BINDING: Final = _Kind(tables.BINDING, ("address",), True)


def seed(uow: UnitOfWork, wanted: Directory, *, overwrite: bool = False) -> list[str]:
    """Makes the tables say what the file says and returns what changed, as "table key" lines.

    Rows that were changed in chat are left alone unless `overwrite`; even then the file takes away only what it
    contradicts of what platforms told (`storage.identities`). Somebody who vanished from the file is deactivated;
    ids in records never dangle.
    """
    ended = identities.end_stale(uow.link, wanted, overwrite=overwrite)
    changed = [f"identity {platform}/{user} ended" for platform, user, _ in ended]
    for kind, rows in _rows(uow.link, wanted, overwrite=overwrite):
        changed += _merge(uow.link, kind, rows, overwrite)
    if changed:
        uow.directory_changed()
    return changed


def _rows(link: Link, wanted: Directory, *, overwrite: bool) -> Iterator[tuple[_Kind, list[Values]]]:
    people = wanted.people.values()
    plain = ("id", "name", "email", "language", "timezone", "active")
    forget: Values = {"own_language": None}
    yield (
        _PERSON,
        [{name: getattr(p, name) for name in plain} | (forget if overwrite and p.language else {}) for p in people],
    )
    yield _IDENTITY, _identities(link, wanted)
    yield _DEPARTMENT, [_encoded(link, Department, _DEPARTMENT, d) for d in wanted.departments.values()]
    yield _LEADERSHIP, [{"id": "leadership", **_encoded(link, Leadership, _LEADERSHIP, wanted.leadership)}]
    yield _PROJECT, [_encoded(link, Project, _PROJECT, p) for p in wanted.projects.values()]
    yield _BINDING, [_said(_encoded(link, ChatBinding, _BINDING, b)) for b in wanted.bindings.values()]
    roles = (("pmo", wanted.pmo), ("admin", wanted.admins))
    yield _ROLE, [{"role": role, "person": p, "rank": i} for role, ids in roles for i, p in enumerate(ids)]


def _identities(link: Link, wanted: Directory) -> list[Values]:
    """Those of the file, but where a platform told another one."""
    told = list(identities.learnt(link))
    users = {(platform, user) for platform, user, _ in told}
    people = {(platform, person) for platform, _, person in told}
    of_file = ((name, user, p.id) for p in wanted.people.values() for name, user in p.identities.items())
    rows = [*told, *(row for row in of_file if row[:2] not in users and (row[0], row[2]) not in people)]
    return [dict(zip(("platform", "user", "person"), row, strict=True)) for row in rows]


def _encoded(link: Link, cls: type[Any], kind: _Kind, value: Any) -> Values:
    mapper = tables.shelf(link, cls, kind.table)
    found = dict(zip(mapper.columns, mapper.values(value), strict=True))
    return found if "active" in found or not kind.keeps else {**found, "active": True}


def _said(binding: Values) -> Values:
    """What a file can say: that a chat is lost is found out."""
    return {name: value for name, value in binding.items() if name != "lost"}


def _merge(link: Link, kind: _Kind, rows: list[Values], overwrite: bool) -> Iterator[str]:
    there = _there(link, kind)
    for values in rows:
        key = _key(kind, values)
        old = there.pop(key, None)
        if old is None:
            _insert(link, kind, {**values, "source": "file"})
        elif (old["source"] == "file" or overwrite) and _differ(old, values):
            _update(link, kind, key, {**values, "source": "file"})
        else:
            continue
        yield f"{kind.table.name} {'/'.join(key)}"
    for key, old in there.items():
        if (old["source"] == "file" or overwrite) and old.get("active", True):
            _end(link, kind, key)
            yield f"{kind.table.name} {'/'.join(key)} ended"


def _there(link: Link, kind: _Kind) -> dict[Key, Values]:
    columns = tuple(kind.table.c.keys())
    rows = link.query(f'SELECT {column_list(columns)} FROM "{kind.table.name}"', ())
    found = (dict(zip(columns, row, strict=True)) for row in rows)
    return {_key(kind, values): values for values in found}


def _key(kind: _Kind, values: Mapping[str, Any]) -> Key:
    return tuple(values[name] for name in kind.key)


def _differ(old: Values, new: Values) -> bool:
    return any(old[name] != value for name, value in new.items())


def _insert(link: Link, kind: _Kind, values: Values) -> None:
    marks = ", ".join([link.backend.placeholder] * len(values))
    link.query_none(
        f'INSERT INTO "{kind.table.name}" ({column_list(tuple(values))}) VALUES ({marks})', [*values.values()]
    )


def _update(link: Link, kind: _Kind, key: Key, values: Values) -> None:
    changes = ", ".join(f"{quoted(name)} = {link.backend.placeholder}" for name in values)
    link.query_none(f'UPDATE "{kind.table.name}" SET {changes} WHERE {_where(link, kind)}', [*values.values(), *key])


def _end(link: Link, kind: _Kind, key: Key) -> None:
    verb = f'UPDATE "{kind.table.name}" SET active = false' if kind.keeps else f'DELETE FROM "{kind.table.name}"'
    link.query_none(f"{verb} WHERE {_where(link, kind)}", key)


def _where(link: Link, kind: _Kind) -> str:
    return " AND ".join(f"{quoted(name)} = {link.backend.placeholder}" for name in kind.key)
