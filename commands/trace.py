"""The trace: every change and every refusal becomes an audit event, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
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
    if not is_dataclass(now) or isinstance(now, type):
        return {}, {}
    names = [name for name in now.__dataclass_fields__ if name != "version"]
    if was is None:
        return {}, {n: _plain(getattr(now, n)) for n in names if getattr(now, n) not in (None, "", (), 0, {})}
    changed = [n for n in names if getattr(was, n) != getattr(now, n)]
    return {n: _plain(getattr(was, n)) for n in changed}, {n: _plain(getattr(now, n)) for n in changed}


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: _plain(v) for k, v in asdict(value).items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
