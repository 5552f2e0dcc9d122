"""`/status doctor`: what would not work if it were needed now. The checks are pure; `bot` calls them as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from commands.chat import Tone
from commands.domain import permissions
from commands.domain.people import Department, Directory
from commands.domain.permissions import Sides
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.lostchats import described
from commands.registry import Context, Reply, View
from commands.status.known_days import last_known_day
from commands.words import Dept, Shown, Who, Words

MOST_SHOWN = 20


class Level(StrEnum):
    RED = "red"  # something will not reach anybody
    YELLOW = "yellow"  # it works, with less than was meant


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: the sentence is `finding.<code>`, and says what to do."""

    level: Level
    code: str
    facts: Mapping[str, Shown]

    @property
    def said(self) -> Words:
        return Words(f"finding.{self.code}", self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    pass


def doctor(ctx: Context, given: Doctor) -> Reply:
    """For PMO and administrators."""
    today = ctx.calendar.local(ctx.now).date()
    if not permissions.may("doctor", permissions.roles(ctx.directory, ctx.me, Sides(), today)):
        could = permissions.who_could("doctor", ctx.directory, Sides(), today)
        raise Refused("doctor.not_yours", who=could[:4])
    found = check(ctx.directory, ctx.calendars.by_id, today, warn_days=ctx.policy.calendar_warn_days)
    red = sum(1 for f in found if f.level is Level.RED)
    tone = Tone.DANGER if red else Tone.WARNING if found else Tone.SUCCESS
    facts = {
        "findings": tuple(found[:MOST_SHOWN]),
        "red": red,
        "yellow": len(found) - red,
        "more": max(len(found) - MOST_SHOWN, 0),
    }
    return Reply(view=View("status_doctor", facts, tone=tone), tone=tone)


def check(
    directory: Directory, calendars: Mapping[str, WorkCalendar], today: date, *, warn_days: int = 45
) -> tuple[Finding, ...]:
    """Every finding about people, chats and calendars, the red ones first."""
    found = [
        *(finding for d in directory.departments.values() for finding in _department(directory, d, today)),
        *_leadership(directory),
        *_supervision(directory),
        *_projects(directory),
        *_chats(directory),
        *_calendars(directory, calendars, today, warn_days),
    ]
    return tuple(sorted(found, key=lambda f: f.level is not Level.RED))


# --- departments ---------------------------------------------------------------------------------


def _department(directory: Directory, department: Department, today: date) -> Iterator[Finding]:
    name = Dept(department.id)
    liaison = any(is_reachable(directory, p) for p in department.liaisons)
    head = is_reachable(directory, department.head)
    if not liaison and not head:
        yield _red("chain_unreachable", department=name)
    elif not liaison:
        yield _red("no_liaison", department=name)
    elif directory.liaison(department.id, today) is None:
        yield _red("nobody_today", department=name)
    elif len(department.liaisons) == 1:
        yield _yellow("no_deputy", department=name, person=Who(department.liaisons[0]))
    if liaison and not head:
        yield _yellow("no_head", department=name)
    if directory.home_of(department.id) is None and department.home is None:
        yield _yellow("no_home", department=name)


def is_reachable(directory: Directory, person: str | None) -> bool:
    """Known, still here, and with an account on some platform."""
    known = directory.people.get(person or "")
    return known is not None and known.active and bool(known.identities)


# --- leadership and PMO --------------------------------------------------------------------------


def _leadership(directory: Directory) -> Iterator[Finding]:
    group = directory.leadership
    members = [p for p in group.everyone if is_reachable(directory, p)]
    if not members:
        yield _red("no_leadership")
        return
    if not is_reachable(directory, group.chair):
        yield _red("no_chair")
    if directory.leadership_chat() is None:
        yield _red("no_leadership_chat")
    for one, other in _unjudgeable(directory, members):
        yield _red("cannot_rule", one=Dept(one), other=Dept(other))


def _unjudgeable(directory: Directory, members: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of departments between which every member would be a party."""
    speaks = [set(directory.departments_of(p)) for p in members]
    if any(not own for own in speaks):
        return []
    candidates = sorted(set.union(*speaks))
    return [pair for pair in combinations(candidates, 2) if all(own & set(pair) for own in speaks)]


def _supervision(directory: Directory) -> Iterator[Finding]:
    if not any(is_reachable(directory, p) for p in directory.pmo):
        yield _red("no_pmo")
    if not any(is_reachable(directory, p) for p in directory.admins):
        yield _red("no_admin")


def _projects(directory: Directory) -> Iterator[Finding]:
    for project in directory.projects.values():
        if not is_reachable(directory, project.manager):
            yield _yellow("no_manager", project=project.name)
        if not directory.chats_of_project(project.id):
            yield _yellow("no_project_chat", project=project.name)


def _chats(directory: Directory) -> Iterator[Finding]:
    for binding in directory.bindings.values():
        if binding.active and binding.lost:
            yield _red("chat_lost", chat=described(directory, binding.address), reason=binding.lost)


# --- calendars -----------------------------------------------------------------------------------


def _calendars(
    directory: Directory, calendars: Mapping[str, WorkCalendar], today: date, warn_days: int
) -> Iterator[Finding]:
    used = {d.calendar for d in directory.departments.values()} | {"default"}
    for id in sorted(used):
        if id not in calendars:
            yield _red("unknown_calendar", calendar=id)
            continue
        last = last_known_day(calendars[id], today)
        if last is None:
            yield _red("year_unknown", calendar=id, year=str(today.year))
        elif (last - today).days <= warn_days:
            yield _yellow("year_ends", calendar=id, last=last, year=str(last.year + 1))


def _red(code: str, **facts: Shown) -> Finding:
    return Finding(Level.RED, code, facts)


def _yellow(code: str, **facts: Shown) -> Finding:
    return Finding(Level.YELLOW, code, facts)
