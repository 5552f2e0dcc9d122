"""Once a week the administrators hear of calendars whose holidays are soon unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import tell, trace
from commands.registry import Context
from commands.status import known_days


def watch(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
    """One message for all calendars that end within the time set in the policy."""
    known_days.ensure_watch(ctx)
    today = ctx.calendars.default.local(ctx.real_now).date()
    ending = {
        id: last for id, last in known_days.ends(ctx, today).items() if known_days.warns_from(ctx, last, today) <= today
    }
    if not ending:
        return
    trace.record(ctx, "calendar.warned", "calendar", calendars=tuple(ending))
    tell.notify(
        ctx,
        "calendar_ends",
        "calendar",
        (*ctx.directory.admins, *ctx.directory.pmo),
        step=today.isoformat(),
        calendars=tuple(ending),
        last=min((last for last in ending.values() if last), default=None),
    )
