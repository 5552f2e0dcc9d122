"""The organisation of the config file: people, departments, the leadership group, projects."""

from __future__ import annotations

from typing import Literal

from bot.fieldtypes import Zone
from bot.section import ChatId, Email, Id, Language, Name, PlatformName, Section

PLATFORM_NAMES: tuple[PlatformName, ...] = ("sandbox", "slack", "feishu", "dingtalk")


class Home(Section):
    """A chat on a platform."""

    platform: PlatformName
    chat: ChatId

    @property
    def address(self) -> str:
        return f"{self.platform}:{self.chat}"


class PersonEntry(Section):
    id: Id
    name: Name
    email: Email | None = None
    language: Language | None = None
    timezone: Zone | None = None
    sandbox: ChatId | None = None
    slack: ChatId | None = None
    feishu: ChatId | None = None
    dingtalk: ChatId | None = None

    @property
    def identities(self) -> dict[str, str]:
        """The person's id on each platform they use."""
        found: dict[str, str | None] = {name: getattr(self, name) for name in PLATFORM_NAMES}
        return {name: user for name, user in found.items() if user}


class DepartmentEntry(Section):
    id: Id
    name: Name
    aliases: tuple[Name, ...] = ()
    head: Id | None = None
    liaisons: tuple[Id, ...] = ()
    """The first is the liaison, the others are deputies in order."""
    calendar: str = "default"
    home: Home | None = None


class LeadershipEntry(Section):
    name: Name = "领导小组"
    chair: Id
    deputies: tuple[Id, ...] = ()
    members: tuple[Id, ...] = ()
    quorum: Literal["any", "majority", "chair"] = "any"
    home: Home | None = None


class ProjectEntry(Section):
    id: Id
    name: Name
    manager: Id | None = None
    departments: tuple[Id, ...] = ()
    chats: tuple[Home, ...] = ()


class Org(Section):
    people: tuple[PersonEntry, ...] = ()
    departments: tuple[DepartmentEntry, ...] = ()
    leadership: LeadershipEntry | None = None
    pmo: tuple[Id, ...] = ()
    projects: tuple[ProjectEntry, ...] = ()
