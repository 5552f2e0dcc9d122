"""Fewer pings: reminders that follow each other closely, and all that comes too often, join a message that is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from commands.domain.duration import Duration, Unit
from commands.domain.policy import Policy
from commands.ports import Owed, OwedKind, Posted
from storage.outbox import Recent
from storage.unit_of_work import UnitOfWork

HOUR = timedelta(hours=1)


def join(uow: UnitOfWork, owed: Owed, policy: Policy, now: datetime, platform: str) -> tuple[Posted | None, list[Owed]]:
    """The message that a notice joins, and what stands in it; None when it gets a message of its own.

    Reminders within `bundle_within` of each other are one message. Once somebody got `direct_per_hour` messages in an
    hour, whatever is not urgent joins the last of them: the person is not pinged again, and nothing is lost.
    """
    if owed.urgent or owed.kind is not OwedKind.NOTICE or not owed.to.startswith("person:"):
        return None, []
    calm = [r for r in uow.outbox.recent(owed.to, now - HOUR) if not r.owed.urgent]
    last = _last_reminder(calm, policy, now) if owed.bundle else None
    if last is None and _is_too_often(calm, policy):
        last = calm[-1]
    if last is None:
        return None, []
    return _posted(last, platform), [r.owed for r in calm if r.message == last.message]


def _last_reminder(calm: list[Recent], policy: Policy, now: datetime) -> Recent | None:
    """The one that this reminder follows closely."""
    last = next((r for r in reversed(calm) if r.owed.bundle), None)
    return last if last and _is_close(last, policy, now) else None


def _is_close(last: Recent, policy: Policy, now: datetime) -> bool:
    return now - last.at < _wall(policy.bundle_within)


def _is_too_often(calm: list[Recent], policy: Policy) -> bool:
    return len({r.message for r in calm}) >= policy.direct_per_hour


def _wall(length: Duration) -> timedelta:
    """Only wall time makes sense here; the config's check sees to that."""
    return timedelta(seconds=length.amount) if length.unit is Unit.WALL else timedelta(minutes=2)


def _posted(last: Recent, platform: str) -> Posted:
    return Posted(
        item=last.owed.item,
        view=last.owed.view,
        to=last.owed.to,
        platform=platform,
        chat="",
        message=last.message,
        posted_at=last.at,
    )
