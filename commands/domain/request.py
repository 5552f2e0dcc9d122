"""A request between departments: its life from raised to closed. One function per transition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


class RequestState(StrEnum):
    DRAFT = "draft"
    RAISED = "raised"
    NEEDS_INFO = "needs_info"
    COUNTERED = "countered"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DELIVERED = "delivered"
    REWORK = "rework"
    VERIFIED = "verified"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One round of acceptance: what was handed over, and what became of it."""

    round: int
    link: str
    by: str
    at: datetime
    note: str = ""
    outcome: str | None = None  # passed | failed
    failed: str = ""  # the criteria that failed, in the acceptor's words
    judged_by: str | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it stands. Moments are aware UTC; people, departments and projects are ids."""

    id: str
    title: str
    requester: str
    department: str  # the requesting department
    lead: str  # the lead department
    supports: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    kind: str = ""  # major | incident | process | resources
    content: str = ""
    standard: str = ""
    resources: str = ""
    wanted: datetime | None = None
    wanted_words: str = ""
    project: str | None = None
    chat: str | None = None  # address where it was raised
    state: RequestState = RequestState.DRAFT
    owner: str | None = None  # the lead department's person
    due: datetime | None = None  # agreed
    first_due: datetime | None = None
    reason: str = ""  # of the last decline, hold, cancellation or reopening
    question: str = ""
    answer: str = ""
    alternative: str = ""
    alternative_due: datetime | None = None
    alternative_department: str | None = None
    held_from: datetime | None = None
    resume_at: datetime | None = None
    held_for: str | None = None  # the department that is waited for while on hold
    reroutes: int = 0
    reopened: int = 0
    deliveries: tuple[Delivery, ...] = ()
    rating: int | None = None
    rating_note: str = ""
    outcome: str = ""  # of a closed request: verified | declined | withdrawn | ruled
    answered_by: str | None = None
    answered_at: datetime | None = None
    created_at: datetime
    raised_at: datetime | None = None
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
