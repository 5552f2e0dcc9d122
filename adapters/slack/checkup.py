"""Looks a Slack installation over, from the token to the channels, and says what to do about what it finds.

Every check asks Slack; together they end in time, however Slack or the network behave.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

from adapters.base import Check
from adapters.proxy import proxy_of_environment
from adapters.slack import ailments
from adapters.slack.asking import Asker, Reply, Unreachable
from adapters.slack.config import SlackConfig
from adapters.slack.scopes import BOT

WITHIN = 9.0
"""Seconds for everything."""
EACH_WITHIN = 4.0
"""Seconds for one question."""
AT_ONCE = 5
"""Questions at a time: as many a second as Slack surely lets pass (https://docs.slack.dev/apis/web-api/rate-limits/)."""
LOOK, BROKEN = 60, 240
"""Seconds between Slack's clock and ours. Signed requests are refused at 300
(https://docs.slack.dev/authentication/verifying-requests-from-slack/)."""
MOST = 40
"""Channels, or people, that are asked about: conversations.info and users.lookupByEmail may be called 50 times a
minute, and the running bot calls them too."""
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{6,}")


@dataclass(frozen=True, slots=True)
class Bound:
    """What the directory says of Slack, each with the name it has in messages: chats by channel id, people by user
    id, and by e-mail address those who are still to be found."""

    chats: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)


async def check_up(
    config: SlackConfig, bound: Bound, *, now: Callable[[], datetime], within: float = WITHIN
) -> list[Check]:
    """All checks, in the order in which one would mend things, as far as one gets within so many seconds."""
    found: list[Check] = []
    timeout = aiohttp.ClientTimeout(total=EACH_WITHIN)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        proxy = config.proxy or proxy_of_environment(config.base_url)
        asker = Asker(config.base_url, session, proxy=proxy)
        try:
            async with asyncio.timeout(within):
                await _look(asker, config, bound, now, found)
        except TimeoutError:
            found.append(ailments.too_slow(within))
        except Unreachable as error:
            found.append(ailments.unreachable(config.base_url, error, by_proxy=proxy is not None))
    return found


async def _look(
    asker: Asker, config: SlackConfig, bound: Bound, now: Callable[[], datetime], found: list[Check]
) -> None:
    me = await asker.ask("auth.test", config.bot_token)
    found += _clock(me, now())
    if not me.ok:
        found.append(ailments.token(me.error))
        return
    found.append(Check("green", "slack.token", f"Slack knows the bot @{me.text('user')} in {me.text('team')}"))
    found += _scopes(me)
    found.append(await _way_in(asker, config))
    bot = me.text("user")
    await _all(found, "slack.chats", bound.chats, lambda id: _chat(asker, config, id, bound.chats[id], bot))
    team = me.text("team_id")
    await _all(found, "slack.people", bound.people, lambda id: _person(asker, config, id, bound.people[id], team))
    await _all(found, "slack.emails", bound.addresses, lambda at: _address(asker, config, at, bound.addresses[at]))
    found.append(ailments.names(config.commands))


async def _all(
    found: list[Check], code: str, subjects: Iterable[str], look: Callable[[str], Awaitable[Check | None]]
) -> None:
    """Looks at each, a few at a time; what is said of none of them is said of all. That Slack gave no answer is said
    once."""
    turns = asyncio.Semaphore(AT_ONCE)
    before = len(found)

    async def one(subject: str) -> None:
        async with turns:
            check = await look(subject)
            if check and not (check.id.endswith(ailments.LATER) and any(check.id == told.id for told in found)):
                found.append(check)

    every = sorted(subjects)
    ids = every[:MOST]
    try:
        async with asyncio.TaskGroup() as group:
            for subject in ids:
                group.create_task(one(subject))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    if ids and len(found) == before:
        found.append(ailments.all_well(code, len(ids), of=len(every)))


# --- one by one ----------------------------------------------------------------------------------


def _clock(me: Reply, now: datetime) -> Iterator[Check]:
    """The Date of the answer against our clock: both are read at the same moment, give or take a second."""
    if me.date:
        skew = (now - parsedate_to_datetime(me.date)).total_seconds()
        yield ailments.clock(round(skew), look=LOOK, broken=BROKEN)


def _scopes(me: Reply) -> Iterator[Check]:
    if me.scopes is None:
        return
    missing = [scope for scope in BOT if scope not in me.scopes]
    yield from (ailments.scope(scope, BOT[scope]) for scope in missing)
    if not missing:
        yield Check("green", "slack.scopes", f"the app has the {len(BOT)} scopes that the bot needs")


async def _way_in(asker: Asker, config: SlackConfig) -> Check:
    """Over a socket: whether one may be opened. It is not: the address is good for one use, and runs out by itself."""
    if config.mode == "http":
        return ailments.requests()
    opened = await asker.ask("apps.connections.open", config.app_token)
    if opened.ok:
        return Check("green", "slack.app_token", "Slack lets the bot connect by Socket Mode")
    return ailments.app_token(opened.error)


async def _chat(asker: Asker, config: SlackConfig, id: str, name: str, bot: str) -> Check | None:
    if not _CHANNEL.fullmatch(id):
        return ailments.no_channel_id(name, id)
    said = await asker.ask("conversations.info", config.bot_token, channel=id)
    if not said.ok:
        return ailments.chat(name, id, said.error, bot)
    channel = said.part("channel")
    if channel.get("is_archived"):
        return ailments.archived(name, id, bot)
    return None if channel.get("is_member") or channel.get("is_im") else ailments.outside(name, id, bot)


async def _person(asker: Asker, config: SlackConfig, id: str, name: str, team: str) -> Check | None:
    said = await asker.ask("users.info", config.bot_token, user=id)
    return ailments.person(name, id, said.error, said.part("user"), team)


async def _address(asker: Asker, config: SlackConfig, email: str, name: str) -> Check | None:
    said = await asker.ask("users.lookupByEmail", config.bot_token, email=email)
    return None if said.ok else ailments.address(name, email, said.error)
