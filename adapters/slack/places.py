"""Whether the bot is in a channel: a command may be typed anywhere, but its card can only come where the bot is."""

from __future__ import annotations

import asyncio

import structlog

from adapters.base import Gone, SendError
from adapters.slack.web import Web

log = structlog.get_logger("slack")

KNOWN_FOR = 300.0
"""Seconds after which it is asked again: who was told to invite the bot does so at once."""
MOST = 10_000


class Places:
    """Asks `conversations.info` (https://docs.slack.dev/reference/methods/conversations.info/)."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._inside: dict[str, float] = {}  # channel → until when this is believed

    async def is_outside(self, channel: str) -> bool:
        """Whether the bot is surely no member of the channel. What cannot be found out is no reason to say so."""
        now = asyncio.get_running_loop().time()
        if not channel or self._inside.get(channel, 0.0) > now:
            return False
        try:
            found = await self._web.ask("conversations.info", channel=channel)
        except Gone:
            return True  # a private channel without the bot does not exist for it
        except SendError as error:
            log.info("membership_unknown", channel=channel, error=str(error))
            is_inside = True
        else:
            is_inside = bool((found.get("channel") or {}).get("is_member"))
        if is_inside:
            if len(self._inside) >= MOST:
                self._inside.clear()
            self._inside[channel] = now + KNOWN_FOR
        return not is_inside
