"""Due dates read on calendars as the bot builds them: published holidays, lunch breaks, other zones, any language."""

import os
import subprocess
import sys
from datetime import datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendar
from commands.domain.due_date import NotADate, read_due

ROOT = Path(__file__).parents[2]
NINE_TO_SIX = ((time(9), time(18)),)
LUNCH = ((time(9), time(12)), (time(13), time(18)))
CALENDARS = {
    "cn": ("CN", "Asia/Shanghai", NINE_TO_SIX),
    "lunch": ("CN", "Asia/Shanghai", LUNCH),
    "plain": (None, "Asia/Shanghai", NINE_TO_SIX),
    "ny": (None, "America/New_York", ((time(9), time(17)),)),
    "london": (None, "Europe/London", ((time(9), time(17, 30)),)),
}


@cache
def calendar(name):
    country, zone, hours = CALENDARS[name]
    return build_calendar(name, country=country, hours=hours, zone=zone, years=range(2025, 2030))


def table():
    for line in (Path(__file__).parent / "due_dates.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            now, name, words, answer = line.split("\t")
            yield pytest.param(now, name, words, answer, id=f"{now} {name} {words}")


def read(now, name, words):
    here = calendar(name)
    try:
        due = read_due(words, datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(here.zone)), here)
    except NotADate as refusal:
        return f"!{refusal.code}"
    return here.local(due.moment).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(("now", "name", "words", "answer"), list(table()))
def test_a_due_date_means_what_people_mean(now, name, words, answer):
    assert read(now, name, words) == answer


def in_a_process_of_its_own(code, **environment):
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)} | environment
    )


BUILD = """
import sys
from datetime import date, time
from bot.calendars import build_calendar
calendar = build_calendar("x", country="CN", hours=[(time(9), time(18))], zone="Asia/Shanghai", years=[2026])
"""


def test_only_the_country_that_is_asked_for_is_imported():
    in_a_process_of_its_own(
        BUILD
        + "assert sum(name.startswith('holidays.countries.') for name in sys.modules) == 1\n"
        + "import holidays\nassert holidays.country_holidays('FR', years=2026)\n"
        + "assert holidays.countries.China.country == 'CN'"
    )


@pytest.mark.parametrize("language", ["en_US.UTF-8", "de_DE.UTF-8", "C"])
def test_holidays_keep_their_names_whatever_the_machine_speaks(language):
    in_a_process_of_its_own(
        BUILD + "assert calendar.names[date(2026, 10, 1)] == '国庆节', calendar.names",
        LANG=language,
        LANGUAGE=language,
        LC_ALL=language,
        PYTHONUTF8="1",
    )
