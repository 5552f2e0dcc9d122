"""Acceptance: deliver, verify or send back, close with a score, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commands import clockwork, tell, trace
from commands.domain import request as rules
from commands.domain import task as task_rules
from commands.domain.clocks import ClockKind
from commands.domain.due_date import Due
from commands.domain.duration import Duration, Unit
from commands.domain.request import Request
from commands.domain.task import Task, TaskState
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.jobs import due as due_dates
from commands.registry import Action, Context, Reply
from commands.request import record
from commands.request.new import start_response
from commands.request.task import hand_over, refresh
from commands.words import Dept, Who, words

SCORES = ("5", "4", "3", "2", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    link: str = ask(Kind.TEXT, required=True, main=True)
    note: str = ask(Kind.LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    note: str = ask(Kind.LINES, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    id: str = ask(Kind.REF, required=True, refs=("R", "T"))
    failed: str = ask(Kind.LINES, required=True, main=True)
    limit: Due | None = ask(Kind.DUE, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    rating: str = ask(Kind.CHOICE, required=True, bare=True, choices=SCORES)
    note: str = ask(Kind.LINES, main=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    id: str = ask(Kind.REF, required=True, refs=("R",))
    reason: str = ask(Kind.LINES, required=True, main=True)


def propose_limit(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The form proposes the usual time for putting things right, as a date: until work ends on that day."""
    last = ctx.calendar.local(ctx.calendar.add(ctx.now, ctx.policy.rework)).date()
    return {"limit": ctx.calendar.work_end(last), **values}


def deliver(ctx: Context, given: Deliver) -> Reply:
    """Everything is done or waived: the requester has to accept or send back (C8)."""
    if given.id.startswith("T-"):
        return _deliver_task(ctx, given)
    was = record.get(ctx, given.id)
    record.require(ctx, "request.deliver", record.sides(was))
    record.note_deputy(ctx, was.lead)
    handed = rules.deliver(was, ctx.me, ctx.now, link=given.link, note=given.note)
    _settle_tasks(ctx, was, given.link)
    delivered = ctx.uow.save(handed)
    trace.record(
        ctx,
        "request.delivered",
        delivered,
        was=was,
        late=bool(was.due and ctx.now > was.due),
        round=len(delivered.deliveries),
    )
    clockwork.stop(ctx, ClockKind.REWORK, was.id)
    clockwork.start(ctx, ClockKind.ACCEPTANCE, was.id, ctx.policy.acceptance, side=was.department)
    end = clockwork.due_at(ctx, ClockKind.ACCEPTANCE, was.id)
    people = (was.requester,)
    tell.notify(ctx, "request_delivered", was.id, people, step=f"v{delivered.version}", by=Who(ctx.me), answer_by=end)
    record.refresh(ctx, delivered)
    return Reply(say=words("request.delivered.said", id=was.id, due=end))


def verify(ctx: Context, given: Verify) -> Reply:
    """All criteria are met."""
    if given.id.startswith("T-"):
        return _verify_task(ctx, given)
    was = record.get(ctx, given.id)
    record.require(ctx, "request.verify", record.sides(was))
    verified = ctx.uow.save(rules.verify(was, ctx.me, ctx.now))
    trace.record(ctx, "request.verified", verified, was=was, reason=given.note, round=len(was.deliveries))
    clockwork.stop(ctx, ClockKind.ACCEPTANCE, was.id)
    _finish_tasks(ctx, was)
    clockwork.start(ctx, ClockKind.RATING, was.id, ctx.policy.rating, side=was.department)
    people = (record.lead_liaison(ctx, was),)
    tell.notify(ctx, "request_verified", was.id, people, step=f"v{verified.version}", by=Who(ctx.me))
    end = clockwork.due_at(ctx, ClockKind.RATING, was.id)
    rater = (was.requester,)
    tell.notify(ctx, "request_rate", was.id, rater, step=f"v{verified.version}", answer_by=end, even_self=True)
    record.refresh(ctx, verified)
    return Reply(say=words("request.verified.said", id=was.id))


def rework(ctx: Context, given: Rework) -> Reply:
    """Back with what failed and a limit (C9)."""
    assert given.limit
    if given.id.startswith("T-"):
        return _rework_task(ctx, given)
    was = record.get(ctx, given.id)
    record.require(ctx, "request.rework", record.sides(was))
    sent_back = ctx.uow.save(rules.rework(was, ctx.me, ctx.now, failed=given.failed))
    trace.record(ctx, "request.sent_back", sent_back, was=was, reason=given.failed, round=len(was.deliveries))
    clockwork.stop(ctx, ClockKind.ACCEPTANCE, was.id)
    clockwork.start(ctx, ClockKind.REWORK, was.id, _until(ctx, was.lead, given.limit.moment), side=was.lead)
    for task in record.tasks(ctx, was, (TaskState.SUBMITTED,)):
        if task.department == was.lead:
            _send_task_back(ctx, task, given.failed, given.limit.moment)
    people = (record.lead_liaison(ctx, was),)
    tell.notify(
        ctx,
        "request_rework",
        was.id,
        people,
        step=f"v{sent_back.version}",
        by=Who(ctx.me),
        failed=given.failed,
        answer_by=given.limit.moment,
        round=len(was.deliveries),
    )
    record.refresh(ctx, sent_back)
    twice = len([d for d in sent_back.deliveries if d.outcome == "failed"]) >= 2
    key = "request.rework.twice" if twice else "request.rework.said"
    return Reply(say=words(key, id=was.id, due=given.limit.moment))


def close(ctx: Context, given: Close) -> Reply:
    """The requester scores the other side and ends the loop."""
    was = record.get(ctx, given.id)
    record.require(ctx, "request.close", record.sides(was))
    close_now(ctx, was, int(given.rating), given.note)
    return Reply(say=words("request.closed.said", id=was.id))


def scores(id: str) -> tuple[Action, ...]:
    """One button for each score: closing takes one of them."""
    return tuple(
        Action("request.close", {"id": id, "rating": score}, label=words("request.rate.score", n=int(score)))
        for score in SCORES
    )


def close_now(ctx: Context, was: Request, rating: int | None, note: str) -> Request:
    closed = ctx.uow.save(rules.close(was, ctx.now, rating=rating, note=note))
    trace.record(ctx, "request.closed", closed, was=was, rated_department=was.lead)
    clockwork.stop(ctx, ClockKind.RATING, was.id)
    people = (record.lead_liaison(ctx, was), was.requester)
    tell.notify(ctx, "request_closed", was.id, people, step=f"v{closed.version}")
    record.refresh(ctx, closed)
    return closed


def reopen(ctx: Context, given: Reopen) -> Reply:
    """Something was missed: the lead has to answer again, with new clocks."""
    was = record.get(ctx, given.id)
    record.require(ctx, "request.reopen", record.sides(was))
    again = ctx.uow.save(rules.reopen(was, ctx.now, reason=given.reason, until=_reopen_until(ctx, was)))
    trace.record(ctx, "request.reopened", again, was=was, reason=given.reason)
    clockwork.stop(ctx, ClockKind.RATING, was.id, cancelled=True)
    start_response(ctx, again)
    end = record.answer_by(ctx, again)
    people = (record.lead_liaison(ctx, again),)
    tell.notify(ctx, "request_reopened", was.id, people, step=f"v{again.version}", by=Who(ctx.me), answer_by=end)
    record.refresh(ctx, again)
    return Reply(say=words("request.reopened.said", id=was.id, due=end))


def _reopen_until(ctx: Context, request: Request) -> datetime:
    calendar = ctx.calendars.of_department(request.department)
    ended = request.closed_at or request.verified_at or ctx.now
    last = calendar.add_working_days(calendar.local(ended).date(), ctx.policy.reopen_within_days)
    return calendar.work_end(last)


def _settle_tasks(ctx: Context, request: Request, link: str) -> None:
    """The lead's own tasks go along with the delivery; what others still owe stands in the way."""
    waiting = [t for t in record.tasks(ctx, request, task_rules.OPEN_STATES) if t.department != request.lead]
    if waiting:
        owed = tuple(
            words(
                f"request.tasks_open.{'check' if t.state is TaskState.SUBMITTED else 'work'}",
                id=t.id,
                at=Dept(t.department),
                person=Who(t.owner),
            )
            for t in waiting
        )
        raise Refused("request.tasks_open", id=request.id, tasks=owed)
    for task in record.active_tasks(ctx, request):
        submitted = ctx.uow.save(task_rules.submit(task, ctx.me, ctx.now, link=link))
        trace.record(ctx, "task.submitted", submitted, was=task, late=task_rules.is_late(task, ctx.now))
        due_dates.disarm(ctx, task.id)
        refresh(ctx, submitted)


def _finish_tasks(ctx: Context, request: Request) -> None:
    for task in record.tasks(ctx, request, task_rules.OPEN_STATES):
        done = ctx.uow.save(task_rules.finish(task, ctx.now))
        trace.record(ctx, "task.done", done, was=task)
        due_dates.disarm(ctx, task.id)
        refresh(ctx, done)


def _deliver_task(ctx: Context, given: Deliver) -> Reply:
    task = record.get_task(ctx, given.id)
    if ctx.me != task.owner:
        record.require(ctx, "request.deliver", record.sides_of_task(ctx, task))
    return hand_over(ctx, task, given.link, given.note)


def _verify_task(ctx: Context, given: Verify) -> Reply:
    was = record.get_task(ctx, given.id)
    record.require(ctx, "task.verify", record.sides_of_task(ctx, was))
    done = ctx.uow.save(task_rules.accept(was, ctx.me, ctx.now))
    trace.record(ctx, "task.done", done, was=was, reason=given.note)
    tell.notify(ctx, "task_accepted", was.id, (was.owner,), step=f"v{done.version}", by=Who(ctx.me))
    refresh(ctx, done)
    return Reply(say=words("task.accepted.said", id=was.id))


def _rework_task(ctx: Context, given: Rework) -> Reply:
    assert given.limit
    was = record.get_task(ctx, given.id)
    record.require(ctx, "task.verify", record.sides_of_task(ctx, was))
    _send_task_back(ctx, was, given.failed, given.limit.moment)
    tell.notify(
        ctx,
        "task_rework",
        was.id,
        (was.owner,),
        step=f"v{was.version}",
        by=Who(ctx.me),
        failed=given.failed,
        answer_by=given.limit.moment,
    )
    return Reply(say=words("task.rework.said", id=was.id, due=given.limit.moment))


def _send_task_back(ctx: Context, was: Task, failed: str, limit: datetime) -> None:
    back = task_rules.move_due(task_rules.rework(was, ctx.me, ctx.now, failed=failed), limit)
    saved = ctx.uow.save(back)
    trace.record(ctx, "task.sent_back", saved, was=was, reason=failed)
    due_dates.arm(ctx, saved)
    refresh(ctx, saved)


def _until(ctx: Context, department: str, moment: datetime) -> Duration:
    """The time until a moment as a limit in that department's working hours, so that 75 % falls into them."""
    worked = ctx.calendars.of_department(department).working_time(ctx.now, moment)
    if worked <= timedelta():
        return Duration((moment - ctx.now).total_seconds(), Unit.WALL)
    return Duration(worked / timedelta(hours=1), Unit.HOURS)
