"""The town of the stories on a real platform's protocol: the bot in this process, and a clock moved by hand.

    await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前")
    await town.limin.fills(standard="完整报告")
    await town.to("09-24 10:30")
    assert "已受理" in town.card("newx", "R-1")

What a person does returns when they see the answer. Messages carry the hand-moved clock's moment. What is here holds for
every platform; `slack/town.py` and `feishu/town.py` add what people see there and how they act.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from adapters.base import Limits
from bot import http, wiring
from bot.bot import Bot
from bot.clock import ManualClock, SeededIds
from bot.config import load
from support.chat import CHINA, YEAR
from support.invariants import check
from support.process import TOWN

PLACES = ("market", "rd", "design", "leadership", "newx")
SOON = timedelta(minutes=2)  # within it a message that the platform did not take is tried again


@dataclass(frozen=True)
class Settled:
    """A platform's ids by the names of the stories."""

    people: dict[str, str]
    places: dict[str, str]


def names() -> list[str]:
    """Everybody of the town."""
    return re.findall(r"sandbox: (\w+)}", TOWN.read_text(encoding="utf-8"))


def config(platform: str, section: str, settled: Settled, *, manual_clock: bool = True) -> str:
    """The town's config, with everybody and everything on a platform, whose own section is `section`. With a manual
    clock the sandbox is switched on beside it, to move it."""
    ours = f"  {platform}: {{{section}}}\n"
    town = TOWN.read_text(encoding="utf-8")
    town = re.sub(r"(  sandbox: \{enabled.*\n)", rf"\g<1>{ours}" if manual_clock else ours, town)
    for name, id in settled.people.items():
        town = town.replace(f"sandbox: {name}}}", f"{platform}: {id}}}")
    for name, id in settled.places.items():
        town = town.replace(f"platform: sandbox, chat: {name}}}", f"platform: {platform}, chat: {id}}}")
    return town


class Weather:
    """What goes wrong around each step; nothing, unless a test says otherwise."""

    async def before(self) -> None:
        """Before an act, and before time moves on."""

    async def after(self, delivery: Any) -> None:
        """After an act."""

    async def owed(self) -> None:
        """When the person has seen the answer, and before others are told."""


class Unhurried:
    """An adapter without its limits: no story waits for a platform's one message a second."""

    limits = Limits()

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


class Message(Protocol):
    """What every platform's fake tells of a message. `id` is the adapter's, `moment` in seconds since 1970."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def buttons(self) -> list[str]: ...
    @property
    def edited(self) -> bool: ...
    @property
    def moment(self) -> float: ...


class Town:
    """People are its attributes; places go by their name, one-to-one chats by `dm:<person>`."""

    def __init__(self, settled: Settled, bot: Bot, clock: ManualClock) -> None:
        self.settled, self.bot, self.clock = settled, bot, clock
        self.weather = Weather()
        self._told: set[str] = set()

    # --- what each platform says ---

    def place(self, name: str) -> str:
        """The id of a chat."""
        raise NotImplementedError

    def messages(self, place: str, about: str = "") -> list[Any]:
        """What the bot has posted there, for all to see."""
        raise NotImplementedError

    def owed(self, message: Any) -> str:
        """The key of the message owed that this one is; "" for the answer to somebody's act, which nobody was owed."""
        raise NotImplementedError

    # --- time ---

    async def to(self, when: str) -> None:
        """Moves to `09-24 10:30` of the stories' year, in the town's zone."""
        local = datetime.strptime(f"{YEAR}-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
        await self.weather.before()
        await self.bot.pass_time(self.clock, local.astimezone(UTC))
        await self.settle()

    async def settle(self) -> None:
        """What is owed goes out; what the platform did not take is tried again, as some seconds pass."""
        end = self.clock.now() + SOON
        await self.bot.cycle()
        while (at := await self.bot.core.store.call(self._next_try)) and at < end > self.clock.now():
            self.clock.move_to(max(at, self.clock.now() + timedelta(seconds=1)))
            await self.bot.cycle()

    def _next_try(self) -> datetime | None:
        with self.bot.core.store.read() as uow:
            return uow.outbox.earliest_ready()

    # --- looking ---

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
            fresh = [one for one in self.messages(place) if one.id not in self._told and self.owed(one)]
            self._told |= {one.id for one in fresh}
            if moments := [local(one) for one in fresh if words in one.text]:
                found[place] = moments
        return found

    # --- what must hold at the end ---

    async def check(self) -> None:
        """The invariants hold, and each message owed is there once."""
        await self.settle()
        check(self.bot.core.store)
        places = [*self.settled.places, *(f"dm:{person}" for person in self.settled.people)]
        posted = [(key, one.id) for place in places for one in self.messages(place) if (key := self.owed(one))]
        with self.bot.core.store.read() as uow:
            sent = dict(uow.link.query("SELECT key, platform_message FROM outbox WHERE state = 'sent'", ()))
        twice = [key for key, count in Counter(key for key, _ in posted).items() if count > 1]
        assert not twice, f"posted twice: {twice}"
        assert not (strange := [each for each in posted if each not in sent.items()]), f"posted and not owed: {strange}"
        assert not (lost := set(sent.values()) - {id for _, id in posted}), f"owed and not posted: {lost}"


class Card:
    """A message as people read it."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @property
    def buttons(self) -> list[str]:
        return self.message.buttons

    @property
    def at(self) -> str:
        return local(self.message)

    @property
    def edited(self) -> bool:
        return self.message.edited

    def __contains__(self, words: str) -> bool:
        return words in self.message.text

    def __repr__(self) -> str:
        return f"Card({self.message.text!r}, buttons={self.buttons})"


def local(message: Message) -> str:
    """`09-24 10:30`, in the town's zone."""
    return datetime.fromtimestamp(message.moment, CHINA).strftime("%m-%d %H:%M")


@dataclass(frozen=True)
class Running:
    """The bot of a town, connected."""

    bot: Bot
    clock: ManualClock
    adapter: Any


@asynccontextmanager
async def running(
    platform: str, folder: Path, config: str, *, moves: Callable[[ManualClock], None], listens: Callable[[str], None]
) -> AsyncIterator[Running]:
    """The bot with one platform. `moves` is told the clock before anything happens, `listens` the bot's address."""
    file = folder / "town.yaml"
    head = f"database: sqlite:///{folder}/town.db\nhttp: {{port: 0}}\n"
    file.write_text(head + config, encoding="utf-8")
    settings = load(file).settings
    assert settings.platforms.sandbox
    clock = ManualClock(settings.platforms.sandbox.start)
    moves(clock)
    bot = wiring.build(settings, clock=clock, ids=SeededIds())
    adapter = wiring.BUILDERS[platform](settings, bot)
    bot.adapters[platform] = Unhurried(adapter)
    app = http.build_app(bot.metrics, routes=adapter.routes())
    await bot.start()
    async with http.serve(app, settings) as address:
        listens(address)
        task = asyncio.create_task(adapter.run(bot.receive))
        try:
            async with asyncio.timeout(10):
                while not adapter.health().ok:
                    await asyncio.sleep(0)
            yield Running(bot, clock, adapter)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            bot.core.store.close()
