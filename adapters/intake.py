"""Acts that were acknowledged, on their way to the core: kept first, done once, answered, and never lost unseen.

A platform waits some seconds for its acknowledgement, whatever the core, the database or the platform's own API are
doing. So an act is written to the journal and acknowledged; then it is given to the core, and the answer follows by its
own way. What a process did not finish, the next one does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

import structlog

from adapters.base import Receive
from adapters.journal import Journal, Payload
from commands.chat import Answer, Event

CALM = 0.02
"""Seconds without anything new after which work begins: acknowledgements have a limit, the work has none."""
CALM_WITHIN = 1.0
"""Seconds after which it begins anyway."""

BUSY_FOR = 60.0
"""Seconds for which an acknowledged act is tried again while the database is busy or away; then the person is told."""
BUSY_PAUSE = 1.0
"""Seconds before the first of these tries; each further one waits twice as long."""

UNKEPT_WITHIN = 2.0
"""Seconds that an act which could not be kept is waited for, before it is acknowledged all the same."""
REST_WITHIN = 1.0
"""Seconds for what is in hand when the bot stops; the rest is in the journal."""

Meet = Callable[[str], Awaitable[None]]
"""Gets to know somebody before their first act is handled."""


class Acted(Protocol):
    """Something that somebody did, as a platform knows it; `event` is what the core gets."""

    @property
    def event(self) -> Event: ...


A = TypeVar("A", bound=Acted)


class Desk(Protocol[A]):
    """What a platform does with an act before and after the core."""

    async def prepared(self, act: A) -> A:
        """The act with what has to be found out first."""

    async def show(self, act: A, answer: Answer, *, was_told: bool) -> None:
        """Shows the answer to the person who acted. `was_told`: an earlier process died while it did so."""


class Intake(Generic[A]):
    """`receive` is None until the adapter runs. Belongs to one event loop."""

    def __init__(self, platform: str, *, journal: Journal, desk: Desk[A], meet: Meet) -> None:
        self.receive: Receive | None = None
        self._journal = journal
        self._desk = desk
        self._meet = meet
        self._log = structlog.get_logger(platform)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._taking = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._calming: asyncio.TimerHandle | None = None

    async def take(self, act: A, payload: Payload) -> None:
        """Returns when it may be acknowledged. It is done once, however often it comes."""
        key = act.event.key
        if self._journal.knows(key):
            return
        self._taking += 1
        self._calm.clear()
        if self._calming is not None:
            self._calming.cancel()
        try:
            if await self._journal.add(key, payload):
                self.begin(self._handle(act))
        except OSError as error:
            self._log.error("journal_unwritable", error=str(error))
            await self._unkept(act)
        finally:
            self._taking -= 1
            if not self._taking:
                self._calming = asyncio.get_running_loop().call_later(CALM, self._calm.set)

    async def keep(self, key: str, payload: Payload) -> bool:
        """Whether it is new. What cannot be written is done all the same."""
        try:
            return await self._journal.add(key, payload)
        except OSError as error:
            self._log.error("journal_unwritable", error=str(error))
            return True

    def resume(self, act: A) -> None:
        """Handles what an earlier process acknowledged and did not finish."""
        self._log.info("resumed", key=act.event.key)
        self.begin(self._handle(act, is_left_over=True))

    def done(self, key: str) -> None:
        """It needs not be handled again."""
        self._journal.done(key)

    async def ask(self, act: A) -> Answer:
        """The core's answer."""
        if self.receive is None:
            raise RuntimeError("the bot is not taking events yet")
        return await self.receive(act.event)

    async def conclude(self, act: A, answer: Answer) -> None:
        """Shows the answer of an act that was kept, and then it is done."""
        if answer.busy:
            answer = await self._ask_patiently(act)
        await self._show(act, answer)

    async def told(self, act: A, telling: Coroutine[Any, Any, None]) -> None:
        """Tells the person, and then the act is done, also where the telling fails: that is in the log."""
        await self._watched(telling)
        self._journal.done(act.event.key)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Goes on with it beside everything else. Nothing fails unseen."""
        task = asyncio.create_task(self._watched(work))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task

    async def get_to_know(self, user: str) -> None:
        """Never fails: who is unknown is told so by the core."""
        try:
            await self._meet(user)
        except Exception as error:
            self._log.warning("cannot_get_to_know", user=user, error=str(error))

    async def rest(self) -> None:
        """Lets what is in hand finish for a moment, then cuts it off; the journal keeps it."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=REST_WITHIN)
        for task in self._in_hand:
            task.cancel()

    # --- inside ---

    async def _unkept(self, act: A) -> None:
        """The disk takes nothing: then the act is done before it is acknowledged, as far as there is time."""
        task = self.begin(self._handle(act))
        await asyncio.wait([task], timeout=UNKEPT_WITHIN)

    async def _handle(self, act: A, *, is_left_over: bool = False) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_WITHIN):
                await self._calm.wait()
        await self.get_to_know(act.event.user)
        act = await self._desk.prepared(act)
        answer = await self._ask_patiently(act)
        if is_left_over or not answer.repeated:
            await self._show(act, answer, is_left_over=is_left_over)
        else:
            self._journal.done(act.event.key)

    async def _show(self, act: A, answer: Answer, *, is_left_over: bool = False) -> None:
        key = act.event.key
        was_told = is_left_over and self._journal.was_begun(key)
        self._journal.begin(key)
        await self.told(act, self._desk.show(act, answer, was_told=was_told))

    async def _ask_patiently(self, act: A) -> Answer:
        """What was acknowledged is not given up because the database is away for a moment."""
        waited, pause = 0.0, BUSY_PAUSE
        while (answer := await self.ask(act)).busy and waited < BUSY_FOR:
            await asyncio.sleep(pause)
            waited, pause = waited + pause, pause * 2
        return answer

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            self._log.exception("act_failed")
