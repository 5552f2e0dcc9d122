"""A message for one person alone: in their one-to-one chat with the bot, or not at all.

Where Feishu does not let the bot write there (they are outside the app's range, or muted it), a reply in the group says
that there is an answer and how to get it, and nothing that is not for everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from adapters.base import Busy, Forbidden, Gone, SendError, Target
from adapters.feishu.errors import Refused, Unclear
from adapters.feishu.inbound import Back
from adapters.feishu.posting import Payload, Posting

log = structlog.get_logger("feishu")

TRIES = 15
LONGEST_PAUSE = 60.0
"""Seconds. A message is tried for about ten minutes; whoever waited longer has asked again."""

Way = Callable[[bool], Awaitable[object]]
"""Does it; told whether an earlier try may have arrived."""
Sleep = Callable[[float], Awaitable[None]]


class Private:
    """Every message has a key, and is there once however often it is tried. `sleep` waits so many seconds."""

    def __init__(self, posting: Posting, *, sleep: Sleep = asyncio.sleep) -> None:
        self._posting = posting
        self._sleep = sleep

    async def say(self, back: Back, payload: Payload, *, key: str, aside: Payload) -> bool:
        """Whether the person got it. `aside` is what a group may read instead. Raises `Refused` when Feishu does not
        like what is in it."""
        try:
            await self.patiently(
                lambda again: self._posting.post(Target(user=back.user), payload, key=f"answer:{key}", again=again)
            )
        except Refused:
            raise
        except (Gone, Forbidden) as error:
            log.info("cannot_write_to_them", user=back.user, error=str(error))
            await self._say_aside(back, aside, key)
        except SendError as error:
            log.error("answer_not_shown", user=back.user, key=key, error=str(error))
        else:
            return True
        return False

    async def _say_aside(self, back: Back, aside: Payload, key: str) -> None:
        if back.direct or not back.message:
            log.error("answer_not_shown", user=back.user, key=key)
            return
        try:
            await self.patiently(lambda again: self._posting.reply(back.message, aside, key=f"aside:{key}"))
        except SendError as error:
            log.error("answer_not_shown", user=back.user, key=key, error=str(error))

    async def patiently(self, way: Way) -> None:
        """Until it is done. Raises `SendError`; `Busy` only after all tries."""
        again = False
        for attempt in range(TRIES - 1):
            try:
                await way(again)
                return
            except Busy as error:
                log.info("answer_waits", error=str(error))
                again = again or isinstance(error, Unclear)
                await self._sleep(min(max(error.after, 2.0**attempt), LONGEST_PAUSE))
        await way(again)
