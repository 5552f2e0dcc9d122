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
from commands.registry import Context, Question, Reply
from commands.status import evening
from commands.words import Dept, Who, words

MOST_TASKS = 8
"""How many open tasks a form begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    progress: str = ask(Kind.LINES, main=True)
    plan: str = ask(Kind.LINES)
    blockers: str = ask(Kind.LINES)
    department: str | None = ask(Kind.DEPARTMENT)
    day: str = ask(Kind.TEXT, hidden=True)


def check_in(ctx: Context, given: CheckIn) -> Reply:
    """Writes the day's entry of every department that the person reports for. Half a report opens the form."""
    departments = _departments(ctx, given.department)
    day = _day(ctx, given, departments[0])
    _still_open(ctx, departments[0], day)
    report = _report(given)
    if missing := _missing(report):
        return Reply(question=_question(ctx, departments, day, report, missing))
    entries = [_write(ctx, department, day, report) for department in departments]
    return _receipt(ctx, entries[0])


# --- who and when --------------------------------------------------------------------------------


def _departments(ctx: Context, named: str | None) -> tuple[str, ...]:
    """The departments the person reports for today; else the first they could report for."""
    today = ctx.calendar.local(ctx.now).date()
    if named:
        could = evening.may_report(ctx, named, today)
        if ctx.me not in could:
            raise Refused("checkin.not_yours", department=Dept(named), who=tuple(Who(p) for p in could))
        return (named,)
    mine = evening.reports_for(ctx, ctx.me, today) or ctx.directory.departments_of(ctx.me)[:1]
    if not mine:
        raise Refused("checkin.no_department")
    return mine


def _day(ctx: Context, given: CheckIn, department: str) -> date:
    if not given.day:
        return evening.day_meant(ctx, department)
    try:
        return date.fromisoformat(given.day)
    except ValueError:
        raise Refused("checkin.unknown_day", day=given.day) from None


def _still_open(ctx: Context, department: str, day: date) -> None:
    """Refuses a day whose successor was asked already, and a day that is not worked or not here yet."""
    working = evening.calendar(ctx, department)
    until = evening.answerable_until(ctx, department, day)
    if ctx.now >= until:
        raise Refused("checkin.over", day=day, until=until)
    if day > working.local(ctx.now).date() or not working.is_working_day(day):
        raise Refused("checkin.no_round", day=day)


# --- the report ----------------------------------------------------------------------------------


def _report(given: CheckIn) -> Report:
    """What was given; a single line that holds everything is split at 今日 / 明日 / 卡点."""
    if given.plan:
        return Report(given.progress, given.plan, given.blockers)
    split = rules.split_report(given.progress)
    return Report(split.progress, split.plan, given.blockers or split.blockers)


def _missing(report: Report) -> Mapping[str, Refused]:
    problems = {}
    if not report.progress.strip():
        problems["progress"] = Refused("checkin.no_progress")
    if not report.plan.strip():
        problems["plan"] = Refused("checkin.no_plan")
    return problems


def _question(
    ctx: Context, departments: tuple[str, ...], day: date, report: Report, missing: Mapping[str, Refused]
) -> Question:
    """The form: with what was written, else with the text that is there, else with the open tasks."""
    is_blank = len(missing) == 2 and not report.blockers
    known = evening.entry(ctx, departments[0], day)
    values: dict[str, Any] = {"day": day.isoformat()}  # Any: values of the form's fields
    if len(departments) == 1:
        values["department"] = departments[0]
    if is_blank and known and known.state in rules.ANSWERED:
        report = Report(known.progress, known.plan, known.blockers)
    elif is_blank:
        report = Report(_task_lines(ctx, departments), "")
    values |= {"progress": report.progress, "plan": report.plan, "blockers": report.blockers}
    return Question(
        "status.checkin",
        {name: value for name, value in values.items() if value},
        {} if is_blank else missing,
        title=words("checkin.form.title", day=day),
    )


def _task_lines(ctx: Context, departments: tuple[str, ...]) -> str:
    """The open tasks, one a line, to be written behind."""
    tasks = [task for department in departments for task in evening.open_tasks(ctx, department)]
    return "\n".join(f"{task.id} {task.title}：" for task in tasks[:MOST_TASKS])


def _write(ctx: Context, department: str, day: date, report: Report) -> Checkin:
    known = evening.entry(ctx, department, day)
    was = known or evening.expected(ctx, department, day)
    if was is None:
        raise Refused("checkin.no_liaison", department=Dept(department))
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
