"""Messages owed: claimed with a lease, built from the state as it is now, sent outside any transaction, ticked off."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.base import Adapter, Busy, Forbidden, Gone, SendError, Target
from bot import noise
from bot.core import Core
from bot.crash import crash_point
from bot.metrics import Metrics
from bot.pace import Pace
from commands import tell, trace
from commands.chat import Address, Card
from commands.facts import decode
from commands.ports import Owed, OwedKind, Posted, Priority
from commands.receipts import delivered
from commands.registry import CLOCK, Context
from storage.errors import StorageError
from storage.outbox import OwedRow
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("deliver")

LEASE = timedelta(seconds=30)
BATCH = 20
TRIES = 12
LONGEST_WAIT = 1800.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go: where, what, and what it replaces."""

    row: OwedRow
    adapter: Adapter
    target: Target
    card: Card
    replaces: Posted | None
    content: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that does not go: settled | unchanged | unreachable | broken."""

    why: str
    error: str = ""
    fix: str = ""


class Deliverer:
    """Sends what is owed, in order for each chat, urgent things first, as fast as each platform allows."""

    def __init__(self, core: Core, adapters: Mapping[str, Adapter], metrics: Metrics, owner: str) -> None:
        self._core = core
        self._adapters = adapters
        self._metrics = metrics
        self._owner = owner
        self.resting = False
        self._pace = {name: Pace(adapter.limits) for name, adapter in adapters.items()}

    async def drain(self) -> int:
        """Sends everything that can go now; returns how many messages went out."""
        sent = 0
        while not self.resting and (rows := await self._core.store.call_later(self._claim)):
            crash_point("after_claim")
            sent += sum(await asyncio.gather(*map(self._deliver, rows)))
        return sent

    async def _deliver(self, row: OwedRow) -> bool:
        parcel = await self._core.store.call_later(self._prepare, row)
        return parcel is not None and await self._send(parcel)

    # --- before: one transaction to take some messages in hand, and a look at the state now for each ---

    def _claim(self) -> list[OwedRow]:
        """Asks first: whoever has nothing to send does not stand in line to write."""
        with self._core.store.read() as uow:
            if not uow.outbox.has_ready(self._core.clock.now()):
                return []
        return self._core.store.transact(self._claimed)

    def _claimed(self, uow: UnitOfWork) -> list[OwedRow]:
        now = self._core.clock.now()
        return uow.outbox.claim(now, owner=self._owner, lease=LEASE, limit=BATCH, platforms=tuple(self._adapters))

    def _prepare(self, row: OwedRow) -> Parcel | None:
        """Builds the message while nobody is kept from writing; None when there is nothing to send any more (which is
        on record then)."""
        try:
            with self._core.store.read() as uow:
                built = self._built(uow, row)
        except StorageError:
            raise
        except Exception as error:
            log.exception("cannot_build", key=row.owed.key)
            built = Unsent("broken", repr(error))
        if isinstance(built, Parcel):
            return built
        self._core.store.transact(self._record_unsent, row, built)
        return None

    def _built(self, uow: UnitOfWork, row: OwedRow) -> Parcel | Unsent:
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        place = self._place(ctx, row.owed)
        if place is None and _shows_who_left(ctx, uow, row.owed):
            return Unsent("settled")
        if place is None:
            return Unsent("unreachable", "no platform reaches them", "add an id on a platform that is switched on")
        adapter, target = place
        joined, earlier = noise.join(uow, row.owed, ctx.policy, ctx.now, adapter.name)
        card = self._card(ctx, row, adapter.name, earlier)
        if card is None:
            return Unsent("settled")
        return self._changed(uow, row, adapter, target, card, joined)

    def _record_unsent(self, uow: UnitOfWork, row: OwedRow, unsent: Unsent) -> None:
        if unsent.why in ("settled", "unchanged"):
            dropped = uow.outbox.drop(row, unsent.why)
            if dropped and unsent.why == "settled":
                ctx = self._core.context(uow, CLOCK, self._core.clock.now())
                trace.record(ctx, "message.dropped", row.owed.item, result="dropped", why="settled", key=row.owed.key)
        elif uow.outbox.bury(row, unsent.error):
            self._died(uow, row.owed, unsent.error, unsent.fix)

    def _changed(
        self, uow: UnitOfWork, row: OwedRow, adapter: Adapter, target: Target, card: Card, joined: Posted | None
    ) -> Parcel | Unsent:
        """An edit that would change nothing is not sent."""
        content = hashlib.sha256(repr(card).encode("utf-8", "replace")).hexdigest()
        replaces = joined
        if row.owed.kind is OwedKind.CARD:
            found = [p for p in uow.outbox.posted(row.owed.item, row.owed.view) if p.to == row.owed.to]
            replaces = found[0] if found else None
            if replaces and uow.outbox.content(row.owed) == content:
                return Unsent("unchanged")
        return Parcel(row, adapter, target, card, replaces, content)

    def _place(self, ctx: Context, owed: Owed) -> tuple[Adapter, Target] | None:
        """The platform and the chat or person there; a person who uses several gets it on the first one running."""
        kind, _, rest = owed.to.partition(":")
        if kind == "chat":
            address = Address.parse(rest)
            adapter = self._adapters.get(address.platform)
            return (adapter, Target(chat=address.chat)) if adapter else None
        person = ctx.directory.people.get(rest)
        for platform, user in person.identities.items() if person else ():
            if platform in self._adapters:
                return self._adapters[platform], Target(user=user)
        return None

    def _card(self, ctx: Context, row: OwedRow, platform: str, earlier: Sequence[Owed]) -> Card | None:
        kind, _, rest = row.owed.to.partition(":")
        person = rest if kind == "person" else None
        reader = self._core.reader(ctx.directory, platform, person=person, chat=rest if kind == "chat" else None)
        cards = []
        for owed in (*earlier, row.owed, *(each.owed for each in row.joined)):
            view = self._core.cards[owed.view].view(ctx, owed.item, person, decode(owed.facts))
            if view is not None:
                cards.append(self._core.renderer.render(view, reader, ctx.now))
        if len(cards) < 2:
            return cards[0] if cards else None
        return self._core.renderer.bundle(cards, reader, ctx.now)

    # --- during: no transaction ---

    async def _send(self, parcel: Parcel) -> bool:
        await self._pace[parcel.adapter.name].turn(parcel.row.owed.to, parcel.row.owed.priority)
        try:
            message = await self._posted_or_edited(parcel)
        except Busy as error:
            return await self._core.store.call_later(self._later, parcel, error)
        except SendError as error:
            return await self._core.store.call_later(self._failed, parcel, error)
        except Exception as error:
            log.exception("send_failed", key=parcel.row.owed.key)
            return await self._core.store.call_later(self._later, parcel, Busy(5, repr(error)))
        crash_point("after_send")
        return await self._core.store.call_later(self._sent, parcel, message)

    async def _posted_or_edited(self, parcel: Parcel) -> str:
        """A card that is there is edited; if it cannot be any more, a new one takes its place."""
        if parcel.replaces and parcel.replaces.platform == parcel.adapter.name:
            try:
                await parcel.adapter.edit(parcel.target, parcel.replaces.message, parcel.card)
                return parcel.replaces.message
            except Gone:
                log.info("card_gone", item=parcel.row.owed.item, message=parcel.replaces.message)
        again = parcel.row.attempts > 0
        message = await parcel.adapter.post(parcel.target, parcel.card, key=parcel.row.owed.key, again=again)
        if again and parcel.row.owed.kind is OwedKind.CARD:
            # An earlier attempt may have arrived: then the key gave us its message, which shows what was true then.
            with suppress(Gone):
                await parcel.adapter.edit(parcel.target, message, parcel.card)
        return message

    # --- after: one transaction ---

    def _sent(self, parcel: Parcel, message: str) -> bool:
        return self._core.store.transact(self._record_sent, parcel, message)

    def _record_sent(self, uow: UnitOfWork, parcel: Parcel, message: str) -> bool:
        now = self._core.clock.now()
        owed = parcel.row.owed
        chat = parcel.target.chat or parcel.target.user or ""
        known = uow.outbox.sent(
            parcel.row, platform=parcel.adapter.name, chat=chat, message=message, now=now, content=parcel.content
        )
        self._metrics.messages.labels(parcel.adapter.name, "sent").inc()
        if known and not parcel.replaces:
            ctx = self._core.context(uow, CLOCK, now)
            trace.record(ctx, "message.sent", owed.item, key=owed.key, to=owed.to, platform_message=message)
            self._told(ctx, owed, ok=True)
        return known

    def _later(self, parcel: Parcel, error: Busy) -> bool:
        return self._core.store.transact(self._record_later, parcel, error)

    def _record_later(self, uow: UnitOfWork, parcel: Parcel, error: Busy) -> bool:
        """Tried again with the same key, less and less often, and given up aloud."""
        now = self._core.clock.now()
        self._metrics.messages.labels(parcel.adapter.name, "ambiguous").inc()
        if parcel.row.attempts + 1 >= TRIES:
            return self._record_failed(uow, parcel, error)
        wait = min(max(error.after, 2.0**parcel.row.attempts), LONGEST_WAIT)
        uow.outbox.retry(parcel.row, now + timedelta(seconds=wait), str(error))
        return False

    def _failed(self, parcel: Parcel, error: SendError) -> bool:
        return self._core.store.transact(self._record_failed, parcel, error)

    def _record_failed(self, uow: UnitOfWork, parcel: Parcel, error: SendError) -> bool:
        """A dead letter: on record, in the figures, and told to the administrators with the remedy."""
        owed = parcel.row.owed
        if not uow.outbox.bury(parcel.row, str(error)):
            return False
        self._metrics.messages.labels(parcel.adapter.name, "failed").inc()
        self._died(uow, owed, str(error), error.fix if isinstance(error, Forbidden) else "")
        return False

    def _died(self, uow: UnitOfWork, owed: Owed, error: str, fix: str) -> None:
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        trace.record(ctx, "message.failed", owed.item, result="failed", why=error[:500], key=owed.key, to=owed.to)
        self._told(ctx, owed, ok=False)
        self._alarm(ctx, owed, error, fix)

    def _told(self, ctx: Context, owed: Owed, *, ok: bool) -> None:
        kind, _, rest = owed.to.partition(":")
        delivered(ctx, owed.view, owed.item, rest if kind == "person" else None, ok=ok)

    def _alarm(self, ctx: Context, owed: Owed, error: str, fix: str) -> None:
        """Once per message, and never about an alarm: that would not end."""
        if owed.view == "undeliverable":
            return
        tell.notify(
            ctx,
            "undeliverable",
            owed.item,
            (p for p in ctx.directory.admins if tell.to_person(p) != owed.to),
            step=owed.key,
            urgent=True,
            priority=Priority.ESCALATION,
            to=owed.to,
            error=error[:300],
            fix=fix,
        )


def _shows_who_left(ctx: Context, uow: UnitOfWork, owed: Owed) -> bool:
    """A card that somebody got before they left the organisation needs no edit, and nobody an alarm about it."""
    kind, _, rest = owed.to.partition(":")
    person = ctx.directory.people.get(rest)
    has_left = kind == "person" and (person is None or not person.active)
    return has_left and any(p.to == owed.to for p in uow.outbox.posted(owed.item, owed.view))
