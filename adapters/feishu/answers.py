"""What the person who acted sees: a toast and a changed form card at once, everything else in the one-to-one chat.

A group's messages are read by the whole group, so what is for one person goes to the chat that they alone have with the
bot. A click or a form is answered by its acknowledgement, which holds a toast and a new card
(https://open.feishu.cn/document/feishu-cards/card-callback-communication).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from adapters.base import SendError
from adapters.feishu import forms, render
from adapters.feishu.errors import Refused
from adapters.feishu.formcards import after, answered, words_of
from adapters.feishu.inbound import Act, Body
from adapters.feishu.posting import Payload, Posting
from adapters.feishu.private import Private
from adapters.feishu.values import Form as About
from adapters.pictures import Uploads
from adapters.plain import card_text, cut, one_line
from commands.chat import Answer, Card, Form, Say

log = structlog.get_logger("feishu")

Words = Callable[[str], str]
"""A person's words for a key of the catalogue `platform`."""

TOAST = 120
"""Characters: a toast is gone after some seconds. What is longer is said in the chat as well."""
DONE, SEEN = "DONE", "Get"
"""Emoji under what somebody typed in a group
(https://open.feishu.cn/document/server-docs/im-v1/message-reaction/emojis-introduce)."""


class Answers:
    """Shows answers. `words` gives a person's words, by their open_id."""

    def __init__(self, posting: Posting, uploads: Uploads, words: Callable[[str], Words]) -> None:
        self._posting = posting
        self._uploads = uploads
        self._words = words
        self._private = Private(posting)
        self._with_people = True

    # --- at once, in the acknowledgement of a click or form ---

    def reply(self, act: Act, answer: Answer) -> tuple[Body, Answer | None]:
        """The acknowledgement, and what of the answer is left for the chat."""
        words = self._words(act.back.user)
        card, left = self._in_place(act, answer, words)
        if left is not None and not (left.card or left.form or len(words_of(left)) > TOAST):
            left = None
        return {**_toast(_kind(answer), _said_at_once(act, answer, left, words)), **_raw(card)}, left

    def closed(self, user: str, form: About) -> Body:
        """For who does not want a form any more."""
        words = self._words(user)
        text = words("platform.form_closed")
        return {**_toast("info", text), **_raw(render.closed(form.title or words("platform.answer"), text, words))}

    def says(self, user: str, key: str, *, kind: str = "error") -> Body:
        """A sentence of the adapter's own."""
        return _toast(kind, self._words(user)(key))

    def no(self, act: Act, key: str) -> Answer:
        """A no of the adapter's own."""
        return Answer(ok=False, toast=self._words(act.back.user)(key))

    # --- later, in the chat ---

    async def show(self, act: Act, answer: Answer) -> None:
        """An answer that no acknowledgement carried. What reaches nobody is in the log."""
        words = self._words(act.back.user)
        card, left = self._in_place(act, answer, words)
        if card is not None and not await self._changed(act.back.message, card):
            left = answer
        if left is not None:
            await self.send(act, left)
        if isinstance(act.event, Say) and act.back.message and not act.back.direct:
            await self._posting.react(act.back.message, DONE if answer.ok and not answer.form else SEEN)

    async def send(self, act: Act, answer: Answer) -> None:
        """As messages for the person alone."""
        words = self._words(act.back.user)
        if form := answer.again or answer.form:
            await self._send_form(act, form, words)
        elif answer.card is not None:
            await self._send_card(act, answer.card, words)
        else:
            said = render.note(words_of(answer) or words("platform.answer_in_chat"), words)
            await self._say_or_excuse(act, [said], words, "", "platform.not_shown")

    # --- inside ---

    def _in_place(self, act: Act, answer: Answer, words: Words) -> tuple[Payload | None, Answer | None]:
        """What the card of a form or of a question becomes, and what is left; everything is left of other answers."""
        if act.back.form is not None:
            return after(act.back.form, answer, words, people=self._with_people)
        if act.back.question and answer.ok and not (answer.form or answer.card):
            return answered(act.back.question, answer, words), None
        return None, answer

    async def _changed(self, message: str, card: Payload) -> bool:
        try:
            await self._private.patiently(lambda again: self._posting.edit(message, card))
        except SendError as error:
            log.info("form_not_changed", message=message, error=str(error))
            return False
        return True

    async def _send_form(self, act: Act, form: Form, words: Words) -> None:
        """Once more, and from now on, with people by name where Feishu knows one of them not: an open_id that somebody
        wrote down may be another app's."""
        chat, direct, owner = act.event.chat, act.event.direct, act.back.user
        try:
            shown = forms.form(form, words, chat=chat, direct=direct, owner=owner, people=self._with_people)
            await self._say(act, [shown], words, "form")
        except Refused as error:
            log.error("form_refused", error=str(error))
            shown = forms.form(form, words, chat=chat, direct=direct, owner=owner, people=False)
            if await self._say_or_excuse(act, [shown], words, "names", "platform.form_again"):
                self._with_people = False  # it was because of them

    async def _send_card(self, act: Act, card: Card, words: Words) -> None:
        """In plain words where Feishu does not like the card."""
        try:
            await self._say(act, render.pages(card, words, picture=await self._picture(card)), words)
        except Refused as error:
            log.error("card_refused", error=str(error))
            await self._say_or_excuse(act, [render.note(card_text(card), words)], words, "plain", "platform.not_shown")

    async def _say_or_excuse(self, act: Act, payloads: Sequence[Payload], words: Words, part: str, excuse: str) -> bool:
        """Whether Feishu took it; a sentence of the adapter's own if not: it forbids some words (230022)."""
        try:
            await self._say(act, payloads, words, part)
        except Refused as error:
            log.error("answer_refused", key=act.event.key, error=str(error))
            await self._say(act, [render.note(words(excuse), words)], words, "excuse")
            return False
        return True

    async def _say(self, act: Act, payloads: Sequence[Payload], words: Words, part: str = "") -> None:
        aside = render.note(words("platform.cannot_write_to_you"), words)
        for number, payload in enumerate(payloads, 1):
            key = f"{act.event.key}:{part}{number}"
            if not await self._private.say(act.back, payload, key=key, aside=aside):
                return

    async def _picture(self, card: Card) -> str | None:
        try:
            return await self._uploads.id_of(card.image) if card.image else None
        except SendError as error:
            log.info("picture_left_out", error=str(error))
            return None


def _said_at_once(act: Act, answer: Answer, left: Answer | None, words: Words) -> str:
    """The words of the answer, and where the rest of it is."""
    said = words_of(answer)
    if left is None or act.back.direct:
        return said or words("platform.form_below" if left and left.form else "platform.answer_in_chat")
    where = words("platform.form_sent" if left.form else "platform.sent_to_you")
    return f"{cut(said, TOAST)} {where}".strip()


def _kind(answer: Answer) -> str:
    """Feishu's name for the look of a toast."""
    if answer.form:
        return "warning" if any(field.error for field in answer.form.fields) else "info"
    return "success" if answer.ok else "error"


def _toast(kind: str, text: str) -> Body:
    return {"toast": {"type": kind, "content": cut(one_line(text), 2 * TOAST)}}


def _raw(card: Payload | None) -> Body:
    return {} if card is None else {"card": {"type": "raw", "data": card}}
