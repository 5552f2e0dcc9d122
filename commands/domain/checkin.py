"""The daily check-in: what a liaison did today and plans for tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CheckinState(StrEnum):
    EXPECTED = "expected"
    ASKED = "asked"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    EXCUSED = "excused"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkin:
    """One department's entry of one day. `person` was asked; `answered_by` answered (a deputy, perhaps)."""

    id: str  # "zhangwei:2026-09-23"
    person: str
    department: str
    day: date
    state: CheckinState = CheckinState.EXPECTED
    progress: str = ""
    plan: str = ""
    blockers: str = ""
    asked_at: datetime | None = None
    closes_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    edited: bool = False
    history: tuple[str, ...] = ()  # earlier texts
    version: int = 0
