"""People of the town on Feishu, and what they see. Whatever somebody does returns when they see the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.language import text_of

from . import markup
from .deliveries import NOBODY, Delivery
from .errors import Impossible
from .filling import errors, fields
from .markup import Json
from .records import Message

if TYPE_CHECKING:
    from .town import FeishuTown

_COMES = ("working", "answer_in_chat", "sent_to_you", "form_sent", "form_below")
COMES = [text_of("zh-CN", f"platform.{key}") or key for key in _COMES]
"""What a toast says when the person has to wait for a message."""


class Seen:
    """What somebody saw after an act: a toast, a message in the one-to-one chat, or a form with errors in it."""

    def __init__(self, delivery: Delivery, messages: list[Message]) -> None:
        self.delivery, self.messages = delivery, messages

    @property
    def message(self) -> Message:
        """The one that came."""
        assert self.messages, f"nothing came but {self.toast!r}"
        return self.messages[0]

    @property
    def toast(self) -> str:
        return str((self.delivery.toast or {}).get("content", ""))

    @property
    def errors(self) -> dict[str, str]:
        """Of the form that was sent, by field."""
        pressed = self.delivery.message if self.delivery.callback else None
        return errors(pressed.content) if pressed else {}

    @property
    def words(self) -> str:
        return "\n".join([self.toast, *(one.words for one in self.messages), *self.errors.values()])

    def __contains__(self, words: str) -> bool:
        return words in self.words

    def __repr__(self) -> str:
        return f"Seen({self.words!r})"


class Person:
    """Somebody of the town. Places go by their name; "dm" is the one-to-one chat with the bot."""

    def __init__(self, town: FeishuTown, name: str) -> None:
        self._town, self.name, self.id = town, name, town.settled.people[name]

    @property
    def direct(self) -> str:
        return self._town.feishu.direct(self.id)

    async def types(self, command: str, text: str = "", place: str = "newx") -> Seen:
        """A command, after the bot's name in a group."""
        return await self.says(f"{'' if place == 'dm' else '@bot '}{command} {text}", place)

    async def says(self, text: str, place: str = "dm", **more: Any) -> Seen:
        """A message; `@bot` in it mentions the bot."""

        async def say() -> Delivery:
            delivery = await self._town.feishu.say(self.id, self._place(place), text, **more)
            assert delivery, f"the bot does not hear {text!r}"
            return delivery

        return await self._acts(say)

    async def clicks(self, label: str, about: str, place: str = "dm") -> Seen:
        """Presses a button of the newest message about something."""
        return await self.presses(self._town.newest(self._place(place), about, label), label)

    async def presses(self, message: Message, label: str) -> Seen:
        return await self._acts(
            lambda: self._pressed(lambda: self._town.feishu.click(self.id, message.id, label=label))
        )

    async def fills(self, **values: Any) -> Seen:
        """Fills in the newest form and sends it; by the names of its fields."""
        form = await self._town.feishu.wait_for(self._open_form, 10, f"a form for {self.name}")
        filled = {name: _as_picked(form.content, name, value) for name, value in values.items()}
        return await self._acts(lambda: self._pressed(lambda: self._town.feishu.submit(self.id, form.id, filled)))

    def _place(self, place: str) -> str:
        return self.direct if place == "dm" else place

    def _open_form(self) -> Message | None:
        """The newest card with a form that is there since this person's last act but a form."""
        forms = [one for one in self._answers(self._town.asked_at.get(self.name, 0)) if form_of(one.content)]
        return forms[-1] if forms else None

    async def _pressed(self, press: Callable[[], Awaitable[Delivery]]) -> Delivery:
        """Whoever reads that the bot is not there presses once more when it is."""
        while (delivery := await press()).error == NOBODY:
            await self._town.feishu.wait_connections()
        return delivery

    async def _acts(self, act: Callable[[], Awaitable[Delivery]]) -> Seen:
        since = len(self._town.feishu.organisation.messages)
        await self._town.weather.before()
        delivery = await act()
        await self._town.weather.after(delivery)
        assert delivery.status == "acked", delivery
        if not delivery.event.get("action", {}).get("form_value"):
            self._town.asked_at[self.name] = since
        wanted = f"{self.name} to see an answer"
        seen = await self._town.feishu.wait_for(lambda: self._seen(since, delivery), 10, wanted)
        await self._town.weather.owed()
        await self._town.settle()
        return seen

    def _seen(self, since: int, delivery: Delivery) -> Seen | None:
        """A toast, unless it says that the answer is in the chat; else what came there."""
        toast, came = str((delivery.toast or {}).get("content", "")), self._answers(since)
        at_once = toast and not any(words in toast for words in COMES)
        return Seen(delivery, came) if at_once or came else None

    def _answers(self, since: int) -> list[Message]:
        there = [one for one in self._town.messages(self.direct) if one.order >= since]
        return [one for one in there if not self._town.owed(one)]


def form_of(card: Json) -> Json | None:
    forms = [one for one, _ in markup.elements(card) if one["tag"] == "form"]
    return forms[0] if forms else None


def _as_picked(card: Json, name: str, value: Any) -> Any:
    """`2026-09-30T18:00` as a person picks it."""
    form = form_of(card)
    assert form is not None
    kinds = {field["name"]: field["tag"] for field in fields(form)}
    if name not in kinds:
        raise Impossible(f"no such field: {name}; there are {sorted(kinds)}")
    return value.replace("T", " ") if kinds[name] == "picker_datetime" else value
