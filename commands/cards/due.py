"""The morning line of a project: which of its tasks are over, end today, or end soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.chat import Tone
from commands.domain import due_steps
from commands.domain.due_steps import DueStep
from commands.domain.task import ACTIVE_STATES, Task
from commands.domain.worktime import WorkCalendar
from commands.registry import Context, View
from commands.words import Dept, Shown, Who, Words, words

MOST_LINES = 15
Reached = tuple[DueStep, Task, bool]
"""What a task's date has set off, and whether it ends today."""


def line(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """`item` is a project. Only said on its own day: the next one has its own line."""
    project = ctx.directory.projects.get(item)
    reached = _reached(ctx, item)
    if project is None or not reached or facts.get("day") not in (None, ctx.calendars.default.local(ctx.now).date()):
        return None
    over = sum(1 for step, *_ in reached if step.days_over)
    said = [_said(*each) for each in reached[:MOST_LINES]]
    if len(reached) > MOST_LINES:
        said.append(words("due.more", n=len(reached) - MOST_LINES))
    if isinstance(planned := facts.get("planned_at"), datetime):
        said.append(words("notice.late", at=planned))
    title = words("due.title.over", project=project.name, n=over) if over else words("due.title", project=project.name)
    return View("notice", {"title": title, "lines": tuple(said)}, tone=Tone.DANGER if over else Tone.WARNING)


def _reached(ctx: Context, project: str) -> list[Reached]:
    """The tasks whose date has set something off already: the longest overdue first, then by date."""
    found: list[tuple[int, datetime, Reached]] = []
    for task in ctx.uow.find(Task, project=project, state=tuple(ACTIVE_STATES)):
        if task.due is None or task.paused_at is not None:
            continue
        calendar = ctx.calendars.of_department(task.department)
        if step := due_steps.last_step(task.due, ctx.now, calendar, ctx.policy):
            found.append((-step.days_over, task.due, (step, task, _is_on(task.due, ctx.now, calendar))))
    return [each for *_, each in sorted(found, key=lambda each: each[:2])]


def _is_on(due: datetime, now: datetime, calendar: WorkCalendar) -> bool:
    return calendar.local(due).date() == calendar.local(now).date()


def _said(step: DueStep, task: Task, ends_today: bool) -> Words:
    facts: dict[str, Shown] = {
        "id": task.id,
        "title": task.title,
        "department": Dept(task.department),
        "owner": Who(task.owner),
        "due": task.due,
    }
    if step.days_over:
        return words("due.line.over", over=words("due.over", n=step.days_over), **facts)
    return words("due.line.today" if ends_today else "due.line.soon", **facts)
