"""Who takes part in the sandbox and which groups there are; the core tells, the sandbox only asks."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.sandbox.world import direct_chat


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the person's id on this platform; `roles` are words to show, in the order of their weight."""

    id: str
    name: str
    department: str = ""
    roles: tuple[str, ...] = ()
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Chat:
    """`kind` is "group" or "direct"; `members` are ids of people."""

    id: str
    name: str
    kind: str = "group"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody and every chat. One-to-one chats need not be listed: each person has one."""

    people: tuple[Person, ...] = ()
    chats: tuple[Chat, ...] = ()

    def person(self, id: str) -> Person | None:
        return next((person for person in self.people if person.id == id), None)

    def chat(self, id: str) -> Chat | None:
        return next((chat for chat in self.all_chats() if chat.id == id), None)

    def all_chats(self) -> tuple[Chat, ...]:
        """The groups, then a one-to-one chat for each person."""
        listed = {chat.id for chat in self.chats}
        direct = (Chat(direct_chat(p.id), p.name, "direct", (p.id,)) for p in self.people)
        return self.chats + tuple(chat for chat in direct if chat.id not in listed)
