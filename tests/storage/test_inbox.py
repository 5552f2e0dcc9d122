"""An event is answered once, by whoever was first."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import AlreadySeen

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


def test_a_repetition_gets_the_same_answer(store, other):
    with store.begin() as uow:
        assert uow.seen("slack:Ev1") is None
        uow.remember("slack:Ev1", {"toast": "已受理"}, NOW)
    with other.begin() as uow:
        assert uow.seen("slack:Ev1") == {"toast": "已受理"}
        with pytest.raises(AlreadySeen):
            uow.remember("slack:Ev1", {}, NOW)


def test_a_rolled_back_event_is_new_again(store):
    with pytest.raises(RuntimeError), store.begin() as uow:
        uow.remember("e", {}, NOW)
        raise RuntimeError
    with store.begin() as uow:
        assert uow.seen("e") is None


def test_of_two_at_once_one_wins(store, other, together):
    start = threading.Barrier(2)
    won = []

    def answer(of):
        start.wait()
        for n in range(25):
            try:
                with of.begin() as uow:
                    uow.remember(f"e{n}", {}, NOW)
                    uow.next_id("R")
                won.append(n)
            except AlreadySeen:
                pass

    together(lambda: answer(store), lambda: answer(other))
    assert sorted(won) == list(range(25))
    with store.begin() as uow:
        assert uow.next_id("R") == "R-26"


def test_old_keys_are_forgotten_a_few_at_a_time(store):
    with store.begin() as uow:
        for n in range(5):
            uow.remember(f"e{n}", {}, NOW + timedelta(days=n))
        assert uow.inbox.forget_before(NOW + timedelta(days=3), limit=2) == 2
        assert uow.seen("e1") is None
        assert uow.seen("e2") == {}
