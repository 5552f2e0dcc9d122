"""What a platform's directory would change in the organisation of the config file: values in, values out.

Departments are recognised by their id there or their name, people as `bot.orgpeople` says. Nothing is ever taken away:
who or what is not there any more is only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.roster import Roster, Unit
from bot.orgchange import Change, Kind, Value, changed, folded, free
from bot.orgfile import DepartmentEntry, Org
from bot.orgpeople import People


@dataclass(frozen=True, slots=True)
class Wish:
    """A department that was asked for: its name or id there, and the id that it shall have here ("" for any)."""

    there: str
    id: str = ""


class NotThere(ValueError):
    """A department that was asked for is not in the directory, or more than one is."""


def plan(org: Org, roster: Roster, wishes: Sequence[Wish] = ()) -> list[Change]:
    """Everything that differs. Without wishes: all people, the departments at the top, and those that the file knows.
    Raises `NotThere`."""
    chosen = _wished(roster, wishes) if wishes else _usual(org, roster)
    people = People(org, roster)
    wanted = _staff(roster, [unit for unit, _ in chosen]) if wishes else {member.user for member in roster.people}
    changes = [people.change(member) for member in roster.people if member.user in wanted]
    departments = _departments(org, roster, chosen, people)
    gone = [*_departments_gone(org, roster), *([] if wishes else people.gone())]
    return [change for change in (*departments, *changes, *gone) if change]


# --- which departments ---------------------------------------------------------------------------

Chosen = Sequence[tuple[Unit, str]]
"""Departments there, each with the id that was asked for here."""


def _usual(org: Org, roster: Roster) -> Chosen:
    known = [unit for unit in roster.units if _entry_of(org, roster.platform, unit, "")]
    return [(unit, "") for unit in {unit.id: unit for unit in (*known, *roster.top)}.values() if unit.name]


def _wished(roster: Roster, wishes: Sequence[Wish]) -> Chosen:
    return [(_named(roster, wish.there), wish.id) for wish in wishes]


def _named(roster: Roster, there: str) -> Unit:
    found = [unit for unit in roster.units if there in (unit.id, unit.name, _path(roster, unit))]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{_path(roster, unit)} ({unit.id})" for unit in found)
        raise NotThere(f"several departments are called {there}: {several}; write the id")
    raise NotThere(f"the directory has no department {there}, or does not show it to the app")


def _path(roster: Roster, unit: Unit) -> str:
    """集团/研发中心/平台部"""
    above = roster.by_id.get(unit.parent or "")
    return f"{_path(roster, above)}/{unit.name}" if above else unit.name


def _staff(roster: Roster, units: Iterable[Unit]) -> set[str]:
    """Who is in these departments and those below, with their heads."""
    every = [within for unit in units for within in roster.within(unit)]
    return {user for unit in every for user in (*unit.members, unit.head) if user}


def _entry_of(org: Org, platform: str, unit: Unit, id: str) -> DepartmentEntry | None:
    """The department of the file that this one is, or that it was said to be by its `id` here."""
    by_id = [entry for entry in org.departments if getattr(entry, platform, None) == unit.id or entry.id == id]
    names = [
        entry
        for entry in org.departments
        if getattr(entry, platform, None) is None
        and unit.name
        and folded(unit.name) in map(folded, (entry.id, entry.name, *entry.aliases))
    ]
    return next(iter((*by_id, *names)), None)


# --- departments ---------------------------------------------------------------------------------


def _departments(org: Org, roster: Roster, chosen: Chosen, people: People) -> Iterator[Change | None]:
    taken = {entry.id for entry in org.departments} | {id for _, id in chosen}
    for unit, asked in chosen:
        head = people.ids.get(unit.head or "")
        if entry := _entry_of(org, roster.platform, unit, asked):
            yield changed("departments", entry, org.departments.index(entry), _wanted(roster, entry, unit, head))
            continue
        id = asked or free(_ids_of(unit), taken)
        taken.add(id)
        yield Change(Kind.ADDED, "departments", id, unit.name, _new_department(roster, unit, id, head, chosen))


def _wanted(roster: Roster, entry: DepartmentEntry, unit: Unit, head: str | None) -> dict[str, Value]:
    wanted: dict[str, Value] = {roster.platform: unit.id}
    if unit.name and unit.name not in (entry.name, *entry.aliases):
        wanted["name"] = unit.name
        wanted["aliases"] = [*entry.aliases, entry.name]  # what people are used to type still works
    if head:
        wanted["head"] = head
        if entry.liaisons in ((), (entry.head,)):
            wanted["liaisons"] = [head]  # nobody but the head answers there
    return wanted


def _new_department(roster: Roster, unit: Unit, id: str, head: str | None, chosen: Chosen) -> dict[str, Value]:
    """Until a liaison is named the head stands for one, so that nothing goes unanswered."""
    same = [other for other, _ in chosen if folded(other.name) == folded(unit.name)]
    name = _path(roster, unit)[-80:] if len(same) > 1 else unit.name
    found: dict[str, Value] = {"id": id, "name": name}
    if head:
        found |= {"head": head, "liaisons": [head]}
    return {**found, roster.platform: unit.id}


def _departments_gone(org: Org, roster: Roster) -> Iterator[Change]:
    for place, entry in enumerate(org.departments):
        linked = getattr(entry, roster.platform, None)
        if linked and linked not in roster.by_id:
            yield Change(Kind.GONE, "departments", entry.id, entry.name, place=place)


def _ids_of(unit: Unit) -> Iterator[str]:
    """Readable ones first: 研发部 is a fine id."""
    yield re.sub(r"[^a-z0-9]+", "-", unit.called.lower()).strip("-")[:40]
    yield re.sub(r"[^\w.-]+", "-", unit.name).strip("-")[:40]
    yield unit.id
