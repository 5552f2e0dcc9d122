"""Slack as a platform: Socket Mode or signed HTTP in, the Web API out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import Health, Introductions, Limits, Receive, SendError, Target
from adapters.journal import Journal
from adapters.slack import render
from adapters.slack.answers import Answers, Words
from adapters.slack.connection import Backoff, Connection
from adapters.slack.front import Front
from adapters.slack.inbound import PLATFORM, Workspace
from adapters.slack.people import Doorman, People
from adapters.slack.pictures import Pictures, Uploads
from adapters.slack.places import Places
from adapters.slack.posting import Payload, Posting
from adapters.slack.web import PATIENCE, Web
from adapters.slack.whisper import Whisper
from commands.chat import Card

log = structlog.get_logger("slack")

PATH = "/slack/events"
"""Where Slack's requests come in in HTTP mode."""
PER_CHANNEL = 1.0
"""Messages a second to one channel (https://docs.slack.dev/apis/web-api/rate-limits/)."""
PER_MINUTE = 300.0
"""Messages a minute in a workspace: Slack says "several hundred" and no number."""


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
    """What the adapter needs of the bot: the moment, chance for pauses, a person's or a chat's words, and where events
    are kept that were acknowledged and are not done."""

    now: Callable[[], datetime]
    chance: Callable[[], float]
    words_of_person: Callable[[str], Words]
    words_of_chat: Callable[[str], Words]
    journal: Path | None
    introductions: Introductions
    pictures: Pictures = no_pictures


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines to Slack, open while the adapter is."""

    session: aiohttp.ClientSession
    web: Web
    posting: Posting
    uploads: Uploads


class SlackAdapter:
    """Implements `Adapter` on Slack."""

    def __init__(self, config: SlackConfig, around: Surroundings) -> None:
        self._config = config
        self._around = around
        self._proxy = config.proxy or _proxy_of_environment(config.base_url)
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
        return Limits(per_minute=self._config.posts_per_minute, per_chat_per_second=PER_CHANNEL)

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
            client = self._client(lines.session, None)  # Bolt puts the token of `authorize` on each call of its own
            self._app = front.app(
                client,
                signing_secret=self._config.signing_secret,
                bot_token=self._config.bot_token,
                bot_id=bot_id,
            )
            front.resume(self._journal.open())
            self._trouble = ""
            with self._looking_for_people(doorman):
                await self._listen(self._app, client)
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

    @contextmanager
    def _looking_for_people(self, doorman: Doorman) -> Iterator[None]:
        task = asyncio.create_task(doorman.keep_looking())
        try:
            yield
        finally:
            task.cancel()

    def _front(self, lines: Lines, workspace: Workspace, receive: Receive, doorman: Doorman) -> Front:
        whisper = Whisper(lines.web, lines.posting, lines.session, proxy=self._proxy)
        answers = Answers(lines.web, lines.posting, whisper, Places(lines.web), self._around.words_of_person)
        front = Front(
            journal=self._journal, answers=answers, meet=doorman.meet, heard=self._note_event, workspace=workspace
        )
        front.receive = receive
        return front

    async def _listen(self, app: AsyncApp, client: AsyncWebClient) -> None:
        if self._config.mode == "http":
            await asyncio.Event().wait()

        async def handle(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            response = await run_async_bolt_app(app, request)
            await send_async_response(socket, request, response, 0.0)

        self._connection = Connection(
            app_token=self._config.app_token,
            web=client,
            handle=handle,
            proxy=self._proxy,
            chance=self._around.chance,
        )
        await self._connection.run()

    def routes(self) -> Sequence[web.RouteDef]:
        """In HTTP mode one path takes events, commands and clicks."""
        return [web.post(PATH, self._request)] if self._config.mode == "http" else []

    async def _request(self, request: web.Request) -> web.StreamResponse:
        if self._app is None:
            return web.Response(status=503, text="starting")
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

    # --- health ---

    def health(self) -> Health:
        """Socket Mode: whether the socket answers pings. HTTP mode: whether Slack knows our token; that its requests
        reach us shows in `last_event` only."""
        trouble = self._trouble or (f"Slack refuses the app: {self._refused}" if self._refused else "")
        if not trouble and self._connection is not None and not self._connection.is_up:
            trouble = "no connection to Slack"
        return Health(not trouble, trouble, self._last_event)

    @property
    def _refused(self) -> str:
        return self._lines.web.refused_because if self._lines else ""

    def _note_event(self) -> None:
        self._last_event = self._around.now()

    # --- lines ---

    def _open(self) -> Lines:
        if self._lines is None:
            timeout = aiohttp.ClientTimeout(total=PATIENCE, sock_connect=PATIENCE / 2)
            session = aiohttp.ClientSession(timeout=timeout)
            web_api = Web(self._client(session, self._config.bot_token))
            uploads = Uploads(web_api, session, self._around.pictures, proxy=self._proxy)
            self._lines = Lines(session, web_api, Posting(web_api), uploads)
        return self._lines

    def _client(self, session: aiohttp.ClientSession, token: str | None) -> AsyncWebClient:
        client = AsyncWebClient(token=token, base_url=self._config.base_url, session=session, retry_handlers=[])
        client.proxy = self._proxy  # not in the call: there the SDK reads HTTPS_PROXY, and knows no NO_PROXY
        return client

    async def _close(self) -> None:
        self._journal.close()
        if self._lines is not None:
            await self._lines.session.close()
            self._lines = None


def _proxy_of_environment(url: str) -> str | None:
    """HTTPS_PROXY and NO_PROXY, as every other program reads them."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
