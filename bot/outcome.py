"""How a message fared, written down in one transaction: ticked off, to be tried again, dropped, or dead and told."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.base import Busy, Forbidden, Gone, SendError
from bot.core import Core
from bot.metrics import Metrics
from bot.parcel import Parcel, Unsent
from commands import lostchats, tell, trace
from commands.ports import Owed, Priority
from commands.receipts import delivered
from commands.registry import CLOCK, Context
from storage.queue import OwedRow
from storage.unit_of_work import UnitOfWork

TRIES = 12
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 1800.0


class Outcomes:
    """Each is one transaction. Whatever lost its lease meanwhile is left to who has it now."""

    def __init__(self, core: Core, metrics: Metrics) -> None:
        self._core = core
        self._metrics = metrics

    def sent(self, parcel: Parcel, message: str) -> bool:
        """False when somebody else has the message now."""
        return self._core.store.transact(self._sent, parcel, message)

    def later(self, parcel: Parcel, error: Busy) -> None:
        self._core.store.transact(self._later, parcel, error)

    def failed(self, parcel: Parcel, error: SendError) -> None:
        self._core.store.transact(self._failed, parcel, error)

    def unsent(self, row: OwedRow, unsent: Unsent) -> None:
        """Nothing is to be sent; why, is on record."""
        self._core.store.transact(self._unsent, row, unsent)

    def put_back(self, row: OwedRow, at: datetime) -> None:
        """It was in hand and was not tried; those behind it in its chat wait for it."""
        self._core.store.transact(lambda uow: uow.outbox.put_back(row, at, ""))

    def put_off(self, row: OwedRow, at: datetime) -> None:
        """The same, and those behind it go on."""
        self._core.store.transact(lambda uow: uow.outbox.put_off(row, at))

    # --- inside the transaction ---

    def _sent(self, uow: UnitOfWork, parcel: Parcel, message: str) -> bool:
        now = self._core.clock.now()
        owed = parcel.row.owed
        chat = parcel.target.chat or parcel.target.user or ""
        known = uow.outbox.sent(
            parcel.row, platform=parcel.adapter.name, chat=chat, message=message, now=now, content=parcel.content
        )
        self._count(parcel, "sent")
        ctx = self._core.context(uow, CLOCK, now)
        if address := _address(parcel):
            lostchats.found(ctx, address)
        if known and not parcel.replaces:
            trace.record(ctx, "message.sent", owed.item, key=owed.key, to=owed.to, platform_message=message)
            _told(ctx, owed, ok=True)
        return known

    def _later(self, uow: UnitOfWork, parcel: Parcel, error: Busy) -> None:
        """Tried again with the same key. What may be there is tried less and less often, and given up aloud."""
        now, row = self._core.clock.now(), parcel.row
        if error.unsent:
            self._count(parcel, "held")
            uow.outbox.put_back(row, now + timedelta(seconds=max(error.after, SHORTEST_WAIT)), str(error))
            return
        self._count(parcel, "ambiguous")
        if row.attempts + 1 >= TRIES:
            self._failed(uow, parcel, error)
            return
        wait = min(max(error.after, 2.0**row.attempts), LONGEST_WAIT)
        uow.outbox.retry(row, now + timedelta(seconds=wait), str(error))

    def _failed(self, uow: UnitOfWork, parcel: Parcel, error: SendError) -> None:
        """A dead letter: on record, in the figures, and told to the administrators with the remedy."""
        owed = parcel.row.owed
        if not uow.outbox.bury(parcel.row, str(error)):
            return
        self._count(parcel, "failed")
        ctx = self._died(uow, owed, str(error))
        fix = error.fix if isinstance(error, Forbidden) else ""
        if (address := _address(parcel)) and isinstance(error, Gone | Forbidden):
            lostchats.lost(ctx, address, str(error), fix)
        else:
            _alarm(ctx, owed, str(error), fix)

    def _unsent(self, uow: UnitOfWork, row: OwedRow, unsent: Unsent) -> None:
        if unsent.why in ("settled", "unchanged"):
            dropped = uow.outbox.drop(row, unsent.why)
            if dropped and unsent.why == "settled":
                ctx = self._core.context(uow, CLOCK, self._core.clock.now())
                trace.record(ctx, "message.dropped", row.owed.item, result="dropped", why="settled", key=row.owed.key)
        elif uow.outbox.bury(row, unsent.error):
            _alarm(self._died(uow, row.owed, unsent.error), row.owed, unsent.error, unsent.fix)

    def _died(self, uow: UnitOfWork, owed: Owed, error: str) -> Context:
        ctx = self._core.context(uow, CLOCK, self._core.clock.now())
        trace.record(ctx, "message.failed", owed.item, result="failed", why=error[:500], key=owed.key, to=owed.to)
        _told(ctx, owed, ok=False)
        return ctx

    def _count(self, parcel: Parcel, result: str) -> None:
        self._metrics.messages.labels(parcel.adapter.name, result).inc()


def _address(parcel: Parcel) -> str | None:
    """The chat, where it went to one."""
    kind, _, rest = parcel.row.owed.to.partition(":")
    return rest if kind == "chat" else None


def _told(ctx: Context, owed: Owed, *, ok: bool) -> None:
    kind, _, rest = owed.to.partition(":")
    delivered(ctx, owed.view, owed.item, rest if kind == "person" else None, ok=ok)


def _alarm(ctx: Context, owed: Owed, error: str, fix: str) -> None:
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
