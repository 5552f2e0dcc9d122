"""What the person who acted sees: a modal for a form, a message for them alone for everything else.

A modal needs a trigger that is 3 seconds old at most and works once
(https://docs.slack.dev/surfaces/modals/#trigger_response). Where there is none any more, or never was one (a message),
a button gives a fresh one by repeating the act.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import structlog

from adapters.base import SendError
from adapters.slack import remarks, render, views
from adapters.slack.inbound import PLATFORM, Act, Back, Body
from adapters.slack.places import Places
from adapters.slack.posting import Payload, Posting
from adapters.slack.web import Refused, Unclear, Web
from adapters.slack.whisper import Whisper, with_line
from commands.chat import SHOW_ALL, Answer, Card, Click, Form, Say

log = structlog.get_logger("slack")

WAY_IN_WITHIN = 1.0
"""Seconds that an answer waits to learn whether the bot is in the channel."""

Ask = Callable[[Act], Awaitable[Answer]]
Words = Callable[[str], str]
"""A person's words for a key of the catalogue `platform`."""

TILL_SHOWN = (0.0, 0.5, 1.0)
"""Seconds before each try to change a modal that was pushed by an acknowledgement: Slack may not have shown it yet."""


class Answers:
    """Shows answers. `words` gives a person's words, by their Slack id."""

    def __init__(
        self, web: Web, posting: Posting, whisper: Whisper, places: Places, words: Callable[[str], Words]
    ) -> None:
        self._web = web
        self._posting = posting
        self._whisper = whisper
        self._places = places
        self._words = words

    async def placed(self, act: Act) -> Act:
        """An act in the home tab happens in the one-to-one chat, whose id Slack does not send along."""
        if not act.back.is_home or not isinstance(act.event, Click):
            return act
        try:
            channel = await self._posting.direct(act.back.user)
        except SendError as error:
            log.info("no_direct_chat", error=str(error))
            channel = ""
        event = replace(act.event, chat=channel, direct=True)
        return replace(act, event=event, back=replace(act.back, channel=channel, direct=True))

    async def show(self, act: Act, answer: Answer) -> None:
        """Shows it by whatever way works; what reaches nobody is in the log."""
        words = self._words(act.back.user)
        if answer.form is not None:
            await self._show_form(act, answer.form, words)
        elif answer.card is not None and _wants_all(act):
            await self._show_all(act, answer.card, words)
        elif answer.card is not None:
            await self._whispers(act, render.pages(answer.card, words), words)
            await self._end_work(act, Answer(toast=words("platform.answer_in_chat")), words)
        elif said(answer):
            await self._show_text(act, answer, words)
        else:
            await self._end_work(act, Answer(toast=words("platform.answer_in_chat")), words)

    async def open_home(self, user: str, key: str, ask: Ask) -> None:
        """The home tab: what concerns this person now."""
        try:
            channel = await self._posting.direct(user)
        except SendError as error:
            log.warning("home_not_shown", user=user, error=str(error))
            return
        asked = Say(key, PLATFORM, user, channel, True, "me", "status")
        answer = await ask(Act(asked, Back(user, channel, direct=True)))
        words = self._words(user)
        card = answer.card or Card(title=said(answer))
        try:
            await self._web.call("views.publish", user_id=user, view=render.home(card, words))
        except SendError as error:
            log.warning("home_not_shown", user=user, error=str(error))

    def to_a_stranger(self) -> Payload:
        """For who types a command in a workspace that the bot is not at home in."""
        return {"response_type": "ephemeral", **remarks.plain(self._words("")("platform.foreign_workspace"))}

    # --- forms ---

    def form_reply(self, act: Act, answer: Answer, view: Body) -> tuple[Body | None, Answer | None]:
        """What the acknowledgement of a form says, and what is left to be shown in the chat."""
        words = self._words(act.back.user)
        if answer.form is not None:
            modal = views.modal(answer.form, words, chat=act.back.channel, direct=act.back.direct)
            return {"response_action": "update", "view": modal}, None
        if answer.ok and not answer.errors:
            return {"response_action": "clear"}, answer
        beside = views.errors(view, answer.errors)
        if beside and len(beside) == len(answer.errors):
            return {"response_action": "errors", "errors": beside}, None
        # What belongs to no field is pushed on top: beneath it the form keeps what was filled in.
        return {"response_action": "push", "view": _note(answer, words)}, None

    def working(self, back: Back) -> Body:
        """Pushed on top of a form that takes longer; found again by its external id, as Slack tells no other."""
        return {**views.working(self._words(back.user)), "external_id": back.external}

    async def _show_form(self, act: Act, form: Form, words: Words) -> None:
        modal = views.modal(form, words, chat=act.event.chat, direct=act.event.direct)
        if await self._update_work(act, modal):
            return
        if not await self._opened(act.back.trigger, modal):
            await self._whispers(act, [remarks.offer(form.title, act.again, words)], words)

    # --- a long card, whole ---

    async def _show_all(self, act: Act, card: Card, words: Words) -> None:
        assert isinstance(act.event, Click)
        told = {"private_metadata": json.dumps({"message": act.event.message})}
        view = {**render.reading(card, words, act.back.page), **told}
        is_shown = bool(act.back.view) and await self._update(view, view_id=act.back.view)
        if not (is_shown or await self._opened(act.back.trigger, view)):
            await self._whispers(act, render.pages(card, words), words)

    # --- words ---

    async def _show_text(self, act: Act, answer: Answer, words: Words) -> None:
        """Where a modal is in front of the person, there; else in the chat."""
        if await self._end_work(act, answer, words):
            return
        if act.back.is_home and await self._opened(act.back.trigger, _note(answer, words)):
            return
        await self._whispers(act, [remarks.plain(said(answer))], words)

    async def _end_work(self, act: Act, answer: Answer, words: Words) -> bool:
        """The modal that said "working" says what came of it. Closed, it closes its form too, unless that was refused:
        then what was filled in is still beneath it."""
        return await self._update_work(act, {**_note(answer, words), "clear_on_close": answer.ok})

    async def _whispers(self, act: Act, payloads: Sequence[Payload], words: Words) -> None:
        lasting = (not isinstance(act.event, Click) or len(payloads) > 1) and await self._is_ours(act.back)
        if act.back.response_url and isinstance(act.event, Say) and not act.back.direct:
            payloads = await self._with_way_in(act.back.channel, payloads, words)
        for number, payload in enumerate(payloads, 1):
            key = f"{act.event.key}:{number}"
            if not await self._whisper.say(act.back, payload, words, key=key, lasting=lasting):
                return

    async def _is_ours(self, back: Back) -> bool:
        """Whether a one-to-one chat is the one with the bot: a command may be typed to a colleague as well."""
        if not (back.direct and back.response_url):
            return True
        try:
            return await self._posting.direct(back.user) == back.channel
        except SendError:
            return False

    async def _with_way_in(self, channel: str, payloads: Sequence[Payload], words: Words) -> Sequence[Payload]:
        """A command works where the bot is no member; what follows from it cannot be shown there."""
        is_outside = False
        with suppress(TimeoutError):
            async with asyncio.timeout(WAY_IN_WITHIN):
                is_outside = await self._places.is_outside(channel)
        if not is_outside:
            return payloads
        *others, last = payloads
        return [*others, with_line(last, words("platform.not_in_channel"))]

    # --- modals ---

    async def _opened(self, trigger: str, view: Body) -> bool:
        """Whether the modal is on the person's screen."""
        if not trigger:
            return False
        try:
            await self._web.call("views.open", trigger_id=trigger, view=view)
        except Unclear as error:
            log.info("modal_unclear", error=str(error))
            return await self._is_open_already(trigger, view)
        except SendError as error:
            log.info("modal_not_opened", error=str(error))
            return False
        return True

    async def _is_open_already(self, trigger: str, view: Body) -> bool:
        """A trigger works once: that it was used says that the first call had opened the modal."""
        try:
            await self._web.call("views.open", trigger_id=trigger, view=view)
        except Refused as error:
            return error.code == "exchanged_trigger_id"
        except SendError:
            return False
        return True

    async def _update_work(self, act: Act, view: Body) -> bool:
        if not act.back.external:
            return False
        for pause in TILL_SHOWN:
            await asyncio.sleep(pause)
            if await self._update(view, external_id=act.back.external):
                return True
        return False

    async def _update(self, view: Body, **which: str) -> bool:
        try:
            await self._web.call("views.update", view=view, **which)
        except SendError as error:
            log.info("modal_not_updated", error=str(error))
            return False
        return True


def said(answer: Answer) -> str:
    """Everything that an answer says in words."""
    wrong = [field.error for field in answer.form.fields if field.error] if answer.form else []
    return answer.toast or " ".join([*answer.errors.values(), *wrong])


def _note(answer: Answer, words: Words) -> Body:
    return views.note(words("platform.answer" if answer.ok else "platform.not_done"), said(answer), words)


def _wants_all(act: Act) -> bool:
    return isinstance(act.event, Click) and act.event.button == SHOW_ALL
