"""The directory read from its tables, and the number that says when it changed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from sqlalchemy.sql.schema import Table

from commands.domain.people import ChatBinding, Department, Directory, Leadership, Leave, Person, Project
from storage.link import Link
from storage.mapping import Mapper, mapper
from storage.sql import Sql, column_list
from storage.tables.org import METADATA

DEPARTMENT: Final = METADATA.tables["department"]
LEADERSHIP: Final = METADATA.tables["leadership"]
PROJECT: Final = METADATA.tables["project"]
LEAVE: Final = METADATA.tables["leave"]
BINDING: Final = METADATA.tables["binding"]

_VERSION = Sql("SELECT value FROM meta WHERE key = 'directory'")
_CHANGED = Sql(
    "INSERT INTO meta (key, value) VALUES ('directory', 1) ON CONFLICT (key) DO UPDATE SET value = meta.value + 1"
)
_PEOPLE = Sql("SELECT id, name, email, COALESCE(own_language, language), timezone, active FROM person ORDER BY seq")
_IDENTITIES = Sql('SELECT person, platform, "user" FROM identity ORDER BY platform, "user"')
_ROLES = Sql("SELECT role, person FROM role ORDER BY role, rank, person")


def version(link: Link) -> int:
    """Changes with every change of the directory, by whatever process."""
    row = link.one(_VERSION)
    return row[0] if row else 0


def touch(link: Link) -> None:
    """Says that the directory changed. On PostgreSQL it also makes changes of the directory wait for each other."""
    link.run(_CHANGED)


def load(link: Link, version: int) -> Directory:
    """All of it. `version` was read before: a change that comes in between shows as another version next time."""
    roles = _roles(link)
    leadership = _all(link, Leadership, LEADERSHIP)
    return Directory(
        people=_people(link),
        departments={d.id: d for d in _all(link, Department, DEPARTMENT, "WHERE active")},
        leadership=leadership[0] if leadership else Leadership(),
        projects={p.id: p for p in _all(link, Project, PROJECT, "WHERE active")},
        pmo=tuple(roles["pmo"]),
        admins=tuple(roles["admin"]),
        leaves=tuple(_all(link, Leave, LEAVE)),
        bindings={b.address: b for b in _all(link, ChatBinding, BINDING)},
        version=version,
    )


def shelf(link: Link, kind: type[Any], table: Table, extra: tuple[str, ...] = ()) -> Mapper[Any]:
    return mapper(kind, table, link.backend.name, extra)


def _all(link: Link, kind: type[Any], table: Table, where: str = "") -> list[Any]:
    found = shelf(link, kind, table)
    text = f'SELECT {column_list(found.columns)} FROM "{table.name}" {where} ORDER BY seq'
    return [found.record(row) for row in link.query(text, ())]


def _people(link: Link) -> dict[str, Person]:
    identities: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for person, platform, user in link.rows(_IDENTITIES):
        identities[person].setdefault(platform, user)
    return {
        id: Person(id, name, email, language, timezone, identities.get(id, {}), bool(active))
        for id, name, email, language, timezone, active in link.rows(_PEOPLE)
    }


def _roles(link: Link) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for role, person in link.rows(_ROLES):
        found[role].append(person)
    return found
