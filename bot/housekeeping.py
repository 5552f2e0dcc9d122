"""What keeps the bot healthy: old rows go, stale messages are dropped with a trace, and a look at itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from adapters.base import Adapter
from bot.core import Core
from bot.metrics import Metrics
from bot.parcel import LAST_DAY
from commands import tell, trace
from commands.ports import Owed, OwedKind, Posted, Priority
from commands.registry import CLOCK
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("housekeeping")

KEEP_EVENTS = timedelta(days=7)
KEEP_MESSAGES = timedelta(days=90)
KEEP_TIMERS = timedelta(days=180)
TOO_LATE = timedelta(minutes=5)
OLD = timedelta(days=7)
"""For so long after a card became old, it is looked at again."""
ANEW = "anew:"
"""Begins the key of a card that is posted anew; the message that it replaces ends it."""
AT_LEAST = timedelta(hours=2)
"""So long before its buttons stop working, a card is posted anew, even at night."""


class Housekeeper:
    """All are safe to run anywhere, at any time, by several processes."""

    def __init__(self, core: Core, metrics: Metrics, adapters: Mapping[str, Adapter]) -> None:
        self._core = core
        self._metrics = metrics
        self._adapters = adapters

    async def tidy(self) -> None:
        """Drops what makes no sense any more, forgets what nobody will ask for, and owes anew what grows too old."""
        await self._core.store.run(self._tidied)
        for name, adapter in self._adapters.items():
            if adapter.limits.card_days is not None:
                await self._core.store.run(self._renewed, name, timedelta(days=adapter.limits.card_days))

    async def look(self) -> None:
        """Measures the lag, and tells the administrators when something due does not get done."""
        await self._core.store.run(self._looked)

    def _tidied(self, uow: UnitOfWork) -> None:
        now = self._core.clock.now()
        ctx = self._core.context(uow, CLOCK, now)
        for owed in uow.outbox.expire(now):
            trace.record(ctx, "message.dropped", owed.item, result="dropped", why="expired", key=owed.key)
        uow.inbox.forget_before(now - KEEP_EVENTS)
        uow.outbox.forget_before(now - KEEP_MESSAGES)
        uow.timers.forget_before(now - KEEP_TIMERS)

    def _renewed(self, uow: UnitOfWork, platform: str, lasts: timedelta) -> None:
        """Owes each card anew, once, whose buttons are about to stop working. Whether it still has any is seen when it
        is built (`bot/parcel.py`); without, nothing is sent."""
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        latest = ctx.now - lasts + LAST_DAY
        for card in uow.outbox.posted_between(platform, latest - OLD, latest, unless=ANEW):
            person = card.to.removeprefix("person:") if card.to.startswith("person:") else None
            wakes = tell.waking(ctx, person) if person else ctx.calendars.default.next_open(ctx.now)
            ends = card.posted_at + lasts - AT_LEAST
            uow.owe(_anew(card, ctx.now, not_before=min(wakes, ends) if wakes else None))

    def _looked(self, uow: UnitOfWork) -> None:
        now = self._core.clock.now()
        count, earliest = uow.timers.open()
        oldest = uow.outbox.oldest_pending()
        self._metrics.due_open.set(count)
        self._metrics.oldest_owed.set((now - oldest).total_seconds() if oldest else 0)
        self._metrics.dead_letters.set(uow.outbox.states().get("dead", 0))
        if earliest and now - earliest > TOO_LATE:
            self._alarm(uow, now - earliest)

    def _alarm(self, uow: UnitOfWork, lag: timedelta) -> None:
        """At most once an hour: something that should have happened did not."""
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        log.error("due_actions_late", lag_seconds=lag.total_seconds())
        tell.notify(
            ctx,
            "late_actions",
            "",
            ctx.directory.admins,
            step=f"{ctx.now:%Y-%m-%dT%H}",
            urgent=True,
            priority=Priority.ESCALATION,
            lag=lag,
        )


def _anew(card: Posted, now: datetime, *, not_before: datetime | None) -> Owed:
    return Owed(
        key=f"{ANEW}{card.message}",
        to=card.to,
        kind=OwedKind.CARD,
        view=card.view,
        item=card.item,
        priority=Priority.PROMPT,
        not_before=not_before,
        owed_at=now,
    )
