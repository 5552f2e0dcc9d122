"""The directory as a value: who is who, who answers for a department today, which chat belongs to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked. `identities` maps a platform's name to the person's id there."""

    id: str
    name: str
    email: str | None = None
    language: str | None = None
    timezone: str | None = None
    identities: Mapping[str, str] = field(default_factory=dict)
    active: bool = True


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two e-mail addresses are one: written alike, in any case."""
    return one is not None and other is not None and one.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True, slots=True)
class Department:
    """`liaisons`: the first is the liaison, the others are deputies in order."""

    id: str
    name: str
    head: str | None = None
    liaisons: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    calendar: str = "default"
    home: str | None = None  # an address, "platform:chat"


@dataclass(frozen=True, slots=True)
class Leadership:
    """The group that rules. `quorum`: any | majority | chair."""

    name: str = ""
    chair: str | None = None
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    quorum: str = "any"
    home: str | None = None

    @property
    def everyone(self) -> tuple[str, ...]:
        first = (self.chair,) if self.chair else ()
        return tuple(dict.fromkeys((*first, *self.deputies, *self.members)))


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    name: str
    manager: str | None = None
    departments: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leave:
    """A person is away from `start` to `end`, both days included; `deputy` answers meanwhile."""

    id: str
    person: str
    start: date
    end: date
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class ChatBinding:
    """What a chat is for: `kind` is project | department | leadership, `target` its id. `language` of the chat.
    `lost`: why messages cannot be posted there any more; None while they can."""

    address: str
    kind: str
    target: str
    language: str | None = None
    active: bool = True
    lost: str | None = None


@dataclass(frozen=True)
class Directory:
    """Everything above at one moment. Looking up somebody unknown gives None; ids in records never dangle
    because people are deactivated, not deleted."""

    people: Mapping[str, Person]
    departments: Mapping[str, Department]
    leadership: Leadership = field(default_factory=Leadership)
    projects: Mapping[str, Project] = field(default_factory=dict)
    pmo: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    leaves: tuple[Leave, ...] = ()
    bindings: Mapping[str, ChatBinding] = field(default_factory=dict)
    version: int = 0

    def speakers(self, department: str | None) -> tuple[str, ...]:
        """The department's own people: its liaisons and its head."""
        known = self.departments.get(department or "")
        return (*known.liaisons, *((known.head,) if known.head else ())) if known else ()

    @cached_property
    def _by_identity(self) -> dict[tuple[str, str], str]:
        return {(platform, uid): p.id for p in self.people.values() for platform, uid in p.identities.items()}

    @cached_property
    def _departments_by_person(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for department in self.departments.values():
            members = (*department.liaisons, *((department.head,) if department.head else ()))
            for person in members:
                if department.id not in found.setdefault(person, []):
                    found[person].append(department.id)
        return {person: tuple(ids) for person, ids in found.items()}

    def person_at(self, platform: str, user: str) -> Person | None:
        """The person behind a platform's id."""
        found = self._by_identity.get((platform, user))
        return self.people.get(found) if found else None

    def person_with(self, email: str | None) -> Person | None:
        """The one active person with that e-mail address; None if there is none, or more than one."""
        found = [p for p in self.people.values() if p.active and same_address(p.email, email)]
        return found[0] if len(found) == 1 else None

    def departments_of(self, person: str) -> tuple[str, ...]:
        """Departments the person speaks for, as liaison, deputy or head."""
        return self._departments_by_person.get(person, ())

    def department_of(self, person: str) -> str | None:
        """The department the person speaks for first."""
        return next(iter(self.departments_of(person)), None)

    def leave_of(self, person: str, day: date) -> Leave | None:
        return next((x for x in self.leaves if x.person == person and x.start <= day <= x.end), None)

    def is_away(self, person: str, day: date) -> bool:
        known = self.people.get(person)
        return known is None or not known.active or self.leave_of(person, day) is not None

    def stands_for(self, person: str, day: date, barred: frozenset[str] = frozenset()) -> str | None:
        """Who answers for the person on a day: the person, or a deputy while on leave (bounded chain), or None.
        Nobody in `barred` may stand in."""
        seen: set[str] = set()
        current: str | None = person
        while current and current not in seen:
            seen.add(current)
            if not self.is_away(current, day):
                return current if current == person or current not in barred else None
            leave = self.leave_of(current, day)
            current = leave.deputy if leave else None
        return None

    def liaison(self, department: str, day: date, barred: frozenset[str] = frozenset()) -> str | None:
        """The person who answers for a department on a day: liaison, their deputy, next deputy; else None."""
        known = self.departments.get(department)
        for person in known.liaisons if known else ():
            stand_in = self.stands_for(person, day, barred)
            if stand_in:
                return stand_in
        return None

    def liaisons(self, department: str, day: date, barred: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Liaison and deputies of a department who are there on a day, stand-ins included, each once."""
        known = self.departments.get(department)
        found = (self.stands_for(person, day, barred) for person in (known.liaisons if known else ()))
        return tuple(dict.fromkeys(p for p in found if p))

    def head(self, department: str, day: date, barred: frozenset[str] = frozenset()) -> str | None:
        known = self.departments.get(department)
        return self.stands_for(known.head, day, barred) if known and known.head else None

    def project_at(self, address: str) -> Project | None:
        """The project whose chat this is."""
        binding = self.bindings.get(address)
        if binding and binding.kind == "project":
            return self.projects.get(binding.target)
        return None

    def chats_of_project(self, project: str) -> tuple[str, ...]:
        return tuple(
            b.address for b in self.bindings.values() if b.active and (b.kind, b.target) == ("project", project)
        )

    def home_of(self, department: str) -> str | None:
        """The chat in which a department gets its cards."""
        bound = (b for b in self.bindings.values() if b.active and (b.kind, b.target) == ("department", department))
        return next((b.address for b in bound), None)

    def leadership_chat(self) -> str | None:
        bound = (b for b in self.bindings.values() if b.active and b.kind == "leadership")
        return next((b.address for b in bound), self.leadership.home)

    def names(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.people[p].name if p in self.people else p for p in people)
