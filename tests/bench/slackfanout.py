"""Slack: a thousand channels, one prompt each, at the pace we hold for Slack, with some answers lost on the way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))  # `support` is found there, as in the tests

from adapters.base import Target
from adapters.slack import SlackAdapter, SlackConfig, Surroundings
from commands.chat import Card
from support.slack import FakeSlack
from support.slack.records import Channel
from tests.bench.fanout import LOST_OF, fan_out, shown
from tests.bench.figures import Figure
from tests.bench.load import NOW
from tests.bench.town import PLATFORM, Nowhere


class Nobody:
    """There is nobody to get to know."""

    def wants_profile(self, user: str) -> bool:
        return False

    async def introduce(self, profile: object) -> None: ...

    def missing(self) -> tuple[str, ...]:
        return ()


class Watched(SlackAdapter):
    """The real adapter under the name that the benchmarks' messages are for; one answer in fifty is lost after Slack
    stored the message."""

    name = PLATFORM  # type: ignore[assignment]

    def __init__(self, slack: FakeSlack) -> None:
        config = SlackConfig(bot_token=slack.bot_token, app_token=slack.app_token, base_url=slack.base_url)
        around = Surroundings(
            now=lambda: NOW,
            chance=lambda: 0.5,
            words_of_person=lambda user: str,
            words_of_chat=lambda chat: str,
            journal=None,
            introductions=Nobody(),
        )
        super().__init__(config, around)
        self._slack = slack
        self.calls: list[tuple[float, str]] = []

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        self.calls.append((perf_counter(), target.chat or ""))
        if not again and len(self.calls) % LOST_OF == 0:
            await self._slack.add_fault("cut", "chat.postMessage", when="after")
        return await super().post(target, card, key=key, again=again)


def figures(folder: Path, channels: int) -> Iterator[Figure]:
    """Takes as many seconds as the limit makes it take."""
    yield from asyncio.run(_measured(folder, channels))


async def _measured(folder: Path, channels: int) -> list[Figure]:
    async with FakeSlack() as slack:
        for n in range(channels):
            id = f"{Nowhere.PROMPTED}{n}"
            slack.workspace.channels[id] = Channel(id, id, [slack.bot_user])
        await slack.limits(posts=True, rate=1.0, burst=1)
        adapter = Watched(slack)
        await fan_out(f"sqlite:///{folder}/slackfanout.db", adapter, channels)
        await adapter._close()
        limited = await slack.calls("*", ok=False)
        said = sum(len(messages) for messages in slack.workspace.messages.values())
    what = f"{channels:,} channels, 2 % of the answers lost"
    return [
        *shown(what, adapter.limits, adapter.calls, channels),
        Figure(f"{what}: refused by Slack (429)", sum(call.status == 429 for call in limited), aim=0, unit="calls"),
        Figure(f"{what}: messages too many", said - channels, aim=0, unit="messages"),
    ]
