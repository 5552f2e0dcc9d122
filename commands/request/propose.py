"""Asking the other side for something and getting its reply: one proposal, one clock (C2)."""

from __future__ import annotations

from datetime import datetime

from commands import clockwork, tell, trace
from commands.domain import proposal as rules
from commands.domain.clocks import ClockKind
from commands.domain.proposal import Proposal, ProposalKind
from commands.errors import Refused
from commands.registry import Context
from commands.request import record


def open_proposal(
    ctx: Context,
    kind: ProposalKind,
    *,
    item: str,
    reason: str,
    asked: tuple[str | None, ...],
    asked_department: str | None,
    alternative: str = "",
    due: datetime | None = None,
    old_due: datetime | None = None,
    other_department: str | None = None,
    late_notice: bool = False,
) -> Proposal:
    """Puts the question to the people asked and starts C2. One open question per record at a time."""
    pending = record.open_proposal(ctx, item)
    if pending:
        raise Refused("proposal.pending", item=item, kind=pending.kind, at=pending.asked_at)
    made = Proposal(
        id=ctx.uow.next_id("P"),
        kind=kind,
        item=item,
        by=ctx.me,
        department=ctx.directory.department_of(ctx.me) or "",
        reason=reason,
        alternative=alternative,
        due=due,
        old_due=old_due,
        other_department=other_department,
        asked=tuple(dict.fromkeys(p for p in asked if p)),
        asked_department=asked_department,
        late_notice=late_notice,
        asked_at=ctx.now,
    )
    ctx.uow.add(made)
    trace.record(
        ctx,
        f"proposal.{kind}",
        item,
        reason=reason,
        proposal=made.id,
        late_notice=late_notice,
        department=made.department,
        due=due,
        old_due=old_due,
        alternative=alternative,
    )
    clockwork.start(ctx, ClockKind.REPLY, made.id, ctx.policy.counter, side=asked_department or "")
    end = clockwork.due_at(ctx, ClockKind.REPLY, made.id)
    tell.notify(ctx, "proposal_asked", made.id, made.asked, step="asked", answer_by=end)
    _show(ctx, item)
    return made


def agree(ctx: Context, proposal: Proposal) -> Proposal:
    return _answered(ctx, rules.agree(proposal, ctx.me, ctx.now), proposal)


def refuse(ctx: Context, proposal: Proposal, reason: str) -> Proposal:
    return _answered(ctx, rules.refuse(proposal, ctx.me, ctx.now, reason=reason), proposal)


def withdraw(ctx: Context, proposal: Proposal) -> Proposal:
    """Overtaken: nobody has to answer it any more."""
    gone = ctx.uow.save(rules.withdraw(proposal, ctx.now))
    clockwork.stop(ctx, ClockKind.REPLY, proposal.id, cancelled=True)
    ctx.uow.forgive(proposal.id)
    trace.record(ctx, "proposal.withdrawn", proposal.item, proposal=proposal.id)
    return gone


def lapse(ctx: Context, proposal: Proposal) -> Proposal:
    """The last limit passed without a reply."""
    gone = ctx.uow.save(rules.lapse(proposal, ctx.now))
    clockwork.stop(ctx, ClockKind.REPLY, proposal.id)
    trace.record(ctx, "proposal.lapsed", proposal.item, proposal=proposal.id)
    return gone


def _answered(ctx: Context, answered: Proposal, was: Proposal) -> Proposal:
    saved = ctx.uow.save(answered)
    clockwork.stop(ctx, ClockKind.REPLY, was.id)
    ctx.uow.forgive(was.id)
    trace.record(ctx, f"proposal.{saved.state}", was.item, reason=saved.answer, proposal=was.id, kind=was.kind)
    tell.notify(ctx, "proposal_answered", was.id, (was.by, *was.asked), step="answered")
    _show(ctx, was.item)
    return saved


def _show(ctx: Context, item: str) -> None:
    """Every card of the record says what is asked of whom, and no longer once it is answered."""
    tell.show(ctx, item, "task" if item.startswith("T-") else "request")
