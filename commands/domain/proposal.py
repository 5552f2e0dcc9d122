"""A change that one side asks of the other: an alternative, a delay, a pause, a cancellation.

It has one question, one reply, and a clock (C2) on the side that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from commands.domain.worktime import WorkCalendar
from commands.errors import Refused


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


def agree(proposal: Proposal, by: str, now: datetime) -> Proposal:
    return _answered(proposal, by, now, ProposalState.AGREED, "")


def refuse(proposal: Proposal, by: str, now: datetime, *, reason: str) -> Proposal:
    if not reason.strip():
        raise Refused("request.no_reason", field="reason", shortest=1, length=0)
    return _answered(proposal, by, now, ProposalState.REFUSED, reason.strip())


def withdraw(proposal: Proposal, now: datetime) -> Proposal:
    """Overtaken by what happened, or taken back by its side."""
    return replace(proposal, state=ProposalState.WITHDRAWN, answered_at=now)


def lapse(proposal: Proposal, now: datetime) -> Proposal:
    return replace(proposal, state=ProposalState.LAPSED, answered_at=now)


def hand_to(proposal: Proposal, decider: str) -> Proposal:
    """Nobody answered in time: somebody else decides, those asked may still answer."""
    return replace(proposal, decider=decider, asked=tuple(dict.fromkeys((*proposal.asked, decider))))


def is_late_notice(due: datetime | None, now: datetime, calendar: WorkCalendar, days_before: int) -> bool:
    """Whether a change is announced after the end of the working day that lies `days_before` working days before
    the date it is about: due Mon 28 Sep with three days off before it → the end of Wed 23 Sep is still in time."""
    if due is None:
        return False
    return now > notice_deadline(due, calendar, days_before)


def notice_deadline(due: datetime, calendar: WorkCalendar, days_before: int) -> datetime:
    """The last moment at which a change of this date is announced in time."""
    last_day = calendar.add_working_days(calendar.local(due).date(), -days_before)
    return calendar.work_end(last_day)


def _answered(proposal: Proposal, by: str, now: datetime, state: ProposalState, words: str) -> Proposal:
    if proposal.state is not ProposalState.OPEN:
        raise Refused(
            "proposal.already",
            item=proposal.item,
            person=proposal.answered_by or "",
            at=proposal.answered_at,
            state=proposal.state,
        )
    return replace(proposal, state=state, answered_by=by, answered_at=now, answer=words)
