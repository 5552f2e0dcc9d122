"""What each person has not read yet, per chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.sandbox.roster import Roster
from adapters.sandbox.world import Message

Unread = dict[str, dict[str, dict[str, int]]]
"""Person → chat → `count` of messages, and how many of them `mention` the person."""


def unread(roster: Roster, messages: Iterable[Message], marks: Mapping[tuple[str, str], int]) -> Unread:
    """Chats without anything unread are left out; nobody's own messages count."""
    members = {chat.id: chat.members for chat in roster.all_chats()}
    result: Unread = {person.id: {} for person in roster.people}
    for message in messages:
        for person in members.get(message.chat, ()):
            if _is_news(message, person, marks) and person in result:
                _count(result[person], message, person)
    return result


def _is_news(message: Message, person: str, marks: Mapping[tuple[str, str], int]) -> bool:
    if message.author == person or not message.is_visible_to(person):
        return False
    return message.seq > marks.get((person, message.chat), 0)


def _count(chats: dict[str, dict[str, int]], message: Message, person: str) -> None:
    entry = chats.setdefault(message.chat, {"count": 0, "mentions": 0})
    entry["count"] += 1
    entry["mentions"] += person in message.mentions
