"""Ids that platforms told: who somebody is there, found by the e-mail address that both sides know.

They live beside the ids of the config file, win over them at a start as everything else that was learnt while running,
and hold as long as the e-mail address that they came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commands.domain.people import Directory, same_address
from storage.link import Link
from storage.sql import Sql

BY_EMAIL: Final = "email"
"""The `source` of such a row."""
Row = tuple[str, str, str]
"""Platform, the id there, and whose it is."""

_KNOWN = Sql('SELECT 1 FROM identity WHERE platform = :platform AND (person = :person OR "user" = :user)')
_ADD = Sql('INSERT INTO identity (platform, "user", person, source) VALUES (:platform, :user, :person, :source)')
_END = Sql('DELETE FROM identity WHERE platform = :platform AND "user" = :user')
_LEARNT = Sql(
    'SELECT i.platform, i."user", i.person, p.email FROM identity AS i JOIN person AS p ON p.id = i.person '
    'WHERE i.source = :source ORDER BY i.platform, i."user"'
)


def learn(link: Link, person: str, platform: str, user: str) -> bool:
    """Keeps an id; False if the person has one there already, or the id belongs to somebody."""
    if link.one(_KNOWN, platform=platform, user=user, person=person):
        return False
    link.run(_ADD, platform=platform, user=user, person=person, source=BY_EMAIL)
    return True


def end_stale(link: Link, wanted: Directory, *, overwrite: bool) -> list[Row]:
    """Ends what was found by an address that the file does not give that person any more, and with `overwrite` what
    the file contradicts: another id of the person there, or another person of that id. Returns what was ended."""
    ended = []
    for platform, user, id, email in link.rows(_LEARNT, source=BY_EMAIL):
        person = wanted.people.get(id)
        holds = person is not None and same_address(person.email, email)
        if not holds or (overwrite and _contradicts(wanted, platform, user, id)):
            link.run(_END, platform=platform, user=user)
            ended.append((platform, user, id))
    return ended


def _contradicts(file: Directory, platform: str, user: str, person: str) -> bool:
    of_file = ((p.id, id) for p in file.people.values() if (id := p.identities.get(platform)))
    return any((owner == person) != (id == user) for owner, id in of_file)


def learnt(link: Link) -> Iterator[Row]:
    return ((platform, user, person) for platform, user, person, _ in link.rows(_LEARNT, source=BY_EMAIL))
