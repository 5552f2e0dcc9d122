"""`/status`, `/status me`, `/status dept`: what is open, the overdue first, then on whom it waits and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commands.chat import Tone
from commands.domain.checkin import ANSWERED, is_overdue
from commands.domain.escalation import LIVE_STATES, Escalation
from commands.domain.people import ChatBinding
from commands.domain.request import OPEN_STATES, Request, RequestState
from commands.domain.task import OPEN_STATES as OPEN_TASKS
from commands.domain.task import Task
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.registry import Action, Context, Reply, View
from commands.status import evening, lines, waiting
from commands.status.lines import Line
from commands.words import Dept, Shown, Who, Words, words

PAGE = 10
SHORT = 6
OPEN = tuple(OPEN_STATES - {RequestState.DRAFT})
MOST_BUTTONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    page: int | None = ask(Kind.NUMBER, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    page: int | None = ask(Kind.NUMBER, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDepartment:
    department: str | None = ask(Kind.DEPARTMENT, main=True)
    page: int | None = ask(Kind.NUMBER, hidden=True)


# --- here ----------------------------------------------------------------------------------------


def here(ctx: Context, given: Here) -> Reply:
    """What is open in the project or department of this chat; one-to-one: what concerns me."""
    if ctx.actor.direct:
        return me(ctx, Me(page=given.page))
    binding = ctx.directory.bindings.get(ctx.actor.address)
    kind = binding.kind if binding and binding.active else ""
    match kind:
        case "project" if binding and binding.target in ctx.directory.projects:
            return _project(ctx, binding, given.page or 0)
        case "department" if binding and binding.target in ctx.directory.departments:
            return _department(ctx, binding.target, given.page or 0, is_here=True)
        case "leadership":
            return _leadership(ctx, given.page or 0)
        case _:
            return _unbound(ctx, given.page or 0)


def _project(ctx: Context, binding: ChatBinding, page: int) -> Reply:
    project = ctx.directory.projects[binding.target]
    requests = ctx.uow.find(Request, project=project.id, state=OPEN)
    tasks = ctx.uow.find(Task, project=project.id, state=tuple(OPEN_TASKS))
    escalations = ctx.uow.find(Escalation, project=project.id, state=tuple(LIVE_STATES))
    title = words("status.here.title", name=project.name)
    return _board(ctx, "status.here", title, requests, tasks, escalations, page)


def _leadership(ctx: Context, page: int) -> Reply:
    escalations = ctx.uow.find(Escalation, state=tuple(LIVE_STATES))
    title = words("status.here.title", name=ctx.directory.leadership.name)
    return _board(ctx, "status.here", title, (), (), escalations, page)


def _unbound(ctx: Context, page: int) -> Reply:
    """A group that belongs to nothing yet shows what was raised in it."""
    requests = ctx.uow.find(Request, chat=ctx.actor.address, state=OPEN)
    title = words("status.here.unbound")
    return _board(ctx, "status.here", title, requests, (), (), page, hint=words("status.here.bind_hint"))


def _board(
    ctx: Context,
    verb: str,
    title: Words,
    requests: Sequence[Request],
    tasks: Sequence[Task],
    escalations: Sequence[Escalation],
    page: int,
    hint: Words | None = None,
) -> Reply:
    """One list of everything, cut into pages."""
    found = [
        *lines.of_escalations(ctx, escalations),
        *lines.of_requests(ctx, requests),
        *lines.of_tasks(ctx, _worth_showing(requests, tasks)),
    ]
    overdue = lines.late(found)
    counts = words(
        "status.counts", requests=len(requests), tasks=len(tasks), escalations=len(escalations), overdue=overdue
    )
    lead = (counts, *((hint,) if hint else ())) if found else (hint or words("status.nothing"),)
    shown = lines.section(None, found, PAGE, page * PAGE)
    return _reply(title, lead, (shown,), overdue, _more(verb, shown.more, page))


def _worth_showing(requests: Sequence[Request], tasks: Sequence[Task]) -> list[Task]:
    """Tasks, but not the single one that says the same as its request."""
    ids = {r.id for r in requests}
    count: dict[str, int] = {}
    for task in tasks:
        count[task.source] = count.get(task.source, 0) + 1
    return [t for t in tasks if t.source not in ids or count[t.source] > 1]


def _more(verb: str, left: int, page: int, **args: str) -> tuple[Action, ...]:
    if not left:
        return ()
    return (Action(verb, {**args, "page": str(page + 1)}, label=words("status.button.more", n=left)),)


def _reply(
    title: Words,
    lead: tuple[Words, ...],
    sections: tuple[lines.Section, ...],
    overdue: int,
    actions: tuple[Action, ...],
) -> Reply:
    tone = Tone.DANGER if overdue else Tone.INFO
    facts = {"title": title, "lead": lead, "sections": tuple(s for s in sections if s.lines)}
    return Reply(view=View("status_board", facts, actions, tone=tone), tone=tone)


# --- me ------------------------------------------------------------------------------------------


def me(ctx: Context, given: Me) -> Reply:
    """What waits for my word, my tasks by date, what I raised, and tonight's check-in."""
    page = given.page or 0
    mine = waiting.for_person(ctx, ctx.me)
    tasks = lines.of_tasks(ctx, waiting.tasks_of(ctx, ctx.me))
    waited = {line.ref for line in mine}
    raised = [line for line in lines.of_requests(ctx, waiting.raised_by(ctx, ctx.me)) if line.ref not in waited]
    sections = (
        lines.section(words("status.me.waiting", n=len(mine)), mine, PAGE, page * PAGE),
        lines.section(words("status.me.tasks", n=len(tasks)), tasks, SHORT, page * SHORT),
        lines.section(words("status.me.raised", n=len(raised)), raised, SHORT, page * SHORT),
    )
    evening_line = _tonight(ctx)
    is_empty = not (mine or tasks or raised)
    lead = (*((words("status.me.nothing"),) if is_empty else ()), *((evening_line,) if evening_line else ()))
    left = max(section.more for section in sections)
    actions = (*_answer_buttons(mine), *_checkin_button(ctx), *_more("status.me", left, page))
    return _reply(words("status.me.title", person=Who(ctx.me)), lead, sections, lines.late([*mine, *tasks]), actions)


def _answer_buttons(mine: list[Line]) -> tuple[Action, ...]:
    """The way to the first few things that wait."""
    first = lines.section(None, mine, MOST_BUTTONS).lines
    refs = dict.fromkeys(line.ref for line in first)
    return tuple(Action("status.show", {"id": r}, label=words("status.button.show", id=r)) for r in refs)


def _tonight(ctx: Context) -> Words | None:
    """How my check-in stands; None for whoever has none."""
    found = _my_evening(ctx)
    if found is None:
        return None
    department, day = found
    entry = evening.entry(ctx, department, day)
    round = evening.round_on(ctx, department, day)
    if entry and entry.state in ANSWERED:
        return words("status.me.checkin_done", day=day)
    if entry and is_overdue(entry, ctx.now):
        return words("status.me.checkin_missed", day=day, until=evening.answerable_until(ctx, department, day))
    return words("status.me.checkin_open", day=day, at=round.closes_at)


def _checkin_button(ctx: Context) -> tuple[Action, ...]:
    found = _my_evening(ctx)
    if found is None:
        return ()
    department, day = found
    entry = evening.entry(ctx, department, day)
    if entry and entry.state in ANSWERED:
        return ()
    return (Action("status.checkin", {"on": day.isoformat()}, label=words("checkin.button.fill")),)


def _my_evening(ctx: Context) -> tuple[str, date] | None:
    today = ctx.calendar.local(ctx.now).date()
    departments = evening.reports_for(ctx, ctx.me, today)
    first = next((d for d in departments if evening.has_work(ctx, d)), None)
    if first is None:
        return None
    day = evening.day_meant(ctx, first)
    known = evening.entry(ctx, first, day)
    if day != today and known is None:
        return None  # a day off, and nobody was asked before it
    return first, day


# --- dept ----------------------------------------------------------------------------------------


def dept(ctx: Context, given: OfDepartment) -> Reply:
    """A department's open work, for its own people, leadership, PMO and managers of shared projects; for others
    how much there is, and whom to ask."""
    department = given.department or ctx.directory.department_of(ctx.me) or _of_chat(ctx)
    if department is None:
        raise Refused("status.which_department", field="department")
    return _department(ctx, department, given.page or 0, is_here=False)


def _of_chat(ctx: Context) -> str | None:
    binding = ctx.directory.bindings.get(ctx.actor.address)
    return binding.target if binding and binding.active and binding.kind == "department" else None


def _department(ctx: Context, department: str, page: int, *, is_here: bool) -> Reply:
    led = ctx.uow.find(Request, lead=department, state=OPEN)
    raised = [r for r in ctx.uow.find(Request, department=department, state=OPEN) if r.lead != department]
    tasks = ctx.uow.find(Task, department=department, state=tuple(OPEN_TASKS))
    all_lines = (
        lines.of_requests(ctx, led),
        lines.of_requests(ctx, raised),
        lines.of_tasks(ctx, _worth_showing(led, tasks)),
    )
    overdue = sum(lines.late(part) for part in all_lines)
    title = words("status.dept.title", department=Dept(department))
    counts = words("status.dept.counts", led=len(led), raised=len(raised), tasks=len(tasks), overdue=overdue)
    if not is_here and ctx.me not in may_see(ctx, department):
        return _counts_only(ctx, department, title, counts)
    headings = ("status.dept.led", "status.dept.raised", "status.dept.tasks")
    sections = tuple(
        lines.section(words(key, n=len(part)), part, SHORT, page * SHORT)
        for key, part in zip(headings, all_lines, strict=True)
    )
    reported = _last_report(ctx, department)
    left = max(section.more for section in sections)
    verb, args = ("status.here", {}) if is_here else ("status.dept", {"department": department})
    lead = (counts, *((reported,) if reported else ()))
    return _reply(title, lead, sections, overdue, _more(verb, left, page, **args))


def _counts_only(ctx: Context, department: str, title: Words, counts: Words) -> Reply:
    could: tuple[Shown, ...] = tuple(Who(p) for p in may_see(ctx, department)[:4])
    return _reply(title, (counts, words("status.dept.counts_only", who=could)), (), 0, ())


def may_see(ctx: Context, department: str) -> tuple[str, ...]:
    """Who may see a department's list: its own people first."""
    known = ctx.directory.departments[department]
    managers = (p.manager for p in ctx.directory.projects.values() if department in p.departments)
    day = ctx.calendar.local(ctx.now).date()
    people = (
        *known.liaisons,
        known.head,
        *ctx.directory.liaisons(department, day),
        *managers,
        *ctx.directory.pmo,
        *ctx.directory.leadership.everyone,
    )
    return tuple(dict.fromkeys(p for p in people if p))


def _last_report(ctx: Context, department: str) -> Words | None:
    """How the department's last check-in went."""
    day = evening.latest_round(ctx, department).day
    entry = evening.entry(ctx, department, day)
    if entry is None:
        return None
    if is_overdue(entry, ctx.now):
        return words("status.dept.checkin_missed", day=day)
    return words(f"status.dept.checkin_{entry.state}", day=day)
