"""What the core and a platform promise each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from commands.chat import Answer, Card, Event

if TYPE_CHECKING:
    from aiohttp.web import AbstractRouteDef

Receive = Callable[[Event], Awaitable[Answer]]
"""Gives an event to the core. Returns after the commit: an event may be acknowledged once this returned."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a group by its chat id, or a person by the platform's user id (one-to-one)."""

    chat: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a platform lets the bot send, before our own margin. `None`: no limit of that kind.

    `edits_per_minute`: edits are counted apart (`per_second` holds for each kind), and in no chat's limit; `None`: they
    count as posts do. `kept_free`: the part of the rate that prompts never use. `crowded_minutes`: those of the hour in
    which the platform itself has too much to send, so that mass prompts begin after them. `card_days`: so many days
    after it was posted, a card can be neither changed nor pressed.
    """

    per_second: float | None = None
    per_minute: float | None = None
    per_chat_per_second: float | None = None
    edits_per_minute: float | None = None
    kept_free: float = 0.0
    crowded_minutes: frozenset[int] = frozenset()
    card_days: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the platform is usable now; `detail` is for an operator; `last_event` is when it last spoke."""

    ok: bool
    detail: str = ""
    last_event: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform knows of one of its own users. `email` is one that the platform has verified; `locale` is an
    IETF tag, such as `zh-TW`."""

    user: str
    email: str | None = None
    name: str = ""
    locale: str | None = None


class Introductions(Protocol):
    """How a platform makes its users known to the core, so that nobody has to write down platform ids."""

    def wants_profile(self, user: str) -> bool:
        """Whether a profile would tell something new: nobody is known by this id, or their language is not."""

    async def introduce(self, profile: Profile) -> None:
        """Takes the id for that of the one active person with this e-mail address who has none here yet, and the
        locale for their language where none is known. May be called again and again."""

    def missing(self) -> Sequence[str]:
        """The e-mail addresses of active people who have no id on this platform, to be looked up there."""


class Presence(Protocol):
    """How a platform tells the core in which groups the bot is, where it learns of that from events. Both may be
    called again, and for chats that are nobody's."""

    async def entered(self, chat: str) -> None:
        """The bot was added: it can be heard and can speak there."""

    async def left(self, chat: str, why: str, fix: str) -> None:
        """It was removed, or the group is no more. `fix`: what an administrator can do; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found when a platform was looked over: `message` says it, `fix` what to do. yellow: it works, and
    somebody should look at it; red: something does not work. `id` is stable and begins with the platform's name."""

    level: Literal["green", "yellow", "red"]
    id: str
    message: str
    fix: str = ""


class SendError(Exception):
    """A message could not be delivered."""


class Busy(SendError):
    """Not now: try again after so many seconds, with the same key.

    `unsent`: the platform took nothing (a 429, no connection), so the try does not count; else the message may or may
    not be there. `everywhere`: nothing can be sent on the whole platform until then; else in that chat.
    """

    def __init__(self, after: float, detail: str = "", *, unsent: bool = False, everywhere: bool = False) -> None:
        super().__init__(detail or f"busy, again in {after:g} s")
        self.after = after
        self.unsent = unsent
        self.everywhere = everywhere


class Gone(SendError):
    """The chat, the person or the message to edit is not there any more: sending again cannot help."""


class Forbidden(SendError):
    """The platform refuses to let the bot into the chat or to the person; `fix` says what an administrator has to do.
    A message that it does not like for what is in it is a plain `SendError`."""

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.fix = fix


class Adapter(Protocol):
    """A platform. In cards handed to an adapter, `Span.person` is the platform's own user id."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def bilingual(self) -> bool:
        """Whether one message can be in several languages, and everybody sees their own (`Card.translations`)."""

    async def run(self, receive: Receive) -> None:
        """Takes events until cancelled, giving each to `receive`."""

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        """Posts a card and returns the platform's message id. Raises `SendError`.

        `again`: an attempt with this `key` was begun before, so its message may be there; then no second one is
        made, and the id of the first is returned (its text may be older than `card`: the caller edits it). A platform
        that knows send keys sees that by itself; another one looks for the message first.
        """

    async def edit(self, target: Target, message: str, card: Card) -> None:
        """Replaces a posted card. Raises `Gone` when the message cannot be edited any more."""

    def health(self) -> Health: ...

    def routes(self) -> Sequence[AbstractRouteDef]:
        """HTTP routes this platform needs on the bot's server; most have none."""
