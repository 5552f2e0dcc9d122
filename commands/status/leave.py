"""`/status leave`: away from … to …, who answers meanwhile, and what is left lying. Off always has an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from commands import tell, trace
from commands.domain.people import Directory, Leave
from commands.domain.task import Task
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.registry import Action, Context, Reply, View
from commands.status import absence as rules
from commands.status import lines, waiting
from commands.words import Dept, Shown, Who, Words, words

END = "end"
MOST_WAITING = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    days: tuple[date, date] | None = ask(Kind.DAYS, required=True, optional_when=("action", END))
    deputy: str | None = ask(Kind.PERSON)
    person: str | None = ask(Kind.PERSON)
    action: str = ask(Kind.CHOICE, choices=(END,), bare=True)


def leave(ctx: Context, given: Away) -> Reply:
    """Enters a leave, for oneself, or as head, PMO or admin for somebody else; or ends it."""
    person = given.person or ctx.me
    _may_enter(ctx, person)
    if given.action == END:
        return _end(ctx, person, given.days)
    assert given.days  # required by the input
    start, end = given.days
    entered = rules.plan(
        ctx.directory,
        id=ctx.uow.next_id("L"),
        person=person,
        start=start,
        end=end,
        deputy=given.deputy,
        today=_today(ctx, person),
    )
    ctx.uow.add_leave(entered)
    trace.record(ctx, "leave.entered", entered)
    _tell(ctx, "leave_entered", entered)
    if alone := rules.gap(ctx.directory, entered):
        _warn_of_gap(ctx, entered, rules.span(*alone))
    return Reply(say=_said(ctx, entered), view=_left_lying(ctx, entered))


def _end(ctx: Context, person: str, days: tuple[date, date] | None) -> Reply:
    """Back today: the leave ended yesterday. One that has not begun is called off."""
    today = _today(ctx, person)
    current = rules.to_end(ctx.directory, person, today, days)
    last = min(today, current.start) - timedelta(days=1)
    ctx.uow.end_leave(current.id, last)
    trace.record(ctx, "leave.ended", current, last_day=last)
    ctx.uow.wake(tell.to_person(person), tell.waking(ctx, person) or ctx.now)
    _tell(ctx, "leave_ended", current)
    return Reply(say=words("leave.said.ended", person=Who(person), days=rules.span(current.start, current.end)))


# --- who -----------------------------------------------------------------------------------------


def _may_enter(ctx: Context, person: str) -> None:
    could = may_enter(ctx.directory, person)
    if ctx.me not in could:
        raise Refused("leave.not_yours", person=person, who=could)


def may_enter(directory: Directory, person: str) -> tuple[str, ...]:
    """The person, the heads of their departments, PMO and administrators."""
    heads = (directory.departments[d].head for d in directory.departments_of(person))
    people = (person, *heads, *directory.pmo, *directory.admins)
    return tuple(dict.fromkeys(p for p in people if p))


def _today(ctx: Context, person: str) -> date:
    return ctx.calendars.of_person(person).local(ctx.now).date()


# --- telling -------------------------------------------------------------------------------------


def _tell(ctx: Context, view: str, entered: Leave) -> None:
    """The deputy, the heads, and the person if somebody else entered it."""
    heads = (ctx.directory.departments[d].head for d in ctx.directory.departments_of(entered.person))
    others = (p for p in (entered.deputy, *heads) if p and p != entered.person)
    tell.notify(
        ctx,
        view,
        entered.id,
        others,
        step=view,
        person=Who(entered.person),
        days=rules.span(entered.start, entered.end),
        gap=rules.span(*alone) if (alone := rules.gap(ctx.directory, entered)) else None,
        deputy=Who(entered.deputy) if entered.deputy else None,
    )


def _warn_of_gap(ctx: Context, entered: Leave, alone: Words) -> None:
    """The administrators hear beforehand when a liaison goes and nobody is left."""
    for department in ctx.directory.departments_of(entered.person):
        if entered.person in ctx.directory.departments[department].liaisons:
            tell.notify(
                ctx,
                "leave_gap",
                entered.id,
                ctx.directory.admins,
                step=department,
                department=Dept(department),
                person=Who(entered.person),
                days=rules.span(entered.start, entered.end),
                gap=alone,
            )


def _said(ctx: Context, entered: Leave) -> Words:
    """Who answers meanwhile; or, loudly, that nobody does."""
    standing_in = rules.stand_ins(ctx.directory, entered)
    facts: dict[str, Shown] = {"person": Who(entered.person), "days": rules.span(entered.start, entered.end)}
    if alone := rules.gap(ctx.directory, entered):
        facts["gap"] = rules.span(*alone)
        return Words(f"leave.said.{_how_unattended(ctx, entered)}", facts)
    facts["deputies"] = tuple(Who(p) for p in standing_in)
    if outside := _outside(ctx.directory, entered):
        return Words("leave.said.outside", {**facts, "department": Dept(outside)})
    return Words("leave.said.deputy", facts)


def _how_unattended(ctx: Context, entered: Leave) -> str:
    """A department without anybody is an alarm; a head without a deputy is worth a word; others are just away."""
    departments = ctx.directory.departments_of(entered.person)
    if any(entered.person in ctx.directory.departments[d].liaisons for d in departments):
        return "nobody"
    return "unattended" if departments else "entered"


def _outside(directory: Directory, entered: Leave) -> str | None:
    """The deputy's department, where it is not one of the person's own: they may be the other party of a request."""
    own = directory.departments_of(entered.person)
    theirs = directory.departments_of(entered.deputy or "")
    return theirs[0] if own and theirs and not set(own) & set(theirs) else None


def _left_lying(ctx: Context, entered: Leave) -> View | None:
    """What waits for the person now, and their tasks that fall due meanwhile."""
    lying = [*waiting.for_person(ctx, entered.person), *lines.of_tasks(ctx, _due_meanwhile(ctx, entered))]
    if not lying:
        return None
    title = words("leave.lying.title", person=Who(entered.person), n=len(lying))
    facts = {"title": title, "lead": (), "sections": (lines.section(None, lying, MOST_WAITING),)}
    return View("status_board", facts, (Action("request.list"),) if entered.person == ctx.me else ())


def _due_meanwhile(ctx: Context, entered: Leave) -> list[Task]:
    local = ctx.calendars.of_person(entered.person).local
    tasks = waiting.tasks_of(ctx, entered.person)
    return [t for t in tasks if t.due and local(t.due).date() <= entered.end]
