"""The leadership group acknowledges and rules; the ruling is recorded, takes effect, and is carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import clocks
from commands.domain import escalation as rules
from commands.domain import request as request_rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.escalation import Decision, Escalation, EscalationKind, EscalationState, Vote
from commands.errors import Refused
from commands.escalate import act, effects
from commands.escalate import record as escalations
from commands.inputs import Kind, ask
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Who, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))
    option: str = ask(
        Kind.CHOICE,
        required=True,
        bare=True,
        choices=("support_raiser", "support_other", "compromise", "send_back", "nudge", "assign", "reroute"),
    )
    reason: str = ask(Kind.LINES, required=True, main=True)
    due: Due | None = ask(Kind.DUE)
    effect: str = ask(Kind.CHOICE, choices=rules.EFFECTS, default="none")
    person: str | None = ask(Kind.PERSON)
    department: str | None = ask(Kind.DEPARTMENT)


def ack(ctx: Context, given: Ack) -> Reply:
    """Taken note: of a request by the lead, of an escalation by leadership, of a ruling by a party."""
    if given.id.startswith("R-") and not escalations.live_about(ctx, given.id):
        return _ack_request(ctx, given.id)
    was = escalations.addressed(ctx, given.id)
    if was.state is EscalationState.RULED:
        return _execute(ctx, was)
    _require_leadership(ctx, "escalate.ack", was)
    seen = ctx.uow.save(rules.acknowledge(was, ctx.me, ctx.now))
    trace.record(ctx, "escalation.acknowledged", seen, was=was)
    _quieten(ctx, ClockKind.RULING, was.id)
    ctx.uow.forgive(was.id, "ruling_waiting")
    escalations.show(ctx, seen)
    return Reply(say=words("escalation.acked.said", id=was.id, due=clockwork.due_at(ctx, ClockKind.RULING, was.id)))


def rule(ctx: Context, given: Rule) -> Reply:
    """A vote of a member who speaks for no party; with the quorum it is the ruling."""
    was = escalations.addressed(ctx, given.id)
    _require_judge(ctx, was)
    if was.state in (EscalationState.RULED, EscalationState.EXECUTED):
        return _amend(ctx, was, given)
    _check_option(was, given)
    if given.option == "send_back":
        return _send_back(ctx, was, given.reason)
    if was.kind is EscalationKind.BREACH:
        return _act(ctx, was, given)
    due = given.due.moment if given.due else None
    voted = rules.vote(was, Vote(ctx.me, given.option, given.reason.strip(), ctx.now, due, given.effect))
    saved = ctx.uow.save(voted)
    trace.record(ctx, "escalation.voted", saved, was=was, reason=given.reason, option=given.option)
    group = ctx.directory.leadership
    decided = rules.winning(saved, escalations.judges(ctx, saved), group.chair, group.quorum)
    if decided is None:
        escalations.show(ctx, saved)
        return Reply(say=words("escalation.voted.said", id=was.id, n=len(saved.votes)))
    decision = _give(ctx, saved, decided)
    return Reply(say=words("escalation.ruled.said", id=was.id, decision=decision.id))


def _give(ctx: Context, was: Escalation, decided: Vote, amends: str | None = None) -> Decision:
    """The ruling: into the decision log, into effect, to both sides, and on to being carried out."""
    changed = effects.apply(ctx, was, decided)
    escalations.wake(ctx, was.item)
    decision = Decision(
        id=ctx.uow.next_id("D"),
        source=was.id,
        text=was.reason,
        option=decided.option,
        reason=decided.reason,
        effects=changed,
        by=tuple(v.by for v in was.votes if v.option == decided.option) or (decided.by,),
        item=was.item,
        project=was.project,
        amends=amends,
        at=ctx.now,
    )
    ctx.uow.add(decision)
    trace.record(ctx, "decision.made", decision, reason=decided.reason)
    current = escalations.get(ctx, was.id)
    ruled = ctx.uow.save(rules.rule(current, decision.id, escalations.heads(ctx, was), ctx.now))
    trace.record(ctx, "escalation.ruled", ruled, was=current, reason=decided.reason, decision=decision.id)
    _announce(ctx, ruled, decision)
    return decision


def _announce(ctx: Context, ruled: Escalation, decision: Decision) -> None:
    clockwork.stop(ctx, ClockKind.RULING, ruled.id)
    ctx.uow.forgive(ruled.id)
    request = escalations.request_of(ctx, ruled)
    chats = (*(record.chats(ctx, request) if request else ()), ruled.chat, ctx.directory.leadership_chat())
    tell.show(ctx, decision.id, "decision", chats=tuple(c for c in chats if c), priority=Priority.ESCALATION)
    people = tuple(p for p in escalations.party_liaisons(ctx, ruled) if p not in ruled.executors)
    tell.notify(ctx, "ruling_given", ruled.id, people, step=decision.id, priority=Priority.ESCALATION)
    if ruled.executors:
        clockwork.stop(ctx, ClockKind.EXECUTION, ruled.id, cancelled=True)
        clockwork.start(ctx, ClockKind.EXECUTION, ruled.id, ctx.policy.execution)
        tell.notify(
            ctx,
            "ruling_execute",
            ruled.id,
            ruled.executors,
            step=decision.id,
            urgent=ruled.urgent,
            priority=Priority.ESCALATION,
            even_self=True,
        )
    escalations.show(ctx, ruled)


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Whether the form is worth opening for this person now."""
    was = escalations.addressed(ctx, str(values.get("id", "")))
    _require_judge(ctx, was)
    if was.state not in (EscalationState.RULED, EscalationState.EXECUTED):
        rules.expect(was, "rule", EscalationState.TO_LEADERSHIP, EscalationState.SENT_BACK)


def _act(ctx: Context, was: Escalation, given: Rule) -> Reply:
    """A breach needs no verdict but a push."""
    if was.state is not EscalationState.TO_LEADERSHIP:
        raise Refused("escalation.wrong_state", id=was.id, state=was.state, action="escalate.rule")
    match given.option:
        case "assign":
            act.assign(ctx, was, given.person or "", given.reason)
        case "reroute":
            act.reroute(ctx, was, given.department or "", given.reason)
        case _:
            act.nudge(ctx, was, given.reason)
    trace.record(ctx, f"escalation.{given.option}", was, reason=given.reason)
    return Reply(say=words(f"escalation.{given.option}.said", id=was.id))


def _amend(ctx: Context, was: Escalation, given: Rule) -> Reply:
    """A ruling is changed only by the chair, as a new one that names the old."""
    chair = ctx.directory.leadership.chair
    if ctx.me != chair:
        raise Refused("not_allowed", action="escalate.amend", who=(chair,) if chair else ())
    _check_option(was, given)
    due = given.due.moment if given.due else None
    ballot = Vote(ctx.me, given.option, given.reason.strip(), ctx.now, due, given.effect)
    anew = ctx.uow.save(replace(was, votes=(ballot,)))
    decision = _give(ctx, anew, ballot, amends=was.decision)
    return Reply(say=words("escalation.amended.said", id=was.id, decision=decision.id, old=was.decision))


def _send_back(ctx: Context, was: Escalation, question: str) -> Reply:
    if not question.strip():
        raise Refused("escalation.no_reason", field="reason")
    back = ctx.uow.save(rules.send_back(was, question))
    trace.record(ctx, "escalation.sent_back", back, was=was, reason=question)
    clockwork.pause(ctx, ClockKind.RULING, was.id, "")
    people = escalations.party_liaisons(ctx, back)
    tell.notify(ctx, "escalation_question", was.id, people, step="sent_back", urgent=was.urgent, by=Who(ctx.me))
    escalations.show(ctx, back)
    return Reply(say=words("escalation.sent_back.said", id=was.id))


def _execute(ctx: Context, was: Escalation) -> Reply:
    done = ctx.uow.save(rules.execute(was, ctx.me, ctx.now))
    trace.record(ctx, "escalation.executed", done, was=was)
    if done.state is EscalationState.EXECUTED:
        clockwork.stop(ctx, ClockKind.EXECUTION, was.id)
        ctx.uow.forgive(was.id)
    escalations.show(ctx, done)
    return Reply(say=words("escalation.executed.said", id=was.id, decision=was.decision))


def _ack_request(ctx: Context, id: str) -> Reply:
    """The lead has seen it: fewer pings for that person, the answer is still owed."""
    request = record.get(ctx, id)
    record.require(ctx, "ack", record.sides(request))
    request_rules.expect(request, "ack")
    _refuse_second_ack(ctx, request.id)
    trace.record(ctx, "request.acknowledged", request)
    _quieten(ctx, ClockKind.RESPONSE, id)
    return Reply(say=words("request.acked.said", id=id, due=record.answer_by(ctx, request)))


def _refuse_second_ack(ctx: Context, id: str) -> None:
    """Once per clock and person; a request that came back may be acknowledged anew."""
    clock = clockwork.running(ctx, ClockKind.RESPONSE, id)
    since = clock.ran[-1].start if clock else None
    mine = (e.at for e in ctx.uow.audited(id, since) if e.what == "request.acknowledged" and e.actor == ctx.me)
    if before := next(mine, None):
        raise Refused("request.acked_before", id=id, at=before)


def _quieten(ctx: Context, kind: ClockKind, item: str) -> None:
    clock = clockwork.running(ctx, kind, item)
    if clock:
        ctx.uow.save(clocks.quieten(clock, ctx.me, ctx.now, clockwork.calendar_of(ctx, clock)))


def _require_judge(ctx: Context, escalation: Escalation) -> None:
    """Only members of the leadership group rule, and not on their own department's matter."""
    parties = escalations.party_people(ctx, escalation)
    group = ctx.directory.leadership.everyone
    if ctx.me in group and ctx.me not in parties:
        return
    judges = tuple(m for m in group if m not in parties)
    abstaining = tuple(m for m in group if m in parties)
    code = "escalation.abstain" if ctx.me in abstaining else "escalation.not_leadership"
    raise Refused(code, id=escalation.id, who=judges, abstaining=abstaining)


def _require_leadership(ctx: Context, action: str, escalation: Escalation) -> None:
    group = ctx.directory.leadership.everyone
    if ctx.me not in group:
        raise Refused("not_allowed", action=action, who=group)


def _check_option(escalation: Escalation, given: Rule) -> None:
    allowed = rules.OPTIONS_OF_BREACH if escalation.kind is EscalationKind.BREACH else rules.OPTIONS_OF_DISPUTE
    if given.option not in allowed:
        raise Refused(
            "escalation.wrong_option",
            field="option",
            id=escalation.id,
            options=tuple(words(f"choice.option.{o}.label") for o in allowed),
        )
    if given.option == "assign" and not given.person:
        raise Refused("escalation.needs_person", field="person", id=escalation.id)
    if given.option == "reroute" and not given.department:
        raise Refused("escalation.needs_department", field="department", id=escalation.id)
