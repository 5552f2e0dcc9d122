"""A message made ready to go: where to, what it says from the state as it is now, and what it replaces."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from adapters.base import Adapter, Limits, Target
from bot import noise
from bot.core import Core
from bot.language import LANGUAGES, Reader
from bot.readers import is_mixed
from commands.chat import Address, Card
from commands.domain.people import Directory
from commands.facts import decode
from commands.ports import Owed, OwedKind, Posted
from commands.registry import CLOCK, Context, View
from storage.errors import StorageError
from storage.queue import OwedRow
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("deliver")


LAST_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go."""

    row: OwedRow
    adapter: Adapter
    target: Target
    card: Card
    replaces: Posted | None
    content: str
    anew: bool = False
    """The message that it replaces is so old that its buttons are about to stop working."""

    @property
    def edits(self) -> Posted | None:
        """The message that it replaces in place: what is on another platform cannot be edited on this one."""
        return None if self.anew else self._there

    @property
    def retires(self) -> Posted | None:
        """The message that loses its buttons, for this one has them now."""
        return self._there if self.anew else None

    @property
    def _there(self) -> Posted | None:
        return self.replaces if self.replaces and self.replaces.platform == self.adapter.name else None


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that does not go: settled | unchanged | unreachable | broken."""

    why: str
    error: str = ""
    fix: str = ""


def platform_of(directory: Directory, person: str, running: Mapping[str, Adapter]) -> str | None:
    """Where a person is reached: who uses several platforms gets it on the first one running."""
    known = directory.people.get(person)
    return next((platform for platform in known.identities if platform in running), None) if known else None


def _is_old(posted: Posted, limits: Limits, now: datetime) -> bool:
    """Whether a card's last day has begun, after which it can be neither changed nor pressed; or is over."""
    return limits.card_days is not None and now - posted.posted_at >= timedelta(days=limits.card_days) - LAST_DAY


def _calls(owed: Owed) -> bool:
    """Whether somebody is called away from their work for it: for an urgent escalation that waits for them. An alarm
    to an administrator can wait until they look."""
    return owed.urgent and owed.item.startswith("E-") and owed.to.startswith("person:")


class Packer:
    """Builds messages while nobody is kept from writing."""

    def __init__(self, core: Core, adapters: Mapping[str, Adapter]) -> None:
        self._core = core
        self._adapters = adapters

    def pack(self, row: OwedRow) -> Parcel | Unsent:
        try:
            with self._core.store.read() as uow:
                return self._built(uow, row)
        except StorageError:
            raise
        except Exception as error:
            log.exception("cannot_build", key=row.owed.key)
            return Unsent("broken", repr(error))

    def _built(self, uow: UnitOfWork, row: OwedRow) -> Parcel | Unsent:
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        place = self._place(ctx, row.owed)
        if place is None and _shows_who_left(ctx, uow, row.owed):
            return Unsent("settled")
        if place is None:
            return Unsent("unreachable", "no platform reaches them", "add an id on a platform that is switched on")
        adapter, target = place
        joined, earlier = noise.join(uow, row.owed, ctx.policy, ctx.now, adapter.name)
        card = self._card(ctx, row, adapter, earlier)
        if card is None:
            return Unsent("settled")
        return self._changed(uow, row, adapter, target, card, joined)

    def _changed(
        self, uow: UnitOfWork, row: OwedRow, adapter: Adapter, target: Target, card: Card, joined: Posted | None
    ) -> Parcel | Unsent:
        """An edit that would change nothing is not sent."""
        content = hashlib.sha256(repr(card).encode("utf-8", "replace")).hexdigest()
        replaces, anew = joined, False
        if row.owed.kind is OwedKind.CARD:
            found = [p for p in uow.outbox.posted(row.owed.item, row.owed.view) if p.to == row.owed.to]
            replaces = found[0] if found else None
            asks = any(button.enabled for button in card.buttons)
            anew = asks and replaces is not None and _is_old(replaces, adapter.limits, self._core.clock.now())
            if replaces and not anew and uow.outbox.content(row.owed) == content:
                return Unsent("unchanged")
        card = replace(card, urgent=replaces is None and _calls(row.owed))
        return Parcel(row, adapter, target, card, replaces, content, anew)

    def _place(self, ctx: Context, owed: Owed) -> tuple[Adapter, Target] | None:
        """The platform and the chat or person there."""
        kind, _, rest = owed.to.partition(":")
        if kind == "chat":
            address = Address.parse(rest)
            adapter = self._adapters.get(address.platform)
            return (adapter, Target(chat=address.chat)) if adapter else None
        platform = platform_of(ctx.directory, rest, self._adapters)
        if platform is None:
            return None
        return self._adapters[platform], Target(user=ctx.directory.people[rest].identities[platform])

    def _card(self, ctx: Context, row: OwedRow, adapter: Adapter, earlier: Sequence[Owed]) -> Card | None:
        kind, _, rest = row.owed.to.partition(":")
        person = rest if kind == "person" else None
        reader = self._core.reader(ctx.directory, adapter.name, person=person, chat=rest if kind == "chat" else None)
        owed = (*earlier, row.owed, *(each.owed for each in row.joined))
        found = (self._core.cards[o.view].view(ctx, o.item, person, decode(o.facts)) for o in owed)
        views = [view for view in found if view is not None]
        if not views:
            return None
        card = self._written(views, reader, ctx.now)
        if not (adapter.bilingual and is_mixed(ctx.directory, row.owed.to, reader.language)):
            return card
        others = [tag for tag in LANGUAGES if tag != reader.language]
        in_others = {tag: self._written(views, replace(reader, language=tag), ctx.now) for tag in others}
        return replace(card, translations={reader.language: card, **in_others})

    def _written(self, views: Sequence[View], reader: Reader, now: datetime) -> Card:
        cards = [self._core.renderer.render(view, reader, now) for view in views]
        return cards[0] if len(cards) == 1 else self._core.renderer.bundle(cards, reader, now)


def _shows_who_left(ctx: Context, uow: UnitOfWork, owed: Owed) -> bool:
    """A card that somebody got before they left the organisation needs no edit, and nobody an alarm about it."""
    kind, _, rest = owed.to.partition(":")
    person = ctx.directory.people.get(rest)
    has_left = kind == "person" and (person is None or not person.active)
    return has_left and any(p.to == owed.to for p in uow.outbox.posted(owed.item, owed.view))
