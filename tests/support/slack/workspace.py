"""What a Slack workspace remembers: people, channels, messages, modals, and what the app did wrong there."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from . import markup
from .errors import Impossible, Refusal
from .records import Channel, File, Hook, Json, Posted, Screen, Trigger, User, Violation

T = TypeVar("T")

_SCOPES = """commands chat:write app_mentions:read channels:read groups:read im:read mpim:read im:write im:history
channels:history groups:history mpim:history users:read users:read.email files:write"""
SCOPES = frozenset(_SCOPES.split())
EVENTS = frozenset({"app_mention", "message.im", "app_home_opened"})


class Workspace:
    """One team with one installed app. `wall` gives the seconds since 1970 that message ids are made of."""

    def __init__(self, *, scopes: set[str], events: set[str], wall: Callable[[], float] = time.time) -> None:
        self.team_id, self.team_domain, self.app_id, self.bot_id = "T0TOWN", "town", "A0LIAISON", "B0LIAISON"
        self.scopes, self.events, self.wall = scopes, events, wall
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Posted]] = defaultdict(dict)
        self.ephemerals: list[Posted] = []
        self.screens: dict[str, Screen] = {}
        self.homes: dict[str, Json] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.tickets: set[str] = set()
        self.violations: list[Violation] = []
        self.base = ""  # of every URL that it hands out
        self.send_event: Callable[[Json], None] = lambda event: None
        self._ids, self._last_ts = count(1), 0
        self._waiting: set[asyncio.Event] = set()
        self.bot_user = self.add_user("liaison", is_bot=True).id

    # --- ids and moments ---

    def id(self, prefix: str) -> str:
        return f"{prefix}0{next(self._ids):08X}"

    def ts(self) -> str:
        """A message id: seconds since 1970 with six decimals, never the same twice."""
        self._last_ts = max(self._last_ts + 1, int(self.wall() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def now(self) -> float:
        """For what lives some seconds."""
        return asyncio.get_running_loop().time()

    # --- people and places ---

    def add_user(self, name: str, *, locale: str = "zh-CN", email: str | None = None, **more: Any) -> User:
        id, email = self.id("U"), email if email is not None else f"{name}@example.test"
        user = User(id, more.pop("team_id", self.team_id), name, more.pop("real_name", name), locale, email, **more)
        self.users[user.id] = user
        return user

    def direct(self, user: str) -> Channel:
        """The one-to-one chat of a person with the bot."""
        for channel in self.channels.values():
            if channel.user == user:
                return channel
        id = self.id("D")
        self.channels[id] = Channel(id, "directmessage", [user, self.bot_user], private=True, user=user)
        return self.channels[id]

    def person(self, name: str) -> User:
        """By id or by name, for acts."""
        named = [user for user in self.users.values() if name in {user.id, user.name}]
        if not named:
            raise Impossible(f"there is no {name!r}")
        return named[0]

    def place(self, name: str) -> Channel:
        """By id or by name, for acts."""
        named = [channel for channel in self.channels.values() if name.lstrip("#") in {channel.id, channel.name}]
        if not named:
            raise Impossible(f"there is no channel {name!r}")
        return named[0]

    # --- what the app gets to use ---

    def trigger(self, user: str, view: str | None = None) -> str:
        id = f"{self.id('')}.{self.ts()}"
        self.triggers[id] = Trigger(user, self.now(), view)
        return id

    def hook(self, user: str, channel: str, ts: str | None = None) -> str:
        id = self.id("H")
        self.hooks[id] = Hook(user, channel, self.now(), ts)
        return id

    # --- messages ---

    def post(self, channel: Channel, content: Json, *, author: str | None = None) -> Posted:
        """Stores a message of a person, or of the bot. People's clients and the app hear of it."""
        message = {"type": "message", "user": author or self.bot_user, "ts": self.ts(), "team": self.team_id, **content}
        if author is None:
            message |= {"bot_id": self.bot_id, "app_id": self.app_id}
        posted = Posted(channel.id, message, mentions=markup.mentions(message))
        self.messages[channel.id][posted.ts] = posted
        self._tell_app(channel, {**_without_metadata(message), "event_ts": posted.ts})
        self.changed()
        return posted

    def whisper(self, channel: str, user: str, content: Json) -> Posted:
        """Shows a message to one person."""
        message: Json = {"type": "message", "subtype": "bot_message", "ts": self.ts(), "bot_id": self.bot_id}
        message |= {"is_ephemeral": True, **content}
        posted = Posted(channel, message, user, markup.mentions(message))
        self.ephemerals.append(posted)
        self.changed()
        return posted

    def rewrite(self, posted: Posted, content: Json) -> None:
        """Text without blocks removes the old blocks; metadata stays unless given (chat.update's page)."""
        message = posted.message
        before = copy.deepcopy(_without_metadata(message))
        posted.history.append(before)
        if "text" in content and "blocks" not in content:
            message.pop("blocks", None)
        message |= content
        posted.mentions = markup.mentions(message)
        if posted.user is None:
            message["edited"] = {"user": self.bot_user, "ts": self.ts()}
            self._tell_app(self.channels[posted.channel], _change("message_changed", message, before, self.ts()))
        self.changed()

    def remove(self, posted: Posted) -> None:
        if posted.user:
            self.ephemerals.remove(posted)
        else:
            del self.messages[posted.channel][posted.ts]
            event: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": posted.ts}
            event |= {"previous_message": _without_metadata(posted.message), "ts": self.ts(), "event_ts": self.ts()}
            self._tell_app(self.channels[posted.channel], event)
        self.changed()

    def find(self, channel: str, ts: str) -> Posted | None:
        private = (one for one in self.ephemerals if (one.channel, one.ts) == (channel, ts))
        return self.messages[channel].get(ts) or next(private, None)

    def _tell_app(self, channel: Channel, event: Json) -> None:
        """The app hears its own messages and edits as well; it must not answer itself."""
        if f"message.{channel.kind}" in self.events and self.bot_user in channel.members:
            self.send_event(copy.deepcopy({**event, "channel": channel.id, "channel_type": channel.kind}))

    # --- modals ---

    def show(self, user: str, view: Json, *, root: str | None = None, previous: str | None = None) -> Screen:
        made = self.made(view, root=root, previous=previous)
        self.screens[made["id"]] = Screen(user, made)
        self.changed()
        return self.screens[made["id"]]

    def replace(self, screen: Screen, view: Json) -> None:
        old = screen.view
        screen.history.append(old)
        screen.view = self.made(view, id=old["id"], root=old["root_view_id"], previous=old["previous_view_id"])
        self.changed()

    def made(self, view: Json, *, id: str = "", root: str | None = None, previous: str | None = None) -> Json:
        """A view as Slack gives it back: with ids, a hash, and every key."""
        id = id or self.id("V")
        empty: Json = dict.fromkeys(("callback_id", "private_metadata", "external_id"), "")
        empty |= {"submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}
        full = {**empty, **copy.deepcopy(view), "id": id, "team_id": self.team_id, "app_id": self.app_id}
        full |= {"bot_id": self.bot_id, "hash": f"{self.ts()}.{self.id('h')}", "state": {"values": {}}}
        full |= {"root_view_id": root or id, "previous_view_id": previous}
        full["blocks"] = self.named(full["blocks"])
        return full

    def named(self, blocks: list[Json]) -> list[Json]:
        """Blocks with the ids that Slack gives where the app gave none."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", self.id("b"))
        for element in markup.elements(blocks):
            element.setdefault("action_id", self.id("a"))
        return blocks

    # --- watching ---

    def violate(self, kind: str, detail: object = "") -> None:
        self.violations.append(Violation(kind, detail if isinstance(detail, str) else json.dumps(detail, default=str)))
        self.changed()

    def changed(self) -> None:
        """Lets everybody who waits look again."""
        for waiting in self._waiting:
            waiting.set()

    async def wait_for(self, look: Callable[[], T | None], timeout: float = 5.0, what: str = "") -> T:
        """What `look` gives once that is true; it is asked again whenever something happened here."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(timeout):
                while not (seen := look()):
                    await woken.wait()
                    woken.clear()
                return seen
        except TimeoutError:
            raise AssertionError(f"waited {timeout:g} s in vain for {what or 'it'}, saw {look()!r}") from None
        finally:
            self._waiting.discard(woken)

    def need(self, *scopes: str) -> None:
        """Refuses unless the app was given one of these scopes."""
        if scopes and not self.scopes & set(scopes):
            raise Refusal("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))


def _without_metadata(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "metadata"}


def _change(subtype: str, message: Json, before: Json, ts: str) -> Json:
    event: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
    return {**event, "message": _without_metadata(message), "previous_message": before}
