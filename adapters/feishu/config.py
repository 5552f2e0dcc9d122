"""What the adapter is told: how to reach the organisation, and what it may ask of the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from adapters.base import Introductions, Presence

PLATFORM = "feishu"

Words = Callable[[str], str]
"""Somebody's words for a key of the catalogue `platform`."""
Pictures = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a picture by its name; None when there is no such picture."""

PER_SECOND = 50.0
PER_MINUTE = 1_000.0
"""Calls of one API, by one app in one organisation: both hold (https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control)."""
PER_CHAT = 5.0
"""Messages a second to one chat or person, shared by all bots in it (the page of `im/v1/messages`)."""


async def no_pictures(name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class PanelCommand:
    """A command that Feishu offers when somebody types a slash; `name` without it. `texts`: what it does, by language
    tag, the first for whoever has none of these languages."""

    name: str
    texts: Mapping[str, str]


ANSWER_WITHIN = 2.5
"""Seconds that a click or form waits for the core before the person is told that it takes longer: Feishu gives three
(https://open.feishu.cn/document/feishu-cards/card-callback-communication)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeishuConfig:
    """How to reach the organisation. `domain` is the origin of the open platform: Feishu, Lark, or a private one.
    `panel`: the commands to be offered."""

    app_id: str
    app_secret: str = field(repr=False)
    mode: str = "websocket"  # websocket | webhook
    domain: str = "https://open.feishu.cn"
    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)
    proxy: str | None = field(default=None, repr=False)
    panel: tuple[PanelCommand, ...] = ()
    answer_within: float = ANSWER_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the adapter needs of the bot: the moment, the moment outside (the bot's own clock may be held by hand),
    chance for pauses, the words of a person, a chat or a language, who is who, who is told in which groups the bot is,
    and where events are kept that were acknowledged and are not done."""

    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    chance: Callable[[], float]
    words_of_person: Callable[[str], Words]
    words_of_chat: Callable[[str], Words]
    journal: Path | None
    introductions: Introductions
    presence: Presence
    pictures: Pictures = no_pictures
    words_in: Callable[[str], Words] | None = None
