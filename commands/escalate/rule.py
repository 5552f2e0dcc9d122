"""The leadership group rules: its members vote, and the outcome is recorded, takes effect, and is carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import escalation as rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.escalation import AMENDABLE, RULABLE, Decision, Escalation, EscalationKind, Vote
from commands.errors import Refused
from commands.escalate import act, effects, options, question
from commands.escalate import record as escalations
from commands.inputs import Kind, ask
from commands.ports import Priority
from commands.registry import Context, Reply
from commands.request import record
from commands.words import Words, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str = ask(Kind.REF, required=True, refs=("E", "R", "T"))
    option: str = ask(
        Kind.CHOICE,
        required=True,
        bare=True,
        choices=("support_raiser", "support_other", "compromise", "send_back", "nudge", "assign", "reroute"),
        of_department=(options.SUPPORT,),
    )
    reason: str = ask(Kind.LINES, required=True, main=True, optional_when=("option", "nudge"))
    due: Due | None = ask(Kind.DUE)
    effect: str = ask(Kind.CHOICE, choices=rules.EFFECTS)
    person: str | None = ask(Kind.PERSON)
    department: str | None = ask(Kind.DEPARTMENT)


def rule(ctx: Context, given: Rule) -> Reply:
    """A vote of a member who speaks for no party; with the quorum it is the ruling. Only a nudge needs no vote: it
    decides nothing."""
    was = escalations.addressed(ctx, given.id)
    _require_judge(ctx, was)
    if was.state in AMENDABLE:
        return _amend(ctx, was, given)
    rules.expect(was, "rule", *RULABLE)
    ballot = _ballot(ctx, was, given)
    if ballot.option == "nudge":
        return act.nudge(ctx, was, ballot.reason)
    saved = ctx.uow.save(rules.vote(was, ballot))
    trace.record(ctx, "escalation.voted", saved, was=was, reason=ballot.reason, option=ballot.option)
    decided = rules.winning(saved, escalations.judges(ctx, saved), ctx.directory.leadership.quorum)
    if decided is None:
        escalations.show(ctx, saved)
        return Reply(say=_undecided(ctx, saved))
    return _carry_out(ctx, saved, decided)


def _carry_out(ctx: Context, was: Escalation, decided: Vote) -> Reply:
    """A question or a push leaves the matter open; anything else is the ruling."""
    match decided.option:
        case "send_back":
            back = question.send_back(ctx, was, decided.reason)
            due = escalations.answer_by(ctx, back)
            return Reply(say=words("escalation.sent_back.said", id=was.id, due=due))
        case "assign":
            return act.assign(ctx, was, decided.person or "", decided.reason)
        case "reroute":
            return act.reroute(ctx, was, decided.department or "", decided.reason)
    decision = _give(ctx, was, decided)
    return Reply(say=words("escalation.ruled.said", id=was.id, decision=decision.id, effects=effects.told(decision)))


def _ballot(ctx: Context, was: Escalation, given: Rule) -> Vote:
    """The vote, complete and possible as the matter stands."""
    option = options.chosen(was, given.option, person=given.person, department=given.department)
    due = given.due.moment if given.due else None
    vote = Vote(ctx.me, option, given.reason.strip(), ctx.now, due, person=given.person, department=given.department)
    if option == "send_back" or was.kind is EscalationKind.BREACH:
        return vote
    return replace(vote, effect=effects.settled(ctx, was, option, given.effect, due))


def _give(ctx: Context, was: Escalation, decided: Vote, amends: str | None = None) -> Decision:
    """The ruling: into the decision log, into effect, to both sides, and on to being carried out."""
    if decided.effect not in effects.possible(ctx, was):  # the record has moved on since that vote
        decided = replace(decided, effect=effects.settled(ctx, was, decided.option, "", decided.due))
    question.over(ctx, was)
    changed = effects.apply(ctx, was, decided)
    escalations.wake(ctx, was.item)
    decision = Decision(
        id=ctx.uow.next_id("D"),
        source=was.id,
        text=was.reason,
        option=decided.option,
        reason=decided.reason,
        effects=changed,
        due=effects.due_after(ctx, was, changed, decided),
        by=tuple(v.by for v in was.votes if v.outcome == decided.outcome) or (decided.by,),
        votes=was.votes,
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
    if decision.amends:
        tell.show(ctx, decision.amends, "decision")
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
    people = tuple(p for p in escalations.party_liaisons(ctx, ruled) if p not in ruled.executors)
    tell.notify(ctx, "ruling_given", ruled.id, people, step=decision.id, priority=Priority.ESCALATION)
    escalations.show(ctx, ruled)


def check(ctx: Context, values: Mapping[str, Any]) -> None:
    """Whether the form is worth opening for this person now."""
    was = escalations.addressed(ctx, str(values.get("id", "")))
    _require_judge(ctx, was)
    if was.state in AMENDABLE:
        _require_chair(ctx, was)
        return
    rules.expect(was, "rule", *RULABLE)


def _amend(ctx: Context, was: Escalation, given: Rule) -> Reply:
    """A ruling is changed only by the chair, as a new one that names the old."""
    _require_chair(ctx, was)
    ballot = _ballot(ctx, was, given)
    if not ballot.reason:
        raise Refused("escalation.no_reason", field="reason")
    anew = ctx.uow.save(replace(was, votes=(ballot,)))
    decision = _give(ctx, anew, ballot, amends=was.decision)
    said = words(
        "escalation.amended.said", id=was.id, decision=decision.id, old=was.decision, effects=effects.told(decision)
    )
    return Reply(say=said)


def _undecided(ctx: Context, voted: Escalation) -> Words:
    """How many have voted, and what is missing for a ruling."""
    judges = escalations.judges(ctx, voted)
    key = "escalation.voted.chair.said" if ctx.directory.leadership.quorum == "chair" else "escalation.voted.said"
    needed = len(judges) // 2 + 1
    return words(key, id=voted.id, n=len(voted.votes), needed=needed, person=escalations.presiding(ctx, voted))


def _require_chair(ctx: Context, ruled: Escalation) -> None:
    """Who is not the chair hears that it has been ruled on, by whom and when: another was faster."""
    chair = ctx.directory.leadership.chair
    if ctx.me == chair:
        return
    decision = ctx.uow.get(Decision, ruled.decision or "")
    raise Refused(
        "escalation.ruled_before",
        id=ruled.id,
        decision=ruled.decision,
        who=decision.by if decision else (),
        at=ruled.ruled_at,
        chair=(chair,) if chair else (),
    )


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
