"""What the clocks of minutes do at their steps: the minutes themselves (C6), and their confirmation (C7)."""

from __future__ import annotations

from dataclasses import replace

from commands import clockwork, tell, trace
from commands.domain.clocks import Clock
from commands.domain.minutes import UNPUBLISHED, Minutes, MinutesState
from commands.minutes import closing, record
from commands.ports import Priority
from commands.registry import Context


def writing(ctx: Context, clock: Clock, step: str) -> None:
    """C6: the recorder is reminded; then recorder, host and project manager hear that the minutes are late."""
    minutes = ctx.uow.get(Minutes, clock.item)
    if minutes is None or minutes.state not in UNPUBLISHED:
        return
    if step != "breach":
        _remind(ctx, "minutes_due", minutes, _writers(ctx, minutes), clock, step)
        return
    late = minutes if minutes.late else ctx.uow.save(replace(minutes, late=True))
    trace.record(ctx, "minutes.late", late, was=minutes)
    people = (minutes.recorder, minutes.host, record.manager(ctx, minutes))
    _remind(ctx, "minutes_overdue", late, people, clock, step)
    record.refresh(ctx, late)


def confirmation(ctx: Context, clock: Clock, step: str) -> None:
    """C7: the silent are reminded once; then silence counts as no objection, shown apart from a confirmation."""
    minutes = ctx.uow.get(Minutes, clock.item.partition("/")[0])
    if minutes is None or minutes.state is not MinutesState.PUBLISHED:
        return
    if step == "breach":
        record.refresh(ctx, closing.end_round(ctx, minutes, clock.item))
        return
    silent = (a.person for a in closing.asked_in(ctx, minutes, clock.item))
    _remind(ctx, "minutes_waiting", minutes, tuple(p for p in silent if not _is_away(ctx, p)), clock, step)


def _writers(ctx: Context, minutes: Minutes) -> tuple[str, ...]:
    """The recorder; while the recorder is away, the host, who may publish as well."""
    return (minutes.host,) if _is_away(ctx, minutes.recorder) else (minutes.recorder,)


def _is_away(ctx: Context, person: str) -> bool:
    return ctx.directory.is_away(person, ctx.calendars.of_person(person).local(ctx.now).date())


def _remind(ctx: Context, view: str, minutes: Minutes, people: tuple[str | None, ...], clock: Clock, step: str) -> None:
    end = clockwork.due_at(ctx, clock.kind, clock.item)
    told = tell.notify(
        _as_said_now(ctx, minutes),
        view,
        minutes.id,
        people,
        step=f"{step}:{clock.id}",
        priority=Priority.PROMPT,
        in_person=True,
        due=end,
    )
    trace.record(ctx, "clock.warned", minutes, clock=clock.id, step=step, told=told)


def _as_said_now(ctx: Context, minutes: Minutes) -> Context:
    """A meeting entered when its limit was over already: the message is not late, only the minutes are."""
    return replace(ctx, now=ctx.real_now) if minutes.created_at > ctx.now else ctx
