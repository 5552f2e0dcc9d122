"""Working calendars from what the config says and what the package `holidays` knows about a country."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from commands.domain.worktime import WorkCalendar

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOVED_BY_DECREE = frozenset({"CN"})
"""Countries that move working days anew each year: without moved days a year has not been published."""


@dataclass(frozen=True)
class PublicDays:
    """What a country has declared: holidays, make-up days, and the years for which that is final."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    known: frozenset[int] = frozenset()
    names: Mapping[date, str] = field(default_factory=dict)


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
    """A calendar for those years. `off` and `work` are the last word: they win over the country's days.

    Without a country nothing needs to be published, so every year counts as known. Refuses with ValueError a
    country that the package has no holidays of.
    """
    wanted = tuple(sorted(set(years)))
    public = public_days(country, wanted) if country else PublicDays(known=frozenset(wanted))
    off, work = frozenset(off), frozenset(work)
    return WorkCalendar(
        id=id,
        zone=zone,
        segments=tuple(hours),
        weekdays=frozenset(_WEEKDAYS.index(name) for name in workdays),
        off=(public.off - work) | off,
        work=(public.work - off) | work,
        known_years=public.known,
        names=public.names,
    )


@lru_cache(maxsize=64)
def public_days(country: str, years: tuple[int, ...]) -> PublicDays:
    """The country's days in those years, named in its own language; ValueError for an unknown country."""
    make = _country(country)
    off: dict[date, str] = {}
    work: set[date] = set()
    known: set[int] = set()
    for year in years:
        # Said outright: otherwise the names would be in the language of this machine's environment.
        days = make(years=year, language=make.default_language)
        names = {day: name for day, name in days.items() if day.year == year}
        # The package lists make-up days of all times, whatever year is asked for.
        moved = {day for day in getattr(days, "weekend_workdays", ()) if day.year == year}
        off |= names
        work |= moved
        if moved if country in _MOVED_BY_DECREE else names:
            known.add(year)
    return PublicDays(frozenset(off) - work, frozenset(work), frozenset(known), dict(sorted(off.items())))


def _country(code: str) -> Any:  # Any: a class that the package makes at import, without a common constructor
    from holidays.registry import COUNTRIES

    for module, names in COUNTRIES.items():
        if code in names[1:]:
            with _only_one_country():
                return getattr(import_module(f"holidays.countries.{module}"), names[0])
    raise ValueError(
        f"'{code}' is not a country whose holidays are known here. "
        "Write two letters such as CN, DE or US, or leave the country out and list the days off under overrides."
    )


@contextmanager
def _only_one_country() -> Iterator[None]:
    """Keeps `holidays.countries` from importing all 250 of its modules, which takes half a second of our start.

    Its `__init__` only re-exports them. An empty package in its place, for the length of one import, is enough.
    """
    import holidays

    name = "holidays.countries"
    if name in sys.modules:
        yield
        return
    package = ModuleType(name)
    package.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules[name] = package
    try:
        yield
    finally:
        sys.modules.pop(name, None)
        # The import system has also hung it on its parent; left there, it would hide the real one.
        if vars(holidays).get("countries") is package:
            del holidays.countries
