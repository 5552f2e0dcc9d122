"""What a platform's directory says of an organisation: who is there, which departments, who heads them.

A value without rules: what becomes of it decides `bot.orgimport`. Every text in it is clean and on one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from adapters.base import SendError
from adapters.plain import cut, one_line

LONGEST_NAME = 80
"""Characters of a name."""


class DirectoryClosed(SendError):
    """The platform does not show its directory to the app; `fix` says what an administrator has to do."""

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the organisation: `user` is the platform's id. `email` is None where the app may not see it."""

    user: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A department there. `head` and `members` are ids of people; `parent` is None at the top, as far as the app sees.
    `called` is a short Latin name, where the directory has one."""

    id: str
    name: str
    parent: str | None = None
    head: str | None = None
    members: tuple[str, ...] = ()
    called: str = ""


@dataclass(frozen=True)
class Roster:
    """The directory at one moment. `notes`: what could not be read, and how to make it readable."""

    platform: str
    people: tuple[Member, ...] = ()
    units: tuple[Unit, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @property
    def top(self) -> list[Unit]:
        """The departments above which nothing is seen."""
        return [unit for unit in self.units if unit.parent not in self.by_id]

    def within(self, unit: Unit) -> Iterator[Unit]:
        """The department and every one below it."""
        yield unit
        for below in self.units:
            if below.parent == unit.id:
                yield from self.within(below)


class Reader(Protocol):
    """Reads a platform's directory. Raises `DirectoryClosed`, or another `SendError`."""

    async def roster(self) -> Roster: ...


def tidy(name: object) -> str:
    """A name from outside, fit to be written and shown."""
    return cut(one_line(str(name or "")), LONGEST_NAME)
