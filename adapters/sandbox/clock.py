"""The sandbox's hold on time: what the wiring must supply, and how far "90m" is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Protocol

_PART = re.compile(r"(\d{1,9})(d|h|m|s)", re.IGNORECASE)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class ClockControl(Protocol):
    """The clock of the running bot. Only a manual one may be moved, and only forwards."""

    @property
    def manual(self) -> bool: ...

    def now(self) -> datetime: ...

    async def move_to(self, moment: datetime) -> int:
        """Lets time pass up to `moment`: everything due on the way happens in order, each thing at its own time,
        and is delivered before this returns the number of messages posted."""

    async def next_due(self) -> datetime | None:
        """When the next thing happens by itself; None when nothing waits for time."""


def parse_advance(text: str) -> timedelta:
    """`90m`, `2h`, `1d`, `1h59m`, `45s`: wall time. Raises `ValueError` for anything else."""
    compact = "".join(text.split())
    parts = _PART.findall(compact)
    if not parts or _PART.sub("", compact):
        raise ValueError(f"not a length of time: {text!r} (write 90m, 2h, 1d, 1h59m or 45s)")
    try:
        return sum((timedelta(**{_UNITS[unit.lower()]: int(n)}) for n, unit in parts), timedelta())
    except OverflowError:
        raise ValueError(f"too long: {text!r}") from None
