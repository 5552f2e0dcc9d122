"""Longer and longer pauses before something is tried again."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_PAUSE = 30.0


class Backoff:
    """With jitter, so that replicas do not come back together. `chance` gives numbers between 0 and 1."""

    def __init__(self, chance: Callable[[], float], *, first: float = 1.0, longest: float = LONGEST_PAUSE) -> None:
        self._chance = chance
        self._first = first
        self._longest = longest
        self._tries = 0

    def pause(self) -> float:
        """Seconds to wait now: between half of the step and all of it."""
        step = min(self._first * 2.0**self._tries, self._longest)
        self._tries = min(self._tries + 1, 30)
        return step * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        self._tries = 0
