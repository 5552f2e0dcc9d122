"""A change that one side asks of the other: an alternative, a delay, a pause, a cancellation.

It has one question, one reply, and a clock (C2) on the side that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProposalKind(StrEnum):
    COUNTER = "counter"
    DELAY = "delay"
    HOLD = "hold"
    CANCEL = "cancel"


class ProposalState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`item` is R-n or T-n; `asked` are the people who may answer; `decider` was asked after the clock broke."""

    id: str
    kind: ProposalKind
    item: str
    by: str
    department: str
    reason: str
    alternative: str = ""
    due: datetime | None = None
    old_due: datetime | None = None
    other_department: str | None = None
    asked: tuple[str, ...] = ()
    asked_department: str | None = None
    decider: str | None = None
    state: ProposalState = ProposalState.OPEN
    late_notice: bool = False
    asked_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""
    version: int = 0
