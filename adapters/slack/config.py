"""What the adapter is told: how to reach the workspace, and what it may ask of the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from adapters.base import Introductions
from adapters.pictures import Pictures

Words = Callable[[str], str]
"""Somebody's words for a key of the catalogue `platform`."""

PER_CHANNEL = 1.0
"""Messages a second to one channel (https://docs.slack.dev/apis/web-api/rate-limits/)."""
PER_MINUTE = 300.0
"""Messages a minute in a workspace: Slack says "several hundred" and no number."""
EDITS_PER_MINUTE = 50.0
"""`chat.update` is of tier 3."""


async def no_pictures(name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackConfig:
    """How to reach the workspace. `commands`: slash command → command of the core, "" for the one that takes all."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    mode: str = "socket"
    base_url: str = "https://slack.com/api/"
    proxy: str | None = None
    commands: dict[str, str] = field(default_factory=dict)
    posts_per_minute: float = PER_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the adapter needs of the bot: the moment, chance for pauses, a person's or a chat's words, who is who, and
    where events are kept that were acknowledged and are not done."""

    now: Callable[[], datetime]
    chance: Callable[[], float]
    words_of_person: Callable[[str], Words]
    words_of_chat: Callable[[str], Words]
    journal: Path | None
    introductions: Introductions
    pictures: Pictures = no_pictures
