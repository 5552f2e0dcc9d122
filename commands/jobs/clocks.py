"""The job of every clock: take the step that is due, do what it means, set the next timer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commands import clockwork, trace
from commands.domain import clocks
from commands.domain.clocks import Clock, ClockKind, ClockState, Step
from commands.registry import Context

OnStep = Callable[[Context, Clock, str], None]


def job(steps: Mapping[ClockKind, OnStep]) -> Callable[[Context, str, Mapping[str, Any]], None]:
    """The job, given what each kind of clock does."""

    def run(ctx: Context, subject: str, payload: Mapping[str, Any]) -> None:
        clock = ctx.uow.get(Clock, subject)
        step = Step(str(payload["step"]), ctx.now)
        if clock is None or clock.state is not ClockState.RUNNING or step.name in clock.done:
            return
        taken = clockwork.save(ctx, clocks.take(clock, step))
        if step.name == "breach":
            trace.record(ctx, "clock.breached", clock.item, clock=clock.id, kind=clock.kind, side=clock.side)
        if _is_overtaken(ctx, taken, step):
            trace.record(
                ctx, "clock.skipped", clock.item, clock=clock.id, step=step.name, result="dropped", why="superseded"
            )
            return
        steps[clock.kind](ctx, taken, step.name)

    return run


def _is_overtaken(ctx: Context, clock: Clock, step: Step) -> bool:
    """After downtime a warning makes no sense when a later step is due as well; what ends a limit always counts."""
    if not step.name.isdigit() and not step.name.startswith("again"):
        return False
    return bool(clocks.steps_passed(clock, ctx.real_now, clockwork.calendar_of(ctx, clock), ctx.policy))
