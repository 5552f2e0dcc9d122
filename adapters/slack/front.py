"""The one way in: every envelope and request from Slack is kept, acknowledged, and then given to the core.

Slack waits 3 seconds for its acknowledgement (https://docs.slack.dev/apis/events-api/using-socket-mode/#acknowledge).
So an act is written to the journal first and acknowledged at once, whatever the core, the database or Slack's own API
are doing; the answer follows by its own way. Only a form waits a little, because its acknowledgement is the only place
where errors can be shown beside the fields.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import Receive
from adapters.journal import Journal
from adapters.slack import inbound
from adapters.slack.answers import Answers
from adapters.slack.inbound import Act, Body, HomeOpened, Workspace
from commands.chat import Answer, Submit

log = structlog.get_logger("slack")

FORM_WITHIN = 2.0
"""Seconds that a form waits for the core before the person is told that it takes longer."""
REST_WITHIN = 1.0
"""Seconds for what is in hand when the bot stops; the rest is in the journal."""

CALM = 0.02
"""Seconds without anything new after which work begins: acknowledgements have a limit, the work has none."""
CALM_WITHIN = 1.0
"""Seconds after which it begins anyway."""

BUSY_FOR = 60.0
"""Seconds for which an acknowledged act is tried again while the database is busy or away; then the person is told."""
BUSY_PAUSE = 1.0
"""Seconds before the first of these tries; each further one waits twice as long."""

Meet = Callable[[str], Awaitable[None]]
"""Gets to know somebody before their first act is handled."""


class Front:
    """Takes what Slack sends. `receive` is None until the adapter runs."""

    def __init__(
        self, *, journal: Journal, answers: Answers, meet: Meet, heard: Callable[[], None], workspace: Workspace
    ) -> None:
        self._journal = journal
        self._answers = answers
        self._meet = meet
        self._heard = heard
        self._workspace = workspace
        self._in_hand: set[asyncio.Task[None]] = set()
        self._taking = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._calming: asyncio.TimerHandle | None = None
        self.receive: Receive | None = None

    def app(self, client: AsyncWebClient, *, bot_token: str, bot_id: str) -> AsyncApp:
        """The Bolt app: its own checks (url_verification, our own messages), then this front and nothing else. Who
        calls it has seen Slack's signature. `authorize` answers from memory: Bolt would ask auth.test before the
        first act of the process."""

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=self._workspace.team,
                bot_token=bot_token,
                bot_id=bot_id,
                bot_user_id=self._workspace.bot_user,
            )

        app = AsyncApp(client=client, authorize=authorize, request_verification_enabled=False, ssl_check_enabled=False)
        app.middleware(_Gate(self.take))
        return app

    async def take(self, body: Body) -> BoltResponse:
        """The acknowledgement. It never raises."""
        self._heard()
        if inbound.is_foreign(body, self._workspace):
            log.warning("foreign_workspace", team=str(body.get("team_id"))[:20])
            return _json(self._answers.to_a_stranger()) if "command" in body else _nothing()
        act = self._read(body)
        if isinstance(act, HomeOpened):
            self._begin(self._open_home(act))
            return _nothing()
        if act is None:
            log.debug("nothing_to_us", type=str(body.get("type"))[:40])
            return _nothing()
        if isinstance(act.event, Submit):
            return await self._take_form(act, body)
        return await self._take_act(act, body)

    def resume(self, left: Mapping[str, Body]) -> None:
        """Handles what an earlier process acknowledged and did not finish."""
        for key, body in left.items():
            act = self._read(body)
            if isinstance(act, Act):
                log.info("resumed", key=key)
                act = _at_work(act) if isinstance(act.event, Submit) else act
                self._begin(self._handle(act, key, is_left_over=True))
            else:
                self._journal.done(key)

    async def rest(self) -> None:
        """Lets what is in hand finish for a moment, then cuts it off; the journal keeps it."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=REST_WITHIN)
        for task in self._in_hand:
            task.cancel()

    # --- commands, messages, clicks ---

    async def _take_act(self, act: Act, body: Body) -> BoltResponse:
        key = act.event.key
        if self._journal.knows(key):
            return _nothing()
        self._taking += 1
        self._calm.clear()
        if self._calming is not None:
            self._calming.cancel()
        try:
            if await self._journal.add(key, inbound.slim(body)):
                self._begin(self._handle(act, key))
        except OSError as error:
            log.error("journal_unwritable", error=str(error))
            await self._unkept(act)
        finally:
            self._taking -= 1
            if not self._taking:
                self._calming = asyncio.get_running_loop().call_later(CALM, self._calm.set)
        return _nothing()

    async def _unkept(self, act: Act) -> None:
        """The disk takes nothing: then the act is done before it is acknowledged, as far as there is time."""
        task = self._begin(self._handle(act, act.event.key))
        await asyncio.wait([task], timeout=FORM_WITHIN)

    async def _handle(self, act: Act, key: str, *, is_left_over: bool = False) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_WITHIN):
                await self._calm.wait()
        await self._get_to_know(act.back.user)
        act = await self._answers.placed(act)
        answer = await self._ask_patiently(act)
        if is_left_over or not answer.repeated:
            was_told = is_left_over and self._journal.was_begun(key)
            self._journal.begin(key)
            await _told(self._answers.show(replace(act, back=replace(act.back, was_told=was_told)), answer))
        self._journal.done(key)
        if act.back.is_home:
            await self._answers.open_home(act.back.user, f"{key}:home", self._ask)

    async def _open_home(self, act: HomeOpened) -> None:
        await self._get_to_know(act.user)
        await self._answers.open_home(act.user, act.key, self._ask)

    # --- forms ---

    async def _take_form(self, act: Act, body: Body) -> BoltResponse:
        """What is wrong stands beside its field; an accepted form closes; a slow one says that it is being done."""
        asking = asyncio.ensure_future(self._ask(act))
        try:
            async with asyncio.timeout(FORM_WITHIN):
                answer = await asyncio.shield(asking)
        except TimeoutError:
            return await self._take_slow_form(act, body, asking)
        reply, left = self._answers.form_reply(act, answer, _dict(body, "view"))
        if left is not None and not answer.repeated:
            self._begin(self._answers.show(act, left))
        return _json(reply) if reply else _nothing()

    async def _take_slow_form(self, act: Act, body: Body, asking: asyncio.Future[Answer]) -> BoltResponse:
        key = act.event.key
        act = _at_work(act)
        is_new = True
        with suppress(OSError):
            is_new = await self._journal.add(key, body)
        if is_new:
            self._begin(self._finish_form(act, key, asking))
        return _json({"response_action": "push", "view": self._answers.working(act.back)})

    async def _finish_form(self, act: Act, key: str, asking: asyncio.Future[Answer]) -> None:
        answer = await asking
        if answer.busy:
            answer = await self._ask_patiently(act)
        await _told(self._answers.show(act, answer))
        self._journal.done(key)

    # --- inside ---

    def _read(self, body: Body) -> Act | HomeOpened | None:
        """Whatever is forged, the envelope is acknowledged."""
        try:
            return inbound.read_act(body, self._workspace)
        except Exception as error:
            log.warning("unreadable", error=f"{type(error).__name__}")
            return None

    async def _ask(self, act: Act) -> Answer:
        if self.receive is None:
            raise RuntimeError("the bot is not taking events yet")
        return await self.receive(act.event)

    async def _ask_patiently(self, act: Act) -> Answer:
        """What was acknowledged is not given up because the database is away for a moment."""
        waited, pause = 0.0, BUSY_PAUSE
        while (answer := await self._ask(act)).busy and waited < BUSY_FOR:
            await asyncio.sleep(pause)
            waited, pause = waited + pause, pause * 2
        return answer

    async def _get_to_know(self, user: str) -> None:
        try:
            await self._meet(user)
        except Exception as error:
            log.warning("cannot_get_to_know", user=user, error=str(error))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(_told(work))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task


class _Gate(AsyncMiddleware):
    """Behind Bolt's own checks, and in front of nothing. A class, for Bolt looks into the payload to call a function,
    and fails on a forged one."""

    def __init__(self, take: Callable[[Body], Awaitable[BoltResponse]]) -> None:
        self._take = take

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        return await self._take(req.body)


def _at_work(act: Act) -> Act:
    """With the name of the modal that says so; after a restart it is the same."""
    return replace(act, back=replace(act.back, external=f"working:{act.back.view}:{act.back.trigger}"[:255]))


async def _told(work: Coroutine[Any, Any, None]) -> None:
    """Nothing fails unseen."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("slack_act_failed")


def _nothing() -> BoltResponse:
    return BoltResponse(status=200, body="")


def _json(body: Body) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": "application/json"})


def _dict(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
