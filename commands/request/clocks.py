"""What the clocks of a request do at their steps: the response, the information asked for, the reply to a proposal,
acceptance, rework, and what lapses when nobody acts.

Where nothing may be decided by silence, the person whose turn it is and their head are reminded each working day, a
few times, and then the PMO hears that nobody is left to remind."""

from __future__ import annotations

from commands import clockwork, tell, trace
from commands.domain import proposal as proposals
from commands.domain import request as rules
from commands.domain.clocks import TO_PMO, Clock, is_quiet_for
from commands.domain.proposal import Proposal, ProposalKind, ProposalState
from commands.domain.request import ANSWERABLE, Request, RequestState
from commands.escalate import breach
from commands.ports import Priority
from commands.registry import Context
from commands.request import propose, record
from commands.request.cancel import wind_down
from commands.request.deliver import close_now


def response(ctx: Context, clock: Clock, step: str) -> None:
    """C1: the liaisons, then also the head; urgent climbs at its end, normal goes to the head first."""
    request = ctx.uow.get(Request, clock.item)
    if request is None or request.state not in ANSWERABLE:
        return
    match step:
        case "breach" if clock.urgent:
            breach.open_unanswered(ctx, request)
        case "breach":
            _to_head(ctx, request, clock)
        case "leadership":
            breach.open_unanswered(ctx, request)
        case _:
            _warn(ctx, request, clock, step)
    record.refresh(ctx, request)


def info(ctx: Context, clock: Clock, step: str) -> None:
    """The lead asked back: the requester is reminded, then also their head, then whoever runs the project. The request
    stays open: C1 rests, and the time is the requester's."""
    request = ctx.uow.get(Request, clock.item)
    if request is None or request.state is not RequestState.NEEDS_INFO:
        return
    if step == TO_PMO:
        others = (record.lead_liaison(ctx, request), request.requester)
        _gave_up(ctx, clock, "info_over", request.id, request.id, others)
        record.refresh(ctx, request)
        return
    if step.isdigit():
        _warned(ctx, clock, step, _notify(ctx, "info_waiting", request.id, (request.requester,), f"{step}:{clock.id}"))
        return
    people: tuple[str | None, ...] = (request.requester, record.head(ctx, request.department))
    if step != "breach":
        manager = record.manager(ctx, request.project)
        people = (*people, *((manager,) if manager else ctx.directory.pmo))
    _warned(ctx, clock, step, _notify(ctx, "info_overdue", request.id, people, f"{step}:{clock.id}"))
    record.refresh(ctx, request)


def reply(ctx: Context, clock: Clock, step: str) -> None:
    """C2: those asked are reminded; then somebody else decides; an alternative nobody wants lapses. What else is
    proposed waits for its answer."""
    proposal = ctx.uow.get(Proposal, clock.item)
    if proposal is None or proposal.state is not ProposalState.OPEN:
        return
    match step:
        case "breach":
            _ask_decider(ctx, proposal)
        case "lapse":
            _lapse(ctx, proposal)
        case _ if step == TO_PMO:
            _gave_up(ctx, clock, "proposal_over", proposal.id, proposal.item)
            _refresh_asked(ctx, proposal)
        case _ if not step.isdigit():
            people = (*proposal.asked, record.head(ctx, proposal.asked_department or ""))
            others = tuple(p for p in people if p != proposal.by)
            _warned(ctx, clock, step, _notify(ctx, "proposal_overdue", proposal.id, others, step))
        case _:
            _warned(ctx, clock, step, _notify(ctx, "proposal_waiting", proposal.id, proposal.asked, step))


def acceptance(ctx: Context, clock: Clock, step: str) -> None:
    """C8: the requester is reminded, then their head as well. Nothing is ever accepted by itself."""
    request = ctx.uow.get(Request, clock.item)
    if request is None or request.state is not RequestState.DELIVERED:
        return
    key = f"{step}:{clock.id}"
    if step == TO_PMO:
        _gave_up(ctx, clock, "acceptance_over", request.id, request.id)
        record.refresh(ctx, request)
    elif not step.isdigit():
        people = (request.requester, record.head(ctx, request.department))
        _warned(ctx, clock, step, _notify(ctx, "acceptance_overdue", request.id, people, key))
        record.refresh(ctx, request)
    else:
        _warned(ctx, clock, step, _notify(ctx, "acceptance_waiting", request.id, (request.requester,), key))


def rework(ctx: Context, clock: Clock, step: str) -> None:
    """C9: like a task's date; the lead is reminded, then its head as well."""
    request = ctx.uow.get(Request, clock.item)
    if request is None or request.state is not RequestState.REWORK:
        return
    key = f"{step}:{clock.id}"
    lead = record.lead_liaison(ctx, request)
    if step == TO_PMO:
        _gave_up(ctx, clock, "rework_over", request.id, request.id)
        record.refresh(ctx, request)
    elif not step.isdigit():
        waiting = (request.requester,) if step == "breach" else ()
        people = (lead, record.lead_head(ctx, request), *waiting)
        _warned(ctx, clock, step, _notify(ctx, "rework_overdue", request.id, people, key))
        record.refresh(ctx, request)
    else:
        _warned(ctx, clock, step, _notify(ctx, "rework_waiting", request.id, (lead,), key))


def declined(ctx: Context, clock: Clock, step: str) -> None:
    """The requester did not pursue a declined request: it is closed, and both sides see it."""
    request = ctx.uow.get(Request, clock.item)
    if request is None or request.state is not RequestState.DECLINED or step != "breach":
        return
    _close_unpursued(ctx, request)


def rating(ctx: Context, clock: Clock, step: str) -> None:
    """No score came: the verified request is closed without one."""
    request = ctx.uow.get(Request, clock.item)
    if request and request.state is RequestState.VERIFIED and step == "breach":
        close_now(ctx, request, None, "")


def _warn(ctx: Context, request: Request, clock: Clock, step: str) -> None:
    """The last warning also reaches the head; who has taken note is left in peace for a while."""
    people: tuple[str | None, ...] = record.lead_liaisons(ctx, request)
    if step == str(ctx.policy.warn_at[-1]):
        people = (*people, record.lead_head(ctx, request))
    awake = tuple(p for p in people if p and not is_quiet_for(clock, p, ctx.now))
    told = tell.notify(
        ctx,
        "request_waiting",
        request.id,
        awake,
        step=f"{step}:{clock.id}{clockwork.limit_mark(clock)}",
        urgent=clock.urgent,
        priority=Priority.ESCALATION if clock.urgent else Priority.PROMPT,
    )
    _warned(ctx, clock, step, told)
    if not told and not people:
        tell.nobody_left(ctx, request.id, request.lead)


def _to_head(ctx: Context, request: Request, clock: Clock) -> None:
    head = record.lead_head(ctx, request)
    told = tell.notify(
        ctx, "request_unanswered_head", request.id, (head,), step=f"breach:{clock.id}", priority=Priority.ESCALATION
    )
    _warned(ctx, clock, "breach", told)
    if head is None:
        tell.nobody_left(ctx, request.id, request.lead, head_only=bool(record.lead_liaisons(ctx, request)))


def _ask_decider(ctx: Context, proposal: Proposal) -> None:
    """Those asked were silent: the project's manager, else the requesting department's head, decides."""
    request = _request_of(ctx, proposal)
    chosen = record.decider(ctx, request) if request else None
    if chosen is None or chosen == proposal.by:
        tell.nobody_left(ctx, proposal.item, proposal.asked_department or "")
        return
    asked = ctx.uow.save(proposals.hand_to(proposal, chosen))
    trace.record(ctx, "proposal.to_decider", proposal.item, proposal=proposal.id, told=(chosen,))
    _notify(ctx, "proposal_decide", asked.id, (chosen,), "breach")
    if request:
        record.refresh(ctx, request)


def _lapse(ctx: Context, proposal: Proposal) -> None:
    if proposal.kind is not ProposalKind.COUNTER:
        return
    propose.lapse(ctx, proposal)
    request = ctx.uow.get(Request, proposal.item)
    if request and request.state is RequestState.COUNTERED:
        _close_unpursued(ctx, request)


def _gave_up(ctx: Context, clock: Clock, view: str, item: str, about: str, others: tuple[str | None, ...] = ()) -> None:
    """Nobody is left to remind: the PMO hears of it once, and the trace says so."""
    watching = ctx.directory.pmo or ctx.directory.admins
    told = _notify(ctx, view, item, (*watching, *others), f"{TO_PMO}:{clock.id}")
    trace.record(ctx, "clock.exhausted", about, clock=clock.id, kind=clock.kind, side=clock.side, told=told)


def _refresh_asked(ctx: Context, proposal: Proposal) -> None:
    request = _request_of(ctx, proposal)
    if request:
        record.refresh(ctx, request)


def _close_unpursued(ctx: Context, request: Request) -> None:
    closed = ctx.uow.save(rules.lapse(request, ctx.now))
    trace.record(ctx, "request.closed", closed, was=request)
    wind_down(ctx, closed)
    people = (request.requester, record.lead_liaison(ctx, request))
    tell.notify(ctx, "request_lapsed", request.id, people, step=f"v{closed.version}")


def _request_of(ctx: Context, proposal: Proposal) -> Request | None:
    if proposal.item.startswith("R-"):
        return ctx.uow.get(Request, proposal.item)
    return record.request_of(ctx, record.get_task(ctx, proposal.item))


def _notify(ctx: Context, view: str, item: str, people: tuple[str | None, ...], step: str) -> tuple[str, ...]:
    return tell.notify(ctx, view, item, people, step=step, priority=Priority.PROMPT)


def _warned(ctx: Context, clock: Clock, step: str, told: tuple[str, ...]) -> None:
    trace.record(ctx, "clock.warned", clock.item, clock=clock.id, step=step, told=told)
