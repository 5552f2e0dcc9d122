"""The clock and the ids that tests hold in their hand, and the points at which a process can be made to die."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import ManualClock, RandomIds, SeededIds, SystemClock, monotonic

START = datetime(2026, 9, 23, 10, 30, tzinfo=timezone(timedelta(hours=8)))


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(START)
    assert clock.now() == clock.now() == START
    assert clock.now().tzinfo is UTC
    clock.move_to(START + timedelta(hours=2))
    assert clock.now() == START + timedelta(hours=2)


def test_a_manual_clock_never_goes_back_and_wants_a_zone() -> None:
    clock = ManualClock(START)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.move_to(START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="no time zone"):
        clock.move_to(START.replace(tzinfo=None))
    assert clock.now() == START


def test_a_manual_clock_without_a_start_begins_now() -> None:
    assert abs(ManualClock().now() - SystemClock().now()) < timedelta(minutes=1)
    assert SystemClock().now().tzinfo is UTC
    assert monotonic() <= monotonic()


def test_ids_are_new_each_time_and_repeat_only_with_their_seed() -> None:
    ids, same = SeededIds(7), SeededIds(7)
    assert [ids.fresh() for _ in range(3)] == [same.fresh() for _ in range(3)]
    assert len({RandomIds().fresh() for _ in range(100)} | {ids.fresh() for _ in range(100)}) == 200
    assert len(ids.fresh()) == len(RandomIds().fresh()) == 32


PASSES = "from bot.crash import crash_point\nfor n in range(3):\n    crash_point('commit'); print(n, flush=True)"


@pytest.mark.parametrize(
    "crash_at, code, printed",
    [("", 0, "0 1 2"), ("other", 0, "0 1 2"), ("commit", 137, ""), ("commit:3", 137, "0 1")],
)
def test_a_named_crash_point_kills_at_the_passing_asked_for(crash_at: str, code: int, printed: str) -> None:
    env = {"LIAISON_CRASH_AT": crash_at}
    done = subprocess.run([sys.executable, "-c", PASSES], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, " ".join(done.stdout.split())) == (code, printed)
