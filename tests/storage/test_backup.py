"""A copy is whole, goes back into either database, and an old one does not shout when it wakes."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from commands.domain.people import ChatBinding, Leave
from commands.domain.request import Delivery, Request
from commands.ports import AuditEvent, Owed, OwedKind, Timer
from storage.backup import after_restore, backup, restore, restored_at
from storage.errors import BackupProblem, DatabaseDamaged
from storage.queue import Wanted
from storage.store import Store
from storage.tables.every import TABLES
from storage.trail import verify
from support.databases import database

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def live_in(store):
    with store.begin() as uow:
        for n in range(3):
            uow.add(
                Request(
                    id=uow.next_id("R"), title=f"性能数据 {n}", requester="limin", department="market", lead="rd",
                    created_at=NOW, deliveries=(Delivery(1, "https://x", "he", NOW),),
                )
            )  # fmt: skip
        uow.add_leave(Leave("L-1", "zhangwei", date(2026, 9, 23), date(2026, 9, 24)))
        uow.bind(ChatBinding("slack:C1", "project", "newx"))
        uow.remember("e", {"until": NOW}, NOW)
        uow.set_timer(Timer(key="t", job="clock", due_at=NOW, subject="R-1"))
        uow.owe(Owed(key="o", to="chat:slack:C1", kind=OwedKind.NOTICE, view="v", item="R-1", owed_at=NOW, urgent=True))
        uow.audit(AuditEvent(at=NOW, what="request.raised", item="R-1", after={"due": NOW}))


@pytest.fixture
def living(store):
    live_in(store)
    return store


def everything(store):
    with store.read() as uow:
        records = uow.find(Request), uow.directory, uow.seen("e"), uow.audited(), uow.timers.next_due(NOW, 5)
        return records, verify(uow.link)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def elsewhere(request, tmp_path):
    """The URL of an empty database of either kind."""
    with database(request.param, tmp_path, empty=True) as url:
        yield url


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
def test_a_copy_of_a_live_database_goes_back_into_either_kind(living, elsewhere, tmp_path, name):
    with living.read():  # somebody is at it
        pass
    rows = backup(living.url, tmp_path / name)
    assert restore(elsewhere, tmp_path / name) == rows
    with closing(Store(elsewhere)) as restored:
        assert everything(restored) == everything(living)
        with restored.begin() as uow:
            assert uow.next_id("R") == "R-4"
            uow.set_timer(Timer(key="t2", job="clock", due_at=NOW))
            uow.audit(AuditEvent(at=NOW, what="new"))
            assert not uow.owe(
                Owed(key="o", to="chat:slack:C1", kind=OwedKind.NOTICE, view="v", item="R-1", owed_at=NOW)
            )
        with restored.read() as uow:
            assert verify(uow.link).problems == ()


def test_a_database_that_holds_something_is_replaced_only_by_force(living, tmp_path, url):
    backup(living.url, tmp_path / "copy.zip")
    with living.begin() as uow:
        uow.next_id("R")
    before = everything(living)
    with pytest.raises(BackupProblem, match="not empty"):
        restore(url, tmp_path / "copy.zip")
    assert everything(living) == before
    restore(url, tmp_path / "copy.zip", force=True)
    with living.begin() as uow:
        assert uow.next_id("R") == "R-4"


def test_a_backup_never_overwrites_a_file(living, tmp_path):
    (tmp_path / "copy.zip").write_text("precious")
    with pytest.raises(BackupProblem, match="there already"):
        backup(living.url, tmp_path / "copy.zip")
    with pytest.raises(BackupProblem, match="no folder"):
        backup(living.url, tmp_path / "no" / "copy.zip")


def test_a_broken_archive_changes_nothing(living, tmp_path, url, elsewhere):
    import zipfile

    backup(living.url, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in whole.namelist():
            bad.writestr(name, b"" if name == "audit.jsonl" else whole.read(name))
    with pytest.raises(BackupProblem, match="audit: 1 rows were written, 0 are there"):
        restore(elsewhere, tmp_path / "bad.zip")
    with closing(Store(elsewhere)) as store, store.read() as uow:
        assert uow.find(Request) == []
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises((BackupProblem, DatabaseDamaged)):
        restore(elsewhere, tmp_path / "text.zip")
    with pytest.raises(BackupProblem, match="no file"):
        restore(elsewhere, tmp_path / "nothing.zip")


@pytest.mark.parametrize("what", ["nothing", "noise", "half", "foreign", "a manifest of nonsense", "lines of nonsense"])
def test_what_is_no_backup_is_said_to_be_none_and_changes_nothing(living, tmp_path, elsewhere, what):
    import sqlite3
    import zipfile

    path = tmp_path / "copy"
    backup(living.url, tmp_path / "good.zip")
    match what:
        case "nothing":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(bytes(range(256)) * 40)
        case "half":
            path.write_bytes((tmp_path / "good.zip").read_bytes()[:2_000])
        case "foreign":
            with closing(sqlite3.connect(path)) as other:
                other.execute("CREATE TABLE recipe (cake text)")
        case _:
            spoilt = "manifest.json" if "manifest" in what else "request.jsonl"
            with zipfile.ZipFile(tmp_path / "good.zip") as whole, zipfile.ZipFile(path, "w") as bad:
                for name in whole.namelist():
                    bad.writestr(name, b'{"a": ' if name == spoilt else whole.read(name))
    with pytest.raises(BackupProblem, match="damaged or no backup of ours"):
        restore(elsewhere, path)
    with closing(Store(elsewhere)) as store, store.read() as uow:
        assert uow.find(Request) == []


def test_a_damaged_database_is_moved_aside_for_its_backup(tmp_path):
    with database("sqlite", tmp_path) as url, closing(Store(url)) as store:
        live_in(store)
        before = everything(store)
        backup(url, tmp_path / "copy.db")
    file = tmp_path / url.rpartition("/")[2]
    file.write_bytes(b"\xff" * 8192)
    restore(url, tmp_path / "copy.db")
    assert file.with_name(file.name + ".damaged").read_bytes() == b"\xff" * 8192
    with closing(Store(url)) as store:
        assert everything(store) == before


def test_an_old_copy_drops_what_is_stale_and_marks_the_backlog(living):
    with living.begin() as uow:
        uow.owe(Owed(key="fresh", to="person:he", kind=OwedKind.NOTICE, view="v", item="R-2", owed_at=NOW + 20 * HOUR))
        uow.outbox.claim(NOW, owner="dead process", lease=HOUR, wanted=Wanted(platform="slack"))
        assert restored_at(uow) is None
    with living.begin() as uow:
        assert after_restore(uow, NOW + 30 * HOUR) == 1
    with living.begin() as uow:
        assert restored_at(uow) == NOW + 30 * HOUR
        assert [e.what for e in uow.audited()][-2:] == ["message.dropped", "database.restored"]
        ready = uow.outbox.claim(NOW + 30 * HOUR, owner="me", lease=HOUR)
        assert [row.owed.key for row in ready] == ["fresh"]


def test_every_table_is_in_the_copy():
    from storage.tables.base import METADATA

    assert set(TABLES) == set(METADATA.tables.values())
