"""`liaison when`: how the bot reads a due date, for people who wonder and for scripts."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import datetime

from bot.calendarsource import calendar_builder
from bot.clock import SystemClock
from bot.exits import FAILED, FINE, WRONG
from bot.fieldtypes import read_zone
from bot.settings import Settings
from commands.domain.due_date import NotADate, read_due
from commands.domain.worktime import WorkCalendar


class _Unusable(Exception):
    """A flag that cannot be read."""


def answer(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prints one ISO moment for the expression, or one for each line of the input; returns the exit code."""
    expression = " ".join(arguments.expression)
    if bool(expression) == arguments.stdin:
        print("liaison when: give an expression, or --stdin", file=sys.stderr)
        return WRONG
    try:
        calendar = _calendar(settings, arguments.timezone)
        now = _now(arguments.now, calendar)
    except _Unusable as error:
        print(f"liaison when: {error}", file=sys.stderr)
        return WRONG
    return _every_line(now, calendar) if arguments.stdin else _one(expression, now, calendar)


def _one(expression: str, now: datetime, calendar: WorkCalendar) -> int:
    try:
        print(_read(expression, now, calendar))
    except NotADate as refusal:
        print(f"liaison when: {expression}: {refusal}", file=sys.stderr)
        return FAILED
    return FINE


def _every_line(now: datetime, calendar: WorkCalendar) -> int:
    for line in sys.stdin:
        try:
            print(_read(line.strip(), now, calendar))
        except NotADate:
            print("-")
    return FINE


def _read(expression: str, now: datetime, calendar: WorkCalendar) -> str:
    return calendar.local(read_due(expression, now, calendar).moment).isoformat()


def _calendar(settings: Settings, zone: str | None) -> WorkCalendar:
    calendars = calendar_builder(settings)((), SystemClock().now().date())
    calendar = calendars.get("default") or next(iter(calendars.values()))
    try:
        return replace(calendar, zone=read_zone(zone or settings.timezone.key).key)
    except ValueError as error:
        raise _Unusable(f"--timezone: {zone} {error}") from None


def _now(iso: str | None, calendar: WorkCalendar) -> datetime:
    if iso is None:
        return SystemClock().now()
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        raise _Unusable(f"--now: {iso} is not a moment; write it as 2026-09-23T10:30:00+08:00") from None
    return moment if moment.tzinfo else calendar.at(moment.date(), moment.time())
