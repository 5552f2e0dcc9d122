"""Working time: the figures of the specification, clock changes, and what holds for every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commands.domain.duration import Duration, Unit, parse_duration
from commands.domain.worktime import WorkCalendar, earlier_working_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFF = frozenset([date(2026, 9, day) for day in (25, 26, 27)] + [date(2026, 10, day) for day in range(1, 8)])
WORKED = frozenset({date(2026, 9, 20), date(2026, 10, 10)})
LUNCH = ((time(9), time(12)), (time(13), time(18)))


def calendar(**changes):
    given = {"id": "china", "zone": "Asia/Shanghai", "off": OFF, "work": WORKED, "known_years": frozenset({2026})}
    return WorkCalendar(**given | changes)


CHINA = calendar()


def at(text, zone=SHANGHAI):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-09-24 16:00", "1wd", "2026-09-28 16:00"),
        ("2026-09-30 17:00", "1wd", "2026-10-08 17:00"),
        ("2026-10-09 17:30", "1wd", "2026-10-10 17:30"),
        ("2026-09-26 15:00", "1wd", "2026-09-28 18:00"),
        ("2026-09-30 17:30", "2bh", "2026-10-08 10:30"),
        ("2026-09-30 17:30", "2h", "2026-09-30 19:30"),
        ("2026-09-30 17:00", "24h", "2026-10-01 17:00"),
        ("2026-09-18 17:00", "24bh", "2026-09-22 14:00"),
        ("2026-09-30 17:00", "1bh", "2026-09-30 18:00"),
        ("2026-09-30 18:00", "1bh", "2026-10-08 10:00"),
        ("2026-09-23 22:10", "1bh", "2026-09-24 10:00"),
        ("2026-09-23 10:30", "0wd", "2026-09-23 10:30"),
    ],
)
def test_a_due_moment_counts_working_time(start, length, due):
    assert CHINA.add(at(start), parse_duration(length)) == at(due)


def test_lunch_is_no_working_time():
    assert calendar(segments=LUNCH).add(at("2026-09-18 17:00"), timedelta(hours=24)) == at("2026-09-22 17:00")


@pytest.mark.parametrize(
    ("start", "warning"),
    [
        ("2026-09-29 15:00", "2026-09-30 12:45"),
        ("2026-09-30 11:00", "2026-09-30 17:45"),
        ("2026-09-23 17:50", "2026-09-24 15:35"),
    ],
)
def test_three_quarters_of_a_working_day_is_when_the_warning_comes(start, warning):
    assert CHINA.add(at(start), parse_duration("1wd") * 0.75) == at(warning)


def test_a_paused_clock_goes_on_with_what_is_left():
    used = CHINA.working_time(at("2026-09-23 10:30"), at("2026-09-23 11:30"))
    assert used == timedelta(minutes=60)
    left = CHINA.length_of(Duration(1, Unit.DAYS)) - used
    assert CHINA.add(at("2026-09-24 09:40"), left) == at("2026-09-24 17:40")


def test_a_warning_on_a_day_off_moves_to_the_last_working_day_before():
    assert earlier_working_moment(CHINA, date(2026, 10, 5), time(9, 30)) == at("2026-09-30 09:30")
    assert earlier_working_moment(CHINA, date(2026, 10, 10), time(9, 30)) == at("2026-10-10 09:30")


def test_the_cut_off_two_working_days_before():
    assert CHINA.add_working_days(date(2026, 9, 28), -2) == date(2026, 9, 23)


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-10-09", 2, "2026-10-12"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-09-21", -1, "2026-09-20"),
        ("2026-10-03", 0, "2026-10-03"),
    ],
)
def test_working_days_are_counted_both_ways(day, count, reached):
    assert CHINA.add_working_days(date.fromisoformat(day), count) == date.fromisoformat(reached)


def test_make_up_days_are_worked_and_holidays_are_not():
    assert CHINA.is_working_day(date(2026, 9, 20))
    assert not CHINA.is_working_day(date(2026, 10, 1))
    assert CHINA.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CHINA.previous_working_day(date(2026, 10, 8)) == date(2026, 9, 30)
    assert CHINA.day_segments(date(2026, 10, 1)) == ()
    assert CHINA.day_segments(date(2026, 10, 10)) == ((at("2026-10-10 09:00"), at("2026-10-10 18:00")),)


def test_a_year_nobody_published_is_not_known():
    assert CHINA.is_known(2026)
    assert not CHINA.is_known(2027)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-09-30 08:59", False, "2026-09-30 09:00"),
        ("2026-09-30 09:00", True, "2026-09-30 09:00"),
        ("2026-09-30 12:30", False, "2026-09-30 13:00"),
        ("2026-09-30 17:59", True, "2026-09-30 17:59"),
        ("2026-09-30 18:00", False, "2026-10-08 09:00"),
        ("2026-10-10 10:00", True, "2026-10-10 10:00"),
    ],
)
def test_work_is_open_from_the_start_of_a_segment_until_before_its_end(moment, is_open, opens):
    with_lunch = calendar(segments=LUNCH)
    assert with_lunch.is_open(at(moment)) is is_open
    assert with_lunch.next_open(at(moment)) == at(opens)


def test_a_day_off_has_the_hours_it_would_have():
    assert CHINA.work_start(date(2026, 10, 1)) == at("2026-10-01 09:00")
    assert CHINA.work_end(date(2026, 10, 1)) == at("2026-10-01 18:00")
    assert calendar(segments=LUNCH).day_minutes == 480
    assert CHINA.day_minutes == 540


def test_moments_are_answered_in_utc():
    for moment in (CHINA.add(at("2026-09-23 10:00"), timedelta(hours=1)), CHINA.next_open(at("2026-09-23 10:00"))):
        assert moment.tzinfo is UTC


def test_time_between_moments_in_the_wrong_order_is_negative():
    assert CHINA.working_time(at("2026-09-24 10:00"), at("2026-09-23 17:00")) == -timedelta(hours=2)


def test_round_the_clock_ends_at_midnight():
    always = calendar(segments=((time(0), time(0)),), weekdays=frozenset(range(7)), off=frozenset(), work=frozenset())
    assert always.day_minutes == 1440
    assert always.is_open(at("2026-09-26 23:59"))
    assert always.add(at("2026-09-26 10:00"), timedelta(hours=48)) == at("2026-09-28 10:00")


def test_other_weekends_are_possible():
    gulf = calendar(zone="Asia/Dubai", weekdays=frozenset({6, 0, 1, 2, 3}), off=frozenset(), work=frozenset())
    assert gulf.add_working_days(date(2026, 9, 24), 1) == date(2026, 9, 27)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"segments": ()}, "no working hours"),
        ({"segments": ((time(9), time(9)),)}, "empty"),
        ({"segments": ((time(22), time(6)),)}, "past midnight"),
        ({"segments": ((time(9), time(13)), (time(12), time(18)))}, "overlap"),
        ({"segments": ((time(13), time(18)), (time(9), time(12)))}, "out of order"),
        ({"segments": ((time(18), time(0)), (time(0), time(6)))}, "out of order"),
        ({"segments": ((time(9, 0, 30), time(18)),)}, "whole minutes"),
        ({"weekdays": frozenset({7})}, "0 \\(Monday\\)"),
        ({"zone": "Asia/Atlantis"}, "not a time zone"),
        ({"zone": "Asia"}, "not a time zone"),
        ({"zone": "../etc/passwd"}, "not a time zone"),
        ({"off": WORKED}, "both as off and as worked"),
    ],
)
def test_an_impossible_calendar_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        calendar(**changes)


def test_a_calendar_without_any_work_says_so_instead_of_searching():
    closed = calendar(weekdays=frozenset(), work=frozenset())
    for search in (
        lambda: closed.add(at("2026-09-23 10:00"), timedelta(hours=1)),
        lambda: closed.next_open(at("2026-09-23 10:00")),
        lambda: closed.add_working_days(date(2026, 9, 23), 1),
        lambda: closed.previous_working_day(date(2026, 9, 23)),
    ):
        with pytest.raises(ValueError, match="no working day"):
            search()


@pytest.mark.parametrize("length", [timedelta(days=9999999), Duration(1e12, Unit.WALL)])
def test_the_end_of_time_is_an_error_in_words(length):
    with pytest.raises(ValueError, match="years that can be counted"):
        CHINA.add(datetime(9990, 1, 1, tzinfo=UTC), length)


def test_naive_moments_and_negative_lengths_are_refused():
    with pytest.raises(ValueError, match="no time zone"):
        CHINA.is_open(datetime(2026, 9, 23, 10))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(ValueError, match="only be added"):
        CHINA.add(at("2026-09-23 10:00"), timedelta(hours=-1))


def test_ten_thousand_working_days_are_reached():
    due = CHINA.add(at("2026-09-23 10:00"), Duration(10_000, Unit.DAYS))
    assert CHINA.working_time(at("2026-09-23 10:00"), due) == CHINA.day_length * 10_000


# Clock changes. Night hours, so that the change falls inside them.
NIGHT = ((time(0), time(8)),)
DST = [
    # zone, the day clocks go forward, the day they go back, the hours that are lost and gained
    ("America/New_York", date(2026, 3, 8), date(2026, 11, 1), 1),
    ("Europe/London", date(2026, 3, 29), date(2026, 10, 25), 1),
    ("Australia/Sydney", date(2026, 10, 4), date(2026, 4, 5), 1),
    ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5), 0.5),
]


@pytest.mark.parametrize(("zone", "spring", "autumn", "hours"), DST)
def test_a_clock_change_shortens_and_lengthens_the_night_shift(zone, spring, autumn, hours):
    nights = WorkCalendar("n", zone, NIGHT, weekdays=frozenset(range(7)))
    day = timedelta(days=1)

    def worked(date_):
        return nights.working_time(nights.at(date_, time(0)), nights.at(date_ + day, time(0))) / timedelta(hours=1)

    assert worked(spring) == 8 - hours
    assert worked(autumn) == 8 + hours
    assert worked(spring - day) == worked(autumn + day) == 8
    assert nights.day_minutes == 480


@pytest.mark.parametrize(("zone", "spring", "autumn", "hours"), DST)
def test_office_hours_do_not_notice_a_clock_change(zone, spring, autumn, hours):
    office = WorkCalendar("o", zone, weekdays=frozenset(range(7)))
    for change in (spring, autumn):
        due = office.local(office.add(office.at(change - timedelta(days=1), time(16)), Duration(1, Unit.DAYS)))
        assert (due.date(), due.time()) == (change, time(16))


def test_a_time_the_clocks_skip_is_the_next_there_is():
    new_york = WorkCalendar("n", "America/New_York")
    assert new_york.at(date(2026, 3, 8), time(2, 30)) == datetime(2026, 3, 8, 7, tzinfo=UTC)  # 03:00
    lord_howe = WorkCalendar("l", "Australia/Lord_Howe")
    assert lord_howe.local(lord_howe.at(date(2026, 10, 4), time(2, 10))).time() == time(2, 30)


def test_a_time_the_clocks_show_twice_is_the_first():
    london = WorkCalendar("l", "Europe/London")
    assert london.at(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_has_no_working_time():
    apia = WorkCalendar("a", "Pacific/Apia")
    assert apia.is_working_day(date(2011, 12, 30))
    assert apia.day_segments(date(2011, 12, 30)) == ()


zones = st.sampled_from(["Asia/Shanghai", *(row[0] for row in DST)])
edges = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6, unique=True).map(sorted)
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31)).map(  # noqa: DTZ001 - given a zone below
    lambda moment: moment.replace(tzinfo=UTC)
)
lengths = st.integers(0, 200 * 3600).map(lambda seconds: timedelta(seconds=seconds))
days = st.dates(date(2025, 12, 1), date(2027, 1, 31))


@st.composite
def calendars(draw):
    minutes = draw(edges)
    clocks = [time(minute // 60, minute % 60) for minute in minutes[: len(minutes) // 2 * 2]]
    off = draw(st.frozensets(days, max_size=20))
    return WorkCalendar(
        id="any",
        zone=draw(zones),
        segments=tuple(zip(clocks[::2], clocks[1::2], strict=True)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        off=off,
        work=draw(st.frozensets(days, max_size=20)) - off,
    )


def long_enough(calendar_, length):
    assume(length < calendar_.day_length * 60)  # keeps minute-long days from searching for years


@settings(deadline=None)
@given(calendars(), moments, lengths)
def test_what_is_added_is_what_is_measured(any_calendar, start, length):
    long_enough(any_calendar, length)
    assert any_calendar.working_time(start, any_calendar.add(start, length)) == length


@settings(deadline=None)
@given(calendars(), moments, lengths, lengths)
def test_adding_more_is_never_earlier(any_calendar, start, one, other):
    shorter, longer = sorted((one, other))
    long_enough(any_calendar, longer)
    assert start <= any_calendar.add(start, shorter) <= any_calendar.add(start, longer)


@settings(deadline=None)
@given(calendars(), moments, moments, lengths)
def test_starting_later_is_never_due_earlier(any_calendar, one, other, length):
    long_enough(any_calendar, length)
    earlier, later = sorted((one, other))
    assert any_calendar.add(earlier, length) <= any_calendar.add(later, length)


@settings(deadline=None)
@given(calendars(), moments, moments, moments)
def test_working_time_adds_up(any_calendar, one, two, three):
    first, middle, last = sorted((one, two, three))
    parts = any_calendar.working_time(first, middle) + any_calendar.working_time(middle, last)
    assert any_calendar.working_time(first, last) == parts


@settings(deadline=None)
@given(calendars(), moments, lengths, lengths)
def test_adding_in_two_steps_is_adding_once(any_calendar, start, one, other):
    long_enough(any_calendar, one + other)
    assert any_calendar.add(any_calendar.add(start, one), other) == any_calendar.add(start, one + other)


@settings(deadline=None)
@given(calendars(), moments, lengths.filter(bool))
def test_nothing_is_ever_due_outside_working_hours(any_calendar, start, length):
    long_enough(any_calendar, length)
    due = any_calendar.add(start, length)
    before = due - timedelta(microseconds=1)
    assert any_calendar.is_open(before)
    assert any_calendar.is_working_day(any_calendar.local(before).date())


@settings(deadline=None)
@given(calendars(), moments)
def test_the_next_open_moment_is_open_and_nothing_is_worked_before_it(any_calendar, moment):
    opens = any_calendar.next_open(moment)
    assert any_calendar.is_open(opens)
    assert any_calendar.working_time(moment, opens) == timedelta(0)


@settings(deadline=None)
@given(calendars(), days, st.integers(1, 40))
def test_counting_working_days_forth_and_back_returns(any_calendar, day, count):
    reached = any_calendar.add_working_days(day, count)
    assert any_calendar.is_working_day(reached)
    back = any_calendar.add_working_days(reached, -count)
    assert back <= day
    assert back == day or not any_calendar.is_working_day(day)
