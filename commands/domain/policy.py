"""The numbers of the rules: limits, warnings, repeats. Every one is configurable; these are the defaults."""

from __future__ import annotations

from dataclasses import dataclass

from commands.domain.duration import Duration, parse_duration


def _d(text: str) -> Duration:
    return parse_duration(text)


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of the clocks and the rhythm of reminders (PRODUCT: clocks C1 to C10)."""

    response_urgent: Duration = _d("2h")
    response_normal: Duration = _d("1wd")
    to_leadership_after_head: Duration = _d("1wd")
    info: Duration = _d("1wd")
    counter: Duration = _d("1wd")
    counter_lapse: Duration = _d("2wd")
    decline_lapse: Duration = _d("2wd")
    draft_lapse: Duration = _d("1wd")
    dispute: Duration = _d("1wd")
    ruling_urgent: Duration = _d("2h")
    ruling_normal: Duration = _d("1wd")
    supplement_urgent: Duration = _d("2h")
    supplement_normal: Duration = _d("1wd")
    ruling_reping_every: Duration = _d("1wd")
    ruling_repings: int = 3
    execution: Duration = _d("1wd")
    minutes: Duration = _d("1wd")
    confirmation: Duration = _d("1wd")
    silence_is: str = "deemed"  # deemed | open
    acceptance: Duration = _d("3wd")
    rework: Duration = _d("3wd")
    rating: Duration = _d("5wd")
    reminder_every: Duration = _d("1wd")
    reminders: int = 3
    reopen_within_days: int = 10
    warn_at: tuple[int, ...] = (50, 75)  # per cent of the limit
    acceptance_warn_at: tuple[int, ...] = (67,)
    due_warn_before: Duration = _d("3d")
    notice_before_days: int = 2
    overdue_to_head_days: int = 2
    overdue_to_leadership_days: int = 3
    digest_at: str = "09:30"
    checkin_before_end: Duration = _d("60m")
    checkin_remind_at: int = 50
    checkin_misses_to_head: int = 2
    calendar_warn_days: int = 45
    bundle_within: Duration = _d("2m")
    direct_per_hour: int = 6
