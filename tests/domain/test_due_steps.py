"""What a due date sets off, and when: around holidays, make-up days, and under other numbers of the config."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.domain.due_steps import last_step, next_step
from commands.domain.duration import parse_duration
from commands.domain.policy import Policy
from domain.test_due_date import CHINA

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy()


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def steps(due, after, count=6, policy=POLICY):
    """The next steps, as `warning 09-30 09:30`."""
    found, moment = [], at(after)
    for _ in range(count):
        step = next_step(at(due), moment, CHINA, policy)
        found.append(f"{step.name} {CHINA.local(step.at):%m-%d %H:%M}")
        moment = step.at
    return found


def test_an_ordinary_week_has_a_warning_a_morning_and_then_every_working_morning():
    assert steps("09-17 18:00", "09-10 09:00") == [
        "warning 09-14 09:30",
        "today 09-17 09:30",
        "overdue:1 09-18 09:30",
        "overdue:2 09-20 09:30",  # a Sunday that is worked
        "overdue:3 09-21 09:30",
        "overdue:4 09-22 09:30",
    ]


@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        ("10-08 18:00", "warning 09-30 09:30"),  # 5 October is a day off
        ("10-10 18:00", "warning 09-30 09:30"),
        ("10-11 18:00", "warning 10-08 09:30"),
        ("10-13 18:00", "warning 10-10 09:30"),  # a Saturday that is worked
        ("09-28 18:00", "warning 09-24 09:30"),  # 25 September is a day off
        ("09-23 18:00", "warning 09-20 09:30"),
    ],
)
def test_a_warning_never_falls_on_a_day_off(due, wanted):
    assert steps(due, "09-01 09:00", 1) == [wanted]


def test_over_a_holiday_only_working_mornings_count():
    assert steps("09-29 18:00", "09-29 18:00", 4) == [
        "overdue:1 09-30 09:30",
        "overdue:2 10-08 09:30",
        "overdue:3 10-09 09:30",
        "overdue:4 10-10 09:30",
    ]


def test_a_date_on_a_day_off_is_named_on_the_working_day_before():
    assert steps("10-03 18:00", "09-30 09:00", 3) == [
        "warning 09-30 09:30",
        "overdue:1 10-08 09:30",
        "overdue:2 10-09 09:30",
    ]


@pytest.mark.parametrize(
    ("after", "first"),
    [
        ("09-22 09:29", "warning 09-22 09:30"),
        ("09-22 09:30", "today 09-28 09:30"),  # said already
        ("09-28 09:30", "overdue:1 09-29 09:30"),
        ("09-30 12:00", "overdue:3 10-08 09:30"),
    ],
)
def test_what_is_over_is_not_said_again(after, first):
    policy = Policy(due_warn_before=parse_duration("3wd"))
    assert steps("09-28 18:00", after, 1, policy) == [first]


@pytest.mark.parametrize(
    ("numbers", "due", "wanted"),
    [
        ({"due_warn_before": parse_duration("1d")}, "10-08 18:00", "warning 09-30 09:30"),
        ({"due_warn_before": parse_duration("7d")}, "10-08 18:00", "warning 09-30 09:30"),
        ({"due_warn_before": parse_duration("10d")}, "10-08 18:00", "warning 09-28 09:30"),
        ({"due_warn_before": parse_duration("3wd")}, "10-08 18:00", "warning 09-28 09:30"),
        ({"due_warn_before": parse_duration("1wd")}, "10-10 18:00", "warning 10-09 09:30"),
        ({"digest_at": "08:15"}, "10-08 18:00", "warning 09-30 08:15"),
    ],
)
def test_the_config_says_how_long_ahead_and_at_which_hour(numbers, due, wanted):
    assert steps(due, "09-01 09:00", 1, Policy(**numbers)) == [wanted]


def test_a_date_before_the_morning_message_is_not_called_todays():
    assert steps("09-24 09:00", "09-23 09:31", 1) == ["overdue:1 09-28 09:30"]


@pytest.mark.parametrize(
    ("now", "reached"),
    [
        ("09-24 09:29", None),
        ("09-24 09:30", "warning"),
        ("09-28 09:29", "warning"),
        ("09-28 09:30", "today"),
        ("09-28 18:30", "today"),
        ("09-29 09:29", "today"),
        ("09-29 09:30", "overdue:1"),
        ("10-07 12:00", "overdue:2"),
        ("10-08 09:30", "overdue:3"),
    ],
)
def test_the_step_reached_is_known_at_any_moment(now, reached):
    step = last_step(at("09-28 18:00"), at(now), CHINA, POLICY)
    assert (step.name if step else None) == reached


@given(st.integers(0, 60 * 24 * 40), st.integers(0, 60 * 24 * 40))
def test_steps_go_forward_on_working_mornings_and_are_what_has_been_reached(due_minutes, after_minutes):
    start = at("09-01 00:00")
    due, moment = start + timedelta(minutes=due_minutes), start + timedelta(minutes=after_minutes)
    found = []
    for _ in range(5):
        step = next_step(due, moment, CHINA, POLICY)
        assert step.at > moment
        assert CHINA.is_working_day(CHINA.local(step.at).date())
        assert (step.at > due) is (step.days_over > 0)
        reached = last_step(due, step.at, CHINA, POLICY)
        assert reached and reached.name == step.name
        found.append(step)
        moment = step.at
    over = [s.days_over for s in found if s.days_over]
    assert all(later == earlier + 1 for earlier, later in pairwise(over))
