"""Clocks: the steps of each kind, pauses, handing over, being late; and what holds whatever people do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.domain import clocks
from commands.domain.clocks import TO_PMO, ClockKind, ClockState, Step
from commands.domain.duration import parse_duration
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar

POLICY = Policy()
K = ClockKind
CHINA = WorkCalendar(
    id="china",
    zone="Asia/Shanghai",
    off=frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}),
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_years=frozenset({2026}),
)


def at(day, hour, minute=0, month=9):
    """A moment on the wall in Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA.tz).astimezone(UTC)


NOON = at(23, 12)


def clock(kind=K.RESPONSE, limit="1wd", now=NOON, **more):
    return clocks.start(kind, "R-1", 1, now, side="rd", calendar="china", limit=parse_duration(limit), **more)


# --- the plan ------------------------------------------------------------------------------------

REMINDED = ("again:1", "again:2", "again:3", TO_PMO)
PLANS = [
    (K.RESPONSE, False, (50, 75), ("leadership",)),
    (K.RESPONSE, True, (50, 75), ()),
    (K.REPLY, False, (75,), REMINDED),
    (K.DISPUTE, False, (50, 75), ()),
    (K.RULING, False, (50,), ("again:1", "again:2", TO_PMO)),
    (K.SUPPLEMENT, False, (75,), ()),
    (K.MINUTES, False, (75,), ()),
    (K.CONFIRMATION, False, (75,), ()),
    (K.ACCEPTANCE, False, (67,), REMINDED),
    (K.REWORK, False, (75,), REMINDED),
    (K.INFO, False, (75,), REMINDED),
    (K.CHECKIN, False, (50,), ()),
    (K.EXECUTION, False, (), ("again:1", "again:2", TO_PMO)),
    (K.DECLINED, False, (), ()),
    (K.RATING, False, (), ()),
]


@pytest.mark.parametrize(("kind", "urgent", "warned", "after"), PLANS)
def test_each_kind_has_its_steps(kind, urgent, warned, after):
    plan = clocks.plan(clock(kind, urgent=urgent), POLICY)
    assert (plan.warn_at, tuple(name for name, _ in plan.after)) == (warned, after)


def test_every_kind_is_in_the_table():
    assert {kind for kind, *_ in PLANS} == set(ClockKind)


@pytest.mark.parametrize(
    ("counter", "lapse", "at_once"),
    [("1wd", at(28, 12), False), ("4bh", at(28, 12), False), ("24h", at(28, 12), False), ("3wd", at(29, 12), True)],
)
def test_an_alternative_lapses_two_working_days_after_it_was_made_whatever_its_limit(counter, lapse, at_once):
    """And with its limit at the earliest."""
    steps = {
        step.name: step.at for step in clocks.steps_passed(clock(K.REPLY, counter), at(31, 9, month=12), CHINA, POLICY)
    }
    assert steps["lapse"] == lapse
    assert (steps["lapse"] == steps["breach"]) is at_once


def test_without_repeats_the_pmo_hears_of_a_late_ruling_at_once():
    after = clocks.plan(clock(K.RULING), replace(POLICY, ruling_repings=0)).after
    assert [(name, length.amount) for name, length in after] == [(TO_PMO, 0)]


def steps_of(running, policy=POLICY):
    """All its steps, each taken in its turn."""
    while step := clocks.next_step(running, CHINA, policy):
        yield step
        running = clocks.take(running, step)


def test_the_steps_come_in_order_each_once_and_over_the_holiday():
    steps = list(steps_of(clock(K.RULING, now=at(29, 10))))
    assert [(s.name, s.at) for s in steps] == [
        ("50", at(29, 14, 30)),
        ("breach", at(30, 10)),
        ("again:1", at(8, 10, month=10)),
        ("again:2", at(9, 10, month=10)),
        (TO_PMO, at(10, 10, month=10)),
    ]


def test_after_the_last_one_nobody_is_left_to_remind():
    running = clock(K.RULING)
    assert not clocks.is_exhausted(running)
    for step in list(steps_of(running)):
        running = clocks.take(running, step)
    assert clocks.is_exhausted(running)
    assert running.breached_at == at(24, 12)


def test_after_downtime_every_step_that_is_past_is_known():
    passed = clocks.steps_passed(clock(), at(24, 12), CHINA, POLICY)
    assert [s.name for s in passed] == ["50", "75", "breach"]
    assert clocks.steps_passed(clock(), NOON, CHINA, POLICY) == ()


# --- pauses --------------------------------------------------------------------------------------


def test_a_pause_moves_the_end_by_working_time_and_is_booked_to_whom_is_waited_for():
    paused = clocks.pause(clock(), at(23, 13), "market")
    assert clocks.due_at(paused, CHINA) is None
    assert clocks.next_step(paused, CHINA, POLICY) is None
    resumed = clocks.resume(paused, at(24, 9, 30))
    assert clocks.due_at(resumed, CHINA) == at(24, 17, 30)
    (waited,) = resumed.waited
    assert (waited.side, waited.start, waited.end) == ("market", at(23, 13), at(24, 9, 30))


def test_pausing_what_rests_and_resuming_what_runs_changes_nothing():
    running = clock()
    assert clocks.resume(running, at(23, 15)) is running
    paused = clocks.pause(running, at(23, 13), "")
    assert clocks.pause(paused, at(23, 15), "market") is paused


def test_a_stopped_clock_never_changes_again():
    over = clocks.stop(clock(), at(23, 13), CHINA)
    assert (over.state, over.outcome, over.used_minutes) == (ClockState.STOPPED, "met", 60)
    for again in (
        clocks.stop(over, at(24, 18), CHINA),
        clocks.pause(over, at(24, 18), ""),
        clocks.resume(over, at(24, 18)),
    ):
        assert again is over


@pytest.mark.parametrize(
    ("stopped", "cancelled", "outcome"),
    [(at(24, 12), False, "met"), (at(24, 12, 1), False, "late"), (at(24, 12, 1), True, "cancelled")],
)
def test_how_it_ended(stopped, cancelled, outcome):
    assert clocks.stop(clock(), stopped, CHINA, cancelled=cancelled).outcome == outcome


def test_one_that_was_breached_stays_late_however_much_time_it_gets_later():
    breached = clocks.take(clock(), Step("breach", at(24, 12)))
    assert clocks.stop(replace(breached, limit="5wd"), at(24, 13), CHINA).outcome == "late"


# --- another side, another limit -----------------------------------------------------------------


def test_handed_to_another_side_it_keeps_its_used_time():
    moved = clocks.hand_to(clock(), at(23, 15), "design", "china", CHINA)
    assert clocks.used(moved, at(23, 15), CHINA) == timedelta(hours=3)
    assert [s.side for s in moved.ran] == ["rd", "design"]
    assert clocks.due_at(moved, CHINA) == clocks.due_at(clock(), CHINA)


def test_what_one_side_used_by_its_hours_stays_used_on_the_calendar_of_the_other():
    night = WorkCalendar(id="night", zone="Asia/Shanghai", segments=((time(20), time(23)),))
    moved = clocks.hand_to(clock(limit="6bh"), at(23, 15), "design", "night", CHINA)
    assert clocks.used(moved, at(23, 15), night) == timedelta(hours=3)
    assert clocks.due_at(moved, night) == at(23, 23)


def test_one_that_rests_is_handed_over_resting():
    moved = clocks.hand_to(clocks.pause(clock(), at(23, 13), ""), at(23, 15), "design", "china", CHINA)
    assert (moved.state, moved.side, len(moved.ran)) == (ClockState.PAUSED, "design", 1)


def test_another_limit_keeps_used_time_and_pauses():
    rested = clocks.resume(clocks.pause(clock(), at(23, 13), "market"), at(23, 14))
    longer = replace(rested, limit="2wd")
    assert clocks.used(longer, at(23, 15), CHINA) == clocks.used(rested, at(23, 15), CHINA)
    assert clocks.due_at(rested, CHINA) == at(24, 13)
    assert clocks.due_at(longer, CHINA) == at(28, 13)


@pytest.mark.parametrize(
    ("changed_at", "limit", "due", "done"),
    [
        (at(23, 12, 30), "2h", at(23, 14), ()),  # used: half an hour of two
        (at(23, 13), "2h", at(23, 14), ("50",)),
        (at(23, 13, 45), "2h", at(23, 14, 15), ("50", "75")),  # a quarter is left: it becomes half an hour
        (at(24, 11), "2h", at(24, 11, 30), ("50", "75")),
        (at(23, 17), "3wd", at(29, 12), ()),
    ],
)
def test_a_changed_limit_keeps_used_time_and_leaves_half_an_hour(changed_at, limit, due, done):
    changed = clocks.change_limit(
        clock(), changed_at, CHINA, parse_duration(limit), warn_at=(50, 75), urgent=limit == "2h"
    )
    assert (clocks.due_at(changed, CHINA), changed.done) == (due, done)
    assert clocks.stop(changed, due, CHINA).outcome == "met"
    assert clocks.stop(changed, due + timedelta(minutes=1), CHINA).outcome == "late"


def test_the_limit_of_a_clock_that_is_over_cannot_be_changed():
    over = clocks.stop(clock(), at(23, 13), CHINA)
    assert clocks.change_limit(over, at(23, 14), CHINA, parse_duration("2h"), warn_at=(), urgent=True) is over


# --- late, and left in peace ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "moment", "late"),
    [
        ("1wd", at(24, 12), timedelta()),
        ("1wd", at(28, 9, 30), timedelta(hours=6, minutes=30)),
        ("2h", at(23, 14, 50), timedelta(minutes=50)),
        ("2h", at(24, 9), timedelta(hours=19)),
    ],
)
def test_late_is_counted_in_the_limit_s_own_kind_of_time(limit, moment, late):
    assert clocks.late_by(clock(limit=limit), moment, CHINA) == late


def test_who_took_note_is_left_in_peace_for_half_of_what_is_left():
    noted = clocks.quieten(clock(limit="2h"), "zhangwei", NOON, CHINA)
    assert clocks.is_quiet_for(noted, "zhangwei", at(23, 12, 59))
    assert not clocks.is_quiet_for(noted, "zhangwei", at(23, 13))
    assert not clocks.is_quiet_for(noted, "chenjing", NOON)


def test_after_the_end_nobody_is_left_in_peace():
    over = clocks.quieten(clock(limit="2h"), "zhangwei", at(23, 14), CHINA)
    assert not clocks.is_quiet_for(over, "zhangwei", at(23, 14))


# --- whatever people do --------------------------------------------------------------------------

LIMITS = st.sampled_from(("2h", "24h", "1bh", "1wd", "3wd"))
MINUTES = st.integers(0, 3 * 24 * 60)
ACTS = st.lists(st.tuples(MINUTES, st.sampled_from(("pause", "resume", "hand over", "look"))), max_size=12)


def lived(limit, acts):
    """A clock, and the moment, after each act."""
    now, running = NOON, clock(limit=limit)
    for minutes, act in acts:
        now += timedelta(minutes=minutes)
        match act:
            case "pause":
                running = clocks.pause(running, now, "market")
            case "resume":
                running = clocks.resume(running, now)
            case "hand over":
                running = clocks.hand_to(running, now, "design", "china", CHINA)
        yield running, now


@given(limit=LIMITS, acts=ACTS)
def test_used_time_never_gets_less(limit, acts):
    spent = [clocks.used(running, now, CHINA) for running, now in lived(limit, acts)]
    assert spent == sorted(spent)


@given(limit=LIMITS, acts=ACTS, rest=MINUTES)
def test_a_pause_never_consumes(limit, acts, rest):
    for running, now in lived(limit, acts):
        later = now + timedelta(minutes=rest)
        paused = clocks.pause(running, now, "market")
        assert clocks.used(paused, later, CHINA) == clocks.used(running, now, CHINA)
        resumed = clocks.resume(paused, later)
        assert clocks.used(resumed, later, CHINA) == clocks.used(running, now, CHINA)


@given(limit=LIMITS, acts=ACTS)
def test_at_its_due_moment_exactly_the_limit_is_used(limit, acts):
    for running, now in lived(limit, acts):
        end = clocks.due_at(running, CHINA)
        if end is None or end <= now:
            continue
        assert clocks.used(running, end, CHINA) == clocks.length(parse_duration(limit), CHINA)
        assert clocks.late_by(running, end, CHINA) == timedelta()


@given(limit=LIMITS, acts=ACTS)
def test_ran_and_waited_never_overlap_and_leave_no_gap(limit, acts):
    for running, now in lived(limit, acts):
        pieces = sorted((*running.ran, *running.waited), key=lambda s: (s.start, s.end is None, s.end or now))
        assert pieces[0].start == NOON
        assert all(before.end == after.start for before, after in pairwise(pieces))
        assert [s.end for s in pieces].count(None) == 1


@given(kind=st.sampled_from(ClockKind), limit=LIMITS, urgent=st.booleans())
def test_steps_never_come_before_the_one_that_went_before(kind, limit, urgent):
    moments = [step.at for step in steps_of(clock(kind, limit, urgent=urgent))]
    assert moments == sorted(moments)
    assert moments[0] >= NOON
