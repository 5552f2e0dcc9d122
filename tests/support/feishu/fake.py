"""`FakeFeishu`: an organisation on Feishu, on loopback, that the real lark-oapi talks to.

    async with FakeFeishu() as feishu:
        ann = feishu.create_user("ann")
        place = feishu.create_group("newx", [ann])
        delivery = await feishu.say(ann, place, "@bot request …")
        assert delivery.status == "acked"
        (card,) = await feishu.wait_messages(place)
        click = await feishu.click(ann, card.id, label="受理")
        assert click.toast["content"] == "…"

It is strict where a mistake would hurt a real person: tokens, scopes, membership, ids, card JSON 2.0 and its limits.
What Feishu would let pass and we do not want is collected in `violations`. Seconds are the event loop's; moments, with
tokens, the life of cards and of send keys, are those of `wall`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .api import Api
from .deliveries import Delivery, Post
from .looking import Looking
from .markup import Json
from .organisation import SCOPES, Organisation
from .people import People
from .records import Chat, Department, User
from .sockets import Sockets
from .trouble import Trouble
from .webhook import Requests

PATIENCE = 3.0  # seconds until an event counts as not acknowledged, and a click as failed
ADDED, REMOVED, DISSOLVED = "im.chat.member.bot.added_v1", "im.chat.member.bot.deleted_v1", "im.chat.disbanded_v1"


class FakeFeishu(Looking, Trouble):
    """`mode` is "websocket", or "webhook" with the app's `request_url`. `ack_timeout` and the `pauses` between an event's
    repetitions are in seconds (Feishu's own: 15 s, 5 min, 1 h, 6 h), and so is the `ping` that it wants between two signs of
    life; `wall` gives those since 1970."""

    def __init__(
        self,
        *,
        mode: str = "websocket",
        request_url: str = "",
        app_id: str = "cli_fake",
        app_secret: str = "fake-app-secret",
        encrypt_key: str = "fake-encrypt-key",
        verification_token: str = "fake-verification-token",
        scopes: Iterable[str] = SCOPES,
        ack_timeout: float = PATIENCE,
        pauses: tuple[float, ...] = (0.05, 1.0, 5.0, 5.0),
        ping: float = 120,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.mode, self.app_id, self.app_secret = mode, app_id, app_secret
        self.encrypt_key, self.verification_token = encrypt_key, verification_token
        self.organisation = Organisation(scopes=set(scopes), wall=wall)
        self.api = Api(self.organisation, app_id=app_id, app_secret=app_secret)
        self.post = Post(self.organisation, patience=ack_timeout, pauses=pauses)
        self.post.app_id, self.post.verification_token = app_id, verification_token
        self.requests = Requests(self.organisation, self.post, url=request_url, key=encrypt_key)
        self.sockets = Sockets(self.organisation, self.api, self.post, ping=ping)
        self.people = People(self.organisation, self.post)

    # --- life ---

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=40 * 1024 * 1024)
        app.router.add_route("*", "/open-apis/{path:.+}", self.api.serve)
        app.router.add_post("/callback/ws/endpoint", self.sockets.endpoint)
        app.router.add_get("/ws/v2", self.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.organisation.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.requests.open()
        self.post.road = self.sockets if self.mode == "websocket" else self.requests
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.api.ending.set()
        await self.post.close()
        await self.sockets.close()
        await self.requests.close()
        await self._runner.cleanup()

    @property
    def domain(self) -> str:
        """The origin of the open platform."""
        return self.organisation.base

    @property
    def bot(self) -> str:
        """The bot's open_id."""
        return self.organisation.bot

    @property
    def request_url(self) -> str:
        return self.requests.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        """Where the app listens, for one that is started after Feishu."""
        self.requests.url = url

    # --- people and places ---

    def create_user(self, name: str, **about: Any) -> str:
        """`email`, `mobile`, `departments`, `leader`, `language`, `available`, `resigned`. Gives the open_id."""
        id = self.organisation.id("ou_")
        self.organisation.users[id] = User(id, f"u{id[-6:]}", f"on_{id[3:]}", name, **about)
        return id

    def create_department(self, name: str, *, department_id: str = "", **about: str) -> str:
        """`leader`, `parent`, `called`. Gives the open_department_id."""
        id = self.organisation.id("od-")
        self.organisation.departments[id] = Department(id, department_id or f"d{id[-6:]}", name, **about)
        return id

    def create_group(self, name: str, members: Iterable[str] = (), *, bot: bool = True) -> str:
        """Gives the chat_id."""
        id = self.organisation.id("oc_")
        people = [self.organisation.person(one).id for one in members]
        self.organisation.chats[id] = Chat(id, name, people, bot=bot)
        return id

    def direct(self, user: str) -> str:
        """The chat_id of somebody's one-to-one chat with the bot."""
        return self.organisation.direct(self.organisation.person(user).id).id

    def set_user(self, user: str, **about: Any) -> None:
        vars(self.organisation.person(user)).update(about)

    def set_chat(self, chat: str, **about: Any) -> None:
        """Without an event."""
        vars(self.organisation.place(chat)).update(about)

    def set_scopes(self, scopes: Iterable[str]) -> None:
        self.organisation.scopes = set(scopes)

    def delete_message(self, message: str) -> None:
        """Somebody with the right to do so removes a message."""
        self.organisation.messages[message].gone = True

    # --- what people do: each returns when the app has acknowledged it, unless `wait` is false ---

    async def say(self, user: str, chat: str, text: str, *, wait: bool = True, **more: Any) -> Delivery | None:
        """Writes a message; `People.say` says how mentions are written. None where the app does not hear it."""
        delivery = self.people.say(user, chat, text, **more).delivery
        return await self._go(delivery, wait) if delivery else None

    async def click(self, user: str, message: str, *, wait: bool = True, **which: Any) -> Delivery:
        """Presses a button, by `label`, `name` or part of its callback `value`."""
        return await self._go(self.people.click(user, message, **which), wait)

    async def submit(self, user: str, message: str, values: Json | None = None, *, wait: bool = True) -> Delivery:
        """Fills in the form of a card and sends it; `values` by the names of its fields."""
        return await self._go(self.people.submit(user, message, values or {}), wait)

    async def menu(self, user: str, key: str, *, wait: bool = True) -> Delivery:
        return await self._go(self.people.menu(user, key), wait)

    async def enter(self, user: str, *, wait: bool = True) -> Delivery:
        return await self._go(self.people.enter(user), wait)

    async def add_bot(self, chat: str, by: str, *, wait: bool = True) -> Delivery:
        self.set_chat(chat, bot=True)
        return await self._go(self.people.about_chat(ADDED, chat, by), wait)

    async def remove_bot(self, chat: str, by: str, *, wait: bool = True) -> Delivery:
        self.set_chat(chat, bot=False)
        return await self._go(self.people.about_chat(REMOVED, chat, by), wait)

    async def dissolve(self, chat: str, by: str, *, wait: bool = True) -> Delivery:
        self.set_chat(chat, dissolved=True)
        return await self._go(self.people.about_chat(DISSOLVED, chat, by), wait)

    async def event(self, kind: str, event: Json, *, message: str = "", wait: bool = True) -> Delivery:
        """Any event, also one that no client would make; a callback on `message`."""
        about = self.organisation.messages.get(message)
        return await self._go(self.post.event(kind, event, about), wait)

    async def _go(self, delivery: Delivery, wait: bool) -> Delivery:
        on_card = delivery.callback and delivery.message
        task = self.post.spawn(self.people.deliver_callback(delivery) if on_card else self.post.deliver(delivery))
        if wait:
            await task
        return delivery
