"""Who hears of a commit can rely on it: the log is synced first, once for all that wait."""

import asyncio
import errno
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest

from storage.errors import Unsynced
from storage.store import Store
from support.databases import database

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


class Disk:
    """Syncs when it is allowed to."""

    def __init__(self):
        self.files = []
        self.began = threading.Event()
        self.may = threading.Event()
        self.may.set()
        self.fails = False

    def __call__(self, path):
        self.files.append(path)
        self.began.set()
        assert self.may.wait(10)
        if self.fails:
            raise OSError(errno.EIO, "Input/output error")


@pytest.fixture
def url(tmp_path):
    with database("sqlite", tmp_path) as url:
        yield url


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def store(url, disk):
    with closing(Store(url, sync_file=disk)) as store:
        yield store


def remember(uow, key):
    uow.remember(key, {}, NOW)
    return key


def is_stored(store, key):
    with store.read() as uow:
        return uow.seen(key) is not None


async def test_nobody_hears_of_a_commit_before_it_is_on_the_disk_and_one_sync_serves_all_who_wait(store, disk):
    disk.may.clear()
    first = asyncio.create_task(store.run(remember, "a"))
    assert await asyncio.to_thread(disk.began.wait, 10)
    others = [asyncio.create_task(store.run(remember, key)) for key in "bcd"]
    await asyncio.wait(others, timeout=0)
    assert await store.call(is_stored, store, "d")
    assert not any(task.done() for task in (first, *others))
    disk.may.set()
    assert await asyncio.gather(first, *others) == ["a", "b", "c", "d"]
    assert len(disk.files) == 2


async def test_what_changed_nothing_waits_for_no_disk(store, disk):
    assert not await store.call(is_stored, store, "a")
    assert disk.files == []


async def test_what_the_disk_does_not_keep_is_no_success(store, disk):
    disk.fails = True
    with pytest.raises(Unsynced, match="Input/output error"):
        await store.run(remember, "a")
    disk.fails = False
    assert await store.run(remember, "b") == "b"


def test_outside_the_loop_a_commit_is_on_the_disk_when_it_returns(url, store, disk):
    store.transact(remember, "a")
    assert disk.files == [f"{url.removeprefix('sqlite:///')}-wal"]
    disk.fails = True
    with pytest.raises(Unsynced):
        store.transact(remember, "b")


def test_a_log_that_sqlite_has_removed_is_in_the_database(url):
    def gone(path):
        raise FileNotFoundError(path)

    with closing(Store(url, sync_file=gone)) as store:
        assert store.transact(remember, "a") == "a"


def test_a_database_in_memory_has_no_log(disk):
    from storage.migrate import upgrade

    with closing(Store("sqlite://", sync_file=disk)) as store:
        upgrade(store.engine)
        store.transact(remember, "a")
    assert disk.files == []
