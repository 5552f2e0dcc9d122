"""What keeps the promises: numbers, seen events, due actions, messages owed and posted, the trace, the replicas."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables import base as _base
from storage.tables.base import partial_index
from storage.types import At, AtOrNone, Big, Json, Seq

METADATA = _base.METADATA

# Written into the queries as literals too: SQLite uses a partial index only when it can prove the condition, and
# it cannot prove anything about a bound parameter (https://www.sqlite.org/partialindex.html).
_OPEN = text("state = 'open'")
_PENDING = text("state = 'pending'")
_SENDING = text("state = 'sending'")
_WAITING = text("state = 'pending' AND next_try_at IS NOT NULL")


class CounterRow(SQLModel, table=True):
    """The last number given out under a prefix."""

    __tablename__ = "counter"
    prefix: str = Field(primary_key=True)
    last: int


class MetaRow(SQLModel, table=True):
    """Small facts: the directory's version, when a backup was restored."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: Big


class InboxRow(SQLModel, table=True):
    """An inbound event that was answered, and the answer, so that a repetition gets the same one."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_at", "at"),)
    key: str = Field(primary_key=True)
    at: At
    answer: Json


class TimerRow(SQLModel, table=True):
    """Something due. `due_at` is the planned moment and stays; `run_at` moves when an attempt failed."""

    __tablename__ = "timer"
    __table_args__ = (
        partial_index("ix_timer_open", "run_at", where=_OPEN),
        partial_index("ix_timer_open_subject", "subject", where=_OPEN),
    )
    seq: Seq
    key: str = Field(unique=True)
    job: str
    subject: str
    due_at: At
    run_at: At
    payload: Json
    state: str  # open | done | cancelled
    done_at: AtOrNone
    attempts: int
    last_error: str


class OutboxRow(SQLModel, table=True):
    """A message owed. `lease` names the attempt that is sending it; only that attempt may say how it went."""

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index("ix_outbox_queue", "priority", "seq", where=_PENDING),
        partial_index("ix_outbox_head", "to", "priority", "seq", where=_PENDING),
        partial_index("ix_outbox_item", "item", where=_PENDING),
        partial_index("ix_outbox_sending", "to", where=_SENDING),
        partial_index("ix_outbox_waiting", "to", "seq", where=_WAITING),
        partial_index("ix_outbox_sent", "to", "sent_at", where=text("state = 'sent'")),
    )
    seq: Seq
    key: str = Field(unique=True)
    to: str
    kind: str
    view: str
    item: str
    facts: Json
    priority: int
    not_before: AtOrNone
    expires_at: AtOrNone
    urgent: bool
    bundle: bool
    owed_at: At
    state: str  # pending | sending | sent | dropped | dead
    lease: str
    lease_until: AtOrNone
    attempts: int
    next_try_at: AtOrNone
    platform_message: str
    error: str
    sent_at: AtOrNone


class PostedRow(SQLModel, table=True):
    """Where a record's card is. `content` is a digest of what it shows, so that an unchanged card is not edited."""

    __tablename__ = "posted"
    __table_args__ = (UniqueConstraint("item", "view", "to"),)
    seq: Seq
    item: str
    view: str
    to: str
    platform: str
    chat: str
    message: str
    posted_at: At
    content: str


class AuditRow(SQLModel, table=True):
    """The trace, append-only. `strand`, `number` and `digest` chain it: see `storage.trail`."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("strand", "number"),
        Index("ix_audit_item", "item", "seq"),
        Index("ix_audit_at", "at"),
    )
    seq: Seq
    at: At
    what: str
    item: str
    actor: str | None = None
    acting_for: str | None = None
    department: str | None = None
    platform: str
    chat: str
    message: str
    command: str
    event: str
    before: Json
    after: Json
    reason: str
    result: str
    why: str
    planned_at: AtOrNone
    project: str | None = None
    version: int
    strand: int
    number: int
    digest: str


class StrandRow(SQLModel, table=True):
    """One connection's part of the trace: how many lines it wrote and the digest of the last."""

    __tablename__ = "strand"
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
    digest: str


class ReplicaRow(SQLModel, table=True):
    """A running process: when it was last heard of, and the schema it was written for."""

    __tablename__ = "replica"
    name: str = Field(primary_key=True)
    started_at: At
    seen_at: At
    schema_revision: str
    detail: str
