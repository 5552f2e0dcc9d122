"""`/status audit R-1`: the raw trace of a record, refusals included, as a private card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.inputs import Kind, ask
from commands.ports import AuditEvent
from commands.registry import Context, Reply, View
from commands.status import sight, steps
from commands.status.show import REFS
from commands.words import Shown, words

LAST = 20
LONGEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    id: str = ask(Kind.REF, required=True, refs=REFS, main=True)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """`code` is the event's name in the trace, `changes` the names of the fields that changed."""

    at: datetime
    who: Shown
    code: str
    result: str
    changes: str
    reason: str
    why: str
    platform: str
    planned_at: datetime | None


def audit(ctx: Context, given: Audit) -> Reply:
    """The last lines of the trace, for the record's parties, leadership and PMO; an administrator runs the bot
    and does not read other people's records."""
    seen = sight.load(ctx, given.id)
    sight.require(ctx, seen, "audit.not_yours")
    events = ctx.uow.audited(seen.record.id, limit=LONGEST)
    shown = tuple(_line(e) for e in events[-LAST:])
    facts = {"ref": seen.record.id, "lines": shown, "earlier": len(events) - len(shown)}
    return Reply(view=View("audit", {"title": words("audit.title", id=seen.record.id, n=len(events)), **facts}))


def _line(event: AuditEvent) -> TraceLine:
    changes = ", ".join(name for name in event.after if name not in ("clock", "kind"))
    return TraceLine(
        at=event.at,
        who=steps.actor(event),
        code=event.what,
        result=event.result,
        changes=changes if event.before else "",
        reason=event.reason,
        why=event.why.partition(" {")[0],
        platform=event.platform,
        planned_at=event.planned_at if event.planned_at and event.planned_at != event.at else None,
    )
