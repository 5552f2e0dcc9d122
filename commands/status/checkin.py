"""`/status checkin`: today's progress and tomorrow's plan, before the prompt, in time, late, or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commands import clockwork, trace
from commands.cards import checkin as cards
from commands.domain import checkin as rules
from commands.domain.checkin import Checkin, CheckinState, Report
from commands.domain.clocks import ClockKind
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.status import evening
from commands.words import words

MOST_TASKS = 8
"""How many open tasks a form begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    progress: str = ask(Kind.LINES, required=True, main=True)
    plan: str = ask(Kind.LINES, wanted=True)
    blockers: str = ask(Kind.LINES)
    department: str | None = ask(Kind.DEPARTMENT, hidden=True)  # a mention in the text is no field
    on: str = ask(Kind.TEXT, hidden=True)  # the day, as ISO


def check_in(ctx: Context, given: CheckIn) -> Reply:
    """Writes the day's entry of every department that the person reports for."""
    departments = _departments(ctx, given.department)
    day = _day(ctx, given.on, departments[0])
    entries = [_write(ctx, department, day, _report(given)) for department in departments]
    return _receipt(ctx, entries[0])


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form begins with the text that is there, else with the open tasks, one a line."""
    departments = _departments(ctx, values.get("department"))
    day = _day(ctx, values.get("on", ""), departments[0])
    known = evening.entry(ctx, departments[0], day)
    proposed: dict[str, Any] = {"on": day.isoformat()}
    if known and known.state in rules.ANSWERED:
        return {**proposed, "progress": known.progress, "plan": known.plan, "blockers": known.blockers}
    return {**proposed, "progress": _task_lines(ctx, departments)}


# --- who and when --------------------------------------------------------------------------------


def _departments(ctx: Context, named: str | None) -> tuple[str, ...]:
    """The departments the person reports for today; else the first they could report for."""
    today = ctx.calendar.local(ctx.now).date()
    if named:
        could = evening.may_report(ctx, named, today)
        if ctx.me not in could:
            raise Refused("checkin.not_yours", department=named, who=could)
        return (named,)
    mine = evening.reports_for(ctx, ctx.me, today) or ctx.directory.departments_of(ctx.me)[:1]
    if not mine:
        raise Refused("checkin.no_department")
    return mine


def _day(ctx: Context, named: str, department: str) -> date:
    """The day that is meant, if it can still be reported: worked, not in the future, and its successor not asked."""
    day = _read_day(named) if named else evening.day_meant(ctx, department)
    working = evening.calendar(ctx, department)
    until = evening.answerable_until(ctx, department, day)
    if ctx.now >= until:
        raise Refused("checkin.over", day=day, until=until)
    if day > working.local(ctx.now).date() or not working.is_working_day(day):
        raise Refused("checkin.no_round", day=day)
    return day


def _read_day(named: str) -> date:
    try:
        return date.fromisoformat(named)
    except ValueError:
        raise Refused("checkin.unknown_day", word=named[:60]) from None


# --- the report ----------------------------------------------------------------------------------


def _report(given: CheckIn) -> Report:
    """What was given; a single line that holds everything is split at 今日 / 明日 / 卡点."""
    if given.plan:
        return Report(given.progress, given.plan, given.blockers)
    split = rules.split_report(given.progress)
    return Report(split.progress, split.plan, given.blockers or split.blockers)


def _task_lines(ctx: Context, departments: tuple[str, ...]) -> str:
    """The open tasks, one a line, to be written behind."""
    tasks = [task for department in departments for task in evening.open_tasks(ctx, department)]
    return "\n".join(f"{task.id} {task.title} – " for task in tasks[:MOST_TASKS])


def _write(ctx: Context, department: str, day: date, report: Report) -> Checkin:
    known = evening.entry(ctx, department, day)
    was = known or evening.expected(ctx, department, day)
    if was is None:
        raise Refused("checkin.no_liaison", department=department)
    if ctx.me != was.person and ctx.me in evening.may_report(ctx, department, day):
        ctx.set_acting_for(was.person)
    until = evening.answerable_until(ctx, department, day)
    written = rules.answer(was, ctx.me, ctx.now, report, until=until)
    if known:
        written = ctx.uow.save(written)
    else:
        ctx.uow.add(written)
    is_edit = was.state in rules.ANSWERED
    trace.record(ctx, "checkin.edited" if is_edit else "checkin.answered", written, was=was if known else None)
    clockwork.stop(ctx, ClockKind.CHECKIN, written.id)
    evening.refresh(ctx, written)
    if written.state is CheckinState.LATE and not is_edit:
        evening.tell_late(ctx, written)
    return written


def _receipt(ctx: Context, written: Checkin) -> Reply:
    """Says how it counts. The card with 修改 is the prompt's own, edited; without a prompt it comes here."""
    late = written.state is CheckinState.LATE
    key = "checkin.said.edited" if written.edited else "checkin.said.late" if late else "checkin.said.done"
    until = evening.answerable_until(ctx, written.department, written.day)
    said = words(key, day=written.day, until=until)
    item = evening.card_item(ctx.me, written.day)
    if ctx.uow.places(item, evening.CARD):
        return Reply(say=said)
    return Reply(say=said, view=cards.card(ctx, item, ctx.me, {}))
