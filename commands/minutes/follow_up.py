"""What follows from the items: decisions go into the log, actions become tasks. A later edition changes those whose
lines it changes, and waives what is gone."""

from __future__ import annotations

from dataclasses import replace

from commands import trace
from commands.domain import task as task_rules
from commands.domain.escalation import Decision
from commands.domain.minutes import ItemKind, Minutes, MinutesItem
from commands.domain.task import Task
from commands.jobs import due as due_dates
from commands.registry import Context
from commands.request.task import announce, refresh


def of_items(ctx: Context, minutes: Minutes, was: Minutes) -> tuple[MinutesItem, ...]:
    """The items with their references. An unchanged line changes nothing: what was agreed about its task since (a new
    date, say) stays."""
    before = {item.ref: item for item in was.items if item.ref}
    followed = tuple(
        item
        if item.ref and item.since < minutes.edition
        else _follow_up(ctx, minutes, item, before.get(item.ref or ""))
        for item in minutes.items
    )
    gone = {i.ref for i in was.items if i.ref} - {i.ref for i in followed if i.ref}
    for ref in sorted(gone):
        _drop(ctx, minutes, ref)
    return followed


def _follow_up(ctx: Context, minutes: Minutes, item: MinutesItem, was: MinutesItem | None) -> MinutesItem:
    match item.kind:
        case ItemKind.DECISION:
            return replace(item, ref=_decide(ctx, minutes, item))
        case ItemKind.ACTION:
            return replace(item, ref=_assign(ctx, minutes, item, was))
        case _:
            return item


# --- decisions ---------------------------------------------------------------------------------------


def _decide(ctx: Context, minutes: Minutes, item: MinutesItem) -> str:
    known = ctx.uow.get(Decision, item.ref) if item.ref else None
    if known:
        changed = ctx.uow.save(replace(known, text=item.text))
        trace.record(ctx, "decision.changed", changed, was=known)
        return known.id
    made = Decision(
        id=ctx.uow.next_id("D"),
        source=minutes.id,
        text=item.text,
        by=(minutes.host,),
        project=minutes.project,
        at=ctx.now,
    )
    ctx.uow.add(made)
    trace.record(ctx, "decision.made", made)
    return made.id


# --- actions -----------------------------------------------------------------------------------------


def _assign(ctx: Context, minutes: Minutes, item: MinutesItem, was: MinutesItem | None) -> str:
    known = ctx.uow.get(Task, was.ref) if was and was.ref else None
    if known and was and known.state in task_rules.OPEN_STATES:
        return _change(ctx, known, item, was)
    made = _task(ctx, minutes, item)
    ctx.uow.add(made)
    trace.record(ctx, "task.created", made)
    due_dates.arm(ctx, made)
    announce(ctx, made)
    return made.id


def _task(ctx: Context, minutes: Minutes, item: MinutesItem) -> Task:
    assert item.owner and item.due  # nothing is published without
    return Task(
        id=ctx.uow.next_id("T"),
        title=item.text,
        department=ctx.directory.department_of(item.owner) or "",
        owner=item.owner,
        source=minutes.id,
        project=minutes.project,
        chat=minutes.chat,
        standard=item.standard,
        due=item.due,
        first_due=item.due,
        created_by=minutes.recorder,
        created_at=ctx.now,
    )


def _change(ctx: Context, known: Task, item: MinutesItem, was: MinutesItem) -> str:
    """Only what the line changed: a date that was moved otherwise stays."""
    changed = replace(known, title=item.text, standard=item.standard)
    if item.due != was.due:
        changed = replace(changed, due=item.due)
    if item.owner and item.owner != was.owner:
        department = ctx.directory.department_of(item.owner) or ""
        changed = replace(changed, owner=item.owner, department=department)
    if changed == known:
        return known.id
    saved = ctx.uow.save(changed)
    trace.record(ctx, "task.changed", saved, was=known)
    if saved.due != known.due:
        due_dates.arm(ctx, saved)
    if saved.owner == known.owner:
        refresh(ctx, saved)
    else:
        announce(ctx, saved)
    return known.id


def _drop(ctx: Context, minutes: Minutes, ref: str) -> None:
    """The line is gone: its task is waived; its decision stays in the log, with a note that it was withdrawn."""
    if ref.startswith("D-"):
        trace.record(ctx, "decision.withdrawn", ref, source=minutes.id, edition=minutes.edition)
        return
    task = ctx.uow.get(Task, ref)
    if task is None or task.state not in task_rules.OPEN_STATES:
        return
    waived = ctx.uow.save(task_rules.waive(task, ctx.now))
    trace.record(ctx, "task.waived", waived, was=task, reason=minutes.id)
    due_dates.disarm(ctx, ref)
    refresh(ctx, waived)
