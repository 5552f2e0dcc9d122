"""The sandbox chat as this bot's platform: who is in it comes from the directory, its clock is the bot's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from adapters.sandbox import Chat, Person, Roster, SandboxAdapter, World
from bot.bot import Bot
from bot.clock import ManualClock
from bot.language import text_of
from bot.settings import Settings
from commands.chat import Address
from commands.domain.people import Directory
from commands.help import hints

PLATFORM = "sandbox"


class SandboxClock:
    """The bot's clock as the sandbox may hold it: a manual one can be moved, and everything due on the way happens."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def manual(self) -> bool:
        return isinstance(self._bot.core.clock, ManualClock)

    def now(self) -> datetime:
        return self._bot.core.clock.now()

    async def move_to(self, moment: datetime) -> int:
        clock = self._bot.core.clock
        assert isinstance(clock, ManualClock)  # the HTTP surface asks `manual` first
        return await self._bot.pass_time(clock, moment)

    async def next_due(self) -> datetime | None:
        return await self._bot.next_due()


def build(settings: Settings, bot: Bot) -> SandboxAdapter:
    """The adapter, on a chat that is kept beside the database."""
    world = World(settings.sandbox_history)

    async def settle() -> None:
        await bot.deliver(PLATFORM)

    def offered(person: str) -> Sequence[dict[str, str]]:
        language = _language(bot, person)
        dispatcher = bot.core.dispatcher
        return [asdict(hint) for hint in hints(dispatcher.lexicon, dispatcher.verbs, language)]

    return SandboxAdapter(
        world,
        now=bot.core.clock.now,
        roster=lambda: roster(bot.core.directory, bot.core.language),
        clock=SandboxClock(bot),
        settle=settle,
        hints=offered,
        work_end=lambda moment: _work_end(bot, moment),
        zone=settings.timezone,
    )


def roster(directory: Directory, language: str) -> Roster:
    """Everybody with a sandbox id, and every sandbox chat that is bound to something."""
    return Roster(tuple(_people(directory, language)), tuple(_chats(directory, language)))


def _people(directory: Directory, language: str) -> Iterator[Person]:
    for person in directory.people.values():
        if person.active and (id := person.identities.get(PLATFORM)):
            department = directory.department_of(person.id)
            name = directory.departments[department].name if department else ""
            own = person.language or language
            yield Person(id, person.name, name, tuple(_roles(directory, person.id, own)), own)


def _roles(directory: Directory, person: str, language: str) -> Iterator[str]:
    """What the person is, the weightiest first."""
    group = directory.leadership
    held = (
        ("chair", person == group.chair),
        ("deputy_chair", person in group.deputies),
        ("leadership", person in group.members),
        ("manager", any(p.manager == person for p in directory.projects.values())),
        ("pmo", person in directory.pmo),
        ("head", any(d.head == person for d in directory.departments.values())),
        ("liaison", any(d.liaisons[:1] == (person,) for d in directory.departments.values())),
        ("deputy", any(person in d.liaisons[1:] for d in directory.departments.values())),
        ("admin", person in directory.admins),
    )
    yield from (text_of(language, f"role.{role}") or role for role, is_held in held if is_held)


def _chats(directory: Directory, language: str) -> Iterator[Chat]:
    for binding in directory.bindings.values():
        address = Address.parse(binding.address)
        if address.platform == PLATFORM and binding.active:
            name, members = _chat(directory, binding.kind, binding.target)
            ids = (directory.people[m].identities.get(PLATFORM) for m in members if m in directory.people)
            yield Chat(address.chat, name, members=tuple(dict.fromkeys(i for i in ids if i)))


def _chat(directory: Directory, kind: str, target: str) -> tuple[str, tuple[str, ...]]:
    """The name and the members of a chat. The PMO is everywhere: it sees all and reminds."""
    match kind:
        case "leadership":
            return directory.leadership.name, (*directory.leadership.everyone, *directory.pmo)
        case "department":
            department = directory.departments[target]
            return department.name, (*_members(directory, target), *directory.pmo)
        case _:
            project = directory.projects[target]
            people = (p for d in project.departments for p in _members(directory, d))
            return project.name, (*people, *((project.manager,) if project.manager else ()), *directory.pmo)


def _members(directory: Directory, department: str) -> tuple[str, ...]:
    known = directory.departments.get(department)
    if known is None:
        return ()
    return (*known.liaisons, *((known.head,) if known.head else ()))


def _language(bot: Bot, user: str) -> str:
    person = bot.core.directory.person_at(PLATFORM, user)
    return (person.language if person else None) or bot.core.language


def _work_end(bot: Bot, moment: datetime) -> datetime:
    """The next end of a working day on the default calendar."""
    calendar = bot.core.calendars["default"]
    day = calendar.local(moment).date()
    if not calendar.is_working_day(day) or calendar.work_end(day) <= moment:
        day = calendar.next_working_day(day)
    return calendar.work_end(day)
