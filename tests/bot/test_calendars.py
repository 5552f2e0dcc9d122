"""Working calendars from public holidays and from what the settings say."""

import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendar
from bot.calendarsource import within_work
from commands.domain.duration import Duration, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")


def china(**changes):
    given = {
        "country": "CN",
        "hours": ((time(9), time(18)),),
        "zone": "Asia/Shanghai",
        "off": (),
        "work": (),
        "workdays": ("mon", "tue", "wed", "thu", "fri"),
        "years": (2026,),
    }
    return build_calendar("china", **given | changes)


def test_china_2026_has_its_holidays_and_its_six_make_up_days():
    calendar = china()
    worked = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert calendar.work == {date.fromisoformat(day) for day in worked}
    assert not any(calendar.is_working_day(date(2026, 10, day)) for day in range(1, 8))
    assert not any(calendar.is_working_day(date(2026, 9, day)) for day in (25, 26, 27))
    assert all(calendar.is_working_day(date(2026, 9, day)) for day in (20, 24, 28, 30))
    assert calendar.names[date(2026, 10, 1)] == "国庆节"
    assert calendar.known_years == {2026}


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-09-24T16:00", "2026-09-28T16:00"),
        ("2026-09-30T17:00", "2026-10-08T17:00"),
        ("2026-10-09T17:30", "2026-10-10T17:30"),
        ("2026-09-26T15:00", "2026-09-28T18:00"),
    ],
)
def test_the_figures_of_the_specification_hold_with_published_data(start, due):
    def moment(text):
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

    assert china().add(moment(start), Duration(1, Unit.DAYS)) == moment(due)


def test_a_year_without_make_up_days_is_a_guess_and_says_so():
    calendar = china(years=[2026, 2035])
    assert calendar.known_years == {2026}
    assert not calendar.is_working_day(date(2035, 10, 1))
    assert calendar.is_working_day(date(2035, 11, 1))


def test_what_the_settings_declare_wins():
    calendar = china(off=[date(2026, 9, 20), date(2026, 9, 28)], work=[date(2026, 10, 1)])
    assert not calendar.is_working_day(date(2026, 9, 20))
    assert not calendar.is_working_day(date(2026, 9, 28))
    assert calendar.is_working_day(date(2026, 10, 1))


def test_a_day_declared_twice_is_refused():
    with pytest.raises(ValueError, match="both as off and as worked"):
        china(off=[date(2026, 9, 28)], work=[date(2026, 9, 28)])


def test_without_a_country_only_weekdays_and_declared_days_count():
    calendar = china(country=None, off=[date(2026, 10, 1)])
    assert calendar.off == {date(2026, 10, 1)}
    assert calendar.work == frozenset()
    assert calendar.is_known(2026)
    assert not calendar.is_known(2027)


def test_a_country_without_make_up_days_is_known_when_its_holidays_are():
    germany = china(country="DE", zone="Europe/Berlin", years=(2026, 2027))
    assert germany.known_years == {2026, 2027}
    assert not germany.is_working_day(date(2026, 12, 25))


def test_hours_and_workdays_are_those_of_the_settings():
    calendar = china(hours=((time(9), time(12)), (time(13), time(0))), workdays=("sun", "mon"), country=None)
    assert calendar.segments == ((time(9), time(12)), (time(13), time(0)))
    assert calendar.weekdays == {6, 0}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"country": "XQ"}, "country"),
        ({"hours": ()}, "no working hours"),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
    ],
)
def test_an_impossible_calendar_is_refused_in_words(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        china(**changes)


@pytest.mark.parametrize("country", ["CN", "US", "SA", "TH", "IL", "JP"])
def test_no_year_is_a_crash(country):
    calendar = china(country=country, years=(-1, 0, 1, 1899, 1950, 2026, 2027, 2101, 9999, 10000))
    assert 2026 in calendar.known_years
    assert not calendar.known_years & {-1, 0, 10000}


def test_holidays_are_named_in_the_language_of_the_country():
    assert china().names[date(2026, 10, 1)] == "国庆节"
    assert china(country="US", zone="America/New_York").names[date(2026, 12, 25)] == "Christmas Day"


def test_holidays_are_not_imported_before_a_calendar_is_built():
    code = "import sys, bot.calendars; assert 'holidays' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


WEEKDAYS = build_calendar("default", country=None, hours=((time(9), time(18)),), zone="Asia/Shanghai", years=[2026])


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-20 10:40", "2026-11-20 10:40"),  # Friday
        ("2026-11-20 15:00", "2026-11-20 15:00"),
        ("2026-11-20 15:01", "2026-11-23 09:00"),
        ("2026-11-20 02:00", "2026-11-20 09:00"),
        ("2026-11-21 21:26", "2026-11-23 09:00"),  # Saturday
    ],
)
def test_a_trial_begins_when_people_work_for_long_enough(now: str, begins: str) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    moment = datetime.fromisoformat(now).replace(tzinfo=shanghai)
    assert within_work(WEEKDAYS, moment).astimezone(shanghai).strftime("%F %H:%M") == begins
