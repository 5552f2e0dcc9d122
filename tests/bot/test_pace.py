"""How fast messages leave: within every limit of the platform, with room kept for what people wait for."""

from heapq import heappop, heappush
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Limits
from bot.pace import KEPT_FREE, Pace
from commands.ports import Priority

A_LITTLE = 1e-6
KINDS = st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(Priority), st.floats(0, 2))


def leaving(pace, sends):
    """The messages in the order in which they leave, each with its moment, when they come so many seconds apart."""
    now, waiting, found = 0.0, [], []
    for number, (chat, priority, later) in enumerate(sends):
        now += later
        heappush(waiting, (now, number, chat, priority, now))
    while waiting:
        now, number, chat, priority, came = heappop(waiting)
        if (free := pace.free(chat)) > now:
            heappush(waiting, (free, number, chat, priority, came))
        else:
            found.append((chat, pace.place(chat, priority, now), came))
    return found


def many(count, priority=Priority.ANSWER, chats=1_000):
    return [(f"chat-{n % chats}", priority, 0.0) for n in range(count)]


def test_without_limits_nobody_waits():
    assert {at for _, at, _ in leaving(Pace(Limits()), many(50))} == {0.0}


@pytest.mark.parametrize(
    ("limits", "a_minute"),
    [
        (Limits(per_second=50), 3_000),
        (Limits(per_minute=1_000), 1_000),
        (Limits(per_second=50, per_minute=1_000), 1_000),
        (Limits(per_second=1, per_minute=1_000), 60),
    ],
    ids=["second", "minute", "the tighter one is the minute", "the tighter one is the second"],
)
def test_a_minute_takes_nearly_what_the_platform_allows_and_never_more(limits, a_minute):
    in_time = sum(at < 60 for _, at, _ in leaving(Pace(limits), many(4_000)))
    assert 0.96 * a_minute <= in_time <= a_minute


def test_prompts_leave_a_fifth_free():
    limits = Limits(per_minute=1_000)
    prompts = sum(at < 60 for _, at, _ in leaving(Pace(limits), many(2_000, Priority.PROMPT)))
    others = sum(at < 60 for _, at, _ in leaving(Pace(limits), many(2_000)))
    assert prompts == pytest.approx(others * (1 - KEPT_FREE), abs=1)


def test_one_chat_is_sent_to_more_slowly_than_many():
    pace = Pace(Limits(per_chat_per_second=1))
    assert [at for _, at, _ in leaving(pace, many(3, chats=3))] == [0.0, 0.0, 0.0]
    one, two, three = [at for _, at, _ in leaving(pace, many(3, chats=1))]
    assert one > 1
    assert two - one > 1
    assert three - two > 1


def test_a_chat_that_has_to_wait_holds_no_other_one_up():
    pace = Pace(Limits(per_second=50, per_chat_per_second=1))
    found = leaving(pace, [("busy", Priority.ANSWER, 0.0)] * 5 + many(20))
    assert max(at for chat, at, _ in found if chat != "busy") < 1
    assert max(at for chat, at, _ in found if chat == "busy") > 4


def test_a_chat_that_was_quiet_does_not_save_up():
    pace = Pace(Limits(per_second=10))
    pace.place("a", Priority.ANSWER, 0.0)
    first, second = (pace.place("a", Priority.ANSWER, 100.0) for _ in range(2))
    assert first == 100.0
    assert second > 100.1


@given(sends=st.lists(KINDS, max_size=40))
def test_no_two_leave_closer_than_the_limits_whatever_comes_when(sends):
    found = leaving(Pace(Limits(per_second=5, per_chat_per_second=1)), sends)
    assert all(at >= came for _, at, came in found)
    assert all(later - earlier >= 0.2 - A_LITTLE for earlier, later in pairwise(at for _, at, _ in found))
    for chat in "abc":
        moments = [at for to, at, _ in found if to == chat]
        assert all(later - earlier >= 1 - A_LITTLE for earlier, later in pairwise(moments))


def test_chats_that_may_be_sent_to_again_are_forgotten():
    pace = Pace(Limits(per_chat_per_second=1))
    for number in range(20_000):
        pace.place(f"chat-{number}", Priority.ANSWER, number * 10.0)
    assert len(pace._next_in_chat) <= 10_001
