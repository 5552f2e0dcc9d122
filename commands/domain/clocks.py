"""The clocks: how long a side may take to answer, who is warned on the way, and what happens at the end.

A clock is a list of segments in which it ran; pauses are kept with the side that was waited for. Due moments
are computed from the segments and a working calendar, never stored as the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClockKind(StrEnum):
    RESPONSE = "C1"
    REPLY = "C2"
    DISPUTE = "C4"
    RULING = "C5"
    MINUTES = "C6"
    CONFIRMATION = "C7"
    ACCEPTANCE = "C8"
    REWORK = "C9"
    CHECKIN = "C10"
    EXECUTION = "execution"
    DECLINED = "declined"
    RATING = "rating"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time booked to a side (a department's id, or "" for nobody in particular)."""

    start: datetime
    end: datetime | None
    side: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person who acknowledged is not warned again before `until`; the clock itself runs on."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`id` is kind:item:generation. `side` is the department waited for, `calendar` that side's calendar;
    `limit` as written in the policy ("2h", "1wd"). `done` names the steps already taken, each once."""

    id: str
    kind: ClockKind
    item: str
    side: str
    calendar: str
    limit: str
    urgent: bool = False
    state: ClockState = ClockState.RUNNING
    ran: tuple[Segment, ...] = ()
    waited: tuple[Segment, ...] = ()
    done: tuple[str, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    breached_at: datetime | None = None
    outcome: str = ""  # met | late | cancelled
    started_at: datetime
    stopped_at: datetime | None = None
    used_minutes: int | None = None  # set when stopped; never recomputed
    version: int = 0
