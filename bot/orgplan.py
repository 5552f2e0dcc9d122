"""What a platform's directory would change in the organisation of the config file: values in, values out.

People are recognised by their id there, by their e-mail address, or by a name that nobody else has; departments by
their id there or their name. Nothing is ever taken away: who or what is not there any more is only told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.roster import Member, Roster, Unit
from bot.orgfile import DepartmentEntry, Org, PersonEntry
from commands.domain.people import same_address

ID = re.compile(r"[\w.-]{1,64}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

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
    people = _People(org, roster)
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
        and _folded(unit.name) in map(_folded, (entry.id, entry.name, *entry.aliases))
    ]
    return next(iter((*by_id, *names)), None)


# --- departments ---------------------------------------------------------------------------------


def _departments(org: Org, roster: Roster, chosen: Chosen, people: _People) -> Iterator[Change | None]:
    taken = {entry.id for entry in org.departments} | {id for _, id in chosen}
    for unit, asked in chosen:
        head = people.ids.get(unit.head or "")
        if entry := _entry_of(org, roster.platform, unit, asked):
            yield _changed("departments", entry, org.departments.index(entry), _wanted(roster, entry, unit, head))
            continue
        id = asked or _free(_ids_of(unit), taken)
        taken.add(id)
        yield Change(Kind.ADDED, "departments", id, unit.name, _new_department(roster, unit, id, head, chosen))


def _wanted(roster: Roster, entry: DepartmentEntry, unit: Unit, head: str | None) -> dict[str, Value]:
    wanted: dict[str, Value] = {roster.platform: unit.id}
    if unit.name and unit.name not in (entry.name, *entry.aliases):
        wanted["name"] = unit.name
        wanted["aliases"] = [*entry.aliases, entry.name]  # what people are used to type still works
    return {**wanted, "head": head} if head else wanted


def _new_department(roster: Roster, unit: Unit, id: str, head: str | None, chosen: Chosen) -> dict[str, Value]:
    """Until a liaison is named the head stands for one, so that nothing goes unanswered."""
    same = [other for other, _ in chosen if _folded(other.name) == _folded(unit.name)]
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


# --- people --------------------------------------------------------------------------------------


class _People:
    """Who of the directory is who in the file. `ids`: id there → id here, also for those who are still to be added."""

    def __init__(self, org: Org, roster: Roster) -> None:
        self._org, self._roster = org, roster
        self._names_there = Counter(member.name for member in roster.people)
        self._names_here = Counter(entry.name for entry in org.people)
        self.known = {member.user: found for member in roster.people if (found := self._find(member))}
        self._drop_double_claims()
        taken = {entry.id for entry in org.people}
        self.ids: dict[str, str] = {}
        for member in roster.people:
            entry = self.known.get(member.user)
            self.ids[member.user] = entry[0].id if entry else _free(_ids_of_person(member), taken)
            taken.add(self.ids[member.user])

    def change(self, member: Member) -> Change | None:
        known = self.known.get(member.user)
        email = member.email if member.email and EMAIL.fullmatch(member.email) else None
        if known is None:
            id = self.ids[member.user]
            values: dict[str, Value] = {"id": id, "name": member.name or id}
            values |= {"email": email} if email else {}
            return Change(Kind.ADDED, "people", id, member.name, {**values, self._roster.platform: member.user})
        entry, how = known
        wanted: dict[str, Value] = {self._roster.platform: member.user}
        if member.name:
            wanted["name"] = member.name
        if email and not same_address(email, entry.email):
            wanted["email"] = email
        return _changed("people", entry, self._org.people.index(entry), wanted, how)

    def gone(self) -> Iterator[Change]:
        there = {member.user for member in self._roster.people}
        recognised = {entry.id for entry, _ in self.known.values()}
        for place, entry in enumerate(self._org.people):
            user = entry.identities.get(self._roster.platform)
            if user and user not in there and entry.id not in recognised:
                yield Change(Kind.GONE, "people", entry.id, entry.name, place=place)

    def _find(self, member: Member) -> tuple[PersonEntry, str] | None:
        """The entry, and how it was recognised ("" by the id)."""
        for entry in self._org.people:
            if entry.identities.get(self._roster.platform) == member.user:
                return entry, ""
        by_address = [entry for entry in self._org.people if same_address(entry.email, member.email)]
        if len(by_address) == 1:
            return by_address[0], "found by e-mail"
        alone = self._names_there[member.name] == 1 and self._names_here[member.name] == 1
        by_name = [entry for entry in self._org.people if alone and entry.name == member.name and self._is_open(entry)]
        return (by_name[0], "found by name alone: make sure") if by_name and not by_address else None

    def _is_open(self, entry: PersonEntry) -> bool:
        """Whether nothing but a name says who that is."""
        return entry.email is None and self._roster.platform not in entry.identities

    def _drop_double_claims(self) -> None:
        """Two accounts of one address: the one whose id stands in the file is right, else neither."""
        claims = Counter(entry.id for entry, _ in self.known.values())
        sure = {entry.id for entry, how in self.known.values() if not how}
        self.known = {
            user: (entry, how)
            for user, (entry, how) in self.known.items()
            if claims[entry.id] == 1 or (entry.id in sure and not how)
        }


def _ids_of_person(member: Member) -> Iterator[str]:
    local = (member.email or "").partition("@")[0].lower()
    yield re.sub(r"[^a-z0-9._-]+", "", local)[:40]
    yield re.sub(r"[^\w.-]+", "-", member.name).strip("-")[:40]
    yield member.user


# --- both ----------------------------------------------------------------------------------------


def _changed(
    section: str, entry: PersonEntry | DepartmentEntry, place: int, wanted: Mapping[str, Value], note: str = ""
) -> Change | None:
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


def _free(candidates: Iterable[str], taken: set[str]) -> str:
    """The first that can be an id, with a number behind it where somebody has it already."""
    wanted = next(each for each in candidates if ID.fullmatch(each))
    numbered = (wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)


def _folded(name: str) -> str:
    return name.casefold().strip()
