"""One difference between the organisation of the config file and a platform's directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count

from bot.orgfile import DepartmentEntry, PersonEntry

ID = re.compile(r"[\w.-]{1,64}")

Value = str | list[str]


class Kind(StrEnum):
    ADDED = "+"
    CHANGED = "~"
    GONE = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of `section` (people or departments) that is new, other, or not there any more. `values` is what is to
    be written, `before` what stood there; `place` is its position in the file, None for a new one."""

    kind: Kind
    section: str
    id: str
    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    place: int | None = None
    note: str = ""


def changed(
    section: str, entry: PersonEntry | DepartmentEntry, place: int, wanted: Mapping[str, Value], note: str = ""
) -> Change | None:
    """What of an entry is other than `wanted`; None where nothing is."""
    before = {key: getattr(entry, key) for key in wanted}
    other = {
        key: value
        for key, value in wanted.items()
        if before[key] != (tuple(value) if isinstance(value, list) else value)
    }
    if not other:
        return None
    was = {key: ", ".join(before[key]) if isinstance(before[key], tuple) else before[key] or "" for key in other}
    return Change(Kind.CHANGED, section, entry.id, entry.name, other, was, place, note)


def free(candidates: Iterable[str], taken: set[str]) -> str:
    """The first that can be an id, with a number behind it where somebody has it already."""
    wanted = next(each for each in candidates if ID.fullmatch(each))
    numbered = chain([wanted], (f"{wanted}{n}" for n in count(2)))
    return next(each for each in numbered if each not in taken)


def folded(name: str) -> str:
    return name.casefold().strip()
