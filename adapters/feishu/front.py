"""The one way in: every event and callback from Feishu is kept, and acknowledged at once or with its answer.

Feishu waits 3 seconds for an acknowledgement
(https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case).
A message is acknowledged as soon as it is kept (`adapters/intake.py`). Who pressed a button or sent a form looks at the
card meanwhile, so their acknowledgement waits for the core, and says that it takes longer where it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace

import structlog

from adapters.base import Receive
from adapters.feishu import inbound
from adapters.feishu.answers import Answers
from adapters.feishu.comings import Comings
from adapters.feishu.config import PLATFORM
from adapters.feishu.inbound import Act, Arrived, Body, Dismissed, Left, Me, Puzzle, Read
from adapters.feishu.places import Places
from adapters.feishu.posting import Posting
from adapters.intake import Intake, Meet
from adapters.journal import Journal
from commands.chat import Answer, Click, Say

log = structlog.get_logger("feishu")


@dataclass(frozen=True, slots=True)
class _Reply:
    """An acknowledgement. `answer` is the core's to `act`, and `left` what of it goes to the chat afterwards."""

    body: Body
    act: Act | None = None
    answer: Answer | None = None
    left: Answer | None = None


class Front:
    """Takes what Feishu sends. A click waits for the core for `answer_within` seconds."""

    def __init__(
        self,
        me: Me,
        *,
        journal: Journal,
        answers: Answers,
        posting: Posting,
        places: Places,
        comings: Comings,
        meet: Meet,
        heard: Callable[[], None],
        answer_within: float,
    ) -> None:
        self._me = me
        self._intake = Intake(PLATFORM, journal=journal, desk=self, meet=meet)
        self._answers = answers
        self._posting = posting
        self._places = places
        self._comings = comings
        self._heard = heard
        self._answer_within = answer_within

    def receives(self, receive: Receive) -> None:
        """From now on acts reach the core."""
        self._intake.receive = receive

    @asynccontextmanager
    async def take(self, body: Body) -> AsyncIterator[Body]:
        """The answer to an event or callback, to be sent within. It never fails. What could not be sent is told in
        the chat: Feishu asks for the answer to a callback once."""
        self._heard()
        message = inbound.message_of(body) if inbound.is_callback(body) else ""
        with self._posting.clicked(message) if message else nullcontext():
            try:
                reply = await self._taken(inbound.slim(body))
            except Exception:
                log.exception("not_taken")
                reply = _Reply(self._answers.says("", "platform.not_done") if message else {})
            try:
                yield reply.body
            except Exception:
                self._tell(reply, is_seen=False)
                raise
            self._tell(reply, is_seen=True)

    def resume(self, left: Mapping[str, Body]) -> None:
        """Handles what an earlier process acknowledged and did not finish."""
        for key, body in left.items():
            match self._read(body):
                case Act() as act:
                    self._intake.resume(act)
                case Arrived() | Left() as event:
                    self._intake.begin(self._note_coming(event))
                case _:
                    self._intake.done(key)

    async def rest(self) -> None:
        """Lets what is in hand finish for a moment, then cuts it off; the journal keeps it."""
        await self._intake.rest()

    # --- before the core, and after it ---

    async def prepared(self, act: Act) -> Act:
        """A click does not say what kind of chat it happened in; a message does."""
        if isinstance(act.event, Say) and act.back.chat:
            self._places.learn(act.back.chat, direct=act.back.direct)
        if not isinstance(act.event, Click):
            return act
        direct = await self._places.is_direct(act.back.chat)
        return replace(act, event=replace(act.event, direct=direct), back=replace(act.back, direct=direct))

    async def show(self, act: Act, answer: Answer, *, was_told: bool) -> None:
        """What may have been said before has the same key, and is there once."""
        await self._answers.show(act, answer)

    # --- inside ---

    async def _taken(self, body: Body) -> _Reply:
        if inbound.is_foreign(body, self._me):
            log.warning("foreign_app", app=inbound.app_of(body)[:40])
            return _Reply({})
        match self._read(body):
            case Act() as act if act.back.is_stranger:
                return _Reply(self._turned_away(act))
            case Act(Say()) as act:
                await self._intake.take(act, body)
            case Act() as act:
                return await self._answered(act, body)
            case Dismissed(user, form):
                return _Reply(self._answers.closed(user, form) if user == form.owner else self._not_yours(user))
            case Puzzle(user):
                log.warning("click_not_understood", user=user)
                return _Reply(self._answers.says(user, "platform.card_not_understood"))
            case Arrived() | Left() as event:
                if await self._intake.keep(event.key, body):
                    self._intake.begin(self._note_coming(event))
            case None:
                log.debug("nothing_to_us")
        return _Reply({})

    def _read(self, body: Body) -> Read:
        """Whatever is forged is acknowledged."""
        try:
            return inbound.read(body, self._me)
        except Exception as error:
            log.warning("unreadable", error=type(error).__name__)
            return Puzzle("") if inbound.is_callback(body) else None

    async def _answered(self, act: Act, body: Body) -> _Reply:
        """The answer, if the core has one in time; else a word that it takes longer, and the answer in the chat."""
        back = act.back
        if back.form is not None and back.form.owner != back.user:
            return _Reply(self._not_yours(back.user))
        at_work = _Reply(self._answers.says(back.user, "platform.working", kind="info"))
        asking = asyncio.ensure_future(self._kept_and_asked(act, body))
        try:
            async with asyncio.timeout(self._answer_within):  # the disk may be as slow as the core
                found = await asyncio.shield(asking)
        except TimeoutError:
            self._intake.begin(self._finished(asking))
            return at_work
        except Exception:
            log.exception("act_failed")
            self._intake.done(act.event.key)
            return _Reply(self._answers.says(back.user, "platform.not_done"))
        if found is None:
            return at_work
        act, answer = found
        reply, left = self._answers.reply(act, answer)
        return _Reply(reply, act, answer, left)

    def _tell(self, reply: _Reply, *, is_seen: bool) -> None:
        """What the acknowledgement did not hold; all of the answer, where nobody saw the acknowledgement."""
        if reply.act is None or reply.answer is None:
            return
        if not is_seen:
            self._intake.begin(self._intake.conclude(reply.act, reply.answer))
        elif reply.left is not None:
            self._intake.begin(self._intake.told(reply.act, self._answers.send(reply.act, reply.left)))
        else:
            self._intake.done(reply.act.event.key)

    async def _kept_and_asked(self, act: Act, body: Body) -> tuple[Act, Answer] | None:
        """None for a repetition."""
        if not await self._intake.keep(act.event.key, body):
            return None
        await self._intake.get_to_know(act.back.user)
        act = await self.prepared(act)
        return act, await self._intake.ask(act)

    async def _finished(self, asking: asyncio.Future[tuple[Act, Answer] | None]) -> None:
        if (found := await asking) is not None:
            await self._intake.conclude(*found)

    def _not_yours(self, user: str) -> Body:
        log.info("form_of_another", user=user)
        return self._answers.says(user, "platform.not_your_form")

    def _turned_away(self, act: Act) -> Body:
        log.warning("foreign_organisation", user=act.back.user)
        if isinstance(act.event, Say):
            self._intake.begin(self._answers.send(act, self._answers.no(act, "platform.foreign_organisation")))
            return {}
        return self._answers.says(act.back.user, "platform.foreign_organisation")

    async def _note_coming(self, event: Arrived | Left) -> None:
        await self._comings.note(event)
        self._intake.done(event.key)
