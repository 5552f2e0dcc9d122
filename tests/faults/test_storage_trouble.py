"""The database is locked, full, read-only or damaged: a friendly answer, nothing half written, and it recovers."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager

import pytest

from storage.store import Store
from support.core import Town
from support.invariants import check_database, counts
from support.process import ROOT, TOWN, Process

RAISE = "/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"
ANNA = "    - {id: anna, name: Anna Berg, language: en, sandbox: anna}\n"
WITH_ANNA = (
    TOWN.read_text(encoding="utf-8").replace("  people:\n", f"  people:\n{ANNA}").replace("[limin]", "[limin, anna]")
)


@contextmanager
def locked(process):
    """Another process writes and does not let go."""
    with closing(sqlite3.connect(process.folder / "liaison.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def timed(act):
    started = time.monotonic()
    result = act()
    return result, time.monotonic() - started


@pytest.mark.slow
def test_while_another_process_holds_the_database_people_hear_it_soon_and_reading_goes_on(tmp_path):
    process = Process(tmp_path, config=WITH_ANNA)
    try:
        chat = process.start()
        chat.limin.says(RAISE)
        with locked(process):
            for person, words in ((chat.limin, "请稍后"), (chat.anna, "try again"), (chat.limin, "请稍后")):
                answer, took = timed(lambda person=person: person.says(RAISE, person.direct))
                assert words in answer.toast, answer.raw
                assert took < 5
            click, took = timed(lambda: chat.zhangwei.sends(chat.card("rd", "R-1"), "request.ack?id=R-1"))
            assert "请稍后" in click.toast
            assert took < 5
            _, took = timed(lambda: chat.limin.says("/request show R-1", "dm:limin"))
            assert "R-1" in chat.messages("dm:limin")[-1].text
            assert took < 5
        assert "R-2" in chat.limin.says(RAISE).toast
        chat.advance("1m")
        assert len([m for m in chat.bot_messages("rd") if m.title.startswith("R-2 ")]) == 1
        assert "Traceback" not in process.output()
        check_database(process.database, history=process.history)
    finally:
        process.close()


@pytest.mark.slow
def test_held_for_a_moment_the_command_waits_and_succeeds(process):
    chat = process.start()
    with closing(
        sqlite3.connect(process.folder / "liaison.db", isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(1.0, lambda: other.execute("ROLLBACK"))
        release.start()
        assert "R-1" in chat.limin.says(RAISE).toast
        release.join()
    check_database(process.database, history=process.history)


@pytest.mark.slow
def test_what_was_due_while_the_database_was_held_happens_afterwards_once(process):
    chat = process.start()
    chat.limin.says("/request 紧急 @研发部 停机")
    process.stop()
    with locked(process):
        # The lock is there before the process is: it cannot even begin, and says why.
        process.begin(at="09-23 13:00")
        assert process.wait() == 1
    assert "locked" in process.output()
    chat = process.start(at="09-23 13:00")
    chat.advance("1m")
    assert len([m for m in chat.bot_messages("leadership") if m.title.startswith("E-1 ")]) == 1
    check_database(process.database, history=process.history)


# --- full, read-only: in this process, where a connection can be limited ------------------------------------


def limited(town, pragma):
    for link in town.bot.core.store._idle:
        link.query(pragma, ())


@pytest.mark.parametrize(
    ("limit", "free"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"),
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
    ],
    ids=["full", "read-only"],
)
def test_where_nothing_can_be_written_people_hear_it_reading_goes_on_and_it_recovers(tmp_path, limit, free):
    with Town(tmp_path, config=WITH_ANNA) as town:
        assert town.says("limin", RAISE).ok
        before = counts(town.store)
        limited(town, limit)
        long = RAISE + " 内容：" + "很长的说明" * 3000
        for person, words in (("limin", "没有执行"), ("anna", "Nothing was done")):
            answer = town.says(person, long)
            assert not answer.ok
            assert words in answer.toast
        assert "R-1" in str(town.says("limin", "/request show R-1").card)
        assert counts(town.store) == before
        limited(town, free)
        assert town.says("limin", long).ok
        town.advance(minutes=1)
        town.check()


# --- at the start --------------------------------------------------------------------------------------------


def refused_start(process, code):
    process.begin()
    assert process.wait() == code
    said = process.output()
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("page", [0, 4096 * 3], ids=["header", "page"])
def test_a_damaged_file_is_never_replaced_and_the_way_back_is_named(process, page):
    process.start().limin.says(RAISE)
    assert process.stop() == 0
    file = process.folder / "liaison.db"
    content = bytearray(file.read_bytes())
    content[page : page + 2048] = b"\xa5" * 2048
    file.write_bytes(content)
    assert "liaison db restore" in refused_start(process, 1)
    assert file.read_bytes() == bytes(content)


def test_a_file_that_is_no_database_is_left_alone(process):
    file = process.folder / "liaison.db"
    file.write_bytes(b"\x89PNG, certainly no database" * 100)
    assert "liaison db restore" in refused_start(process, 1)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_tables_of_a_newer_version_are_not_touched(process):
    process.start()
    assert process.stop() == 0
    with closing(sqlite3.connect(process.folder / "liaison.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    said = refused_start(process, 1)
    assert "9999" in said


def test_a_broken_config_is_refused_with_its_place(process):
    process.town = process.town.replace("clock: manual", "clok: manual")
    said = refused_start(process, 2)
    assert "config.yaml:" in said
    assert "clock" in said


def test_a_folder_that_is_not_there_is_named(tmp_path):
    process = Process(tmp_path, database=f"sqlite:///{tmp_path}/missing/liaison.db")
    said = refused_start(process, 1)
    assert "missing" in said


def test_reading_a_locked_database_from_the_shell_says_why(process):
    process.start()
    process.stop()
    store = Store(process.database, check=False)
    store.close()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "audit", "verify", "--config", str(process.config)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
