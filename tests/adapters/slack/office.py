"""A workspace with our adapter in it, and a core that answers as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from adapters.base import Introductions, Profile
from adapters.slack import SlackAdapter, SlackConfig, Surroundings
from bot.language import text_of
from commands.chat import Answer, Event
from support.slack import FakeSlack

NOON = datetime(2026, 9, 23, 4, tzinfo=UTC)
COMMANDS = {"/request": "request", "/task-status": "status", "/escalate": "escalate", "/liaison": ""}
MODES = ("socket", "http")


@dataclass
class Core:
    """Takes every event, once per key as the real one does. While `gate` is shut it hangs."""

    answer: Callable[[Event], Answer] = lambda event: Answer(toast="好的")
    events: list[Event] = field(default_factory=list)
    seen: dict[str, Answer] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self, event: Event) -> Answer:
        self.came.set()
        await self.gate.wait()
        if event.key in self.seen and not self.seen[event.key].busy:
            return Answer(toast=self.seen[event.key].toast, repeated=True)
        self.events.append(event)
        self.seen[event.key] = self.answer(event)
        return self.seen[event.key]


@dataclass
class Register:
    """Who is known by which id, and the addresses of those whom nobody knows yet."""

    unknown: set[str] = field(default_factory=set)
    addresses: tuple[str, ...] = ()
    met: list[Profile] = field(default_factory=list)

    def wants_profile(self, user: str) -> bool:
        return user in self.unknown

    async def introduce(self, profile: Profile) -> None:
        self.met.append(profile)
        self.unknown.discard(profile.user)

    def missing(self) -> tuple[str, ...]:
        return self.addresses


EVERYBODY_IS_KNOWN = Register()


@dataclass
class Office:
    slack: FakeSlack
    adapter: SlackAdapter
    core: Core
    ann: str
    bob: str
    place: str


def config(slack: FakeSlack) -> SlackConfig:
    return SlackConfig(
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        mode=slack.mode,
        base_url=slack.base_url,
        commands=COMMANDS,
    )


def around(
    journal: Path | None = None, language: str = "zh-CN", introductions: Introductions = EVERYBODY_IS_KNOWN
) -> Surroundings:
    def words(key: str) -> str:
        return text_of(language, key) or key

    return Surroundings(
        now=lambda: NOON,
        chance=lambda: 0.0,
        words_of_person=lambda user: words,
        words_of_chat=lambda chat: words,
        journal=journal,
        introductions=introductions,
    )


@asynccontextmanager
async def running(
    slack: FakeSlack,
    core: Core,
    journal: Path | None = None,
    introductions: Introductions = EVERYBODY_IS_KNOWN,
    **changed: object,
) -> AsyncIterator[SlackAdapter]:
    """Our adapter, connected. `changed`: what differs in its configuration."""
    adapter = SlackAdapter(replace(config(slack), **changed), around(journal, introductions=introductions))
    runner = None
    if routes := adapter.routes():
        app = web.Application()
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    task = asyncio.create_task(adapter.run(core))
    try:
        if slack.mode == "socket":
            await slack.wait_connections(1)
        async with asyncio.timeout(5):
            while not adapter.health().ok:
                await asyncio.sleep(0)
        yield adapter
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if runner:
            await runner.cleanup()


@asynccontextmanager
async def office(
    mode: str = "socket",
    journal: Path | None = None,
    introductions: Introductions = EVERYBODY_IS_KNOWN,
    **fake: object,
) -> AsyncIterator[Office]:
    core = Core()
    async with FakeSlack(mode=mode, **fake) as slack:
        ann, bob = await slack.create_user("ann"), await slack.create_user("bob", locale="en-US")
        place = await slack.create_channel("newx", [ann, bob])
        async with running(slack, core, journal, introductions) as adapter:
            yield Office(slack, adapter, core, ann, bob, place)
