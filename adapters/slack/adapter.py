"""Slack as a platform: Socket Mode or signed HTTP in, the Web API out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp

from adapters.backoff import Backoff
from adapters.base import Health, Limits, Receive, SendError, Target
from adapters.doorman import Doorman
from adapters.journal import Journal
from adapters.slack import render
from adapters.slack.answers import Answers
from adapters.slack.config import EDITS_PER_MINUTE, PER_CHANNEL, SlackConfig, Surroundings
from adapters.slack.connection import Connection
from adapters.slack.front import Front
from adapters.slack.inbound import PLATFORM, Workspace
from adapters.slack.lines import Lines, open_lines
from adapters.slack.people import People
from adapters.slack.places import Places
from adapters.slack.posting import Payload
from adapters.slack.web import Web
from adapters.slack.webhook import Webhook
from commands.chat import Card

log = structlog.get_logger("slack")

PATH = "/slack/events"
"""Where Slack's requests come in in HTTP mode."""


class SlackAdapter:
    """Implements `Adapter` on Slack."""

    bilingual = False

    def __init__(self, config: SlackConfig, around: Surroundings) -> None:
        self._config = config
        self._around = around
        self._journal = Journal(around.journal)
        self._lines: Lines | None = None
        self._app: AsyncApp | None = None
        self._connection: Connection | None = None
        self._last_event: datetime | None = None
        self._trouble = "starting"

    @property
    def name(self) -> str:
        return PLATFORM

    @property
    def limits(self) -> Limits:
        return Limits(
            per_minute=self._config.posts_per_minute,
            per_chat_per_second=PER_CHANNEL,
            edits_per_minute=EDITS_PER_MINUTE,
        )

    # --- sending ---

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        """Raises `SendError`."""
        payload = await self._payload(target, card)
        return await self._open().posting.post(target.chat or target.user or "", payload, key=key, again=again)

    async def edit(self, target: Target, message: str, card: Card) -> None:
        """Raises `Gone` when the message is not there any more, or another `SendError`."""
        await self._open().posting.edit(message, await self._payload(target, card))

    async def _payload(self, target: Target, card: Card) -> Payload:
        around = self._around
        words = around.words_of_person(target.user) if target.user else around.words_of_chat(target.chat or "")
        picture = await self._open().uploads.id_of(card.image) if card.image else None
        return render.message(card, words, picture=picture)

    # --- taking ---

    async def run(self, receive: Receive) -> None:
        """Takes events until cancelled. What was acknowledged and not done before the last stop is done first."""
        lines = self._open()
        front: Front | None = None
        try:
            bot_id, workspace = await self._who_am_i(lines.web)
            people = People(lines.web, workspace.team, now=self._around.now)
            doorman = Doorman(people, self._around.introductions)
            front = self._front(lines, workspace, receive, doorman)
            self._app = front.app(lines.bare, bot_token=self._config.bot_token, bot_id=bot_id)
            front.resume(self._journal.open())
            self._trouble = ""
            with self._looking_for_people(doorman):
                await self._listen(self._app, lines)
        finally:
            self._app = None
            self._trouble = "stopped"
            if front is not None:
                await front.rest()
            await self._close()

    async def _who_am_i(self, web: Web) -> tuple[str, Workspace]:
        """Asked until Slack answers: a bot that starts while Slack is away, or with a token that somebody has yet to
        mend, begins when it can."""
        backoff = Backoff(self._around.chance)
        while True:
            try:
                me = await web.call("auth.test")
            except SendError as error:
                self._trouble = str(error)
                log.warning("slack_not_ready", error=str(error))
                await asyncio.sleep(backoff.pause())
            else:
                workspace = Workspace(str(me["team_id"]), str(me["user_id"]), self._config.commands)
                log.info("slack_ready", team=workspace.team, bot_user=workspace.bot_user)
                return str(me.get("bot_id") or ""), workspace

    def _front(self, lines: Lines, workspace: Workspace, receive: Receive, doorman: Doorman) -> Front:
        places = Places(lines.web)
        answers = Answers(lines.web, lines.posting, lines.whisper, places, self._around.words_of_person)
        front = Front(
            journal=self._journal, answers=answers, meet=doorman.meet, heard=self._note_event, workspace=workspace
        )
        front.receives(receive)
        return front

    @contextmanager
    def _looking_for_people(self, doorman: Doorman) -> Iterator[None]:
        task = asyncio.create_task(doorman.keep_looking())
        try:
            yield
        finally:
            task.cancel()

    async def _listen(self, app: AsyncApp, lines: Lines) -> None:
        if self._config.mode == "http":
            await asyncio.Event().wait()

        self._connection = Connection(
            web=lines.connecting,
            session=lines.session,
            take=partial(run_async_bolt_app, app),
            proxy=lines.proxy,
            chance=self._around.chance,
        )
        await self._connection.run()

    def routes(self) -> Sequence[web.RouteDef]:
        """In HTTP mode one path takes events, commands and clicks."""
        if self._config.mode != "http":
            return []
        return [web.post(PATH, partial(self._request, Webhook(self._config.signing_secret)))]

    async def _request(self, webhook: Webhook, request: web.Request) -> web.StreamResponse:
        if self._app is None:
            return web.Response(status=503, text="starting")
        return await webhook.take(request, self._app)

    # --- health ---

    def health(self) -> Health:
        """Socket Mode: whether the socket answers pings. HTTP mode: whether Slack knows our token; that its requests
        reach us shows in `last_event` only."""
        refused = self._lines.refused_because if self._lines else ""
        trouble = self._trouble or (f"Slack refuses the app: {refused}" if refused else "")
        if not trouble and self._connection is not None and not self._connection.is_up:
            trouble = "no connection to Slack"
        return Health(not trouble, trouble, self._last_event)

    def _note_event(self) -> None:
        self._last_event = self._around.now()

    # --- lines ---

    def _open(self) -> Lines:
        """Whoever comes first opens them: what is owed may go out before anything came in."""
        if self._lines is None:
            self._lines = open_lines(self._config, self._around.pictures)
        return self._lines

    async def _close(self) -> None:
        self._journal.close()
        lines, self._lines = self._lines, None
        if lines is not None:
            await lines.close()
