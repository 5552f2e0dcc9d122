"""A task: who does what, to which standard, by when. Late is derived, never typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from commands.domain.request import Delivery
from commands.errors import Refused


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


OPEN_STATES = frozenset(TaskState) - {TaskState.DONE, TaskState.WAIVED}
ACTIVE_STATES = frozenset({TaskState.NOT_STARTED, TaskState.IN_PROGRESS, TaskState.REWORK})


def start(task: Task, now: datetime) -> Task:
    """Work begins. Without a delivery standard it may not."""
    _expect(task, "task", TaskState.NOT_STARTED)
    if not task.standard.strip():
        raise Refused("task.no_standard", field="standard", id=task.id)
    return replace(task, state=TaskState.IN_PROGRESS, started_at=now)


def submit(task: Task, by: str, now: datetime, *, link: str, note: str = "") -> Task:
    """The owner says it is finished and shows it."""
    _expect(task, "deliver", *ACTIVE_STATES)
    handed = Delivery(len(task.deliveries) + 1, link.strip(), by, now, note.strip())
    return replace(
        task,
        state=TaskState.SUBMITTED,
        deliveries=(*task.deliveries, handed),
        started_at=task.started_at or now,
        submitted_at=now,
    )


def accept(task: Task, by: str, now: datetime) -> Task:
    _expect(task, "verify", TaskState.SUBMITTED)
    judged = replace(task.deliveries[-1], outcome="passed", judged_by=by, judged_at=now)
    return replace(task, state=TaskState.DONE, deliveries=(*task.deliveries[:-1], judged), done_at=now)


def finish(task: Task, now: datetime) -> Task:
    """Done together with the request it belongs to."""
    return replace(task, state=TaskState.DONE, done_at=now) if task.state in OPEN_STATES else task


def rework(task: Task, by: str, now: datetime, *, failed: str) -> Task:
    _expect(task, "rework", TaskState.SUBMITTED)
    if not failed.strip():
        raise Refused("request.no_failed", field="failed")
    last = replace(task.deliveries[-1], outcome="failed", failed=failed.strip(), judged_by=by, judged_at=now)
    return replace(task, state=TaskState.REWORK, deliveries=(*task.deliveries[:-1], last))


def waive(task: Task, now: datetime) -> Task:
    """Not needed any more; it does not block the delivery."""
    _expect(task, "task.waive", *OPEN_STATES)
    return replace(task, state=TaskState.WAIVED, done_at=now)


def move_due(task: Task, due: datetime) -> Task:
    """A new agreed date; the first one is kept."""
    return replace(task, due=due, first_due=task.first_due or task.due)


def is_late(task: Task, now: datetime) -> bool:
    """Past its date and not handed over."""
    return task.due is not None and task.state in ACTIVE_STATES and now > task.due


def _expect(task: Task, action: str, *states: TaskState) -> None:
    if task.state not in states:
        raise Refused(
            "task.wrong_state", id=task.id, state=task.state, action=action if "." in action else f"request.{action}"
        )
