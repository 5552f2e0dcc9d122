"""What follows when a message reached somebody, or could not: some records wait for that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.registry import Context

OnReceipt = Callable[[Context, str, str | None, bool], None]
"""Called with the record, the person (None: a group) and whether the message arrived."""

_WAITING: Mapping[str, OnReceipt] = {}


def delivered(ctx: Context, view: str, item: str, person: str | None, *, ok: bool) -> None:
    """Tells the record whose card or notice this was."""
    hook = _WAITING.get(view)
    if hook:
        hook(ctx, item, person, ok)
