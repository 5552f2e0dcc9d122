"""Events that were acknowledged survive the process, and are handled once."""

from __future__ import annotations

import asyncio
import json
import resource
from contextlib import contextmanager

import pytest

from adapters.journal import Journal


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events"


async def test_what_is_not_done_is_there_after_the_next_start(path):
    first = Journal(path)
    assert first.open() == {}
    assert await first.add("a", {"text": "受理 R-1"})
    assert await first.add("b", {"text": "two"})
    first.done("a")
    first.close()
    second = Journal(path)
    assert second.open() == {"b": {"text": "two"}}
    assert second.knows("a")
    assert second.knows("b")
    second.close()


async def test_what_was_added_is_on_the_disk_though_nobody_closes_the_file(path):
    first = Journal(path)
    first.open()
    await first.add("a", {"n": 1})
    assert [json.loads(line) for line in path.read_bytes().splitlines()] == [{"key": "a", "payload": {"n": 1}}]
    first.close()


async def test_a_key_is_taken_once_while_it_is_in_hand_and_when_it_is_done(path):
    book = Journal(path)
    book.open()
    assert await book.add("a", {})
    assert not await book.add("a", {})
    book.done("a")
    assert not await book.add("a", {})
    book.close()


async def test_whether_an_answer_was_on_its_way_is_known_after_the_next_start(path):
    book = Journal(path)
    book.open()
    for key in ("a", "b", "c"):
        await book.add(key, {})
    book.begin("a")
    book.begin("c")
    book.done("c")
    book.close()
    again = Journal(path)
    assert list(again.open()) == ["a", "b"]
    assert [again.was_begun(key) for key in "abc"] == [True, False, False]
    again.close()


async def test_many_at_once_share_their_writes(path):
    book = Journal(path)
    book.open()
    assert all(await asyncio.gather(*(book.add(f"k{n}", {"n": n}) for n in range(200))))
    assert book.waiting == 200
    book.close()
    again = Journal(path)
    assert list(again.open()) == [f"k{n}" for n in range(200)]
    again.close()


async def test_half_a_line_is_what_nobody_was_told_of(path):
    path.write_bytes(b'{"key":"a","payload":{"n":1}}\n{"key":"b","pay')
    book = Journal(path)
    assert book.open() == {"a": {"n": 1}}
    await book.add("c", {"n": 3})
    book.close()
    again = Journal(path)
    assert list(again.open()) == ["a", "c"]
    again.close()


async def test_two_processes_have_a_file_each_and_a_dead_ones_events_are_taken_over(path):
    one, two = Journal(path), Journal(path)
    one.open()
    assert two.open() == {}
    await one.add("one", {})
    await two.add("two", {})
    one.close()
    two.close()
    three = Journal(path)
    assert three.open() == {"one": {}, "two": {}}
    three.close()
    four = Journal(path)
    assert four.open() == {"one": {}, "two": {}}
    four.close()


async def test_the_file_does_not_grow_for_ever(path):
    book = Journal(path, largest=10_000)
    book.open()
    for n in range(300):
        await book.add(f"k{n}", {"text": "x" * 100})
        book.done(f"k{n}")
    assert path.stat().st_size < 20_000
    book.close()


async def test_a_disk_that_takes_nothing_is_told_and_the_event_may_come_again(path):
    book = Journal(path)
    book.open()
    with disk_full():
        with pytest.raises(OSError, match="large"):
            await book.add("a", {"text": "one"})
        assert not book.knows("a")
    assert await book.add("b", {"text": "two"})
    assert await book.add("a", {"text": "one"})
    book.close()
    again = Journal(path)
    assert list(again.open()) == ["b", "a"]
    again.close()


@contextmanager
def disk_full():
    """No file of this process may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_in_memory_it_forgets_with_the_process():
    book = Journal(None)
    assert book.open() == {}
    assert await book.add("a", {})
    assert not await book.add("a", {})
    book.close()


def test_only_this_user_may_read_it(path):
    book = Journal(path)
    book.open()
    assert path.stat().st_mode & 0o077 == 0
    book.close()
