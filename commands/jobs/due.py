"""Due dates of tasks: warned ahead, named on the day, chased when over, and carried up the chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands import tell, trace
from commands.domain import due_steps
from commands.domain.due_steps import DueStep
from commands.domain.proposal import notice_deadline
from commands.domain.task import ACTIVE_STATES, Task
from commands.domain.worktime import WorkCalendar
from commands.escalate import breach
from commands.ports import Priority, Timer
from commands.registry import Context
from commands.request import record

JOB = "due"


def arm(ctx: Context, task: Task, after: datetime | None = None) -> None:
    """Sets the task's one timer to its next step. A task whose warning moment is past already is not warned twice:
    a new date today starts with the day itself."""
    disarm(ctx, task.id)
    if task.due is None or task.state not in ACTIVE_STATES:
        return
    step = due_steps.next_step(task.due, after or ctx.now, _calendar(ctx, task), ctx.policy)
    ctx.uow.set_timer(
        Timer(
            key=f"due:{task.id}:{task.due.isoformat()}:{step.name}",
            job=JOB,
            due_at=step.at,
            subject=task.id,
            payload={"step": step.name},
        )
    )


def disarm(ctx: Context, task: str) -> None:
    ctx.uow.drop_timers(task, JOB)


def run(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
    """A step of a due date. What was missed while the bot was down is said once, by its last step; whoever has to
    hear of it up the chain still does."""
    task = ctx.uow.get(Task, subject)
    if task is None or task.due is None or task.state not in ACTIVE_STATES:
        return
    step = DueStep(str(payload["step"]), ctx.now)
    following = due_steps.next_step(task.due, ctx.now, _calendar(ctx, task), ctx.policy)
    arm(ctx, task, after=ctx.now)
    if following.at <= ctx.real_now:
        trace.record(ctx, "due.skipped", task, result="dropped", why="superseded", step=step.name)
    else:
        _tell(ctx, task, step)
    _carry_up(ctx, task, step)


def _tell(ctx: Context, task: Task, step: DueStep) -> None:
    trace.record(ctx, f"due.{step.name.partition(':')[0]}", task, step=step.name)
    match step.name:
        case "warning":
            _warn(ctx, task)
        case "today":
            _notify(ctx, "task_due_today" if _ends_today(ctx, task) else "task_due_soon", task, (task.owner,), step)
        case _:
            tell.show(ctx, task.id, "task")
            _notify(ctx, "task_overdue", task, (task.owner,), step)
    _post_to_project(ctx, task)


def _warn(ctx: Context, task: Task) -> None:
    """All departments of the task hear of it, with the last moment at which a change may still be announced in time."""
    assert task.due
    last = notice_deadline(task.due, _calendar(ctx, task), ctx.policy.notice_before_days)
    in_time, missed = (last, None) if last > ctx.now else (None, last)
    people = (task.owner, *_other_departments(ctx, task))
    step = DueStep("warning", ctx.now)
    tell.notify(
        ctx,
        "task_due_soon",
        task.id,
        people,
        step=_key(task, step),
        priority=Priority.PROMPT,
        change_by=in_time,
        missed=missed,
    )


def _ends_today(ctx: Context, task: Task) -> bool:
    """A date on a day off is named on the working day before, where it is not today's."""
    calendar = _calendar(ctx, task)
    return task.due is not None and calendar.local(task.due).date() == calendar.local(ctx.now).date()


def _post_to_project(ctx: Context, task: Task) -> None:
    """One message per project and day, however many of its tasks have something to say: it names them all."""
    if task.project:
        day = ctx.calendars.default.local(ctx.real_now).date()
        chats = ctx.directory.chats_of_project(task.project)
        tell.post(ctx, "due_line", task.project, chats, step=day.isoformat(), priority=Priority.PROMPT, day=day)


def _carry_up(ctx: Context, task: Task, step: DueStep) -> None:
    """So many days over, the head hears of it; some more, the leadership group, with a copy to the manager."""
    if step.days_over == ctx.policy.overdue_to_head_days:
        _tell_head(ctx, task, step)
    if step.days_over == ctx.policy.overdue_to_leadership_days:
        breach.open_overdue(ctx, task)


def _tell_head(ctx: Context, task: Task, step: DueStep) -> None:
    """With the moment at which it climbs further."""
    assert task.due
    climbs = due_steps.overdue_at(task.due, ctx.policy.overdue_to_leadership_days, _calendar(ctx, task), ctx.policy)
    tell.notify(
        ctx,
        "task_overdue_head",
        task.id,
        (record.head(ctx, task.department),),
        step=_key(task, step),
        priority=Priority.PROMPT,
        days=step.days_over,
        climbs_at=climbs if climbs > ctx.now else None,
    )


def _notify(ctx: Context, view: str, task: Task, people: tuple[str | None, ...], step: DueStep) -> None:
    tell.notify(ctx, view, task.id, people, step=_key(task, step), priority=Priority.PROMPT, days=step.days_over)


def _key(task: Task, step: DueStep) -> str:
    """One message per step of one date; a new date starts anew."""
    return f"{step.name}:{task.due.isoformat() if task.due else ''}"


def _other_departments(ctx: Context, task: Task) -> tuple[str, ...]:
    request = record.request_of(ctx, task)
    departments = (*task.supports, *((request.lead, request.department, *request.supports) if request else ()))
    found = (ctx.directory.liaison(d, record.today(ctx)) for d in departments if d and d != task.department)
    people = (*found, *((request.requester,) if request else ()))
    return tuple(dict.fromkeys(p for p in people if p))


def _calendar(ctx: Context, task: Task) -> WorkCalendar:
    return ctx.calendars.of_department(task.department)
