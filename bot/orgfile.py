"""The organisation of the config file: people, departments, the leadership group, projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.fieldtypes import Zone
from bot.section import ChatId, Email, Id, Language, Name, PlatformName, Section
from commands.domain.people import ChatBinding, Department, Directory, Leadership, Person, Project

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
    feishu: ChatId | None = None
    """The department's id in the directory there (open_department_id): by it an import knows it under a new name."""


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


def directory(org: Org, admins: Iterable[str] = ()) -> Directory:
    """The organisation as the rules see it, before anybody changed it in chat."""
    leadership = org.leadership
    return Directory(
        people={entry.id: _person(entry) for entry in org.people},
        departments={entry.id: _department(entry) for entry in org.departments},
        leadership=Leadership() if leadership is None else _leadership(leadership),
        projects={entry.id: _project(entry) for entry in org.projects},
        pmo=org.pmo,
        admins=tuple(admins),
        bindings={binding.address: binding for binding in _bindings(org)},
    )


def _person(entry: PersonEntry) -> Person:
    return Person(
        id=entry.id,
        name=entry.name,
        email=entry.email,
        language=entry.language,
        timezone=entry.timezone.key if entry.timezone else None,
        identities=entry.identities,
    )


def _department(entry: DepartmentEntry) -> Department:
    return Department(
        id=entry.id,
        name=entry.name,
        head=entry.head,
        liaisons=entry.liaisons,
        aliases=entry.aliases,
        calendar=entry.calendar,
        home=entry.home.address if entry.home else None,
    )


def _leadership(entry: LeadershipEntry) -> Leadership:
    return Leadership(
        name=entry.name,
        chair=entry.chair,
        deputies=entry.deputies,
        members=entry.members,
        quorum=entry.quorum,
        home=entry.home.address if entry.home else None,
    )


def _project(entry: ProjectEntry) -> Project:
    return Project(
        id=entry.id,
        name=entry.name,
        manager=entry.manager,
        departments=entry.departments,
        chats=tuple(chat.address for chat in entry.chats),
    )


def _bindings(org: Org) -> Iterator[ChatBinding]:
    for department in org.departments:
        if department.home:
            yield ChatBinding(department.home.address, "department", department.id)
    for project in org.projects:
        yield from (ChatBinding(chat.address, "project", project.id) for chat in project.chats)
    if org.leadership and org.leadership.home:
        yield ChatBinding(org.leadership.home.address, "leadership", "leadership")
