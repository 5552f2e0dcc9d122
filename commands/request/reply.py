"""The reply to a proposal: agree or refuse. What was proposed then happens, or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands import clockwork, trace
from commands.domain import permissions
from commands.domain import request as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.proposal import Proposal, ProposalKind
from commands.errors import Refused
from commands.escalate.open import open_dispute
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.request import change, propose, record
from commands.request.cancel import cancel_now
from commands.request.new import raise_with, start_response
from commands.request.task import make_tasks
from commands.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    due: Due | None = ask(Kind.DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    reason: str = ask(Kind.LINES, required=True, main=True)


def agree(ctx: Context, given: Agree) -> Reply:
    """What was proposed becomes true."""
    proposal = _addressed(ctx, given.id)
    agreed = propose.agree(ctx, proposal)
    match agreed.kind:
        case ProposalKind.COUNTER:
            _take_alternative(ctx, agreed, given.due.moment if given.due else None)
        case ProposalKind.DELAY:
            _move_due(ctx, agreed)
        case ProposalKind.HOLD:
            change.hold_now(ctx, record.get(ctx, agreed.item), agreed.reason, agreed.due, agreed.department)
        case ProposalKind.CANCEL:
            cancel_now(ctx, record.get(ctx, agreed.item), agreed.reason)
    return Reply(say=words("proposal.agreed.said", item=agreed.item, kind=agreed.kind))


def refuse(ctx: Context, given: Refuse) -> Reply:
    """Nothing changes. Refusing an alternative is a dispute: somebody has to mediate."""
    proposal = _addressed(ctx, given.id)
    refused = propose.refuse(ctx, proposal, given.reason)
    if refused.kind is ProposalKind.COUNTER:
        was = record.get(ctx, refused.item)
        again = ctx.uow.save(rules.refuse_counter(was))
        trace.record(ctx, "request.alternative_refused", again, was=was, reason=given.reason)
        start_response(ctx, again)
        opened = open_dispute(ctx, again, given.reason)
        clockwork.pause(ctx, ClockKind.RESPONSE, again.id, "")  # while they are brought to agree, nobody is late
        return Reply(say=words("proposal.disputed.said", item=refused.item, id=opened.id))
    return Reply(say=words("proposal.refused.said", item=refused.item, kind=refused.kind))


def _addressed(ctx: Context, item: str) -> Proposal:
    """The open proposal about an item, if this person may answer it."""
    found = record.open_proposal(ctx, item)
    if found is None:
        raise _nothing_open(ctx, item)
    if ctx.me not in _who_may_answer(ctx, found):
        raise Refused("not_allowed", action="proposal.answer", who=_who_may_answer(ctx, found))
    return found


def _who_may_answer(ctx: Context, proposal: Proposal) -> tuple[str, ...]:
    """Those asked, who stands in for them, their department's head, the project's manager; never the proposer."""
    day = record.today(ctx)
    project = _project(ctx, proposal.item)
    barred = _barred(ctx, proposal)
    people = (
        *proposal.asked,
        *(ctx.directory.stands_for(p, day, barred) for p in proposal.asked),
        *ctx.directory.liaisons(proposal.asked_department or "", day, barred),
        ctx.directory.head(proposal.asked_department or "", day, barred),
        _lead_head(ctx, proposal),
        proposal.decider,
        record.manager(ctx, project),
    )
    return tuple(dict.fromkeys(p for p in people if p and p != proposal.by))


def _barred(ctx: Context, proposal: Proposal) -> frozenset[str]:
    """Who belongs to the side that proposes: they do not answer as a deputy of the side that is asked."""
    if proposal.item.startswith("T-"):
        return frozenset()
    return permissions.barred(ctx.directory, record.sides(record.get(ctx, proposal.item)), proposal.asked_department)


def _lead_head(ctx: Context, proposal: Proposal) -> str | None:
    """For a supporter's task the lead's head may agree as well."""
    if not proposal.item.startswith("T-"):
        return None
    request = record.request_of(ctx, record.get_task(ctx, proposal.item))
    return record.head(ctx, request.lead) if request and proposal.department != request.lead else None


def _nothing_open(ctx: Context, item: str) -> Refused:
    earlier = ctx.uow.find(Proposal, item=item)
    if earlier and earlier[-1].answered_by:
        last = earlier[-1]
        return Refused("proposal.already", item=item, person=last.answered_by, at=last.answered_at, state=last.state)
    return Refused("proposal.none", item=item)


def _project(ctx: Context, item: str) -> str | None:
    if item.startswith("T-"):
        return record.get_task(ctx, item).project
    return record.get(ctx, item).project


def _take_alternative(ctx: Context, proposal: Proposal, due: datetime | None) -> None:
    was = record.get(ctx, proposal.item)
    agreed = ctx.uow.save(rules.agree_to_counter(was, ctx.now, due=due))
    trace.record(ctx, "request.alternative_agreed", agreed, was=was)
    if was.alternative_department:
        raise_with(ctx, agreed)
        return
    make_tasks(ctx, agreed)
    record.refresh(ctx, agreed)


def _move_due(ctx: Context, proposal: Proposal) -> None:
    """The new date replaces the agreed one; a change of scope alone leaves the date."""
    if proposal.due is None:
        return
    if proposal.item.startswith("T-"):
        change.move_task(ctx, record.get_task(ctx, proposal.item), proposal.due)
        return
    was = record.get(ctx, proposal.item)
    change.move_request(ctx, was, proposal.due)
