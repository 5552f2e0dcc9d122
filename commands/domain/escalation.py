"""An escalation: a breach that climbed, or a dispute that is mediated, handed in, ruled and executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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
    acknowledged: tuple[Acknowledgement, ...] = ()  # by leadership
    votes: tuple[Vote, ...] = ()
    question: str = ""
    sent_back: int = 0
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
    by: tuple[str, ...] = ()
    item: str | None = None
    project: str | None = None
    amends: str | None = None
    at: datetime
    version: int = 0
