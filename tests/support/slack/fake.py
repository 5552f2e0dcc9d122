"""`FakeSlack`: a Slack workspace on loopback that the real slack-bolt and slack-sdk talk to.

    async with FakeSlack() as slack:
        ann = await slack.create_user("ann")
        place = await slack.create_channel("general", [ann])
        delivery = await slack.slash(ann, place, "/request", "…")
        assert delivery.status == "acked"

It is strict where a mistake would hurt a real person: tokens, scopes, membership, ids that expire, Block Kit limits.
What Slack would let pass and we do not want is collected in `violations`. Seconds are the event loop's.
"""

from __future__ import annotations

import asyncio
import fnmatch
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from .api import Api, Call
from .deliveries import Delivery, Post, Requests
from .errors import Impossible
from .faults import Fault
from .hooks import Hooks
from .people import People, Said
from .records import Channel, Json, Posted, Screen, Violation
from .sockets import Sockets
from .workspace import EVENTS, SCOPES, Workspace

T = TypeVar("T")
PATIENCE = 3.0  # seconds until Slack's client shows operation_timeout


class FakeSlack:
    """`mode` is "socket", or "http" with the app's `request_url`. `commands`: those registered, `None` for any.
    `ack_timeout` and the `pauses` between an event's retries are in seconds; `wall` gives those since 1970."""

    def __init__(
        self,
        *,
        mode: str = "socket",
        request_url: str = "",
        bot_token: str = "xoxb-fake-bot",
        app_token: str = "xapp-1-fake-app",
        signing_secret: str = "fake-signing-secret",
        scopes: Iterable[str] = SCOPES,
        commands: Iterable[str] | None = None,
        events: Iterable[str] = EVENTS,
        ack_timeout: float = PATIENCE,
        pauses: tuple[float, ...] = (0.05, 1.0, 5.0),
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.mode, self.request_url = mode, request_url
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self.workspace = Workspace(scopes=set(scopes), events=set(events), wall=wall)
        self.api = Api(self.workspace, bot_token=bot_token, app_token=app_token)
        self.post = Post(self.workspace, patience=ack_timeout, pauses=pauses)
        self.sockets = Sockets(self.workspace, self.post)
        self.people = People(self.workspace, self.post, None if commands is None else set(commands))
        self.workspace.send_event = lambda event: self._spawn_event(event)

    # --- life ---

    async def __aenter__(self) -> Self:
        hooks, app = Hooks(self.workspace, self.api), web.Application(client_max_size=10 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.api.serve)
        app.router.add_post("/upload/{id}", self.api.upload)
        app.router.add_post("/hooks/{kind}/{id}", hooks.serve)
        app.router.add_get("/link", self.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.workspace.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._requests = Requests(self.workspace, self.post, url=self.request_url, secret=self.signing_secret)
        self.post.road = self.sockets if self.mode == "socket" else self._requests
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.post.close()
        await self.sockets.close()
        await self._requests.close()
        await self._runner.cleanup()

    def listens_at(self, request_url: str) -> None:
        """Where the app takes requests, for one that is started after Slack."""
        self.request_url = self._requests.url = request_url

    @property
    def base_url(self) -> str:
        return f"{self.workspace.base}/api/"

    @property
    def team_id(self) -> str:
        return self.workspace.team_id

    @property
    def bot_user(self) -> str:
        return self.workspace.bot_user

    # --- people and places ---

    async def create_user(self, name: str, **about: Any) -> str:
        """`locale`, `email`, `real_name`, `deleted`, `is_bot`, `team_id`. Gives the id."""
        return self.workspace.add_user(name, **about).id

    async def create_channel(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        private: bool = False,
        bot: bool = True,
        archived: bool = False,
    ) -> str:
        people = [self.workspace.person(member).id for member in members] + [self.bot_user] * bot
        id = self.workspace.id("C")
        self.workspace.channels[id] = Channel(id, name, people, private, archived)
        return id

    async def dm(self, user: str) -> str:
        return self.workspace.direct(self.workspace.person(user).id).id

    async def set_membership(self, channel: str, user: str, member: bool = True) -> None:
        """`user` may be the bot."""
        members, id = self.workspace.place(channel).members, self.workspace.person(user).id
        if id in members:
            members.remove(id)
        if member:
            members.append(id)

    async def archive(self, channel: str, archived: bool = True) -> None:
        self.workspace.place(channel).archived = archived

    async def set_scopes(self, scopes: Iterable[str]) -> None:
        self.workspace.scopes = set(scopes)

    async def delete_message(self, channel: str, ts: str) -> None:
        """Somebody with the right to do so removes a message."""
        posted = self.workspace.find(self.workspace.place(channel).id, ts)
        if posted is None:
            raise Impossible("there is no such message")
        self.workspace.remove(posted)

    # --- what people do ---

    async def slash(self, user: str, channel: str, command: str, text: str = "", *, wait: bool = True) -> Delivery:
        delivery = self.people.slash(user, channel, command, text)
        return await self._go(delivery, self.people.deliver_command(delivery), wait)

    async def click(
        self,
        user: str,
        channel: str | None = None,
        ts: str | None = None,
        action_id: str | None = None,
        *,
        label: str | None = None,
        value: Any = None,
        view_id: str | None = None,
        wait: bool = True,
    ) -> Delivery:
        """Presses the button with this id, label or value, of a message or (by `view_id`) of a modal or home tab."""
        which = {"action_id": action_id, "label": label, "value": value}
        if view_id:
            delivery = self.people.click_in(user, view_id, **which)
        else:
            assert channel and ts, "a click needs a message or a view"
            delivery = self.people.click(user, channel, ts, **which)
        await self._go(delivery, self.post.deliver(delivery), wait)
        if delivery.ack_payload:
            self.workspace.violate("click_acked_with_payload", delivery.ack_payload)
        return delivery

    async def submit(
        self, user: str, values: Json | None = None, view_id: str | None = None, *, wait: bool = True
    ) -> Delivery:
        """Sends the newest modal of a person; `values` by block id. What becomes of it: `outcome["result"]`."""
        delivery, screen = self.people.submit(user, values or {}, view_id)
        return await self._go(delivery, self.people.deliver_submission(delivery, screen), wait)

    async def close_view(self, user: str, view_id: str | None = None) -> Delivery | None:
        delivery = self.people.close_view(user, view_id)
        return await self._go(delivery, self.post.deliver(delivery), True) if delivery else None

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None, *, wait: bool = True) -> Said:
        """Writes a message; `@bot` in it mentions the app."""
        said = self.people.say(user, channel, text, thread_ts)
        if wait:
            await asyncio.gather(*(delivery.done.wait() for delivery in said.deliveries))
        return said

    async def open_home(self, user: str, *, wait: bool = True) -> Delivery:
        return await self.event(self.people.open_home(user), wait=wait)

    async def event(self, event: Json, *, wait: bool = True) -> Delivery:
        delivery = self.people.event(event)
        return await self._go(delivery, self.post.deliver(delivery), wait)

    async def send(self, kind: str, payload: Json, *, wait: bool = True) -> Delivery:
        """Any envelope, also one that no client would make."""
        delivery = self.post.envelope(kind, payload)
        return await self._go(delivery, self.post.deliver(delivery), wait)

    async def redeliver(self, envelope_id: str, attempt: int = 1) -> Delivery:
        return await self.post.again(envelope_id, attempt)

    async def _go(self, delivery: Delivery, work: Any, wait: bool) -> Delivery:
        task = self.post.spawn(work)
        if wait:
            await task
        return delivery

    def _spawn_event(self, event: Json) -> None:
        self.post.spawn(self.post.deliver(self.people.event(event)))

    # --- looking ---

    @property
    def violations(self) -> list[Violation]:
        return self.workspace.violations

    @property
    def homes(self) -> dict[str, Json]:
        """The home tab of each person who has one."""
        return self.workspace.homes

    @property
    def deliveries(self) -> list[Delivery]:
        return self.post.deliveries

    async def messages(self, channel: str, bot_only: bool = True, contains: str | None = None) -> list[Posted]:
        return self._messages(channel, bot_only, contains)

    async def ephemerals(
        self, user: str | None = None, channel: str | None = None, contains: str | None = None
    ) -> list[Posted]:
        return self._ephemerals(user, channel, contains)

    async def views(self, user: str | None = None) -> list[Screen]:
        """The modals that are open, the newest last."""
        id = user and self.workspace.person(user).id
        return [screen for screen in self.workspace.screens.values() if id in {None, screen.user}]

    async def calls(self, method: str = "*", ok: bool | None = None) -> list[Call]:
        """What the app asked for; `response_url` and `upload` count as methods."""
        return [one for one in self.api.calls if fnmatch.fnmatch(one.method, method) and ok in {None, one.ok}]

    async def wait_for(self, look: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """What `look` gives once that is true; it is asked whenever something happened at Slack."""
        return await self.workspace.wait_for(look, timeout, what)

    async def wait_messages(self, channel: str, n: int = 1, timeout: float = 5.0, **which: Any) -> list[Posted]:
        return await self._at_least(n, timeout, lambda: self._messages(channel, **which), f"messages in {channel}")

    async def wait_ephemerals(self, n: int = 1, timeout: float = 5.0, **which: Any) -> list[Posted]:
        return await self._at_least(n, timeout, lambda: self._ephemerals(**which), f"private messages {which}")

    async def wait_view(self, user: str, timeout: float = 5.0) -> Screen:
        id = self.workspace.person(user).id
        theirs = lambda: [one for one in self.workspace.screens.values() if one.user == id]  # noqa: E731
        return (await self._at_least(1, timeout, theirs, f"a modal of {user}"))[-1]

    async def wait_connections(self, n: int = 1, timeout: float = 10.0) -> int:
        return len(await self._at_least(n, timeout, lambda: self.sockets.live, "connections"))

    async def _at_least(self, n: int, timeout: float, look: Callable[[], list[T]], what: str) -> list[T]:
        found: list[T] = []

        def enough() -> bool:
            found[:] = look()
            return len(found) >= n

        await self.workspace.wait_for(enough, timeout, f"{n} {what}")
        return found

    def _messages(self, channel: str, bot_only: bool = True, contains: str | None = None) -> list[Posted]:
        there = self.workspace.messages[self.workspace.place(channel).id].values()
        ours = [one for one in there if not bot_only or one.message.get("bot_id") == self.workspace.bot_id]
        return [one for one in ours if contains is None or contains in one.words]

    def _ephemerals(
        self, user: str | None = None, channel: str | None = None, contains: str | None = None
    ) -> list[Posted]:
        who, where = user and self.workspace.person(user).id, channel and self.workspace.place(channel).id
        theirs = [one for one in self.workspace.ephemerals if who in {None, one.user} and where in {None, one.channel}]
        return [one for one in theirs if contains is None or contains in one.words]

    # --- what goes wrong ---

    async def add_fault(self, kind: str, method: str = "*", times: int | None = 1, **more: Any) -> Fault:
        """`Fault` says what can be ordered. `response_url` and `upload` count as methods."""
        fault = Fault(kind, method, times, **more)
        self.api.faults.append(fault)
        return fault

    async def limits(
        self,
        posts: bool = True,
        rate: float = 1.0,
        burst: int = 1,
        tiers: bool = False,
        per_minute: int | None = None,
    ) -> None:
        """Switches Slack's own limits on: `rate` posts a second in each channel, `per_minute` in the workspace."""
        self.api.limiter.on(posts=posts, rate=rate, burst=burst, tiers=tiers, per_minute=per_minute)

    async def post_rate(self) -> dict[str, int]:
        """Per channel, the most posts within one second."""
        return self.api.limiter.busiest_second()

    async def drop_acks(self, n: int = 1) -> None:
        self.post.drop = n

    async def duplicate_next(self, n: int = 1) -> None:
        self.post.twice = n

    async def disconnect(self, reason: str = "refresh_requested", grace: float = 1.0) -> None:
        await self.sockets.disconnect(reason, grace)

    async def drop_sockets(self) -> None:
        self.sockets.drop()

    async def silence(self, on: bool = True) -> None:
        self.sockets.silence(on)

    async def clear_faults(self) -> None:
        self.api.faults.clear()
        self.api.limiter.off()
        self.post.drop = self.post.twice = 0
        self.sockets.silence(False)

    def set_skew(self, seconds: float) -> None:
        """How far Slack's clock, as its answers show it, is ahead of `wall`."""
        self.api.skew = seconds

    # --- many at once ---

    async def load(
        self,
        command: str,
        n: int,
        concurrency: int,
        *,
        text: str = "load {i}",
        users: Iterable[str] = (),
        channels: Iterable[str] = (),
    ) -> list[float | None]:
        """Types `n` commands, `concurrency` at a time, and gives the milliseconds until each was acknowledged."""
        places = [self.workspace.place(one) for one in channels] or list(self._groups())
        who = {self.workspace.person(one).id for one in users}
        turns = iter(range(n))
        taken: list[float | None] = [None] * n

        async def one_after_the_other() -> None:
            for i in turns:
                place = places[i % len(places)]
                people = [one for one in place.members if one != self.bot_user and (not who or one in who)]
                typed = text.format(i=i)
                taken[i] = (await self.slash(people[i % len(people)], place.id, command, typed)).ack_ms

        await asyncio.gather(*(one_after_the_other() for _ in range(concurrency)))
        return taken

    def _groups(self) -> Iterable[Channel]:
        return (one for one in self.workspace.channels.values() if not one.direct)

    def unanswered(self) -> list[Delivery]:
        """Envelopes that the app has not acknowledged in time."""
        return [one for one in self.post.deliveries if one.status != "acked"]
