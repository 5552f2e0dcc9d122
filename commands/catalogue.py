"""What the product can do, in four tables: verbs, cards, jobs, and what a clock's step does. Reading them is
reading the product; adding a line is adding a feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.domain.clocks import Clock, ClockKind
from commands.registry import CardType, Context, Job, Verb

VERBS: tuple[Verb, ...] = (
    # request
    # escalate
    # minutes
    # status
)

CARDS: tuple[CardType, ...] = (
    # request
    # escalate
    # minutes
    # status
)

JOBS: tuple[Job, ...] = (
    # clocks and due dates
    # status
)

OnStep = Callable[[Context, Clock, str], None]
"""Called with the clock (its step already marked as taken) and the step's name: "50", "75", "breach", "again:1"."""

CLOCK_STEPS: Mapping[ClockKind, OnStep] = {
    # request
    # escalate
    # minutes
    # status
}
