"""What follows when a message reached somebody, or could not: some records wait for that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.minutes import confirm
from commands.registry import Context

OnReceipt = Callable[[Context, str, str | None, bool], None]
"""Called with the record, the person (None: a group) and whether the message arrived."""

WAITING: Mapping[str, OnReceipt] = {"minutes": confirm.on_receipt}
"""The cards whose arrival counts, by view."""


def delivered(ctx: Context, view: str, item: str, person: str | None, *, ok: bool) -> None:
    """Tells the record whose card this was."""
    hook = WAITING.get(view)
    if hook:
        hook(ctx, item, person, ok)
