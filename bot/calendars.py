"""Working calendars as values, from the settings and from a country's public holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from commands.domain.worktime import WorkCalendar

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAKE_UP_COUNTRIES = frozenset({"CN"})
"""Countries that work some weekends in exchange for longer holidays: a year without such days is not announced yet."""


@dataclass(frozen=True)
class Holidays:
    """A country's days off with their names, the weekends that are worked instead, and the years that are known."""

    off: Mapping[date, str]
    work: frozenset[date]
    years: frozenset[int]


def build_calendar(
    id: str,
    *,
    country: str | None,
    hours: Sequence[tuple[time, time]],
    zone: str,
    off: Iterable[date] = (),
    work: Iterable[date] = (),
    workdays: Sequence[str] = _WEEKDAYS[:5],
    years: Iterable[int],
) -> WorkCalendar:
    """A calendar for some years. A day named in `off` or `work` counts as said there, whatever the country does.

    A year that the country has not announced has its weekdays and the days the law fixes; it is not among
    `known_years`, so that people can be warned. Unknown countries raise ValueError.
    """
    wanted = tuple(sorted(set(years)))
    known = _holidays(country, wanted) if country else Holidays({}, frozenset(), frozenset(wanted))
    named_off, named_work = frozenset(off), frozenset(work)
    return WorkCalendar(
        id,
        zone,
        segments=tuple(hours),
        weekdays=frozenset(_WEEKDAYS.index(day) for day in workdays),
        off=(frozenset(known.off) - known.work - named_work) | named_off,
        work=(known.work - named_off) | named_work,
        known_years=known.years,
        names=known.off,
    )


@lru_cache(maxsize=64)
def _holidays(country: str, years: tuple[int, ...]) -> Holidays:
    """From the package `holidays`, which is imported here: it takes a quarter of a second."""
    from holidays import country_holidays

    try:
        found: Any = country_holidays(country, years=years, language=_language(country))
    except NotImplementedError:
        raise ValueError(
            f"no public holidays are known for the country {country}; leave it out to set your own"
        ) from None
    work = frozenset(day for day in getattr(found, "weekend_workdays", ()) or () if day.year in years)
    days = {day: str(name) for day, name in found.items()}
    counted = work if country in MAKE_UP_COUNTRIES else frozenset(days)
    return Holidays(days, work, frozenset(y for y in years if any(day.year == y for day in counted)))


def _language(country: str) -> str | None:
    return "zh_CN" if country in ("CN", "HK", "MO", "TW") else None
