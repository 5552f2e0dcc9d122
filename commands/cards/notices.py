"""Messages of their own: every reminder, warning and result in one table. What, by when, one button to finish it.

A notice is built when it is sent, from the record as it is then; if its reason is gone, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands import clockwork, lostchats
from commands.cards import escalation as escalation_cards
from commands.cards import minutes as minutes_cards
from commands.cards import request as request_cards
from commands.chat import Tone
from commands.domain import clocks
from commands.domain.clocks import ClockKind
from commands.domain.escalation import Escalation, EscalationState
from commands.domain.minutes import UNPUBLISHED, Minutes, MinutesState
from commands.domain.proposal import Proposal, ProposalKind, ProposalState
from commands.domain.request import ANSWERABLE, Request, RequestState
from commands.domain.task import ACTIVE_STATES, Task
from commands.escalate import record as escalations
from commands.minutes import record as minutes_record
from commands.registry import Action, CardType, Context, View
from commands.request import record
from commands.request.deliver import scores
from commands.request.new import draft_actions
from commands.words import Dept, Shown, Who, words

_R, _E = RequestState, EscalationState
Facts = Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of message. `offers` are verbs about `item_of(record)`; `while_in`: the states in which it still
    makes sense (None: always). The wording is `notice.<name>.title` and `.line`."""

    name: str
    of: type[Any]
    offers: tuple[str, ...] = ()
    while_in: frozenset[Any] | None = None
    tone: Tone = Tone.INFO

    def card(self) -> CardType:
        return CardType(self.name, self.view)

    def view(self, ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
        found = ctx.uow.get(self.of, item)
        if found is None or (self.while_in is not None and found.state not in self.while_in):
            return None
        known: dict[str, Shown] = {**_DESCRIBED[self.of](ctx, found), **facts}
        said = [words(f"notice.{self.name}.line", **known)]
        if isinstance(planned := facts.get("planned_at"), datetime):
            said.append(words("notice.late", at=planned))
        shown = {"title": words(f"notice.{self.name}.title", **known), "lines": tuple(said), "facts": ()}
        about = found.item if isinstance(found, Proposal) else item
        return View("notice", shown, _buttons(ctx, self, found, about, reader), about, self.tone)


def _buttons(ctx: Context, notice: Notice, found: Any, about: str, reader: str | None) -> tuple[Action, ...]:
    if isinstance(found, Escalation) and notice.offers == ("*",):
        return escalation_cards.offered(ctx, found, reader)
    verbs = notice.offers
    if isinstance(found, Escalation) and verbs[:1] == _ANSWER[:1]:
        request = ctx.uow.get(Request, found.item)
        work = request_cards.actions(("request.deliver", "request.delay"), found.item)
        return _buttons(ctx, notice, request, found.item, reader) if request else work
    if verbs[:1] == ("request.send",):
        return draft_actions(about)
    if verbs == ("request.close",):
        return scores(about)
    if isinstance(found, Minutes):
        offered = minutes_cards.offered(found, reader, minutes_record.answers(ctx, found))
        return tuple(action for action in offered if action.verb in notice.offers)
    if isinstance(found, Request) and reader is not None:
        verbs = request_cards.allowed_about(ctx, found, verbs, reader)
    if isinstance(found, Task) and reader is not None:
        verbs = request_cards.allowed_on_task(ctx, found, verbs, reader)
    return request_cards.actions(verbs, about)


def _request(ctx: Context, r: Request) -> dict[str, Shown]:
    return {
        "id": r.id,
        "title": r.title,
        "requester": Who(r.requester),
        "department": Dept(r.department) if r.department else None,
        "lead": Dept(r.lead),
        "content": r.content,
        "owner": Who(r.owner) if r.owner else None,
        "urgency": words(f"state.urgency.{r.urgency}"),
        "due": r.due,
        "answer_by": record.answer_by(ctx, r),
        "info_by": clockwork.due_at(ctx, ClockKind.INFO, r.id) if r.state is _R.NEEDS_INFO else None,
        "limit": _limit(ctx, r),
        "question": r.question,
        "answer": r.answer,
        "reason": r.reason,
        "alternative": r.alternative,
        "until": r.resume_at,
        "link": r.deliveries[-1].link if r.deliveries else "",
        "failed": r.deliveries[-1].failed if r.deliveries else "",
        "rating": r.rating,
    }


def _limit(ctx: Context, r: Request) -> datetime | None:
    """Until when the requester may act on a decline or judge a delivery, or the lead put it right."""
    kinds = {_R.DECLINED: ClockKind.DECLINED, _R.DELIVERED: ClockKind.ACCEPTANCE, _R.REWORK: ClockKind.REWORK}
    return clockwork.due_at(ctx, kinds[r.state], r.id) if r.state in kinds else None


def _task(ctx: Context, t: Task) -> dict[str, Shown]:
    return {
        "id": t.id,
        "title": t.title,
        "source": t.source,
        "department": Dept(t.department),
        "owner": Who(t.owner),
        "due": t.due,
        "link": t.deliveries[-1].link if t.deliveries else "",
    }


def _proposal(ctx: Context, p: Proposal) -> dict[str, Shown]:
    return {
        "item": p.item,
        "title": _title_of(ctx, p.item),
        "by": Who(p.by),
        "department": Dept(p.department) if p.department else None,
        "kind": words(f"proposal.kind.{p.kind}"),
        "reason": p.reason,
        "alternative": p.alternative or None,
        "due": None if p.kind is ProposalKind.HOLD else p.due,
        "resume": p.due if p.kind is ProposalKind.HOLD else None,
        "other": Dept(p.other_department) if p.other_department else None,
        "old_due": p.old_due,
        "answer_by": clockwork.due_at(ctx, ClockKind.REPLY, p.id),
        "lapses_at": _lapses_at(ctx, p),
        "agreed_due": p.due if p.state is ProposalState.AGREED and p.kind in _MOVES else None,
        "late": words("proposal.late", days=ctx.policy.notice_before_days) if p.late_notice else "",
        "people": tuple(Who(a) for a in p.asked if a != p.decider),
        "state": p.state,
        "answered_by": Who(p.answered_by) if p.answered_by else None,
        "answer": p.answer,
    }


_MOVES = frozenset({ProposalKind.COUNTER, ProposalKind.DELAY})


def _lapses_at(ctx: Context, p: Proposal) -> datetime | None:
    """When an alternative that nobody answers closes its request; what else is proposed waits."""
    clock = clockwork.running(ctx, ClockKind.REPLY, p.id)
    if clock is None or p.kind is not ProposalKind.COUNTER:
        return None
    return clocks.step_at(clock, "lapse", clockwork.calendar_of(ctx, clock), ctx.policy)


def _escalation(ctx: Context, e: Escalation) -> dict[str, Shown]:
    return {
        "id": e.id,
        "item": e.item,
        "title": _title_of(ctx, e.item),
        "reason": escalation_cards.reason_of(e),
        "answer_by": escalations.answer_by(ctx, e),
        "mediator": Who(e.mediator) if e.mediator else None,
        "missing": tuple(Who(p) for p in escalations.whose_turn(ctx, e)) or None,
        "parties": tuple(Dept(d) for d in e.parties),
        "question": e.question,
        "conclusion": e.conclusion,
        "decision": e.decision,
        **escalation_cards.ruling_facts(ctx, e),
        "since": e.handed_in_at or e.raised_at,
    }


def _minutes(ctx: Context, m: Minutes) -> dict[str, Shown]:
    changed = tuple(item.number for item in m.items if item.since == m.edition)
    return {
        "id": m.id,
        "title": m.title,
        "edition": m.edition,
        "items": changed,
        "recorder": Who(m.recorder),
        "host": Who(m.host),
        "due": minutes_cards.due(ctx, m),
        "silence": words(f"minutes.silence.{ctx.policy.silence_is}"),
    }


def _title_of(ctx: Context, item: str) -> str:
    found: Request | Task | None
    found = ctx.uow.get(Request, item) if item.startswith("R-") else ctx.uow.get(Task, item)
    return found.title if found else item


_DESCRIBED: Mapping[type[Any], Callable[[Context, Any], dict[str, Shown]]] = {
    Request: _request,
    Task: _task,
    Proposal: _proposal,
    Escalation: _escalation,
    Minutes: _minutes,
}


def nobody_left(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """An alarm for administrators: a department cannot answer, or has no head to be told that it did not."""
    name = "no_head" if facts.get("head_only") else "nobody_left"
    known = {name: fact for name, fact in facts.items() if name != "head_only"}
    shown = {
        "title": words(f"notice.{name}.title", **known),
        "lines": (words(f"notice.{name}.line", item=item, **known),),
        "facts": (),
    }
    return View("notice", shown, _way_out(ctx, item, reader), item, Tone.DANGER)


def _way_out(ctx: Context, item: str, reader: str | None) -> tuple[Action, ...]:
    """The PMO may give a request that nobody can answer to another department."""
    found = ctx.uow.get(Request, item) if item.startswith("R-") else None
    if found is None or found.state not in ANSWERABLE or record.lead_liaison(ctx, found) is not None:
        return ()
    return request_cards.actions(("request.reroute",), item) if reader in ctx.directory.pmo else ()


_ANSWER = ("request.accept", "request.decline", "request.counter", "request.ask", "escalate.ack")
_FOLLOW_UP = ("escalate.remind", "escalate.show")
_LIVE = frozenset({_E.OPEN, _E.TO_LEADERSHIP, _E.SENT_BACK, _E.RULED})
_UNRULED = frozenset({_E.TO_LEADERSHIP, _E.SENT_BACK})
_OPEN_PROPOSAL = frozenset({ProposalState.OPEN})
_ACTIVE = frozenset(ACTIVE_STATES)
_PUBLISHED = frozenset({MinutesState.PUBLISHED})

NOTICES: tuple[Notice, ...] = (
    Notice("request_draft", Request, ("request.send", "request.cancel"), frozenset({_R.DRAFT}), Tone.WARNING),
    Notice("request_draft_lapsed", Request, (), frozenset({_R.CANCELLED})),
    Notice("request_waiting", Request, _ANSWER, ANSWERABLE, Tone.WARNING),
    Notice("request_unanswered_head", Request, (*_ANSWER[:3], "request.reroute"), ANSWERABLE, Tone.DANGER),
    Notice("request_question", Request, ("request.answer",), frozenset({_R.NEEDS_INFO}), Tone.WARNING),
    Notice("info_waiting", Request, ("request.answer",), frozenset({_R.NEEDS_INFO}), Tone.WARNING),
    Notice("info_overdue", Request, ("request.answer", "request.cancel"), frozenset({_R.NEEDS_INFO}), Tone.DANGER),
    Notice(
        "info_over",
        Request,
        ("request.answer", "request.accept", "request.decline", "request.cancel"),
        frozenset({_R.NEEDS_INFO}),
        Tone.DANGER,
    ),
    Notice("request_replied", Request, _ANSWER[:4], ANSWERABLE),
    Notice("request_accepted", Request, (), None, Tone.SUCCESS),
    Notice(
        "request_declined",
        Request,
        ("request.reroute", "escalate.dispute", "request.cancel"),
        frozenset({_R.DECLINED}),
        Tone.WARNING,
    ),
    Notice("request_rerouted", Request),
    Notice("request_came_back", Request, _ANSWER[:4], ANSWERABLE, Tone.WARNING),
    Notice("request_held", Request, ("request.resume",), frozenset({_R.ON_HOLD}), Tone.WARNING),
    Notice("request_resumed", Request),
    Notice("request_delivered", Request, ("request.verify", "request.rework"), frozenset({_R.DELIVERED})),
    Notice(
        "acceptance_waiting", Request, ("request.verify", "request.rework"), frozenset({_R.DELIVERED}), Tone.WARNING
    ),
    Notice("acceptance_overdue", Request, ("request.verify", "request.rework"), frozenset({_R.DELIVERED}), Tone.DANGER),
    Notice("acceptance_over", Request, (), frozenset({_R.DELIVERED}), Tone.DANGER),
    Notice("request_rework", Request, ("request.deliver", "escalate.dispute"), frozenset({_R.REWORK}), Tone.WARNING),
    Notice("rework_waiting", Request, ("request.deliver",), frozenset({_R.REWORK}), Tone.WARNING),
    Notice("rework_overdue", Request, ("request.deliver",), frozenset({_R.REWORK}), Tone.DANGER),
    Notice("rework_over", Request, (), frozenset({_R.REWORK}), Tone.DANGER),
    Notice("request_verified", Request, (), None, Tone.SUCCESS),
    Notice("request_rate", Request, ("request.close",), frozenset({_R.VERIFIED}), Tone.SUCCESS),
    Notice("request_closed", Request, (), None, Tone.SUCCESS),
    Notice("request_lapsed", Request, (), None, Tone.WARNING),
    Notice("request_edited", Request, _ANSWER[:4], ANSWERABLE),
    Notice("request_reopened", Request, _ANSWER[:4], ANSWERABLE, Tone.WARNING),
    Notice("request_cancelled", Request),
    Notice("proposal_asked", Proposal, ("request.agree", "request.refuse"), _OPEN_PROPOSAL, Tone.WARNING),
    Notice("proposal_waiting", Proposal, ("request.agree", "request.refuse"), _OPEN_PROPOSAL, Tone.WARNING),
    Notice("proposal_decide", Proposal, ("request.agree", "request.refuse"), _OPEN_PROPOSAL, Tone.DANGER),
    Notice("proposal_overdue", Proposal, ("request.agree", "request.refuse"), _OPEN_PROPOSAL, Tone.DANGER),
    Notice("proposal_over", Proposal, (), _OPEN_PROPOSAL, Tone.DANGER),
    Notice("proposal_answered", Proposal),
    Notice("task_due_soon", Task, ("request.deliver", "request.delay"), _ACTIVE, Tone.WARNING),
    Notice("task_due_today", Task, ("request.deliver", "request.delay"), _ACTIVE, Tone.WARNING),
    Notice("task_overdue", Task, ("request.deliver", "request.delay"), _ACTIVE, Tone.DANGER),
    Notice("task_overdue_head", Task, ("request.deliver", "request.delay", "request.handover"), _ACTIVE, Tone.DANGER),
    Notice("task_submitted", Task, ("request.verify", "request.rework")),
    Notice("task_accepted", Task, (), None, Tone.SUCCESS),
    Notice("task_rework", Task, ("request.deliver",), _ACTIVE, Tone.WARNING),
    Notice("dispute_mediate", Escalation, ("*",), frozenset({_E.OPEN}), Tone.WARNING),
    Notice(
        "dispute_position", Escalation, ("escalate.position", "escalate.settle"), frozenset({_E.OPEN}), Tone.WARNING
    ),
    Notice("dispute_waiting", Escalation, ("*",), frozenset({_E.OPEN}), Tone.WARNING),
    Notice("dispute_handed_in", Escalation, ("escalate.position",), _UNRULED, Tone.WARNING),
    Notice("escalation_settled", Escalation, (), None, Tone.SUCCESS),
    Notice("escalation_withdrawn", Escalation),
    Notice("escalation_copied", Escalation, ("escalate.show",), _LIVE, Tone.WARNING),
    Notice("escalation_nudge", Escalation, _ANSWER[:3], _UNRULED, Tone.DANGER),
    Notice("escalation_assigned", Escalation, _ANSWER[:3], _UNRULED, Tone.DANGER),
    Notice("escalation_question", Escalation, ("*",), frozenset({_E.SENT_BACK}), Tone.WARNING),
    Notice("escalation_question_waiting", Escalation, ("*",), frozenset({_E.SENT_BACK}), Tone.DANGER),
    Notice("escalation_answered", Escalation, ("*",), frozenset({_E.TO_LEADERSHIP}), Tone.WARNING),
    Notice("escalation_unanswered", Escalation, ("*",), frozenset({_E.TO_LEADERSHIP}), Tone.WARNING),
    Notice("escalation_no_judge", Escalation, ("escalate.show",), _UNRULED, Tone.DANGER),
    Notice("ruling_waiting", Escalation, ("*",), frozenset({_E.TO_LEADERSHIP}), Tone.DANGER),
    Notice("ruling_overdue_pmo", Escalation, _FOLLOW_UP, frozenset({_E.TO_LEADERSHIP}), Tone.DANGER),
    Notice("ruling_given", Escalation, (), None, Tone.SUCCESS),
    Notice("ruling_execute", Escalation, ("*",), frozenset({_E.RULED}), Tone.WARNING),
    Notice("ruling_execute_late", Escalation, ("*",), frozenset({_E.RULED}), Tone.DANGER),
    Notice("ruling_execute_pmo", Escalation, _FOLLOW_UP, frozenset({_E.RULED}), Tone.DANGER),
    Notice("minutes_due", Minutes, ("minutes.publish",), UNPUBLISHED, Tone.WARNING),
    Notice("minutes_overdue", Minutes, ("minutes.publish",), UNPUBLISHED, Tone.DANGER),
    Notice("minutes_waiting", Minutes, ("minutes.confirm", "minutes.object"), _PUBLISHED, Tone.WARNING),
    Notice("minutes_changed", Minutes, ("minutes.confirm", "minutes.object"), _PUBLISHED, Tone.WARNING),
    Notice("minutes_objected", Minutes, ("minutes.publish",), _PUBLISHED, Tone.WARNING),
)


def handed_over(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """Somebody got something from somebody else."""
    return _handed("handed_over", ctx, item, facts)


def handed_over_to(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """For the other side: somebody else is responsible from now on."""
    return _handed("handed_over_to", ctx, item, facts)


def handed_over_asking(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """For the lead: somebody else speaks for the requester from now on."""
    return _handed("handed_over_asking", ctx, item, facts)


def _handed(name: str, ctx: Context, item: str, facts: Mapping[str, Any]) -> View:
    known = {"id": item, "title": _title_of(ctx, item), **facts}
    shown = {
        "title": words(f"notice.{name}.title", **known),
        "lines": (words(f"notice.{name}.line", **known),),
        "facts": (),
    }
    return View("notice", shown, (), item)


def undeliverable(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """For administrators: a message that could not be delivered, and what to do about it."""
    return _alarm("undeliverable", item, {**facts, "to": _target(str(facts.get("to", "")))})


def chat_lost(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """For administrators: a chat in which the bot cannot speak any more. Pointless once it can again."""
    binding = ctx.directory.bindings.get(item)
    if binding is not None and not binding.lost:
        return None
    fix = facts.get("fix") or words("notice.chat_lost.fix")
    return _alarm("chat_lost", "", {**facts, "chat": lostchats.described(ctx.directory, item), "fix": fix})


def late_actions(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """For administrators: something due does not get done."""
    return _alarm("late_actions", item, facts)


def _target(to: str) -> Shown:
    kind, _, rest = to.partition(":")
    return Who(rest) if kind == "person" else rest


def _alarm(name: str, item: str, facts: Mapping[str, Shown]) -> View:
    known: dict[str, Shown] = {"item": item, **facts}
    shown = {"title": words(f"notice.{name}.title", **known), "lines": (words(f"notice.{name}.line", **known),)}
    return View("notice", shown, (), item or None, Tone.DANGER)
