"""How fast messages leave: within every limit of the platform, the most urgent first, nobody slowed down for nothing."""

import asyncio
from bisect import bisect_left
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Limits
from bot.pace import Line, Pace
from commands.ports import Priority

A_LITTLE = 1e-6
SENDS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(Priority), st.floats(0, 2)), max_size=40)


def leaving(line, sends, late=0.0):
    """The messages in the order in which they leave, each with its moment, when they come so many seconds apart and
    each is called so late."""
    now, coming, left = 0.0, [], []
    for chat, priority, later in sends:
        now += later
        coming.append((now, chat, priority))
    coming.reverse()
    now = 0.0
    while coming or line.waiting:
        while coming and coming[-1][0] <= now:
            came, chat, priority = coming.pop()
            line.join(chat, priority, came)
        while ticket := line.leave(now):
            left.append((ticket, now))
        now = min(max(now, line.opens()) + late, coming[-1][0] if coming else float("inf"))
    return left


def moments(left):
    return [at for _, at in left]


def many(count, priority=Priority.ANSWER, chats=1_000):
    return [(f"chat-{n % chats}", priority, 0.0) for n in range(count)]


def most_within(seconds, times):
    """The most messages that left within so many seconds, whenever these began."""
    return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))


# --- how many --------------------------------------------------------------------------------------


def test_without_limits_nobody_waits():
    assert set(moments(leaving(Line(), many(50)))) == {0.0}


@pytest.mark.parametrize("late", [0.0, 0.003], ids=["on the dot", "each a little late"])
@pytest.mark.parametrize(
    ("windows", "seconds", "allowed"),
    [
        ([(1, 50), (60, None)], 1, 50),
        ([(1, None), (60, 1_000)], 60, 1_000),
        ([(1, 50), (60, 1_000)], 60, 1_000),
        ([(1, 20), (60, 1_000)], 1, 20),
        ([(1, 1), (60, 1_000)], 1, 1),
    ],
    ids=["second", "minute", "the tighter one is the minute", "both are tight", "the tighter one is the second"],
)
def test_97_percent_of_what_the_platform_allows_leave_and_never_more(windows, seconds, allowed, late):
    tightest = min(allowed / seconds for seconds, allowed in windows if allowed)
    length = 100 / tightest if seconds == 1 else 2 * seconds
    steady = [(f"chat-{n}", Priority.ANSWER, 0.98 / tightest) for n in range(round(1.1 * length * tightest))]
    left = moments(leaving(Line(windows), steady, late))
    assert sum(at < length for at in left) >= 0.97 * length * tightest
    assert most_within(seconds, left) <= allowed


def test_prompts_alone_leave_as_fast_as_anything_else():
    found = [moments(leaving(Line([(60, 1_000)]), many(200, priority))) for priority in Priority]
    assert all(times == found[0] for times in found)


def test_a_chat_takes_one_message_a_second():
    left = moments(leaving(Line(per_chat_per_second=1), many(3, chats=1)))
    assert all(later - earlier > 1 for earlier, later in pairwise(left))
    assert set(moments(leaving(Line(per_chat_per_second=1), many(3, chats=3)))) == {0.0}


def test_a_chat_that_has_to_wait_holds_no_other_one_up():
    left = leaving(Line([(1, 50)], 1), [("busy", Priority.ESCALATION, 0.0)] * 5 + many(20))
    assert max(at for ticket, at in left if ticket.chat != "busy") < 1
    assert max(at for ticket, at in left if ticket.chat == "busy") > 4


def test_a_platform_that_was_quiet_does_not_save_up():
    first, _, third = moments(leaving(Line([(1, 10)]), [("a", 1, 0.0), ("b", 1, 100.0), ("c", 1, 0.0)]))
    assert (first, third > 100.1) == (0.0, True)


@given(sends=SENDS)
def test_no_two_leave_closer_than_the_limits_whatever_comes_when(sends):
    left = leaving(Line([(1, 5)], 1), sends)
    assert len(left) == len(sends)
    assert all(at >= ticket.since for ticket, at in left)
    assert all(later - earlier >= 0.2 - A_LITTLE for earlier, later in pairwise(moments(left)))
    for chat in "abc":
        times = [at for ticket, at in left if ticket.chat == chat]
        assert all(later - earlier >= 1 - A_LITTLE for earlier, later in pairwise(times))


@given(sends=SENDS, late=st.floats(0, 0.5))
def test_however_late_each_is_called_no_second_has_too_many(sends, late):
    times = moments(leaving(Line([(1, 5)]), sends, late))
    assert not times or most_within(1 - A_LITTLE, times) <= 5


@pytest.mark.parametrize("quiet", [0.0, 30.0, 600.0])
def test_after_a_quiet_time_some_leave_at_once_and_no_minute_has_too_many(quiet):
    line = Line([(60, 50)], burst=10)
    sends = [*many(3, chats=3), ("later", Priority.EDIT, quiet), *many(200)]
    times = moments(leaving(line, sends))
    assert most_within(60 - A_LITTLE, times) <= 50
    assert sum(at <= quiet for at in times) >= (11 if quiet < 10 else 3 + 11)


@given(sends=SENDS, late=st.floats(0, 0.5))
def test_however_late_each_is_called_a_burst_overflows_no_window(sends, late):
    times = moments(leaving(Line([(10, 12)], burst=3), sends, late))
    assert not times or most_within(10 - A_LITTLE, times) <= 12


# --- who first -------------------------------------------------------------------------------------


def test_the_most_urgent_leaves_first_then_the_oldest():
    kinds = [Priority.PROMPT, Priority.EDIT, Priority.ANSWER, Priority.ESCALATION] * 2
    left = leaving(Line([(1, 5)]), [(f"chat-{n}", kind, 0.0) for n, kind in enumerate(kinds)])
    assert [ticket.priority for ticket, _ in left] == sorted(kinds)
    assert [ticket.number for ticket, _ in left] == [3, 7, 2, 6, 1, 5, 0, 4]


@pytest.mark.parametrize("priority", [Priority.ESCALATION, Priority.ANSWER, Priority.EDIT])
def test_however_many_prompts_wait_what_people_wait_for_takes_the_next_slot(priority):
    line = Line([(1, 10)])
    left = leaving(line, [*many(50, Priority.PROMPT), ("mine", priority, 2.05)])
    (mine,) = [at for ticket, at in left if ticket.chat == "mine"]
    assert mine - 2.05 <= line.gap


def test_while_people_are_answered_prompts_take_what_is_left():
    answers = [(f"a{n}", Priority.ANSWER, 0.2 if n else 0.0) for n in range(20)]
    line = Line([(1, 10)])
    for chat, priority, _ in many(60, Priority.PROMPT):
        line.join(chat, priority, 0.0)
    left = leaving(line, answers)
    assert all(at - ticket.since <= line.gap for ticket, at in left if ticket.priority is Priority.ANSWER)
    assert moments(left)[-1] == pytest.approx(79 * line.gap, rel=0.01)  # no slot was left empty


@pytest.mark.parametrize("late", [0.0, 0.003], ids=["on the dot", "each a little late"])
@pytest.mark.parametrize("kept_free", [0.0, 0.2, 0.5])
def test_prompts_alone_use_97_percent_of_what_is_not_kept_free_of_them(kept_free, late):
    left = moments(leaving(Line([(60, 200)], kept_free=kept_free), many(400, Priority.PROMPT), late))
    theirs = 200 * (1 - kept_free)
    assert 0.97 * 2 * theirs <= sum(at < 120 for at in left)
    assert most_within(60, left) <= theirs


def test_what_is_kept_free_of_prompts_is_everybody_elses():
    line = Line([(60, 200)], kept_free=0.2)
    for n in range(250):
        line.join(f"p{n}", Priority.PROMPT, 0.0)
    left = leaving(line, [(f"a{n}", Priority.ANSWER, 1.5) for n in range(45)])
    assert all(at - ticket.since <= line.gap for ticket, at in left if ticket.priority is Priority.ANSWER)
    assert 0.97 * 200 <= sum(at < 60 for _, at in left) <= 200


def test_what_is_no_prompt_leaves_at_the_whole_rate_whatever_is_kept_free():
    kept, common = (leaving(Line([(60, 200)], kept_free=share), many(50)) for share in (0.2, 0.0))
    assert moments(kept) == moments(common)


# --- memory ----------------------------------------------------------------------------------------


def test_chats_that_may_be_sent_to_again_are_forgotten():
    line = Line([(1, 50)], 1)
    leaving(line, [(f"chat-{n}", Priority.ANSWER, 0.02) for n in range(2_000)])
    assert len(line._free_from) <= 52


# --- on the event loop -----------------------------------------------------------------------------


async def in_line(pace, *sends, edit=False):
    """Those who wait, in the order in which they are called."""
    called = []

    async def wait(chat, priority):
        await pace.turn(chat, priority, edit=edit)
        called.append(chat)

    tasks = [asyncio.create_task(wait(*send)) for send in sends]
    await asyncio.wait(tasks, timeout=0)
    return tasks, called


async def test_those_who_wait_are_called_in_their_order():
    tasks, called = await in_line(
        Pace(Limits(per_second=100)), ("a", Priority.PROMPT), ("b", Priority.PROMPT), ("c", Priority.ESCALATION)
    )
    await asyncio.gather(*tasks)
    assert called == ["a", "c", "b"]


async def test_whoever_gives_up_takes_no_slot():
    pace = Pace(Limits(per_minute=1))
    tasks, called = await in_line(pace, ("a", Priority.ANSWER), ("b", Priority.ANSWER), ("c", Priority.ANSWER))
    for task in tasks[1:]:
        task.cancel()
    await asyncio.wait(tasks)
    assert called == ["a"]
    assert not pace._posts.line.waiting


async def test_an_open_door_lets_everybody_through():
    pace = Pace(Limits(per_minute=1))
    tasks, called = await in_line(pace, *((name, Priority.PROMPT) for name in "abc"))
    assert called == ["a"]
    pace.open_wide()
    await asyncio.gather(*tasks)
    assert called == ["a", "b", "c"]


# --- edits that are counted apart --------------------------------------------------------------------

APART = Limits(per_minute=6_000, per_chat_per_second=1, edits_per_minute=60)


async def test_posts_do_not_wait_for_edits_nor_edits_for_posts():
    pace = Pace(APART)
    edits, _ = await in_line(pace, *(("a", Priority.EDIT) for _ in range(15)), edit=True)
    posts, called = await in_line(pace, ("a", Priority.EDIT), ("b", Priority.EDIT))
    await asyncio.gather(*posts)
    assert called == ["a", "b"]
    assert [task.done() for task in edits] == [True] * 13 + [False] * 2
    for task in edits:
        task.cancel()


async def test_edits_that_are_not_counted_apart_wait_with_the_posts():
    pace = Pace(Limits(per_minute=1))
    _, edited = await in_line(pace, ("a", Priority.EDIT), edit=True)
    posts, posted = await in_line(pace, ("b", Priority.EDIT))
    assert (edited, posted) == (["a"], [])
    assert pace.crowd(Priority.EDIT, 0.0) == 0.0
    for task in posts:
        task.cancel()


async def test_edits_that_would_stand_in_line_for_long_come_again_one_after_the_other():
    pace = Pace(APART)
    assert pace.crowd(Priority.EDIT, 0.0) == 0.0
    edits, _ = await in_line(pace, *(("a", Priority.EDIT) for _ in range(16)), edit=True)
    first, second, third = [pace.crowd(Priority.EDIT, 0.0) for _ in range(3)]
    assert first > 2
    assert [second - first, third - second] == pytest.approx([1.27, 1.27], rel=0.03)
    assert pace.crowd(Priority.ANSWER, 0.0) == 0.0
    for task in edits:
        task.cancel()


async def test_edits_that_are_counted_apart_keep_the_limit_of_a_second_too():
    pace = Pace(Limits(per_second=50, per_minute=1_000, edits_per_minute=1_000))
    edits, _ = await in_line(pace, *((f"c{n}", Priority.EDIT) for n in range(60)), edit=True)
    assert 10 <= sum(task.done() for task in edits) <= 12
    for task in edits:
        task.cancel()
