"""The town of the stories on Slack, behind the real slack-bolt (`support/town.py` says what holds for every platform).

async with slack_town(tmp_path, "socket") as town:
    await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from support.town import Running, Settled, Town, running

from .errors import Impossible
from .fake import FakeSlack
from .records import Posted
from .settled import config, settle
from .townspeople import Person, is_answer, key_of

PATH = "/slack/events"


class SlackTown(Town):
    def __init__(self, slack: FakeSlack, settled: Settled, running: Running) -> None:
        super().__init__(settled, running.bot, running.clock)
        self.slack = slack

    def __getattr__(self, name: str) -> Person:
        if name not in self.settled.people:
            raise AttributeError(name)
        return Person(self, name)

    # --- looking ---

    def place(self, name: str) -> str:
        person = name.removeprefix("dm:")
        return Person(self, person).direct if name != person else self.slack.workspace.place(name).id

    def messages(self, place: str, about: str = "") -> list[Posted]:
        there = self.slack.workspace.messages[self.place(place)].values()
        return [one for one in there if "bot_id" in one.message and about in one.text]

    def owed(self, message: Posted) -> str:
        return "" if is_answer(message) else key_of(message)

    def newest(self, place: str, about: str, button: str, *, reader: str = "") -> Posted:
        """The newest message about something that has a button; what only the reader sees counts as well."""
        channel = self.slack.workspace.place(place).id
        private = [one for one in self.slack.workspace.ephemerals if (one.channel, one.user) == (channel, reader)]
        there = [*self.slack.workspace.messages[channel].values(), *private]
        found = [one for one in there if about in one.text and button in one.buttons]
        if not found:
            raise Impossible(f"nothing about {about!r} with {button!r} in {place}: {[one.text for one in there]}")
        return max(found, key=lambda one: one.ts)

    # --- what must hold at the end ---

    async def check(self) -> None:
        """Besides, each answer is there once, every envelope was acknowledged, and Slack had nothing to complain about."""
        await super().check()
        await self.slack.wait_answered()
        private = [(one.user, one.channel, one.text) for one in self.slack.workspace.ephemerals]
        shown = (one for there in self.slack.workspace.messages.values() for one in there.values())
        lasting = [key_of(one) for one in shown if is_answer(one)]
        twice = [each for each, count in Counter([*private, *lasting]).items() if count > 1]
        assert not twice, f"answered twice: {twice}"
        assert self.slack.unanswered() == []
        assert [str(one) for one in self.slack.violations] == []


@asynccontextmanager
async def slack_town(folder: Path, mode: str, **fake: Any) -> AsyncIterator[SlackTown]:
    """Runs until the block ends, and checks then what must hold."""
    async with FakeSlack(mode=mode, **fake) as slack:
        settled = await settle(slack)

        def moves(clock: Any) -> None:
            slack.workspace.wall = lambda: clock.now().timestamp()

        def listens(address: str) -> None:
            slack.request_url = address + PATH

        async with running("slack", folder, config(slack, settled), moves=moves, listens=listens) as bot:
            if slack.mode == "socket":
                await slack.wait_connections()
            town = SlackTown(slack, settled, bot)
            yield town
            await town.check()
