"""What the platforms themselves say about this installation: the part of `liaison doctor` that asks the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from adapters.base import Check
from bot.clock import SystemClock
from bot.finding import Finding, Level
from bot.settings import Settings
from commands.chat import Address
from commands.domain.people import ChatBinding, Directory

CheckUp = Callable[[Settings, Directory], Awaitable[Sequence[Check]]]


def online(settings: Settings, people: Directory) -> list[Finding]:
    """Asks every platform that is switched on and can be asked. Each takes ten seconds at most."""
    return asyncio.run(_online(settings, people))


async def _online(settings: Settings, people: Directory) -> list[Finding]:
    wanted = [check_up for name, check_up in CHECKUPS.items() if name in settings.platforms.enabled]
    found = await asyncio.gather(*(check_up(settings, people) for check_up in wanted))
    return [Finding(check.id, Level(check.level), check.message, check.fix) for checks in found for check in checks]


async def _slack(settings: Settings, people: Directory) -> Sequence[Check]:
    from adapters.slack.checkup import Bound, check_up
    from bot.slack import PLATFORM, config

    slack = settings.platforms.slack
    assert slack is not None  # it is switched on
    bound = Bound(_chats(people, PLATFORM), _people(people, PLATFORM), _addresses(people, PLATFORM))
    return await check_up(config(slack), bound, now=SystemClock().now)


async def _feishu(settings: Settings, people: Directory) -> Sequence[Check]:
    from adapters.feishu.checkup import Bound, check_up
    from bot.feishu import PLATFORM, config

    feishu = settings.platforms.feishu
    assert feishu is not None  # it is switched on
    bound = Bound(
        _chats(people, PLATFORM),
        _people(people, PLATFORM),
        _addresses(people, PLATFORM),
        _strangers(people, frozenset(settings.platforms.enabled)),
    )
    return await check_up(config(feishu), bound, now=SystemClock().now)


def _people(people: Directory, platform: str) -> dict[str, str]:
    """Who has an id there, by it, with their names."""
    return {id: p.name for p in people.people.values() if p.active and (id := p.identities.get(platform))}


def _addresses(people: Directory, platform: str) -> dict[str, str]:
    """Who has no id there yet and may be found by an e-mail address, by it, with their names."""
    return {p.email: p.name for p in people.people.values() if p.active and p.email and platform not in p.identities}


def _strangers(people: Directory, enabled: frozenset[str]) -> list[str]:
    """Who has neither an address nor an id on any platform but the sandbox, which is for trying things out."""
    real = enabled - {"sandbox"}
    return [p.name for p in people.people.values() if p.active and not p.email and not real & set(p.identities)]


def _chats(people: Directory, platform: str) -> dict[str, str]:
    """The chats there by id, with the name of what they belong to."""
    bindings = [(Address.parse(b.address), b) for b in people.bindings.values() if b.active]
    return {at.chat: _name(people, binding) for at, binding in bindings if at.platform == platform}


def _name(people: Directory, binding: ChatBinding) -> str:
    match binding.kind:
        case "department" if binding.target in people.departments:
            return people.departments[binding.target].name
        case "project" if binding.target in people.projects:
            return people.projects[binding.target].name
        case "leadership":
            return people.leadership.name
        case _:
            return binding.target


CHECKUPS: Mapping[str, CheckUp] = {"slack": _slack, "feishu": _feishu}
