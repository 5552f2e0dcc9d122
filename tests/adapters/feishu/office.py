"""An organisation with our adapter in it, and a core that answers as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from adapters.base import Introductions, Presence, Profile
from adapters.feishu import FeishuAdapter, FeishuConfig, Surroundings
from bot.language import text_of
from commands.chat import Answer, Event
from support.feishu import FakeFeishu

NOON = datetime(2026, 9, 23, 4, tzinfo=UTC)
MODES = ("websocket", "webhook")


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


@dataclass
class Groups:
    """What the core was told of groups."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    async def entered(self, chat: str) -> None:
        self.told.append(("entered", chat))

    async def left(self, chat: str, why: str, fix: str) -> None:
        self.told.append(("left", chat, why))


EVERYBODY_IS_KNOWN = Register()


@dataclass
class Office:
    feishu: FakeFeishu
    adapter: FeishuAdapter
    core: Core
    groups: Groups
    ann: str
    bob: str
    place: str


def config(feishu: FakeFeishu) -> FeishuConfig:
    return FeishuConfig(
        app_id=feishu.app_id,
        app_secret=feishu.app_secret,
        mode=feishu.mode,
        domain=feishu.domain,
        encrypt_key=feishu.encrypt_key if feishu.mode == "webhook" else "",
        verification_token=feishu.verification_token if feishu.mode == "webhook" else "",
    )


def around(
    journal: Path | None = None,
    language: str = "zh-CN",
    introductions: Introductions = EVERYBODY_IS_KNOWN,
    presence: Presence | None = None,
) -> Surroundings:
    def words_in(tag: str) -> Callable[[str], str]:
        return lambda key: text_of(tag, key) or key

    return Surroundings(
        now=lambda: NOON,
        real_now=lambda: datetime.now(UTC),
        chance=lambda: 0.0,
        words_of_person=lambda user: words_in(language),
        words_of_chat=lambda chat: words_in(language),
        words_in=words_in,
        journal=journal,
        introductions=introductions,
        presence=presence or Groups(),
    )


@asynccontextmanager
async def running(
    feishu: FakeFeishu,
    core: Core,
    journal: Path | None = None,
    *,
    introductions: Introductions = EVERYBODY_IS_KNOWN,
    presence: Presence | None = None,
    **changed: object,
) -> AsyncIterator[FeishuAdapter]:
    """Our adapter, connected. `changed`: what differs in its configuration."""
    surroundings = around(journal, introductions=introductions, presence=presence)
    adapter = FeishuAdapter(replace(config(feishu), **changed), surroundings)
    runner = None
    if routes := adapter.routes():
        app = web.Application()
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        feishu.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/feishu/events"
    task = asyncio.create_task(adapter.run(core))
    try:
        async with asyncio.timeout(10):
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
    mode: str = "websocket",
    journal: Path | None = None,
    *,
    changed: Mapping[str, object] = MappingProxyType({}),
    **fake: object,
) -> AsyncIterator[Office]:
    core, groups = Core(), Groups()
    async with FakeFeishu(mode=mode, **fake) as feishu:
        ann, bob = feishu.create_user("ann"), feishu.create_user("bob", language="en_us")
        place = feishu.create_group("newx", [ann, bob])
        async with running(feishu, core, journal, presence=groups, **changed) as adapter:
            yield Office(feishu, adapter, core, groups, ann, bob, place)
        assert not feishu.violations, [str(one) for one in feishu.violations]
