"""Who of a platform's directory is who in the config file.

Recognised by the id there, by the e-mail address, or by a name that nobody else has and nothing else speaks against.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from adapters.roster import Member, Roster
from bot.orgchange import Change, Kind, Value, changed, free
from bot.orgfile import Org, PersonEntry

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class People:
    """`ids`: id there → id here, also for those who are still to be added."""

    def __init__(self, org: Org, roster: Roster) -> None:
        self._org, self._roster = org, roster
        self._places = {entry.id: place for place, entry in enumerate(org.people)}
        self._by_user = {entry.identities.get(roster.platform): entry for entry in org.people}
        self._by_address: dict[str, list[PersonEntry]] = defaultdict(list)
        self._by_name = {entry.name: entry for entry in org.people}
        for entry in org.people:
            self._by_address[_address(entry.email)].append(entry)
        self._names_there = Counter(member.name for member in roster.people)
        self._names_here = Counter(entry.name for entry in org.people)
        self.known = {member.user: found for member in roster.people if (found := self._find(member))}
        self._drop_double_claims()
        taken = {entry.id for entry in org.people}
        self.ids: dict[str, str] = {}
        for member in roster.people:
            known = self.known.get(member.user)
            self.ids[member.user] = known[0].id if known else free(_ids_of(member), taken)
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
        if email and _address(email) != _address(entry.email):
            wanted["email"] = email
        return changed("people", entry, self._places[entry.id], wanted, how)

    def gone(self) -> Iterator[Change]:
        there = {member.user for member in self._roster.people}
        recognised = {entry.id for entry, _ in self.known.values()}
        for place, entry in enumerate(self._org.people):
            user = entry.identities.get(self._roster.platform)
            if user and user not in there and entry.id not in recognised:
                yield Change(Kind.GONE, "people", entry.id, entry.name, place=place)

    def _find(self, member: Member) -> tuple[PersonEntry, str] | None:
        """The entry, and how it was recognised ("" by the id)."""
        if entry := self._by_user.get(member.user):
            return entry, ""
        by_address = self._by_address[_address(member.email)] if member.email else []
        if by_address:
            return (by_address[0], "found by e-mail") if len(by_address) == 1 else None
        alone = self._names_there[member.name] == 1 and self._names_here[member.name] == 1
        by_name = self._by_name[member.name] if alone else None
        return (by_name, "found by name alone: make sure") if by_name and self._is_open(by_name) else None

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


def _address(email: str | None) -> str:
    """For comparing: in any case it is the same."""
    return (email or "").strip().casefold()


def _ids_of(member: Member) -> Iterator[str]:
    local = (member.email or "").partition("@")[0].lower()
    yield re.sub(r"[^a-z0-9._-]+", "", local)[:40]
    yield re.sub(r"[^\w.-]+", "-", member.name).strip("-")[:40]
    yield member.user
