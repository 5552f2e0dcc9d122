"""What is due: each due action in a transaction of its own, at its planned moment, oldest first."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.core import Core
from bot.crash import crash_point
from bot.metrics import Metrics
from commands import trace
from commands.registry import CLOCK
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("tick")

BATCH = 200
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)


class Ticker:
    """Runs due actions. Two of them on one database share the work and never do anything twice."""

    def __init__(self, core: Core, metrics: Metrics) -> None:
        self._core = core
        self._metrics = metrics
        self.resting = False

    async def run_due(self) -> int:
        """Does everything that is due now; returns how many actions ran. Commands get their turn in between."""
        ran = 0
        while keys := await self._core.store.call_later(self._due):
            done = [await self._core.store.call_later(self._one, key) for key in keys if not self.resting]
            ran += sum(done)
            if not any(done):
                break
        return ran

    def _due(self) -> list[str]:
        with self._core.store.read() as uow:
            return uow.timers.next_due(self._core.clock.now(), BATCH)

    def _one(self, key: str) -> bool:
        now = self._core.clock.now()
        try:
            return self._core.store.transact(self._fire, key, now)
        except StorageError:
            raise
        except Exception as error:
            log.exception("due_action_failed", key=key)
            self._core.store.transact(self._failed, key, now, repr(error))
            return False

    def _fire(self, uow: UnitOfWork, key: str, now: datetime) -> bool:
        timer = uow.timers.claim(key, now)
        if timer is None:
            return False
        # Before its job: what the job drops or sets anew are other timers, this one has fired.
        uow.timers.finish(key, now)
        ctx = self._core.context(uow, CLOCK, min(timer.due_at, now), real_now=now)
        ctx.command = timer.job
        self._core.jobs[timer.job].run(ctx, timer.subject, timer.payload)
        crash_point("in_tick")
        self._metrics.due_lag.set((now - timer.due_at).total_seconds())
        return True

    def _failed(self, uow: UnitOfWork, key: str, now: datetime, error: str) -> None:
        """It stays due; what failed is on record, and it is tried again, less and less often."""
        timer = uow.timers.claim(key, now)
        if timer is None:
            return
        wait = min(FIRST_RETRY * 2**timer.attempts, LONGEST_RETRY)
        uow.timers.fail(key, error, now + wait)
        ctx = self._core.context(uow, CLOCK, timer.due_at, real_now=now)
        trace.record(ctx, "due_action.failed", timer.subject, result="failed", why=error[:500], timer=key)
