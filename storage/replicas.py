"""Who else is running on this database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.link import Link
from storage.revision import HEAD
from storage.sql import Sql

_BEAT = Sql(
    "INSERT INTO replica (name, started_at, seen_at, schema_revision, detail) "
    "VALUES (:name, :now, :now, :head, :detail) ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, "
    "schema_revision = excluded.schema_revision, detail = excluded.detail"
)
_SEEN = Sql("SELECT name, started_at, seen_at, schema_revision, detail FROM replica WHERE seen_at >= :since ORDER BY 1")
_LEAVE = Sql("DELETE FROM replica WHERE name = :name OR seen_at < :long_ago")


@dataclass(frozen=True, slots=True)
class Replica:
    name: str
    started_at: datetime
    seen_at: datetime
    schema_revision: str
    detail: str


class Replicas:
    """The heartbeats, inside one transaction."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def beat(self, name: str, now: datetime, detail: str = "") -> None:
        self._link.run(_BEAT, name=name, now=now, head=HEAD, detail=detail)

    def seen_since(self, since: datetime) -> list[Replica]:
        decode = self._link.backend.decode_moment
        rows = self._link.rows(_SEEN, since=since)
        return [Replica(name, decode(start), decode(seen), head, detail) for name, start, seen, head, detail in rows]

    def leave(self, name: str, long_ago: datetime) -> None:
        """A clean end; whoever was not heard of since `long_ago` is forgotten too."""
        self._link.run(_LEAVE, name=name, long_ago=long_ago)
