"""Feishu: a thousand groups, one prompt each, at the pace that Feishu allows, with some answers lost on the way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))  # `support` is found there, as in the tests

from adapters.base import Target
from adapters.feishu import FeishuAdapter, FeishuConfig, Surroundings
from adapters.feishu.config import PER_MINUTE
from adapters.feishu.posting import LIMITS
from commands.chat import Card
from support.feishu import FakeFeishu
from support.feishu.records import Chat
from tests.bench.fanout import LOST_OF, fan_out, shown
from tests.bench.figures import Figure
from tests.bench.load import NOW
from tests.bench.slackfanout import Nobody
from tests.bench.town import PLATFORM, Nowhere


class Watched(FeishuAdapter):
    """The real adapter under the name that the benchmarks' messages are for; one answer in fifty is lost after Feishu
    stored the message."""

    name = PLATFORM  # type: ignore[assignment]
    limits = replace(LIMITS, crowded_minutes=frozenset())  # type: ignore[assignment]  # there it is always 10:30

    def __init__(self, feishu: FakeFeishu) -> None:
        config = FeishuConfig(
            app_id=feishu.app_id,
            app_secret=feishu.app_secret,
            domain=feishu.domain,
            mode="webhook",
            encrypt_key="-",
        )
        around = Surroundings(
            now=lambda: NOW,
            real_now=lambda: NOW,
            chance=lambda: 0.5,
            words_of_person=lambda user: str,
            words_of_chat=lambda chat: str,
            journal=None,
            introductions=Nobody(),
            presence=Nobody(),  # type: ignore[arg-type]  # nothing comes in
        )
        super().__init__(config, around)
        self._feishu = feishu
        self.calls: list[tuple[float, str]] = []

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        self.calls.append((perf_counter(), target.chat or ""))
        if not again and len(self.calls) % LOST_OF == 0:
            self._feishu.add_fault("cut", "POST im/v1/messages", when="after")
        return await super().post(target, card, key=key, again=again)


def figures(folder: Path, groups: int) -> Iterator[Figure]:
    """Takes as many seconds as the limit makes it take."""
    yield from asyncio.run(_measured(folder, groups))


async def _measured(folder: Path, groups: int) -> list[Figure]:
    async with FakeFeishu() as feishu:
        for n in range(groups):
            id = f"{Nowhere.PROMPTED}{n}"
            feishu.organisation.chats[id] = Chat(id, id, [])
        feishu.limits()
        adapter = Watched(feishu)
        await fan_out(f"sqlite:///{folder}/feishufanout.db", adapter, groups)
        await adapter._close()
        posts = feishu.calls("POST im/v1/messages")
        refused = sum(call.code in (99991400, 230020) for call in posts)
        said = sum(not message.author for message in feishu.organisation.messages.values())
    what = f"{groups:,} groups, 2 % of the answers lost"
    theirs = replace(LIMITS, per_minute=PER_MINUTE * (1 - LIMITS.kept_free))  # of prompts
    return [
        *shown(what, theirs, adapter.calls, groups),
        Figure(f"{what}: refused by Feishu", refused, aim=0, unit="calls"),
        Figure(f"{what}: messages too many", said - groups, aim=0, unit="messages"),
    ]
