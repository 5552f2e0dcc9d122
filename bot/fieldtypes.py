"""The words of the config file: `1wd`, `75%`, `09:00-18:00`, `2026-10-01..2026-10-07`, read into values.

Each reader takes a text and gives a value, or raises a ValueError whose sentence says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, SecretStr

from commands.domain.duration import Duration, Unit, parse_duration

LONGEST_RANGE = timedelta(days=366)


def read_percent(text: str) -> int:
    if not (match := re.fullmatch(r"(\d{1,2}|100) ?%", text.strip())) or match[1] == "0":
        raise ValueError("is not a share; write it with its sign, such as 75%")
    return int(match[1])


def read_working_days(text: str) -> int:
    length = parse_duration(text)
    if length.unit is not Unit.DAYS or length.amount != int(length.amount):
        raise ValueError("must be whole working days, such as 2wd")
    return int(length.amount)


def read_clock_time(text: str) -> time:
    if not (match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())):
        raise ValueError("is not a time of day; write hours and minutes, such as 09:30")
    return time(int(match[1]), int(match[2]))


def read_summary_time(text: str) -> time | None:
    return None if text.strip() == "end" else read_clock_time(text)


def read_hours(text: str) -> tuple[time, time]:
    opens, dash, closes = text.replace("–", "-").partition("-")
    if not dash:
        raise ValueError("is not a working time; write from-to, such as 09:00-18:00")
    start = read_clock_time(opens)
    if closes.strip() == "24:00":
        return start, time(0)
    end = read_clock_time(closes)
    if end <= start:
        raise ValueError("ends before it begins; a shift past midnight is two working times")
    return start, end


def read_days(text: str) -> tuple[date, ...]:
    first, _, last = text.partition("..")
    try:
        start = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else start
    except ValueError:
        raise ValueError("is not a day or a range of days; write 2026-10-01 or 2026-10-01..2026-10-07") from None
    if end < start or end - start > LONGEST_RANGE:
        raise ValueError("is not a range of days: the first must come before the last, at most a year apart")
    return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))


def read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("is not a moment; write it as 2026-09-23T10:30:00+08:00") from None
    if moment.tzinfo is None:
        raise ValueError("lacks its time zone; write it as 2026-09-23T10:30:00+08:00")
    if not 2000 <= moment.year < 2100:
        raise ValueError("is out of reach; a year from 2000 to 2099")  # deadlines must still fit into the calendar
    return moment


def read_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of the list, such as "Asia"
        near = get_close_matches(text.strip(), available_timezones(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"is not a time zone of the IANA list, such as Asia/Shanghai{hint}") from None


def read_database(text: str) -> SecretStr:
    url = text.strip()
    if url.startswith("postgres://"):
        raise ValueError("begins with postgres://; write postgresql://")
    if not re.match(r"sqlite://(/.+)?$|postgresql(\+psycopg)?://.", url):
        raise ValueError(
            "is not a database this bot can use; write sqlite:///liaison.db or postgresql://user@host/name"
        )
    return SecretStr(url)


def read_secret(text: str) -> SecretStr:
    # Copied from a web page, a token often brings a space or its quotes along, and no platform forgives them.
    secret = text.strip().strip("\"'“”").strip()
    if not secret:
        raise ValueError("is empty")
    return SecretStr(secret)


def reader(read: Callable[[str], Any]) -> BeforeValidator:
    """A reader as a pydantic validator that refuses lists and mappings first."""

    def validate(value: object) -> object:  # what the caller declares in its Annotated type
        if not isinstance(value, str):
            raise ValueError("must be one value, not a list or a mapping")
        return read(value)

    return BeforeValidator(validate)


Limit = Annotated[Duration, reader(parse_duration)]
Percent = Annotated[int, reader(read_percent)]
WorkingDays = Annotated[int, reader(read_working_days)]
ClockTime = Annotated[time, reader(read_clock_time)]
SummaryTime = Annotated[time | None, reader(read_summary_time)]
Hours = Annotated[tuple[time, time], reader(read_hours)]
Days = Annotated[tuple[date, ...], reader(read_days)]
Moment = Annotated[datetime, reader(read_moment)]
Zone = Annotated[ZoneInfo, reader(read_zone)]
DatabaseUrl = Annotated[SecretStr, reader(read_database)]
Secret = Annotated[SecretStr, reader(read_secret)]
