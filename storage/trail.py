"""The trace: append-only lines, chained so that a change made behind our back is found.

Each connection writes a strand of its own: its lines are numbered without gaps, each carries a SHA-256 over the
line before it and its own content, and the strand's row keeps the count and the last digest. No strand is shared, so
nobody waits for anybody. `verify` finds a line that was edited, deleted, inserted or moved, a strand cut at its end
and a strand that vanished. It does not find the work of somebody who rewrites lines, digests and strand rows
consistently: there is no secret in it. Against that, keep `Verdict.fingerprint` somewhere else and compare.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from commands.ports import AuditEvent
from storage.link import Link
from storage.mapping import Mapper, mapper
from storage.sql import Sql, column_list
from storage.tables.machinery import METADATA
from storage.types import to_micros

_CHAIN: Final = ("strand", "number", "digest")
_TABLE: Final = METADATA.tables["audit"]
_NEW_STRAND = Sql(
    "INSERT INTO counter (prefix, last) VALUES ('strand', 1) "
    "ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last"
)
_OPEN_STRAND = Sql("INSERT INTO strand (id, last, digest) VALUES (:id, 0, '')")
_EXTEND = Sql("UPDATE strand SET last = :last, digest = :digest WHERE id = :id")
_STRANDS = Sql("SELECT id, last, digest FROM strand ORDER BY id")
_STRAND_COUNT = Sql("SELECT last FROM counter WHERE prefix = 'strand'")


def _mapper(link: Link) -> Mapper[AuditEvent]:
    return mapper(AuditEvent, _TABLE, link.backend.name, _CHAIN)


class Trail:
    """The trace, inside one transaction."""

    __slots__ = ("_link", "_mapper", "_unwritten", "head")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._mapper = _mapper(link)
        self._unwritten: list[list[Any]] = []
        self.head = link.strand  # becomes the connection's when the transaction is committed

    def note(self, event: AuditEvent) -> None:
        """Written with the next question or the commit, in order."""
        self._unwritten.append(self._mapper.values(event))

    def flush(self) -> None:
        if not self._unwritten:
            return
        strand, number, digest = self.head or self._begin_strand()
        rows: list[tuple[Any, ...]] = []
        for values in self._unwritten:
            number += 1
            digest = _digest(digest, values)
            rows.append((*values, strand, number, digest))
        self._link.many(self._mapper.insert, rows)
        self._link.run(_EXTEND, last=number, digest=digest, id=strand)
        self.head = (strand, number, digest)
        self._unwritten = []

    def _begin_strand(self) -> tuple[int, int, str]:
        row = self._link.one(_NEW_STRAND)
        assert row is not None
        self._link.run(_OPEN_STRAND, id=row[0])
        return row[0], 0, ""

    def read(self, item: str | tuple[str, ...] | None, since: datetime | None, limit: int) -> Sequence[AuditEvent]:
        """The last `limit` lines, oldest first."""
        self.flush()
        mark = self._link.backend.placeholder
        items = (item,) if isinstance(item, str) else item or ()
        terms = [f"item IN ({', '.join([mark] * len(items))})"] * bool(items) + [f"at >= {mark}"] * (since is not None)
        values = [self._link.encode(value) for value in (*items, since, limit) if value is not None]
        where = f"WHERE {' AND '.join(terms)}" if terms else ""
        text = f"SELECT {column_list(self._mapper.columns)} FROM audit {where} ORDER BY seq DESC LIMIT {mark}"
        rows = self._link.query(text, values)
        return [self._mapper.record(row) for row in reversed(rows)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `fingerprint` stands for the whole trace: equal to an earlier one only if nothing changed."""

    lines: int
    fingerprint: str
    problems: tuple[str, ...] = field(default=())


def verify(link: Link) -> Verdict:
    """Reads the whole trace, strand by strand."""
    count = link.one(_STRAND_COUNT)
    problems: list[str] = []
    lines = 0
    heads = link.rows(_STRANDS)
    missing = set(range(1, (count[0] if count else 0) + 1)) - {head[0] for head in heads}
    problems += [f"strand {strand} is gone" for strand in sorted(missing)]
    for strand, last, digest in heads:
        number, found = _walk(link, strand, problems)
        lines += number
        if number != last:
            problems.append(f"strand {strand}: {last} lines were written, {number} are there")
        elif found != digest:
            problems.append(f"strand {strand}: its last line is not the one that was written")
    problems += _strays(link, {head[0] for head in heads})
    return Verdict(lines, sha256(repr(heads).encode()).hexdigest(), tuple(problems))


def _walk(link: Link, strand: int, problems: list[str]) -> tuple[int, str]:
    columns = tuple(_mapper(link).columns)
    mark = link.backend.placeholder
    text = f"SELECT seq, number, digest, {column_list(columns)} FROM audit WHERE strand = {mark} ORDER BY number"
    seen, expected, digest = 0, 1, ""
    for seq, number, written, *values in link.stream(text, (strand,)):
        if number != expected:
            problems.append(f"strand {strand}: lines {expected} to {number - 1} are missing")
        elif written != _digest(digest, values):
            problems.append(f"line {seq} of {link.moment(values[0])} was changed")
        seen, expected, digest = seen + 1, number + 1, written
    return seen, digest


def _strays(link: Link, strands: set[int]) -> list[str]:
    found = {row[0] for row in link.query("SELECT DISTINCT strand FROM audit", ())}
    return [f"strand {strand} was never opened" for strand in sorted(found - strands)]


def _digest(before: str, values: Sequence[Any]) -> str:
    """The same on both databases, so that a trace can be moved."""
    plain = [to_micros(v) if isinstance(v, datetime) else v for v in values]
    return sha256((before + json.dumps(plain, ensure_ascii=True)).encode()).hexdigest()
