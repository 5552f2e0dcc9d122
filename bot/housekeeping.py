"""What keeps the bot healthy: old rows go, stale messages are dropped with a trace, and a look at itself."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.core import Core
from bot.metrics import Metrics
from commands import tell, trace
from commands.ports import Priority
from commands.registry import CLOCK
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("housekeeping")

KEEP_EVENTS = timedelta(days=7)
KEEP_MESSAGES = timedelta(days=90)
KEEP_TIMERS = timedelta(days=180)
TOO_LATE = timedelta(minutes=5)


class Housekeeper:
    """Both are safe to run anywhere, at any time, by several processes."""

    def __init__(self, core: Core, metrics: Metrics) -> None:
        self._core = core
        self._metrics = metrics

    async def tidy(self) -> None:
        """Drops what makes no sense any more, forgets what nobody will ask for."""
        await self._core.store.run(self._tidied)

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
