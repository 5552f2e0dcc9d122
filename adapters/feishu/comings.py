"""The bot comes into groups and has to leave them: the core is told, and a group that it comes into is greeted."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from adapters.base import Presence, SendError, Target
from adapters.feishu import render
from adapters.feishu.elements import Payload
from adapters.feishu.errors import FIXES
from adapters.feishu.inbound import Arrived, Left
from adapters.feishu.languages import LANGUAGES, merged
from adapters.feishu.posting import Posting

log = structlog.get_logger("feishu")

Words = Callable[[str], str]
NOT_A_MEMBER = 230002


class Comings:
    """`name` is what the bot is called there; the words are those of a chat, a person, or a language. Nobody knows yet
    who is in a group that the bot comes into: its greeting is in every language."""

    def __init__(
        self,
        posting: Posting,
        presence: Presence,
        *,
        name: str,
        words_of_chat: Callable[[str], Words],
        words_of_person: Callable[[str], Words],
        words_in: Callable[[str], Words] | None = None,
    ) -> None:
        self._posting = posting
        self._presence = presence
        self._name = name
        self._words_of_chat = words_of_chat
        self._words_of_person = words_of_person
        self._words_in = words_in

    async def note(self, event: Arrived | Left) -> None:
        """Tells the core, and greets. A greeting that does not arrive is not tried again: it is no duty."""
        match event:
            case Left(chat=chat, is_dissolved=True):
                await self._presence.left(chat, "the group was dissolved (群已解散)", "")
            case Left(chat=chat):
                await self._presence.left(
                    chat, "the bot was removed from the group (机器人被移出该群)", FIXES[NOT_A_MEMBER]
                )
            case Arrived(direct=True):
                await self._greet(Target(user=event.user), "platform.welcome_you", event.key)
            case Arrived():
                await self._presence.entered(event.chat)
                await self._greet(Target(chat=event.chat), "platform.welcome_all", event.key)

    async def _greet(self, target: Target, key: str, event: str) -> None:
        if target.user:
            payload = self._greeting(key, self._words_of_person(target.user))
        else:
            others = {tag: self._greeting(key, self._words_in(tag)) for tag in LANGUAGES} if self._words_in else {}
            payload = merged(self._greeting(key, self._words_of_chat(target.chat or "")), others)
        try:
            await self._posting.post(target, payload, key=event)
        except SendError as error:
            log.info("not_greeted", error=str(error))

    def _greeting(self, key: str, words: Words) -> Payload:
        return render.closed(words("platform.welcome"), words(key).replace("{bot}", self._name), words)
