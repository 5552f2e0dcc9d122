"""A task: who does what, to which standard, by when. Late is derived, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commands.domain.request import Delivery


class TaskState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    REWORK = "rework"
    DONE = "done"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work owed by a department. `source` is the record it came from: R-n, M-n or E-n."""

    id: str
    title: str
    department: str
    owner: str
    source: str
    supports: tuple[str, ...] = ()
    project: str | None = None
    chat: str | None = None
    standard: str = ""
    due: datetime | None = None
    first_due: datetime | None = None
    state: TaskState = TaskState.NOT_STARTED
    paused_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()
    late_reason: str = ""
    created_by: str = ""
    created_at: datetime
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 0
