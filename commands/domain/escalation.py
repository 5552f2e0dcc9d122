"""An escalation: a breach that climbed, or a dispute that is mediated, handed in, ruled and executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from commands.domain.people import Leadership
from commands.errors import Refused


class EscalationKind(StrEnum):
    BREACH = "breach"
    MANUAL = "manual"
    DISPUTE = "dispute"


class EscalationState(StrEnum):
    OPEN = "open"  # level 1: mediation
    TO_LEADERSHIP = "to_leadership"
    SENT_BACK = "sent_back"
    RULED = "ruled"  # parties have to acknowledge
    EXECUTED = "executed"
    SETTLED = "settled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    by: str
    option: str
    reason: str
    at: datetime
    due: datetime | None = None
    effect: str = "none"
    person: str | None = None  # whom an `assign` names
    department: str | None = None  # whom a `reroute` names

    @property
    def outcome(self) -> tuple[str, str | None, str | None]:
        """What the vote is for; votes for different people or departments are votes for different things."""
        return self.option, self.person, self.department


@dataclass(frozen=True, slots=True)
class Supplement:
    """What a party added to its position. The position itself stays as it was written."""

    department: str
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """`item` is what it is about (R-n or T-n); `parties` the departments in it, raiser's first."""

    id: str
    kind: EscalationKind
    item: str
    reason: str
    raised_by: str | None  # None: a clock
    parties: tuple[str, ...]
    project: str | None = None
    chat: str | None = None
    urgent: bool = False
    major: bool = False
    mediator: str | None = None
    state: EscalationState = EscalationState.OPEN
    positions: Mapping[str, str] = field(default_factory=dict)  # department -> its own words
    supplements: tuple[Supplement, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()  # by leadership
    votes: tuple[Vote, ...] = ()
    question: str = ""
    sent_back: int = 0
    sent_back_at: datetime | None = None
    decision: str | None = None  # D-n
    executed: tuple[Acknowledgement, ...] = ()  # by the parties
    executors: tuple[str, ...] = ()  # who has to acknowledge the ruling
    conclusion: str = ""
    repings: int = 0
    raised_at: datetime
    handed_in_at: datetime | None = None
    ruled_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A line of the decision log. `source` is E-n or M-n; a later decision that replaces it names it in `amends`."""

    id: str
    source: str
    text: str
    option: str = ""
    reason: str = ""
    effects: tuple[str, ...] = ()
    due: datetime | None = None  # what it was moved to
    by: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    item: str | None = None
    project: str | None = None
    amends: str | None = None
    at: datetime
    version: int = 0


OPTIONS_OF_DISPUTE = ("support_raiser", "support_other", "compromise", "send_back")
OPTIONS_OF_BREACH = ("nudge", "assign", "reroute", "send_back")
EFFECTS = ("none", "accept", "close", "hold", "resume")
LIVE_STATES = frozenset(
    {EscalationState.OPEN, EscalationState.TO_LEADERSHIP, EscalationState.SENT_BACK, EscalationState.RULED}
)
UNRULED = frozenset({EscalationState.OPEN, EscalationState.TO_LEADERSHIP, EscalationState.SENT_BACK})
RULABLE = frozenset({EscalationState.TO_LEADERSHIP, EscalationState.SENT_BACK})
AMENDABLE = frozenset({EscalationState.RULED, EscalationState.EXECUTED})


def state_position(escalation: Escalation, department: str, by: str, text: str, now: datetime) -> Escalation:
    """A party's own words. During mediation the last ones count; what leadership has read is never changed: more
    words are a supplement beside it, and when each party has answered leadership's question it has the matter back."""
    expect(escalation, "position", *UNRULED)
    if not text.strip():
        raise Refused("escalation.no_position", field="text")
    mediated = escalation.state is EscalationState.OPEN
    asked = escalation.state is EscalationState.SENT_BACK
    if mediated or not (asked or escalation.positions.get(department)):
        return replace(escalation, positions={**escalation.positions, department: text.strip()})
    added = Supplement(department, by, text.strip(), now)
    told = replace(escalation, supplements=(*escalation.supplements, added))
    return take_back(told) if asked and not unanswered(told) else told


def unanswered(escalation: Escalation) -> tuple[str, ...]:
    """The parties that have not answered leadership's question yet."""
    since = escalation.sent_back_at
    if since is None:
        return ()
    done = {s.department for s in escalation.supplements if s.at >= since}
    return tuple(p for p in escalation.parties if p not in done)


def take_back(escalation: Escalation) -> Escalation:
    """The question is answered, or its time is over: leadership has the matter again."""
    expect(escalation, "position", EscalationState.SENT_BACK)
    return replace(escalation, state=EscalationState.TO_LEADERSHIP)


def settle(escalation: Escalation, conclusion: str, now: datetime) -> Escalation:
    """The parties agree; what they agreed is written down."""
    expect(escalation, "settle", *UNRULED)
    if not conclusion.strip():
        raise Refused("escalation.no_conclusion", field="text")
    return replace(escalation, state=EscalationState.SETTLED, conclusion=conclusion.strip(), closed_at=now)


def hand_in(escalation: Escalation, now: datetime) -> Escalation:
    """To the leadership group: by a party, or because mediation took too long."""
    expect(escalation, "up", EscalationState.OPEN)
    return replace(escalation, state=EscalationState.TO_LEADERSHIP, handed_in_at=now)


def withdraw(escalation: Escalation, by: str, now: datetime) -> Escalation:
    expect(escalation, "withdraw", *UNRULED)
    if escalation.raised_by != by:
        raise Refused("not_allowed", action="escalate.withdraw", who=_raiser(escalation))
    return replace(escalation, state=EscalationState.WITHDRAWN, closed_at=now)


def acknowledge(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """Leadership has seen it. That is not a ruling: the clock runs on."""
    expect(escalation, "ack", EscalationState.TO_LEADERSHIP, EscalationState.SENT_BACK)
    _refuse_second(escalation, by, escalation.acknowledged)
    return replace(escalation, acknowledged=(*escalation.acknowledged, Acknowledgement(by, now)))


def send_back(escalation: Escalation, question: str, now: datetime) -> Escalation:
    """Leadership needs to know more: once. It votes anew when it knows."""
    expect(escalation, "rule", EscalationState.TO_LEADERSHIP)
    if escalation.sent_back:
        raise Refused("escalation.sent_back_before", id=escalation.id)
    if not question.strip():
        raise Refused("escalation.no_reason", field="reason")
    return replace(
        escalation,
        state=EscalationState.SENT_BACK,
        question=question.strip(),
        sent_back=escalation.sent_back + 1,
        sent_back_at=now,
        votes=(),
    )


def vote(escalation: Escalation, ballot: Vote) -> Escalation:
    """A member's vote; a later one of the same member replaces it."""
    expect(escalation, "rule", *RULABLE)
    if not ballot.reason.strip():
        raise Refused("escalation.no_reason", field="reason")
    others = tuple(v for v in escalation.votes if v.by != ballot.by)
    return replace(escalation, votes=(*others, ballot))


def winning(escalation: Escalation, eligible: tuple[str, ...], quorum: str) -> Vote | None:
    """The vote that decides now, if any: the first one (any), that of whoever presides (chair), or the outcome for
    which more than half of the eligible members voted (majority; the last of these votes gives reason and date).

    `eligible` begins with who presides: the chair, or the next in rank where the chair has to abstain."""
    cast = tuple(v for v in escalation.votes if v.by in eligible)
    match quorum:
        case "chair":
            return next((v for v in cast if v.by == eligible[0]), None)
        case "majority":
            counted = {v.outcome: [w for w in cast if w.outcome == v.outcome] for v in cast}
            return next((same[-1] for same in counted.values() if len(same) * 2 > len(eligible)), None)
        case _:
            return next(iter(cast), None)


def rule(escalation: Escalation, decision: str, executors: tuple[str, ...], now: datetime) -> Escalation:
    """The ruling is given; each party has to acknowledge and carry it out."""
    expect(escalation, "rule", *RULABLE, *AMENDABLE)
    return replace(
        escalation,
        state=EscalationState.RULED if executors else EscalationState.EXECUTED,
        decision=decision,
        executors=executors,
        executed=(),
        ruled_at=now,
        closed_at=None if executors else now,
    )


def execute(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """A party has taken note of the ruling and carries it out; the last one closes the matter."""
    expect(escalation, "ack", EscalationState.RULED)
    if by not in escalation.executors:
        raise Refused("not_allowed", action="escalate.execute", who=escalation.executors)
    _refuse_second(escalation, by, escalation.executed)
    executed = (*escalation.executed, Acknowledgement(by, now))
    everyone = {a.by for a in executed} >= set(escalation.executors)
    state = EscalationState.EXECUTED if everyone else EscalationState.RULED
    return replace(escalation, executed=executed, state=state, closed_at=now if everyone else None)


def _refuse_second(escalation: Escalation, by: str, done: tuple[Acknowledgement, ...]) -> None:
    before = next((a.at for a in done if a.by == by), None)
    if before:
        raise Refused("escalation.acked_before", id=escalation.id, at=before)


def close_answered(escalation: Escalation, conclusion: str, now: datetime) -> Escalation:
    """A breach closes by itself when the missing answer comes, any other matter when what it is about is gone."""
    expect(escalation, "withdraw", *LIVE_STATES)
    return replace(escalation, state=EscalationState.CLOSED, conclusion=conclusion, closed_at=now)


def eligible(group: Leadership, parties: frozenset[str]) -> tuple[str, ...]:
    """Members who may rule: those who speak for no party."""
    return tuple(m for m in group.everyone if m not in parties)


def _raiser(escalation: Escalation) -> tuple[str, ...]:
    return (escalation.raised_by,) if escalation.raised_by else ()


def expect(escalation: Escalation, action: str, *states: EscalationState) -> None:
    """Refuses an action that the state does not allow."""
    if escalation.state not in states:
        raise Refused("escalation.wrong_state", id=escalation.id, state=escalation.state, action=f"escalate.{action}")
