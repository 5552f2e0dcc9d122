"""The records with a life: requests, tasks, proposals, escalations, decisions, minutes, check-ins, clocks.

`seq` is the order of creation; `id` is the reference people use. Nested values are JSON text.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables import base as _base  # names the constraints before the first table exists
from storage.types import At, AtOrNone, Json, Seq

METADATA = _base.METADATA


class RequestRow(SQLModel, table=True):
    __tablename__ = "request"
    __table_args__ = (Index("ix_request_state", "state"),)
    seq: Seq
    id: str = Field(unique=True)
    title: str
    requester: str = Field(index=True)
    department: str
    lead: str
    supports: Json
    urgency: str
    kind: str
    content: str
    standard: str
    resources: str
    wanted: AtOrNone
    wanted_words: str
    project: str | None = Field(default=None, index=True)
    chat: str | None = None
    state: str
    owner: str | None = None
    due: AtOrNone
    first_due: AtOrNone
    reason: str
    question: str
    answer: str
    alternative: str
    alternative_due: AtOrNone
    alternative_department: str | None = None
    held_from: AtOrNone
    resume_at: AtOrNone
    held_for: str | None = None
    reroutes: int
    reopened: int
    deliveries: Json
    rating: int | None = None
    rating_note: str
    outcome: str
    answered_by: str | None = None
    answered_at: AtOrNone
    created_at: At
    raised_at: AtOrNone
    accepted_at: AtOrNone
    delivered_at: AtOrNone
    verified_at: AtOrNone
    closed_at: AtOrNone
    version: int


class TaskRow(SQLModel, table=True):
    __tablename__ = "task"
    __table_args__ = (Index("ix_task_state", "state"),)
    seq: Seq
    id: str = Field(unique=True)
    title: str
    department: str
    owner: str = Field(index=True)
    source: str = Field(index=True)
    supports: Json
    project: str | None = Field(default=None, index=True)
    chat: str | None = None
    standard: str
    due: AtOrNone
    first_due: AtOrNone
    state: str
    paused_at: AtOrNone
    deliveries: Json
    late_reason: str
    created_by: str
    created_at: At
    started_at: AtOrNone
    submitted_at: AtOrNone
    done_at: AtOrNone
    version: int


class ProposalRow(SQLModel, table=True):
    __tablename__ = "proposal"
    seq: Seq
    id: str = Field(unique=True)
    kind: str
    item: str = Field(index=True)
    by: str
    department: str
    reason: str
    alternative: str
    due: AtOrNone
    old_due: AtOrNone
    other_department: str | None = None
    asked: Json
    asked_department: str | None = None
    decider: str | None = None
    state: str = Field(index=True)
    late_notice: bool
    asked_at: At
    answered_by: str | None = None
    answered_at: AtOrNone
    answer: str
    version: int


class EscalationRow(SQLModel, table=True):
    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_state", "state"),)
    seq: Seq
    id: str = Field(unique=True)
    kind: str
    item: str = Field(index=True)
    reason: str
    raised_by: str | None = None
    parties: Json
    project: str | None = None
    chat: str | None = None
    urgent: bool
    major: bool
    mediator: str | None = None
    state: str
    positions: Json
    supplements: Json
    acknowledged: Json
    votes: Json
    question: str
    sent_back: int
    sent_back_at: AtOrNone
    decision: str | None = None
    executed: Json
    executors: Json
    conclusion: str
    repings: int
    raised_at: At
    handed_in_at: AtOrNone
    ruled_at: AtOrNone
    closed_at: AtOrNone
    version: int


class DecisionRow(SQLModel, table=True):
    __tablename__ = "decision"
    seq: Seq
    id: str = Field(unique=True)
    source: str = Field(index=True)
    text: str
    option: str
    reason: str
    effects: Json
    due: AtOrNone
    by: Json
    votes: Json
    item: str | None = Field(default=None, index=True)
    project: str | None = None
    amends: str | None = None
    at: At
    version: int


class MinutesRow(SQLModel, table=True):
    __tablename__ = "minutes"
    seq: Seq
    id: str = Field(unique=True)
    title: str
    starts_at: At
    ends_at: At
    host: str
    recorder: str
    participants: Json
    absent: Json
    place: str
    agenda: str
    kind: str
    project: str | None = None
    chat: str | None = None
    state: str = Field(index=True)
    edition: int
    items: Json
    editions: Json
    objections: Json
    late: bool
    created_by: str
    created_at: At
    published_at: AtOrNone
    closed_at: AtOrNone
    version: int


class ConfirmationRow(SQLModel, table=True):
    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_person_state", "person", "state"),)
    seq: Seq
    id: str = Field(unique=True)
    minutes: str = Field(index=True)
    person: str
    edition: int
    items: Json
    state: str
    channels: Json
    asked_at: At
    answered_at: AtOrNone
    answered_edition: int
    version: int


class CheckinRow(SQLModel, table=True):
    __tablename__ = "checkin"
    __table_args__ = (
        Index("ix_checkin_department_day", "department", "day"),
        Index("ix_checkin_person_day", "person", "day"),
        Index("ix_checkin_day", "day"),
    )
    seq: Seq
    id: str = Field(unique=True)
    person: str
    department: str
    day: date
    state: str
    progress: str
    plan: str
    blockers: str
    asked_at: AtOrNone
    closes_at: AtOrNone
    answered_at: AtOrNone
    answered_by: str | None = None
    edited: bool
    history: Json
    version: int


class ClockRow(SQLModel, table=True):
    __tablename__ = "clock"
    __table_args__ = (Index("ix_clock_item_state", "item", "state"),)
    seq: Seq
    id: str = Field(unique=True)
    kind: str
    item: str
    side: str
    calendar: str
    limit: str
    urgent: bool
    state: str
    ran: Json
    waited: Json
    done: Json
    quiet: Json
    not_before: AtOrNone
    breached_at: AtOrNone
    outcome: str
    started_at: At
    stopped_at: AtOrNone
    used_minutes: int | None = None
    version: int
