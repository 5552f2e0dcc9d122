"""`/escalate R-3 reason`: a dispute or a plain escalation is raised, and mediated or handed in at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import request as request_rules
from commands.domain import task as task_rules
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, EscalationKind
from commands.domain.permissions import Role
from commands.domain.request import Request, Urgency
from commands.domain.task import Task
from commands.errors import Refused
from commands.escalate import mediate
from commands.escalate import record as escalations
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    reason: str = ask(Kind.LINES, required=True, main=True)
    major: str = ask(Kind.CHOICE, bare=True, choices=("no", "yes"), default="no")


def dispute(ctx: Context, given: Dispute) -> Reply:
    """A party disagrees, or somebody who watches wants it looked at."""
    about = record.get(ctx, given.id) if given.id.startswith("R-") else record.get_task(ctx, given.id)
    opened = open_dispute(ctx, about, given.reason, major=given.major == "yes")
    if opened.mediator is None or opened.state is not opened.state.OPEN:
        return Reply(say=words("escalation.handed_in.said", id=opened.id))
    due = clockwork.due_at(ctx, ClockKind.DISPUTE, opened.id)
    return Reply(say=words("escalation.opened.said", id=opened.id, person=Who(opened.mediator), due=due))


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Whether the form is worth opening for this person now."""
    id = str(values.get("id", ""))
    found: Request | Task | None = record.look_up(ctx, id) if id.startswith("R-") else ctx.uow.get(Task, id)
    if found is None:
        return
    sides = record.sides(found) if isinstance(found, Request) else record.sides_of_task(ctx, found)
    record.require(ctx, "escalate.dispute", sides)
    _check_open(found)


def open_dispute(ctx: Context, about: Request | Task, reason: str, *, major: bool = False) -> Escalation:
    """Level 1: the project's manager, else the lead's head, mediates (C4). A major one goes up at once."""
    request = about if isinstance(about, Request) else record.request_of(ctx, about)
    sides = record.sides(about) if isinstance(about, Request) else record.sides_of_task(ctx, about)
    held = record.require(ctx, "escalate.dispute", sides)
    _check_open(about)
    live = escalations.live_about(ctx, about.id)
    if live:
        raise Refused("escalation.live", id=live.id, item=about.id)
    if not reason.strip():
        raise Refused("escalation.no_reason", field="reason")
    opened = _opened(ctx, about, request, reason.strip(), held, major)
    ctx.uow.add(opened)
    trace.record(ctx, "escalation.opened", opened, reason=opened.reason)
    escalations.rest(ctx, opened.item)
    if major or opened.mediator is None:
        return mediate.hand_in_now(ctx, opened)
    clockwork.start(ctx, ClockKind.DISPUTE, opened.id, ctx.policy.dispute, urgent=opened.urgent)
    end = clockwork.due_at(ctx, ClockKind.DISPUTE, opened.id)
    tell.notify(ctx, "dispute_mediate", opened.id, (opened.mediator,), step="opened", answer_by=end, even_self=True)
    others = tuple(p for p in escalations.party_liaisons(ctx, opened) if p != ctx.me)
    tell.notify(ctx, "dispute_position", opened.id, others, step="opened", answer_by=end)
    escalations.show(ctx, opened)
    return opened


def _opened(
    ctx: Context,
    about: Request | Task,
    request: Request | None,
    reason: str,
    held: frozenset[Role],
    major: bool,
) -> Escalation:
    own, other = _parties(about, request, held)
    party = bool(
        held & {Role.REQUESTER, Role.REQUESTER_HEAD, Role.LEAD, Role.LEAD_HEAD, Role.SUPPORT, Role.SUPPORT_HEAD}
    )
    return Escalation(
        id=ctx.uow.next_id("E"),
        kind=EscalationKind.DISPUTE if party else EscalationKind.MANUAL,
        item=about.id,
        reason=reason,
        raised_by=ctx.me,
        parties=tuple(dict.fromkeys(d for d in (own, other) if d)),
        project=about.project,
        chat=about.chat,
        urgent=bool(request and request.urgency is Urgency.URGENT),
        major=major,
        mediator=record.manager(ctx, about.project) or record.head(ctx, request.lead if request else own),
        positions={own: reason} if party and own else {},
        raised_at=ctx.now,
    )


def _parties(about: Request | Task, request: Request | None, held: frozenset[Role]) -> tuple[str, str]:
    """The raiser's department first. A task's owner department against the lead, else lead against requester."""
    if isinstance(about, Task) and request and about.department != request.lead:
        mine, theirs = about.department, request.lead
        return (mine, theirs) if held & {Role.SUPPORT, Role.SUPPORT_HEAD} else (theirs, mine)
    if request is None:
        return about.department, ""
    leading = held & {Role.LEAD, Role.LEAD_HEAD} and not held & {Role.REQUESTER, Role.REQUESTER_HEAD}
    return (request.lead, request.department) if leading else (request.department, request.lead)


def _check_open(about: Request | Task) -> None:
    if isinstance(about, Request):
        request_rules.expect(about, "dispute")
    elif about.state not in task_rules.OPEN_STATES:
        raise Refused("task.wrong_state", id=about.id, state=about.state, action="escalate.dispute")
