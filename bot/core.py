"""The core in hand: everything a transaction needs to become a `Context`, built once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.clock import Clock, Ids
from bot.commandnames import CommandNames
from bot.language import Reader
from bot.render import Renderer
from commands.dispatch import Dispatcher
from commands.domain.people import Directory
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar
from commands.ports import CalendarDay
from commands.registry import Actor, Calendars, CardType, Context, Job
from storage.store import Store
from storage.unit_of_work import UnitOfWork

BuildCalendars = Callable[[tuple[CalendarDay, ...], date], Mapping[str, WorkCalendar]]
"""Working calendars from the settings, the days declared by command, and today."""


@dataclass
class Core:
    """Nothing here changes while the bot runs, except the calendars, which follow what people declare."""

    store: Store
    clock: Clock
    ids: Ids
    policy: Policy
    dispatcher: Dispatcher
    renderer: Renderer
    cards: Mapping[str, CardType]
    jobs: Mapping[str, Job]
    build_calendars: BuildCalendars
    language: str
    zone: str
    commands: Mapping[str, CommandNames] = field(default_factory=dict)
    """What the commands are called, by platform."""
    directory: Directory = field(default_factory=lambda: Directory({}, {}))
    """As last seen by a transaction: for what only has to be nearly right, such as a list of chats."""
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    _built_for: tuple[int, int] | None = field(default=None, repr=False)

    def context(self, uow: UnitOfWork, actor: Actor, now: datetime, *, real_now: datetime | None = None) -> Context:
        directory = self.directory = uow.directory
        person = directory.people.get(actor.person or "")
        return Context(
            now=now,
            real_now=real_now or now,
            actor=actor,
            uow=uow,
            policy=self.policy,
            calendars=Calendars(self._calendars(uow, now), directory),
            language=(person.language if person else None) or self.language,
            fresh_id=self.ids.fresh,
        )

    def reader(
        self, directory: Directory, platform: str, *, person: str | None = None, chat: str | None = None
    ) -> Reader:
        """Whoever will read: a person in their own language and zone, or a chat in its language."""
        known = directory.people.get(person or "")
        binding = directory.bindings.get(chat or "")
        language = (known.language if known else None) or (binding.language if binding else None) or self.language
        zone = (known.timezone if known else None) or self.zone
        return Reader(
            language=language, zone=zone, platform=platform, directory=directory, commands=self.commands_on(platform)
        )

    def commands_on(self, platform: str) -> CommandNames:
        return self.commands.get(platform, CommandNames())

    def _calendars(self, uow: UnitOfWork, now: datetime) -> Mapping[str, WorkCalendar]:
        """Built anew when the directory changed (declared days count as such) and when the year does."""
        key = (uow.directory.version, now.year)
        if self._built_for != key:
            self.calendars = self.build_calendars(tuple(uow.declared_days()), now.date())
            self._built_for = key
        return self.calendars
