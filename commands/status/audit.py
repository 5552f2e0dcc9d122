"""`/status audit R-1`: the trace of a record in words, refusals included, as a private card."""

from __future__ import annotations

from dataclasses import dataclass

from commands.inputs import Kind, ask
from commands.registry import Context, Reply, View
from commands.status import sight
from commands.status.show import REFS
from commands.status.traced import lines_of
from commands.words import words

LAST = 20
LONGEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    id: str = ask(Kind.REF, required=True, refs=REFS, main=True)


def audit(ctx: Context, given: Audit) -> Reply:
    """The last lines of the trace, for the record's parties, leadership and PMO; an administrator runs the bot
    and does not read other people's records. To others there is no such record."""
    record = sight.see_trace(ctx, given.id).record
    told = lines_of(ctx, ctx.uow.audited(record.id, limit=LONGEST))
    shown = tuple(told[-LAST:])
    title = words("audit.title", id=record.id, n=len(told))
    return Reply(view=View("audit", {"title": title, "lines": shown, "earlier": len(told) - len(shown)}))
