"""The town of the stories on Slack: the bot in this process, behind the real slack-bolt, and a clock moved by hand.

    async with slack_town(tmp_path, "socket") as town:
        seen = await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前")
        await town.limin.fills(standard="完整报告")
        await town.to("09-24 10:30")
        assert "已受理" in town.card("newx", "R-1")

What a person does returns when they see the answer. Messages carry the hand-moved clock's moment in their ids.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.base import Limits
from bot import http, wiring
from bot.bot import Bot
from bot.clock import ManualClock, SeededIds
from bot.config import load
from support.chat import CHINA, YEAR
from support.invariants import check

from .deliveries import Delivery
from .errors import Impossible
from .fake import FakeSlack
from .records import Posted
from .settled import Settled, config, settle
from .townspeople import Card, Person, is_answer, key_of, moment

PATH = "/slack/events"
SOON = timedelta(minutes=2)  # within it a message that Slack did not take is tried again


class Weather:
    """What goes wrong around each step; nothing, unless a test says otherwise."""

    async def before(self) -> None:
        """Before an act, and before time moves on."""

    async def after(self, delivery: Delivery) -> None:
        """After an act."""


class Unhurried:
    """An adapter without its limits: no story waits for Slack's one message a second."""

    limits = Limits()

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


class SlackTown:
    def __init__(self, slack: FakeSlack, settled: Settled, bot: Bot, clock: ManualClock) -> None:
        self.slack, self.settled, self.bot, self.clock = slack, settled, bot, clock
        self.weather = Weather()
        self._told: set[str] = set()

    def __getattr__(self, name: str) -> Person:
        if name not in self.settled.people:
            raise AttributeError(name)
        return Person(self, name)

    # --- time ---

    async def to(self, when: str) -> None:
        """Moves to `09-24 10:30` of the stories' year, in the town's zone."""
        local = datetime.strptime(f"{YEAR}-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
        await self.weather.before()
        await self.bot.pass_time(self.clock, local.astimezone(UTC))
        await self.settle()

    async def settle(self) -> None:
        """What is owed goes out; what Slack did not take is tried again, as some seconds pass."""
        end = self.clock.now() + SOON
        await self.bot.cycle()
        while (at := await self.bot.core.store.call(self._next_try)) and at < end > self.clock.now():
            self.clock.move_to(max(at, self.clock.now() + timedelta(seconds=1)))
            await self.bot.cycle()

    def _next_try(self) -> datetime | None:
        with self.bot.core.store.read() as uow:
            return uow.outbox.earliest_ready()

    # --- looking ---

    def place(self, name: str) -> str:
        """A channel's id: of a channel by its name, of a one-to-one chat by `dm:<person>`."""
        person = name.removeprefix("dm:")
        return Person(self, person).direct if name != person else self.slack.workspace.place(name).id

    def messages(self, place: str, about: str = "") -> list[Posted]:
        """What the bot has posted there."""
        there = self.slack.workspace.messages[self.place(place)].values()
        return [one for one in there if "bot_id" in one.message and about in one.text]

    def newest(self, place: str, about: str, button: str, *, reader: str = "") -> Posted:
        """The newest message about something that has a button; what only the reader sees counts as well."""
        channel = self.slack.workspace.place(place).id
        private = [one for one in self.slack.workspace.ephemerals if (one.channel, one.user) == (channel, reader)]
        there = [*self.slack.workspace.messages[channel].values(), *private]
        found = [one for one in there if about in one.text and button in one.buttons]
        if not found:
            raise Impossible(f"nothing about {about!r} with {button!r} in {place}: {[one.text for one in there]}")
        return max(found, key=lambda one: one.ts)

    def card(self, place: str, item: str) -> Card:
        """The one card of a record in a place."""
        cards = [one for one in self.messages(place) if re.match(rf"\W*{re.escape(item)} ", one.text)]
        assert cards, f"no card of {item} in {place}: {[one.text for one in self.messages(place)]}"
        return Card(cards[0])

    def numbered(self, place: str, about: str, letter: str) -> str:
        """The number of the record of a kind that a card is about: `E-3`."""
        titles = [re.match(rf"\W*({letter}-\d+) ", one.text) for one in self.messages(place, about)]
        return next(title[1] for title in titles if title)

    def told(self, words: str) -> dict[str, list[str]]:
        """Who was told of something since the last look, and when: `{"dm:zhangwei": ["09-23 17:40"]}`."""
        found: dict[str, list[str]] = {}
        for place in [*self.settled.places, *(f"dm:{person}" for person in self.settled.people)]:
            fresh = [one for one in self.messages(place) if one.ts not in self._told and not is_answer(one)]
            self._told |= {one.ts for one in fresh}
            if moments := [moment(one) for one in fresh if words in one.text]:
                found[place] = moments
        return found

    # --- what must hold at the end ---

    async def check(self) -> None:
        """The invariants hold, each message owed and each answer is there once, every envelope was acknowledged, and
        Slack had nothing to complain about."""
        await self.settle()
        await self.slack.wait_answered()
        check(self.bot.core.store)
        self._each_is_there_once()
        self._nobody_is_answered_twice()
        assert self.slack.unanswered() == []
        assert [str(one) for one in self.slack.violations] == []

    def _each_is_there_once(self) -> None:
        shown = (one for there in self.slack.workspace.messages.values() for one in there.values())
        ours = (one for one in shown if "bot_id" in one.message and not is_answer(one))
        posted = [(key_of(one), f"{one.channel}:{one.ts}") for one in ours]
        with self.bot.core.store.read() as uow:
            sent = dict(uow.link.query("SELECT key, platform_message FROM outbox WHERE state = 'sent'", ()))
        twice = [key for key, count in Counter(key for key, _ in posted).items() if count > 1]
        assert not twice, f"posted twice: {twice}"
        assert not (strange := [each for each in posted if each not in sent.items()]), f"posted and not owed: {strange}"
        assert not (lost := set(sent.values()) - {id for _, id in posted}), f"owed and not posted: {lost}"

    def _nobody_is_answered_twice(self) -> None:
        private = [(one.user, one.channel, one.text) for one in self.slack.workspace.ephemerals]
        shown = (one for there in self.slack.workspace.messages.values() for one in there.values())
        lasting = [key_of(one) for one in shown if is_answer(one)]
        twice = [each for each, count in Counter([*private, *lasting]).items() if count > 1]
        assert not twice, f"answered twice: {twice}"


@asynccontextmanager
async def slack_town(folder: Path, mode: str, **fake: Any) -> AsyncIterator[SlackTown]:
    """Runs until the block ends, and checks then what must hold."""
    async with FakeSlack(mode=mode, **fake) as slack:
        settled = await settle(slack)
        file = folder / "town.yaml"
        head = f"database: sqlite:///{folder}/town.db\nhttp: {{port: 0}}\n"
        file.write_text(head + config(slack, settled), encoding="utf-8")
        settings = load(file).settings
        assert settings.platforms.sandbox
        clock = ManualClock(settings.platforms.sandbox.start)
        slack.workspace.wall = lambda: clock.now().timestamp()
        bot = wiring.build(settings, clock=clock, ids=SeededIds())
        adapter = wiring.BUILDERS["slack"](settings, bot)
        bot.adapters["slack"] = Unhurried(adapter)
        app = http.build_app(bot.metrics, routes=adapter.routes())
        await bot.start()
        async with http.serve(app, settings) as address:
            slack.request_url = address + PATH
            running = asyncio.create_task(adapter.run(bot.receive))
            try:
                await _until_ready(slack, adapter)
                town = SlackTown(slack, settled, bot, clock)
                yield town
                await town.check()
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                bot.core.store.close()


async def _until_ready(slack: FakeSlack, adapter: Any) -> None:
    if slack.mode == "socket":
        await slack.wait_connections()
    async with asyncio.timeout(5):
        while not adapter.health().ok:
            await asyncio.sleep(0)
