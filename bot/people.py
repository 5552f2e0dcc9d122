"""Who a platform's users are: linked to the people of the directory by e-mail, spoken to in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import structlog

from adapters.base import Profile
from bot.core import Core
from commands import trace
from commands.domain.people import Directory, Person
from commands.registry import Actor
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("people")

LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""What of a locale we can speak, by its first part."""


class News(NamedTuple):
    """What a profile tells that was not known: whose the id is, and the language they want."""

    person: Person
    is_new_here: bool
    language: str | None


class Newcomers:
    """`adapters.base.Introductions` for one platform. `tells_language`: whether its profiles say what people speak;
    else whoever is known need not be asked about."""

    def __init__(self, core: Core, platform: str, *, tells_language: bool = True) -> None:
        self._core = core
        self._platform = platform
        self._tells_language = tells_language

    def wants_profile(self, user: str) -> bool:
        known = self._core.directory.person_at(self._platform, user)
        return known is None or (self._tells_language and known.active and known.language is None)

    async def introduce(self, profile: Profile) -> None:
        # Looked at first without a transaction: most profiles of a large workspace tell nothing.
        if self._news(self._core.directory, profile):
            await self._core.store.run(self._learn, profile)

    def missing(self) -> Sequence[str]:
        people = self._core.directory.people.values()
        return [p.email for p in people if p.active and p.email and self._platform not in p.identities]

    def _learn(self, uow: UnitOfWork, profile: Profile) -> None:
        """In one transaction, from the directory as it is now: another process may have been faster."""
        news = self._news(uow.directory, profile)
        if news is None or (news.is_new_here and not uow.identify(news.person.id, self._platform, profile.user)):
            return
        ctx = self._core.context(uow, Actor(None, self._platform), self._core.clock.now())
        if news.is_new_here:
            trace.record(ctx, "person.linked", news.person.id, user=profile.user, found_by="email")
            log.info("person_linked", person=news.person.id, platform=self._platform, user=profile.user)
        if news.language:
            uow.set_language(news.person.id, news.language)
            trace.record(ctx, "person.language", news.person.id, language=news.language, found_by="locale")
        self._core.directory = uow.directory

    def _news(self, directory: Directory, profile: Profile) -> News | None:
        known = directory.person_at(self._platform, profile.user)
        person = known or directory.person_with(profile.email)
        if person is None or not person.active or (known is None and self._platform in person.identities):
            return None
        language = None if person.language else LANGUAGES.get((profile.locale or "").replace("_", "-").split("-")[0])
        return News(person, known is None, language) if known is None or language else None
