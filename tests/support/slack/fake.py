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
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .api import Api
from .deliveries import Delivery, Post, Requests
from .errors import Impossible
from .hooks import Hooks
from .looking import Looking
from .people import People, Said
from .records import Channel, Json
from .sockets import Sockets
from .trouble import Trouble
from .workspace import EVENTS, SCOPES, Workspace

PATIENCE = 3.0  # seconds until Slack's client shows operation_timeout


class FakeSlack(Looking, Trouble):
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
        self.mode, self.bot_token, self.app_token = mode, bot_token, app_token
        self.workspace = Workspace(scopes=set(scopes), events=set(events), wall=wall)
        self.api = Api(self.workspace, bot_token=bot_token, app_token=app_token)
        self.post = Post(self.workspace, patience=ack_timeout, pauses=pauses)
        self.requests = Requests(self.post, url=request_url, secret=signing_secret)
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
        self.requests.open()
        self.post.road = self.sockets if self.mode == "socket" else self.requests
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.post.close()
        await self.sockets.close()
        await self.requests.close()
        await self._runner.cleanup()

    @property
    def request_url(self) -> str:
        return self.requests.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        """Where the app listens, for one that is started after Slack."""
        self.requests.url = url

    @property
    def signing_secret(self) -> str:
        """What requests are signed with; another one makes them forged."""
        return self.requests.secret

    @signing_secret.setter
    def signing_secret(self, secret: str) -> None:
        self.requests.secret = secret

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
