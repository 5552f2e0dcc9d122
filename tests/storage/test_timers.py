"""What is due is due once, oldest first, whatever happens to whoever was at it."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.ports import Timer

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_timer(key, due=NOW, subject="R-1", job="clock", **payload):
    return Timer(key=key, job=job, due_at=due, subject=subject, payload=payload)


@pytest.fixture
def setting(store):
    def setting(*timers):
        with store.begin() as uow:
            for timer in timers:
                uow.set_timer(timer)

    return setting


def due(store, now=NOW, limit=10):
    with store.read() as uow:
        return uow.timers.next_due(now, limit)


def test_oldest_first_and_not_before_its_time(store, setting):
    setting(a_timer("b", NOW), a_timer("a", NOW - HOUR), a_timer("c", NOW + HOUR))
    assert due(store) == ["a", "b"]
    assert due(store, limit=1) == ["a"]
    with store.read() as uow:
        assert uow.timers.earliest_open() == NOW - HOUR
        assert uow.timers.open() == (3, NOW - HOUR)


def test_what_was_set_in_this_transaction_is_seen_in_it(store):
    with store.begin() as uow:
        uow.set_timer(a_timer("a"))
        assert uow.timers.next_due(NOW, 1) == ["a"]
        uow.set_timer(a_timer("b"))
        uow.drop_timers("R-1")
        assert uow.timers.next_due(NOW, 9) == []


def test_setting_it_again_moves_it(store, setting):
    setting(a_timer("a", step=1))
    setting(a_timer("a", NOW + HOUR, step=2))
    assert due(store) == []
    with store.begin() as uow:
        claimed = uow.timers.claim("a", NOW + HOUR)
    assert (claimed.due_at, claimed.payload) == (NOW + HOUR, {"step": 2})


def test_once_it_ran_it_is_never_due_again(store, setting):
    setting(a_timer("a"))
    with store.begin() as uow:
        assert uow.timers.claim("a", NOW)
        uow.timers.finish("a", NOW)
    setting(a_timer("a", NOW + HOUR))
    assert due(store, NOW + 9 * HOUR) == []
    with store.begin() as uow:
        assert uow.timers.claim("a", NOW + HOUR) is None
        assert uow.timers.earliest_open() is None


def test_dropping_a_subject_and_only_a_job_of_it(store, setting):
    setting(a_timer("a", job="warn"), a_timer("b", job="breach"), a_timer("c", subject="R-2"))
    with store.begin() as uow:
        uow.drop_timers("R-1", "warn")
    assert due(store) == ["b", "c"]
    with store.begin() as uow:
        uow.drop_timers("R-1")
    assert due(store) == ["c"]
    setting(a_timer("a"))  # cancelled is not done: it may be set again
    assert due(store) == ["c", "a"] or due(store) == ["a", "c"]


def test_a_failed_one_waits_for_its_retry_and_keeps_its_planned_moment(store, setting):
    setting(a_timer("a"))
    with store.begin() as uow:
        uow.timers.fail("a", "ValueError: no such chat", NOW + HOUR)
    assert due(store) == []
    with store.begin() as uow:
        assert uow.timers.claim("a", NOW) is None
        again = uow.timers.claim("a", NOW + HOUR)
    assert (again.due_at, again.run_at, again.attempts) == (NOW, NOW + HOUR, 1)


def test_rolled_back_is_due_again(store, setting):
    setting(a_timer("a"))
    with pytest.raises(RuntimeError), store.begin() as uow:
        uow.timers.claim("a", NOW)
        uow.timers.finish("a", NOW)
        raise RuntimeError
    assert due(store) == ["a"]


def test_racing_replicas_run_each_action_once(store, other, setting, together):
    setting(*(a_timer(f"t{n}") for n in range(60)))

    def sweep(of):
        for key in due(of, limit=100):
            with of.begin() as uow:
                if uow.timers.claim(key, NOW):
                    uow.next_id("run")
                    uow.timers.finish(key, NOW)

    together(lambda: sweep(store), lambda: sweep(other), lambda: sweep(store), lambda: sweep(other))
    while left := due(store, limit=100):  # what one of them had locked while the others passed by
        for key in left:
            with store.begin() as uow:
                assert uow.timers.claim(key, NOW)
                uow.next_id("run")
                uow.timers.finish(key, NOW)
    with store.begin() as uow:
        assert uow.next_id("run") == "run-61"


def test_the_long_over_are_forgotten_the_open_never(store, setting):
    setting(a_timer("old"), a_timer("open"))
    with store.begin() as uow:
        uow.timers.finish("old", NOW)
        assert uow.timers.forget_before(NOW + HOUR) == 1
    assert due(store) == ["open"]


def test_a_moment_without_a_zone_is_refused_where_it_is_set(store):
    with store.begin() as uow, pytest.raises(ValueError, match="without a zone"):
        uow.set_timer(a_timer("a", datetime(2026, 9, 23)))  # noqa: DTZ001
