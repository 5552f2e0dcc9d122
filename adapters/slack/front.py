"""The one way in: every envelope and request from Slack is kept, acknowledged, and then given to the core.

Slack waits 3 seconds for its acknowledgement (https://docs.slack.dev/apis/events-api/using-socket-mode/#acknowledge).
So an act is acknowledged as soon as it is kept (`adapters/intake.py`). Only a form waits a little, because its
acknowledgement is the only place where errors can be shown beside the fields.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import Receive
from adapters.intake import Intake, Meet
from adapters.journal import Journal
from adapters.slack import inbound
from adapters.slack.answers import Answers
from adapters.slack.inbound import Act, Body, HomeOpened, Workspace
from commands.chat import Answer, Submit

log = structlog.get_logger("slack")

FORM_WITHIN = 2.0
"""Seconds that a form waits for the core before the person is told that it takes longer."""


class Front:
    """Takes what Slack sends."""

    def __init__(
        self, *, journal: Journal, answers: Answers, meet: Meet, heard: Callable[[], None], workspace: Workspace
    ) -> None:
        self._intake = Intake("slack", journal=journal, desk=self, meet=meet)
        self._journal = journal
        self._answers = answers
        self._heard = heard
        self._workspace = workspace

    def receives(self, receive: Receive) -> None:
        """From now on acts reach the core."""
        self._intake.receive = receive

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
            self._intake.begin(self._open_home(act))
            return _nothing()
        if act is None:
            log.debug("nothing_to_us", type=str(body.get("type"))[:40])
            return _nothing()
        if isinstance(act.event, Submit):
            return await self._take_form(act, body)
        await self._intake.take(act, inbound.slim(body))
        return _nothing()

    def resume(self, left: Mapping[str, Body]) -> None:
        """Handles what an earlier process acknowledged and did not finish."""
        for key, body in left.items():
            act = self._read(body)
            if isinstance(act, Act):
                self._intake.resume(_at_work(act) if isinstance(act.event, Submit) else act)
            else:
                self._journal.done(key)

    async def rest(self) -> None:
        """Lets what is in hand finish for a moment, then cuts it off; the journal keeps it."""
        await self._intake.rest()

    # --- before the core, and after it ---

    async def prepared(self, act: Act) -> Act:
        """With the chat where an act in the home tab happens."""
        return await self._answers.placed(act)

    async def show(self, act: Act, answer: Answer, *, was_told: bool) -> None:
        """To the person who acted; a home tab shows what became of it."""
        await self._answers.show(replace(act, back=replace(act.back, was_told=was_told)), answer)
        if act.back.is_home:
            await self._answers.open_home(act.back.user, f"{act.event.key}:home", self._intake.ask)

    async def _open_home(self, act: HomeOpened) -> None:
        await self._intake.get_to_know(act.user)
        await self._answers.open_home(act.user, act.key, self._intake.ask)

    # --- forms ---

    async def _take_form(self, act: Act, body: Body) -> BoltResponse:
        """What is wrong stands beside its field; an accepted form closes; a slow one says that it is being done."""
        asking = asyncio.ensure_future(self._intake.ask(act))
        try:
            async with asyncio.timeout(FORM_WITHIN):
                answer = await asyncio.shield(asking)
        except TimeoutError:
            return await self._take_slow_form(act, body, asking)
        reply, left = self._answers.form_reply(act, answer, _dict(body, "view"))
        if left is not None and not answer.repeated:
            self._intake.begin(self._answers.show(act, left))
        return _json(reply) if reply else _nothing()

    async def _take_slow_form(self, act: Act, body: Body, asking: asyncio.Future[Answer]) -> BoltResponse:
        act = _at_work(act)
        if await self._intake.keep(act.event.key, body):
            self._intake.begin(self._finish_form(act, asking))
        return _json({"response_action": "push", "view": self._answers.working(act.back)})

    async def _finish_form(self, act: Act, asking: asyncio.Future[Answer]) -> None:
        await self._intake.conclude(act, await asking)

    # --- inside ---

    def _read(self, body: Body) -> Act | HomeOpened | None:
        """Whatever is forged, the envelope is acknowledged."""
        try:
            return inbound.read_act(body, self._workspace)
        except Exception as error:
            log.warning("unreadable", error=f"{type(error).__name__}")
            return None


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


def _nothing() -> BoltResponse:
    return BoltResponse(status=200, body="")


def _json(body: Body) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": "application/json"})


def _dict(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
