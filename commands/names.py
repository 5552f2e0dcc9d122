"""People and departments by what others call them: name, alias, id, or a platform's own id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from commands.domain.people import Directory
from commands.errors import Refused
from commands.lexicon import closest
from commands.tokens import shadow


@dataclass(frozen=True, slots=True)
class Target:
    """Who or what a name means."""

    kind: Literal["person", "department"]
    id: str


class Names:
    """All names of one directory, ready to be found in a text."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._targets: dict[str, tuple[Target, ...]] = {}
        self._lengths: dict[str, list[int]] = {}
        for name, target in _all(directory):
            self._add(_key(name), target)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def _add(self, name: str, target: Target) -> None:
        if not name:
            return
        known = self._targets.get(name, ())
        self._targets[name] = known if target in known else (*known, target)
        lengths = self._lengths.setdefault(name[0], [])
        if len(name) not in lengths:
            lengths.append(len(name))

    def longest(self, low: str, at: int) -> int:
        """How many signs of the shadow of a text, from a place on, are the longest known name."""
        for length in self._lengths.get(low[at : at + 1], ()):
            if low[at : at + length] in self._targets and not _goes_on(low, at + length):
                return length
        return 0

    def meant(self, name: str) -> tuple[Target, ...]:
        """Everybody and everything of that name."""
        return self._targets.get(_key(name), ())

    def person(self, name: str) -> str:
        """The person of that name. Refuses an unknown name, and one that several people have."""
        return self._only(name, "person")

    def department(self, name: str) -> str:
        """The department of that name, or the one that a person of that name speaks for."""
        found = self.meant(name)
        if found and all(target.kind == "person" for target in found):
            return self.department_of(self._only(name, "person"))
        return self._only(name, "department")

    def department_of(self, person: str) -> str:
        department = self.directory.department_of(person)
        if department is None:
            raise Refused("field.department.of_person", person=self.directory.people[person].name)
        return department

    def unknown(self, name: str, kind: str) -> Refused:
        suggestion = self._suggest(name, kind)
        if suggestion:
            return Refused(f"field.{kind}.unknown", word=name, suggestion=suggestion)
        return Refused(f"field.{kind}.nobody", word=name)

    def _only(self, name: str, kind: str) -> str:
        if self._is_id(name, kind):
            return name
        found = [target.id for target in self.meant(name) if target.kind == kind]
        if not found:
            raise self.unknown(name, kind)
        if len(found) > 1:
            raise Refused(f"field.{kind}.ambiguous", word=name, ids=", ".join(found))
        return found[0]

    def _is_id(self, name: str, kind: str) -> bool:
        """A form sends ids: an exact one is never ambiguous, whoever else is called that."""
        if kind == "department":
            return name in self.directory.departments
        return name in self.directory.people and self.directory.people[name].active

    def _suggest(self, name: str, kind: str) -> str:
        """The name, as the directory spells it, of whoever was probably meant."""
        known = {key: t.id for key, targets in self._targets.items() for t in targets if t.kind == kind}
        id = known.get(closest(name, known) or _containing(_key(name), known), "")
        if kind == "person":
            return self.directory.people[id].name if id else ""
        return self.directory.departments[id].name if id else ""


def names_of(directory: Directory) -> Names:
    """The names of a directory, read once for as long as the directory is the same."""
    return _names(_Same(directory))


class _Same:
    """A directory compared by identity: its contents cannot be hashed, and it never changes."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def __hash__(self) -> int:
        return id(self.directory)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.directory is self.directory


@lru_cache(maxsize=8)
def _names(same: _Same) -> Names:
    return Names(same.directory)


def _all(directory: Directory) -> Iterator[tuple[str, Target]]:
    for department in directory.departments.values():
        for name in (department.id, department.name, *department.aliases):
            yield name, Target("department", department.id)
    for person in directory.people.values():
        for name in (person.id, person.name, person.email or ""):
            if person.active:
                yield name, Target("person", person.id)


def _containing(name: str, known: Iterable[str]) -> str:
    """The one name of which somebody typed a part (研发 for 研发部), or a part of what they typed."""
    fits = {other for other in known if len(name) > 1 < len(other) and (name in other or other in name)}
    return fits.pop() if len(fits) == 1 else ""


def _key(name: str) -> str:
    return shadow(name).strip().removeprefix("@")


def _goes_on(low: str, end: int) -> bool:
    joint = low[end - 1 : end + 1]
    return len(joint) == 2 and joint.isascii() and joint.isalnum()
