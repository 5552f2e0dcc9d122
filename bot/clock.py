"""The only place that asks what time it is, and the only place that makes up ids.

Everything else is given a moment or an id as an argument, so that a test holds both in its hand.
"""

from __future__ import annotations

import random
import time
import uuid
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the moment, as aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved. Without a start it begins at the real moment."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = _as_utc(start) if start is not None else datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Goes forward to a moment; refuses with a ValueError to go back, as real time does."""
        moment = _as_utc(moment)
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and cannot go back to {moment.isoformat()}")
        self._now = moment


def monotonic() -> float:
    """Seconds for measuring how long something took; never goes back and says nothing about the time of day."""
    return time.perf_counter()


def chance() -> float:
    """A number from 0 up to 1 that nobody can foresee: for pauses that must not be the same everywhere."""
    return random.random()


class Ids(Protocol):
    """Makes ids that nobody has used before."""

    def fresh(self) -> str: ...


class RandomIds:
    """Ids that cannot be guessed: 32 hexadecimal digits."""

    def fresh(self) -> str:
        return uuid.uuid4().hex


class SeededIds:
    """Ids that look the same and come in the same order for the same seed: for tests, never for a running bot."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def fresh(self) -> str:
        return f"{self._random.getrandbits(128):032x}"


def _as_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)
