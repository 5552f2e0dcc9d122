"""What the clocks of minutes do at their steps: the minutes themselves (C6), and their confirmation (C7)."""

from __future__ import annotations

from dataclasses import replace

from commands import clockwork, tell, trace
from commands.domain import minutes as rules
from commands.domain.clocks import Clock
from commands.domain.minutes import UNPUBLISHED, ConfirmationState, Minutes, MinutesState
from commands.minutes import record
from commands.minutes.confirm import finish_if_done
from commands.ports import Priority
from commands.registry import Context


def writing(ctx: Context, clock: Clock, step: str) -> None:
    """C6: the recorder is reminded; then recorder, host and project manager hear that the minutes are late."""
    minutes = ctx.uow.get(Minutes, clock.item)
    if minutes is None or minutes.state not in UNPUBLISHED:
        return
    if step != "breach":
        _remind(ctx, "minutes_due", minutes, (minutes.recorder,), clock, step)
        return
    late = ctx.uow.save(replace(minutes, late=True))
    trace.record(ctx, "minutes.late", late, was=minutes)
    people = (minutes.recorder, minutes.host, record.manager(ctx, minutes))
    _remind(ctx, "minutes_overdue", late, people, clock, step)
    record.refresh(ctx, late)


def confirmation(ctx: Context, clock: Clock, step: str) -> None:
    """C7: the silent are reminded once; then silence counts as no objection, shown apart from a confirmation."""
    id, _, edition = clock.item.partition("/")
    minutes = ctx.uow.get(Minutes, id)
    if minutes is None or minutes.state is not MinutesState.PUBLISHED:
        return
    asked = [a for a in record.answers(ctx, minutes) if a.edition == int(edition)]
    silent = [a for a in asked if a.state is ConfirmationState.ASKED]
    if step != "breach":
        _remind(ctx, "minutes_waiting", minutes, tuple(a.person for a in silent), clock, step)
        return
    if ctx.policy.silence_is == "deemed":
        for answer in silent:
            ctx.uow.save(rules.deem(answer, ctx.now))
            trace.record(ctx, "minutes.deemed", minutes, person=answer.person, edition=minutes.edition)
    record.refresh(ctx, finish_if_done(ctx, minutes))


def _remind(ctx: Context, view: str, minutes: Minutes, people: tuple[str | None, ...], clock: Clock, step: str) -> None:
    end = clockwork.due_at(ctx, clock.kind, clock.item)
    told = tell.notify(
        ctx, view, minutes.id, people, step=f"{step}:{clock.id}", priority=Priority.PROMPT, in_person=True, due=end
    )
    trace.record(ctx, "clock.warned", minutes, clock=clock.id, step=step, told=told)
