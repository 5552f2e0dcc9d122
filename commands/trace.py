"""The trace: every change and every refusal becomes an audit event, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import Any

from commands.ports import AuditEvent
from commands.registry import Context


def record(
    ctx: Context,
    what: str,
    item: Any,  # a record with `id`; any of them
    *,
    was: Any = None,
    reason: str = "",
    result: str = "done",
    why: str = "",
    **facts: Any,
) -> None:
    """Writes what happened to a record: the fields that changed, by whom, from where, why."""
    before, after = _changes(was, item)
    late = ctx.real_now != ctx.now
    ctx.uow.audit(
        AuditEvent(
            at=ctx.real_now,
            planned_at=ctx.now if late or ctx.actor.person is None else None,
            what=what,
            item=getattr(item, "id", str(item)),
            actor=ctx.actor.person,
            acting_for=ctx.actor.acting_for,
            department=ctx.directory.department_of(ctx.actor.person or ""),
            platform=ctx.actor.platform,
            chat=ctx.actor.chat,
            message=ctx.actor.message,
            command=ctx.command,
            event=ctx.actor.event,
            before=before,
            after={**after, **{k: _plain(v) for k, v in facts.items()}},
            reason=reason,
            result=result,
            why=why,
            project=getattr(item, "project", None),
            version=getattr(item, "version", 0),
        )
    )


def _changes(was: Any, now: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, before and after; of something new, the fields that say something."""
    if not is_dataclass(now) or isinstance(now, type):
        return {}, {}
    before, after = {}, {}
    for name in now.__dataclass_fields__:
        value = getattr(now, name)
        if name == "version" or (value in _EMPTY if was is None else value == getattr(was, name)):
            continue
        after[name] = _plain(value)
        if was is not None:
            before[name] = _plain(getattr(was, name))
    return before, after


_EMPTY: tuple[Any, ...] = (None, "", (), 0, {})
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, str):  # an enumeration's
        return str(value)
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return str(value)
