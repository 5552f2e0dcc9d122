"""The shapes every verb, card and job is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from commands.chat import Tone
from commands.domain.people import Directory, Person
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.inputs import Ask, asks
from commands.ports import UnitOfWork
from commands.words import Words


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, from where. `person` is None when the clock acts. `event` is the inbound event's key."""

    person: str | None
    platform: str = ""
    chat: str = ""
    direct: bool = False
    event: str = ""
    message: str = ""
    acting_for: str | None = None

    @property
    def address(self) -> str:
        return f"{self.platform}:{self.chat}"


CLOCK = Actor(person=None)
"""The actor of everything that the scheduler does."""


@dataclass(frozen=True)
class Calendars:
    """The working calendars by id; the one called "default" always exists."""

    by_id: Mapping[str, WorkCalendar]
    directory: Directory

    @property
    def default(self) -> WorkCalendar:
        return self.by_id["default"]

    def named(self, id: str) -> WorkCalendar:
        return self.by_id.get(id, self.default)

    def of_department(self, department: str | None) -> WorkCalendar:
        known = self.directory.departments.get(department or "")
        return self.named(known.calendar) if known else self.default

    def of_person(self, person: str | None) -> WorkCalendar:
        """The person's department's calendar, read in the person's own zone if they have one."""
        calendar = self.of_department(self.directory.department_of(person or ""))
        known = self.directory.people.get(person or "")
        if known and known.timezone and known.timezone != calendar.zone:
            return replace(calendar, zone=known.timezone)
        return calendar


@dataclass(slots=True)
class Context:
    """All that a verb or a job may use. `now` is the moment it acts at; for a job that runs late `now` is the
    planned moment and `real_now` the real one."""

    now: datetime
    actor: Actor
    uow: UnitOfWork
    policy: Policy
    calendars: Calendars
    real_now: datetime
    language: str = "zh-CN"
    command: str = ""
    fresh_id: Callable[[], str] = lambda: ""

    @property
    def directory(self) -> Directory:
        return self.uow.directory

    @property
    def me(self) -> str:
        """The acting person's id. Only verbs ask; a job has no person."""
        if self.actor.person is None:
            raise Refused("unknown_person")
        return self.actor.person

    @property
    def person(self) -> Person:
        return self.directory.people[self.me]

    def set_acting_for(self, person: str) -> None:
        """From here on the trace says that the actor stands in for somebody."""
        self.actor = replace(self.actor, acting_for=person)

    @property
    def calendar(self) -> WorkCalendar:
        """The acting person's calendar: what "tomorrow" and "下班前" mean to them."""
        return self.calendars.of_person(self.actor.person)


@dataclass(frozen=True, slots=True)
class Action:
    """A button or its typed twin: a verb with what is already known. `label` replaces the verb's own word; `spoken`
    are arguments that the twin says in words of their own (支持市场部)."""

    verb: str
    args: Mapping[str, str] = field(default_factory=dict)
    style: str = "default"
    confirm: Words | None = None
    label: Words | None = None
    enabled: bool = True
    spoken: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A card before it has a language: a template of `templates/cards/` and its facts (shown kinds, or
    dataclasses and tuples of them). `item` is the record it shows."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)  # Any: read by the template, checked by its tests
    actions: tuple[Action, ...] = ()
    item: str | None = None
    tone: Tone = Tone.INFO
    is_question: bool = False  # one of its actions answers it, and the others have no meaning then


@dataclass(frozen=True, slots=True)
class Shape:
    """How a verb's form fits one record: per field the choices that are possible now, with labels of their own; the
    fields that make no sense there; those that it cannot do without; and what a field is called there."""

    choices: Mapping[str, tuple[tuple[str, Words], ...]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    labels: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A form to fill: a verb, what is known already, and what is wrong with it. `title` replaces the verb's."""

    verb: str
    values: Mapping[str, Any] = field(default_factory=dict)  # Any: typed values, by field name
    problems: Mapping[str, Refused] = field(default_factory=dict)
    title: Words | None = None
    shape: Shape = Shape()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person who acted gets back, alone. Others learn of it through the outbox."""

    say: Words | None = None
    view: View | None = None
    question: Question | None = None
    tone: Tone = Tone.SUCCESS


Run = Callable[[Context, Any], Reply]  # Any: the verb's own input dataclass
Prefill = Callable[[Context, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Verb:
    """One thing that can be typed, clicked or filled in. `needs`: nothing more is asked when these are there, so
    `input` fields that are required but missing open the form, pre-filled by `prefill`."""

    command: str
    name: str
    input: type[Any]
    run: Run
    prefill: Prefill | None = None
    check: Callable[[Context, Mapping[str, Any]], None] | None = None  # before a form opens
    form_first: bool = False  # nothing is required, yet a bare reference means "show me the form"
    hidden: bool = False  # exists for buttons and for typing, but is left out of the short help
    shape: Callable[[Context, Mapping[str, Any]], Shape] | None = None  # of its form

    @property
    def id(self) -> str:
        return f"{self.command}.{self.name}"

    @cached_property
    def asks(self) -> Mapping[str, Ask]:
        return asks(self.input)


@dataclass(frozen=True, slots=True)
class Job:
    """Something the scheduler does when a timer is due."""

    name: str
    run: Callable[[Context, str, Mapping[str, Any]], None]  # context, subject, payload


@dataclass(frozen=True, slots=True)
class CardType:
    """A card that can be owed: `view` builds it from the state now, for a reader (a person's id in a one-to-one
    chat, None in a group). None: its reason is gone, nothing is sent."""

    name: str
    view: Callable[[Context, str, str | None, Mapping[str, Any]], View | None]
