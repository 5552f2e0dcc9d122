"""Fewer pings: reminders that follow each other closely, or come too often, join the message that is there already."""

from __future__ import annotations

from datetime import datetime, timedelta

from commands.domain.duration import Duration, Unit
from commands.domain.policy import Policy
from commands.ports import Owed, OwedKind, Posted
from storage.outbox import Recent
from storage.unit_of_work import UnitOfWork

HOUR = timedelta(hours=1)


def join(uow: UnitOfWork, owed: Owed, policy: Policy, now: datetime, platform: str) -> tuple[Posted | None, list[Owed]]:
    """The message that a reminder joins, and what stands in it; None when it gets a message of its own.

    Reminders within `bundle_within` of each other are one message, and from the `direct_per_hour`-th message of an
    hour on, further reminders join the last one: the person is not pinged again, and nothing is lost.
    """
    if not owed.bundle or owed.kind is not OwedKind.NOTICE or not owed.to.startswith("person:"):
        return None, []
    recent = uow.outbox.recent(owed.to, now - HOUR)
    last = next((r for r in reversed(recent) if r.owed.bundle), None)
    if last is None or not (_is_close(last, policy, now) or _is_too_often(recent, policy)):
        return None, []
    together = [r.owed for r in recent if r.message == last.message]
    return _posted(last, platform), together


def _is_close(last: Recent, policy: Policy, now: datetime) -> bool:
    return now - last.at < _wall(policy.bundle_within)


def _is_too_often(recent: list[Recent], policy: Policy) -> bool:
    return len({r.message for r in recent if not r.owed.urgent}) >= policy.direct_per_hour


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
