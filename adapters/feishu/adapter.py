"""Feishu as a platform: the long connection or signed HTTP in, the open platform's API out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from aiohttp import web

from adapters.backoff import Backoff
from adapters.base import Health, Limits, Receive, SendError, Target
from adapters.doorman import Doorman
from adapters.feishu import panel, render
from adapters.feishu.answers import Answers
from adapters.feishu.api import Api
from adapters.feishu.comings import Comings
from adapters.feishu.config import PLATFORM, FeishuConfig, Surroundings
from adapters.feishu.errors import ABOUT_CARDS, Refused
from adapters.feishu.front import Front
from adapters.feishu.inbound import Body, Me
from adapters.feishu.lines import Lines, open_lines
from adapters.feishu.people import People
from adapters.feishu.posting import LIMITS, Payload
from adapters.feishu.webhook import Webhook
from adapters.journal import Journal
from adapters.plain import card_text, one_line
from adapters.saying import by_name
from commands.chat import Card

if TYPE_CHECKING:
    from adapters.feishu.connection import Connection

log = structlog.get_logger("feishu")
T = TypeVar("T")

PATH = "/feishu/events"
"""Where Feishu's requests come in in webhook mode: events and callbacks."""


class FeishuAdapter:
    """Implements `Adapter` on Feishu and Lark. Raises `ValueError` for a webhook without any secret."""

    bilingual = True

    def __init__(self, config: FeishuConfig, around: Surroundings) -> None:
        self._config = config
        self._around = around
        self._journal = Journal(around.journal)
        self._lines: Lines | None = None
        self._front: Front | None = None
        self._webhook = Webhook(config, now=around.real_now) if config.mode == "webhook" else None
        self._connection = None if self._webhook else self._by_the_sdk()
        self._last_event: datetime | None = None
        self._trouble = "starting"

    @property
    def name(self) -> str:
        return PLATFORM

    @property
    def limits(self) -> Limits:
        return LIMITS

    # --- sending ---

    async def post(self, target: Target, card: Card, *, key: str, again: bool = False) -> str:
        """Raises `SendError`."""
        post = partial(self._open().posting.post, target, key=key, again=again, urgent=card.urgent)
        return await self._shown(target, card, post)

    async def edit(self, target: Target, message: str, card: Card) -> None:
        """Raises `Gone` when the message is not there any more or too old, or another `SendError`."""
        await self._shown(target, card, partial(self._open().posting.edit, message))

    async def _shown(self, target: Target, card: Card, show: Callable[[Payload], Awaitable[T]]) -> T:
        """The card; where Feishu does not take it (one unknown id in a mention is enough), the same without mentions,
        or its words alone: they say what to type instead of pressing."""
        around = self._around
        words = around.words_of_person(target.user) if target.user else around.words_of_chat(target.chat or "")
        picture = await self._open().uploads.id_of(card.image) if card.image else None
        for shown in (card, by_name(card)) if card.mentions else (card,):
            try:
                return await show(render.message(shown, words, picture=picture, words_in=around.words_in))
            except Refused as error:
                if error.code not in ABOUT_CARDS:
                    raise
                log.error("card_refused", item=card.item, error=str(error))
        return await show(render.closed(one_line(card.title), card_text(card), words, tone=card.tone))

    # --- taking ---

    async def run(self, receive: Receive) -> None:
        """Takes events until cancelled. What was acknowledged and not done before the last stop is done first."""
        lines = self._open()
        front: Front | None = None
        try:
            me = await self._who_am_i(lines.api)
            doorman = Doorman(People(lines.api, now=self._around.now), self._around.introductions)
            front = self._front_of(lines, me, doorman)
            front.receives(receive)
            front.resume(self._journal.open())
            self._front = front
            self._trouble = ""
            with self._beside(doorman.keep_looking(), panel.register(lines.api, self._config.panel)):
                await (self._connection.run() if self._connection else asyncio.Event().wait())
        finally:
            self._front = None
            self._trouble = "stopped"
            if front is not None:
                await front.rest()
            await self._close()

    async def _who_am_i(self, api: Api) -> Me:
        """Asked until Feishu answers: a bot that starts while Feishu is away, or with a secret that somebody has yet to
        mend, begins when it can (https://open.feishu.cn/document/client-docs/bot-v3/obtain-bot-info)."""
        backoff = Backoff(self._around.chance)
        while True:
            try:
                bot = (await api.call("GET", "/open-apis/bot/v3/info")).get("bot") or {}
                me = Me(self._config.app_id, str(bot["open_id"]), str(bot.get("app_name") or ""))
            except (SendError, KeyError) as error:
                self._trouble = str(error) if isinstance(error, SendError) else "the app has no bot"
                log.warning("feishu_not_ready", error=self._trouble)
                await asyncio.sleep(backoff.pause())
            else:
                log.info("feishu_ready", bot=me.bot, name=me.name)
                return me

    @contextmanager
    def _beside(self, *work: Coroutine[None, None, None]) -> Iterator[None]:
        """Nobody waits for it, and it ends with the rest."""
        tasks = [asyncio.create_task(each) for each in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()

    def _front_of(self, lines: Lines, me: Me, doorman: Doorman) -> Front:
        around = self._around
        comings = Comings(
            lines.posting,
            around.presence,
            name=me.name,
            words_of_chat=around.words_of_chat,
            words_in=around.words_in,
            words_of_person=around.words_of_person,
        )
        return Front(
            me,
            journal=self._journal,
            answers=Answers(lines.posting, lines.uploads, around.words_of_person),
            posting=lines.posting,
            places=lines.places,
            comings=comings,
            meet=doorman.meet,
            heard=self._note_event,
            answer_within=self._config.answer_within,
        )

    def _by_the_sdk(self) -> Connection:
        from adapters.feishu.connection import Connection  # the SDK, for this mode alone

        return Connection(self._config, self._take, chance=self._around.chance)

    @asynccontextmanager
    async def _take(self, body: Body) -> AsyncIterator[Body]:
        assert self._front is not None  # nothing is listened to before
        async with self._front.take(body) as answer:
            yield answer

    def routes(self) -> Sequence[web.RouteDef]:
        """In webhook mode one path takes events and callbacks."""
        return [web.post(PATH, partial(self._request, self._webhook))] if self._webhook else []

    async def _request(self, webhook: Webhook, request: web.Request) -> web.StreamResponse:
        if self._front is None:
            return web.Response(status=503, text="starting")
        return await webhook.take(request, self._front.take)

    # --- health ---

    def health(self) -> Health:
        """Long connection: whether there is one. Webhook: whether Feishu knows our app; that its requests reach us
        shows in `last_event` only."""
        refused = self._lines.api.refused_because if self._lines else ""
        trouble = self._trouble or (f"Feishu refuses the app: {refused}" if refused else "")
        if not trouble and self._connection is not None:
            trouble = self._connection.trouble
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
