"""What happens when the database is in trouble: a name for it, nothing half written, and never a blind repeat."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import UTC, datetime

import pytest

from commands.errors import Conflict
from storage.errors import (
    CommitUnknown,
    DatabaseAway,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseReadOnly,
    StorageError,
)
from storage.store import Store
from support.databases import database

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    with database("sqlite", tmp_path) as url:
        yield tmp_path / url.rpartition("/")[2]


def remember(uow, key="e"):
    uow.remember(key, {}, NOW)
    return key


def is_stored(store, key="e"):
    with store.read() as uow:
        return uow.seen(key) is not None


# --- running work ---


async def test_work_runs_in_a_storage_thread_and_is_committed(store):
    assert await store.run(remember, "a") == "a"
    assert await store.call(is_stored, store, "a")
    names = await asyncio.gather(*(store.run(lambda uow, n=n: uow.next_id("R")) for n in range(20)))
    assert sorted(names, key=lambda name: int(name[2:])) == [f"R-{n}" for n in range(1, 21)]


def test_who_was_too_late_starts_again_from_scratch(store):
    seen = []

    def work(uow):
        seen.append(uow.next_id("R"))
        if len(seen) < 3:
            raise Conflict("R-1")

    store.transact(work)
    assert seen == ["R-1", "R-1", "R-1"]


def test_a_conflict_without_end_is_told(store):
    def work(uow):
        raise Conflict("R-1")

    with pytest.raises(Conflict):
        store.transact(work)


def test_a_bug_surfaces_as_it_is(store):
    with pytest.raises(ZeroDivisionError), store.begin():
        1 / 0  # noqa: B018
    assert store.transact(remember) == "e"


def test_a_transaction_inside_a_transaction_is_a_bug(tmp_path):
    with database("sqlite", tmp_path) as url, closing(Store(url)) as store, store.begin():
        inner = store.begin()
        with pytest.raises(RuntimeError, match="open in this thread"):
            inner.__enter__()


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_crash_points_lie_around_the_commit(open_store, point):
    class Crash(Exception):
        pass

    def crash(name):
        if name == point:
            raise Crash

    with pytest.raises(Crash), open_store(crash_point=crash).begin() as uow:
        remember(uow)
    assert is_stored(open_store()) is (point == "after_commit")


def test_deadlocked_transactions_are_run_again(store, other, together, kind):
    import threading

    meet = threading.Barrier(2)
    tries = []

    def work(uow, first, second):
        tries.append(first)
        uow.next_id(first)
        if len(tries) <= 2 and kind == "postgresql":
            meet.wait()
        uow.next_id(second)

    together(lambda: store.transact(work, "A", "B"), lambda: other.transact(work, "B", "A"))
    with store.begin() as uow:
        assert (uow.next_id("A"), uow.next_id("B")) == ("A-3", "B-3")
    assert len(tries) >= 3 if kind == "postgresql" else len(tries) == 2  # the server may pick both, one after the other


# --- a commit nobody knows about ---


class CutAtCommit(Store):
    """Loses the connection at the commit: `reached` says whether the server had it by then."""

    reached = True
    cuts = 1

    def _commit(self, link, flush):
        if self.cuts:
            self.cuts -= 1
            flush()
            link.say("COMMIT" if self.reached else "ROLLBACK")
            if link.backend.name == "postgresql":
                link._conn.close()
            raise CommitUnknown("the connection broke")
        super()._commit(link, flush)


@pytest.fixture(params=[True, False], ids=["reached", "lost"])
def cut(url, request):
    store = CutAtCommit(url, back_off=lambda attempt: None)
    store.reached = request.param
    yield store
    store.close()


def test_after_an_unknown_commit_it_is_stored_exactly_once(cut):
    ran = []

    def work(uow):
        ran.append(uow.next_id("R"))
        uow.remember("e", {}, NOW)
        return ran[-1]

    assert cut.transact_confirmed(lambda uow: uow.seen("e") is not None, work) == "R-1"
    assert len(ran) == (1 if cut.reached else 2)
    with cut.begin() as uow:
        assert uow.next_id("R") == "R-2"


def test_without_a_key_to_ask_by_an_unknown_commit_is_never_repeated(cut):
    with pytest.raises(CommitUnknown):
        cut.transact(remember)
    assert is_stored(cut) is cut.reached


# --- PostgreSQL ---


def terminate_all(url):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def pg(tmp_path):
    with database("postgresql", tmp_path) as url, closing(Store(url, back_off=lambda attempt: None)) as store:
        yield url, store


@pytest.mark.postgres
def test_connections_that_died_in_the_pool_are_replaced(pg):
    url, store = pg
    store.transact(remember, "a")
    terminate_all(url)
    with store.begin() as uow:
        assert uow.seen("a") == {}


@pytest.mark.postgres
def test_a_connection_lost_before_the_commit_is_run_again(pg):
    url, store = pg
    ran = []

    def work(uow):
        ran.append(uow.next_id("R"))
        if len(ran) == 1:
            terminate_all(url)
        uow.remember("e", {}, NOW)

    store.transact(work)
    assert ran == ["R-1", "R-1"]


@pytest.mark.postgres
def test_a_connection_lost_during_the_commit_is_unknown(pg):
    url, store = pg

    def cut(name):
        if name == "before_commit":
            terminate_all(url)

    store._crash_point = cut
    with pytest.raises(CommitUnknown), store.begin() as uow:
        uow.next_id("R")


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_away(tmp_path):
    nowhere = Store(f"postgresql://nobody@/none?host={tmp_path}", back_off=lambda attempt: None)
    with closing(nowhere) as store, pytest.raises(DatabaseAway):
        store.transact(remember)


@pytest.mark.postgres
def test_a_read_only_server_says_so(pg):
    _, store = pg
    with pytest.raises(DatabaseReadOnly), store.begin() as uow:
        uow.link.say("SET TRANSACTION READ ONLY")
        remember(uow)


# --- SQLite ---


def test_locked_by_another_process(file):
    with closing(Store(f"sqlite:///{file}", busy_timeout_ms=20)) as store, closing(sqlite3.connect(file)) as holder:
        holder.isolation_level = None
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            store.transact(remember)
        assert not is_stored(store)  # reading goes on meanwhile
        holder.execute("ROLLBACK")
        store.transact(remember)
        assert is_stored(store)


def test_full(file):
    with closing(Store(f"sqlite:///{file}")) as store:
        with store.begin() as uow:
            (pages,) = uow.link.say("PRAGMA page_count").fetchone()
            uow.link.say(f"PRAGMA max_page_count = {pages + 4}")

        def fill(uow):
            uow.next_id("R")
            for n in range(1000):
                uow.remember(f"e{n}", {"text": "x" * 1000}, NOW)

        with pytest.raises(DatabaseFull):
            store.transact(fill)
        assert not is_stored(store, "e0")
        with store.begin() as uow:
            assert uow.next_id("R") == "R-1"
            uow.link.say("PRAGMA max_page_count = 100000")
        store.transact(fill)
        assert is_stored(store, "e999")


def test_read_only(file):
    with closing(Store(f"sqlite:///file:{file}?mode=ro&uri=true")) as store:
        with pytest.raises(DatabaseReadOnly):
            store.transact(remember)
        assert not is_stored(store)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DatabaseAway, match="no folder"):
        Store(f"sqlite:///{tmp_path}/nowhere/liaison.db")


def test_neither_database():
    with pytest.raises(StorageError, match="neither"):
        Store("mysql://root:secret@localhost/x")


@pytest.mark.parametrize("offset", [0, 4096 * 3])
def test_a_damaged_file_is_refused_and_kept(file, offset):
    with closing(Store(f"sqlite:///{file}")) as store, store.begin() as uow:
        for n in range(500):
            remember(uow, f"e{n}")
    with open(file, "r+b") as damaged:
        damaged.seek(offset)
        damaged.write(b"\xff" * 4096)
    before = file.read_bytes()
    with pytest.raises(DatabaseDamaged, match="liaison db restore"):
        Store(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_the_settings_of_a_connection(file):
    with closing(Store(f"sqlite:///{file}")) as store, store.begin() as uow:
        said = {name: uow.link.say(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
        said |= {name: uow.link.say(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "busy_timeout")}
    assert said == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_database_in_memory_serves_all_threads():
    from storage.migrate import upgrade

    with closing(Store("sqlite://")) as store:
        upgrade(store.engine)
        store.transact(remember)
        assert asyncio.run(store.run(lambda uow: uow.seen("e"))) == {}


# --- kill -9 ---

WRITER = """
    import sys
    from datetime import UTC, datetime
    from storage.store import Store

    store = Store(sys.argv[1])
    while True:
        with store.begin() as uow:
            key = uow.next_id("R")
            uow.remember(key, {}, datetime(2026, 9, 23, tzinfo=UTC))
        print(key, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(url):
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), url],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    acknowledged = [process.stdout.readline().strip() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    process.stdout.close()
    process.wait()
    with closing(Store(url)) as store, store.begin() as uow:
        assert all(uow.seen(key) is not None for key in acknowledged)
        number = int(uow.next_id("R").removeprefix("R-"))
    assert len(acknowledged) + 1 <= number <= len(acknowledged) + 2
