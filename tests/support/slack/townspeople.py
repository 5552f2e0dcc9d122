"""People of the town on Slack, and what they see. Whatever somebody does returns when they see the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from .deliveries import Delivery
from .records import Json, Posted, Screen

if TYPE_CHECKING:
    from .town import SlackTown


class Seen:
    """What somebody saw after an act: a private message, a modal, or errors beside the fields of one."""

    def __init__(self, delivery: Delivery, *, message: Posted | None = None, screen: Screen | None = None) -> None:
        self.delivery, self.message, self.screen = delivery, message, screen

    @property
    def errors(self) -> dict[str, str]:
        """By field."""
        return {id.removeprefix("field:"): text for id, text in self.delivery.outcome.get("errors", {}).items()}

    @property
    def words(self) -> str:
        if self.message:
            return self.message.text
        return str(self.screen.view if self.screen else self.errors)

    def __contains__(self, words: str) -> bool:
        return words in self.words

    def __repr__(self) -> str:
        return f"Seen({self.message or self.screen or self.delivery.outcome})"


class Person:
    """Somebody of the town. Places go by their name; "dm" is the one-to-one chat with the bot."""

    def __init__(self, town: SlackTown, name: str) -> None:
        self._town, self.name, self.id = town, name, town.settled.people[name]

    @property
    def direct(self) -> str:
        return self._town.slack.workspace.direct(self.id).id

    async def types(self, command: str, text: str = "", place: str = "newx") -> Seen:
        """A slash command."""
        return await self._acts(lambda: self._town.slack.slash(self.id, self._place(place), command, text))

    async def says(self, text: str, place: str = "dm") -> Seen:
        """A message; `@bot` in it mentions the bot."""

        async def say() -> Delivery:
            said = await self._town.slack.say(self.id, self._place(place), text)
            return said.deliveries[-1]

        return await self._acts(say)

    async def clicks(self, label: str, about: str, place: str = "dm") -> Seen:
        """Presses a button of the newest message about something."""
        return await self.presses(self._town.newest(self._place(place), about, label, reader=self.id), label)

    async def presses(self, message: Posted, label: str) -> Seen:
        return await self._acts(lambda: self._town.slack.click(self.id, message.channel, message.ts, label=label))

    async def fills(self, **values: Any) -> Seen:
        """Sends the modal that is open; by the names of its fields."""
        blocks = {f"field:{name}": value for name, value in values.items()}
        return await self._acts(lambda: self._town.slack.submit(self.id, blocks))

    def _place(self, place: str) -> str:
        return self.direct if place == "dm" else place

    async def _acts(self, act: Callable[[], Awaitable[Delivery]]) -> Seen:
        before = self._shown()
        await self._town.weather.before()
        delivery = await act()
        await self._town.weather.after(delivery)
        assert delivery.status == "acked", delivery
        if delivery.outcome.get("result") == "errors":
            return Seen(delivery)
        wanted = f"{self.name} to see an answer"
        seen = await self._town.slack.wait_for(lambda: self._new_since(before, delivery), 10, wanted)
        await self._town.settle()
        return seen

    def _shown(self) -> set[str]:
        """Names of all that this person alone sees."""
        slack = self._town.slack.workspace
        private = {one.ts for one in slack.ephemerals if one.user == self.id}
        answers = {one.ts for one in slack.messages[self.direct].values() if is_answer(one)}
        return private | answers | {one.view["hash"] for one in slack.screens.values() if one.user == self.id}

    def _new_since(self, before: set[str], delivery: Delivery) -> Seen | None:
        slack = self._town.slack.workspace
        private = [one for one in slack.ephemerals if one.user == self.id]
        for message in [*private, *slack.messages[self.direct].values()]:
            if message.ts not in before and message.ts in self._shown():
                return Seen(delivery, message=message)
        for screen in slack.screens.values():
            if screen.user == self.id and screen.view["hash"] not in before:
                return Seen(delivery, screen=screen)
        return None


def key_of(message: Posted) -> str:
    """The key of the message owed that this one is; "" where it is none."""
    payload: Json = message.message.get("metadata", {}).get("event_payload", {})
    return str(payload.get("key", ""))


def is_answer(message: Posted) -> bool:
    """Whether it answers somebody's act in the one-to-one chat, and is owed to nobody."""
    return key_of(message).startswith("answer:")
