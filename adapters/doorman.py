"""Introduces a platform's people to the core: who acts, and who has to be reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Protocol

import structlog

from adapters.base import Introductions, Profile

log = structlog.get_logger("people")

MEET_WITHIN = 1.5
"""Seconds that an act waits for it: Slack has to be given a modal, and Feishu an answer to a click, within three."""
ROUND = 3600.0
"""Seconds from one look for missing people to the next."""

Sleep = Callable[[float], Awaitable[None]]


class People(Protocol):
    """What a platform knows of its people. Neither raises because the platform does not answer."""

    async def look(self, user: str) -> Profile | None:
        """Who that is; None for whoever is nobody of ours, and while the platform does not say."""

    def find(self, emails: Iterable[str]) -> AsyncIterator[Profile]:
        """Those who have one of the addresses."""


class Doorman:
    """Introduces people to the core. `sleep` waits so many seconds."""

    def __init__(self, people: People, introductions: Introductions, *, sleep: Sleep = asyncio.sleep) -> None:
        self._people = people
        self._core = introductions
        self._sleep = sleep
        self._meeting: dict[str, asyncio.Task[None]] = {}

    async def meet(self, user: str) -> None:
        """Before somebody's act is handled. Returns in time, whether or not they are known then."""
        if not self._core.wants_profile(user):
            return
        if user not in self._meeting:
            self._meeting[user] = asyncio.create_task(self._introduced(user))
        with suppress(TimeoutError):
            async with asyncio.timeout(MEET_WITHIN):
                await asyncio.shield(self._meeting[user])

    async def keep_looking(self) -> None:
        """Finds the missing, now and every hour, until cancelled."""
        while True:
            try:
                await self.look_for_missing()
            except Exception:
                log.exception("looking_for_people_failed")
            await self._sleep(ROUND)

    async def look_for_missing(self) -> None:
        """One round: everybody whom the core cannot reach here is looked up by e-mail."""
        async for profile in self._people.find(self._core.missing()):
            await self._core.introduce(profile)

    async def _introduced(self, user: str) -> None:
        """One question, however much somebody does before it is answered."""
        try:
            if profile := await self._people.look(user):
                await self._core.introduce(profile)
        finally:
            del self._meeting[user]
