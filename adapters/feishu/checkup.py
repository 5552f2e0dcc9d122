"""Looks a Feishu installation over, from the secret to the groups, and says what to do about what it finds.

Every check asks Feishu; together they end in time, however Feishu or the network behave.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.base import Check
from adapters.feishu import ailments, whereabouts
from adapters.feishu.asking import UNKNOWN, Asker, Reply, Unreachable, asking
from adapters.feishu.config import FeishuConfig
from adapters.feishu.people import has_left
from adapters.feishu.scopes import NEEDED, SELF, USEFUL, missing

WITHIN = 9.0
"""Seconds for everything."""
AT_ONCE = 5
"""Questions at a time: a tenth of what Feishu lets pass in a second."""
LOOK, BROKEN = 60, 240
"""Seconds between Feishu's clock and ours: our webhook refuses what is older than 300."""
MOST = 100
"""Groups, people or addresses that are asked about: the running bot calls the same APIs."""
TOGETHER = 50
"""People in one question (https://open.feishu.cn/document/server-docs/contact-v3/user/batch)."""
_CHAT = re.compile(r"oc_\w{4,}")


@dataclass(frozen=True, slots=True)
class Bound:
    """What the directory says of Feishu, each with the name it has in messages: chats by chat_id, people by open_id,
    and by e-mail address those who are still to be found. `strangers`: whom nothing leads to, there or elsewhere."""

    chats: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    strangers: Sequence[str] = ()


async def check_up(
    config: FeishuConfig, bound: Bound, *, now: Callable[[], datetime], within: float = WITHIN
) -> list[Check]:
    """All checks, in the order in which one would mend things, as far as one gets within so many seconds."""
    found: list[Check] = []
    async with asking(config) as asker:
        try:
            async with asyncio.timeout(within):
                await _look(asker, config, bound, now, found)
        except TimeoutError:
            found.append(ailments.too_slow(within))
        except Unreachable as error:
            found.append(ailments.unreachable(config.domain, error))
    return found


async def _look(
    asker: Asker, config: FeishuConfig, bound: Bound, now: Callable[[], datetime], found: list[Check]
) -> None:
    me = await asker.identify()
    if me.code == UNKNOWN:
        raise Unreachable("what answers is not Feishu's open platform (HTTP 404)")
    found += _clock(me, now())
    if not me.ok:
        found.append(ailments.app(config, me.code, me.error))
        return
    found.append(Check("green", "feishu.app", "Feishu knows the app and its secret"))
    found.append(await _bot(asker, config))
    found += await _scopes(asker, config)
    found.append(await _way_in(asker, config))
    found += await _subscriptions(asker, config)
    found += await _chats(asker, bound.chats)
    found += await _people(asker, bound.people)
    found += await _addresses(asker, bound.addresses)
    if bound.strangers:
        found.append(whereabouts.strangers(bound.strangers))


# --- the app -------------------------------------------------------------------------------------


def _clock(me: Reply, now: datetime) -> Iterator[Check]:
    """The Date of the answer against our clock: both are read at the same moment, give or take a second."""
    if me.date:
        skew = (now - parsedate_to_datetime(me.date)).total_seconds()
        yield ailments.clock(round(skew), look=LOOK, broken=BROKEN)


async def _bot(asker: Asker, config: FeishuConfig) -> Check:
    """https://open.feishu.cn/document/ukTMukTMukTM/uAjMxEjLwITMx4CMyETM: the bot is beside `data`, not in it."""
    said = await asker.ask("GET", "/bot/v3/info")
    told = said.body.get("bot")
    return ailments.bot(config, said.code, said.error, told if isinstance(told, Mapping) else {})


async def _scopes(asker: Asker, config: FeishuConfig) -> list[Check]:
    """https://open.feishu.cn/document/server-docs/application-v6/scope/list needs no scope itself."""
    said = await asker.ask("GET", "/application/v6/scopes")
    if not said.ok:
        return [_unasked("feishu.scopes", "the scopes", said)]
    granted = [str(each.get("scope_name")) for each in said.parts("scopes") if each.get("grant_status") == 1]
    return list(ailments.scopes(config, missing(NEEDED, granted), missing(USEFUL, granted)))


async def _way_in(asker: Asker, config: FeishuConfig) -> Check:
    if config.mode == "webhook":
        return ailments.requests(config)
    said = await asker.endpoint()
    return ailments.connection() if said.ok else ailments.no_connection(config, said.code, said.error)


async def _subscriptions(asker: Asker, config: FeishuConfig) -> list[Check]:
    """https://open.feishu.cn/document/server-docs/application-v6/application/get, where the app may see itself."""
    said = await asker.ask("GET", f"/application/v6/applications/{config.app_id}", query={"lang": "zh_cn"})
    if not said.ok:
        return [ailments.unseen(config, f"it needs the scope {SELF}" if said.lacks else said.error)]
    told = said.part("app")
    first = ailments.version(config, told)
    return [*([first] if first else []), *ailments.subscriptions(config, told)]


# --- places and people ---------------------------------------------------------------------------


async def _chats(asker: Asker, chats: Mapping[str, str]) -> list[Check]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(id: str) -> Check | None:
        async with turns:
            return await _chat(asker, id, chats[id])

    ids = sorted(chats)[:MOST]
    return _or_well("feishu.chats", await asyncio.gather(*(one(id) for id in ids)), ids, chats)


async def _chat(asker: Asker, id: str, name: str) -> Check | None:
    """https://open.feishu.cn/document/server-docs/group/chat-member/is_in_chat: whether the one who asks is in it."""
    if not _CHAT.fullmatch(id):
        return whereabouts.no_chat_id(name, id)
    said = await asker.ask("GET", f"/im/v1/chats/{id}/members/is_in_chat")
    if said.lacks:
        return None  # told with the scopes
    if not said.ok:
        return whereabouts.chat(name, id, said.code, said.error)
    return None if said.value("is_in_chat") else whereabouts.outside(name, id)


async def _people(asker: Asker, people: Mapping[str, str]) -> list[Check]:
    """https://open.feishu.cn/document/server-docs/contact-v3/user/batch leaves out whom the app may not see."""
    found: list[Check | None] = []
    ids = sorted(people)[:MOST]
    for some in _in_fifties(ids):
        query = [("user_id_type", "open_id"), *(("user_ids", id) for id in some)]
        said = await asker.ask("GET", "/contact/v3/users/batch", query=query)
        if not said.ok:
            return [_unasked("feishu.people", "people", said)]
        seen = {str(user.get("open_id")): user for user in said.parts("items")}
        found += [_person(id, people[id], seen.get(id)) for id in some]
    return _or_well("feishu.people", found, ids, people)


def _person(id: str, name: str, user: Mapping[str, Any] | None) -> Check | None:
    if user is None:
        return whereabouts.unknown_person(name, id)
    return whereabouts.left(name, id) if has_left(user) else None


async def _addresses(asker: Asker, addresses: Mapping[str, str]) -> list[Check]:
    """https://open.feishu.cn/document/server-docs/contact-v3/user/batch_get_id"""
    found: list[Check | None] = []
    emails = sorted(addresses)[:MOST]
    for some in _in_fifties(emails):
        body = {"emails": list(some)}
        said = await asker.ask("POST", "/contact/v3/users/batch_get_id", query={"user_id_type": "open_id"}, body=body)
        if not said.ok:
            return [_unasked("feishu.emails", "people without a Feishu id", said)]
        known = {str(user.get("email")).casefold() for user in said.parts("user_list") if user.get("user_id")}
        found += [None if email.casefold() in known else whereabouts.address(addresses[email], email) for email in some]
    return _or_well("feishu.emails", found, emails, addresses)


def _unasked(code: str, what: str, said: Reply) -> Check:
    waits = said.code in ailments.WAITING
    return ailments.later(code, what, said.error) if waits else ailments.not_asked(code, what, said.error)


def _or_well(code: str, found: Sequence[Check | None], asked: Sequence[str], of: Mapping[str, str]) -> list[Check]:
    """What is said of none of them is said of all. That Feishu gave no answer is said once."""
    told = [check for check in found if check]
    once = {check.id if check.id.endswith(ailments.LATER) else str(i): check for i, check in enumerate(told)}
    return list(once.values()) or ([whereabouts.all_well(code, len(asked), of=len(of))] if asked else [])


def _in_fifties(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER))
