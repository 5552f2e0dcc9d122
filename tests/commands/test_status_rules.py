"""The parts of /status that are functions of values: leaves, what a group is bound to, the self-check, known days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commands.domain.people import ChatBinding, Department, Directory, Leadership, Leave, Person, Project
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.ports import AuditEvent
from commands.status import absence, bind, doctor, known_days, leave, lines, steps
from commands.words import Who, words

TODAY = date(2026, 9, 23)
NOW = datetime(2026, 9, 23, 7, tzinfo=UTC)


def person(id: str) -> Person:
    return Person(id, id, identities={"sandbox": id})


NAMES = [
    "limin",
    "zhouqiang",
    "zhangwei",
    "chenjing",
    "liuyang",
    "wanglei",
    "wanghead",
    "zhaoying",
    "heping",
    "sunzong",
    "gaojie",
]
ORG = Directory(
    people={n: person(n) for n in NAMES},
    departments={
        "market": Department("market", "市场部", "zhouqiang", ("limin", "gaojie"), home="sandbox:market"),
        "rd": Department("rd", "研发部", "liuyang", ("zhangwei", "chenjing"), ("R&D",), home="sandbox:rd"),
        "design": Department("design", "设计部", "wanghead", ("wanglei", "heping"), home="sandbox:design"),
    },
    leadership=Leadership("领导小组", "sunzong", ("zhouqiang", "liuyang"), (), home="sandbox:lead"),
    projects={"newx": Project("newx", "新品X", "heping", ("market", "rd"))},
    pmo=("zhaoying",),
    admins=("zhaoying",),
    bindings={"sandbox:newx": ChatBinding("sandbox:newx", "project", "newx")},
)
CHINA = WorkCalendar(id="default", zone="Asia/Shanghai", known_years=frozenset({2026, 2027}))


def away(who: str, first: int, last: int, deputy: str | None = None) -> Leave:
    return Leave(f"L-{who}", who, date(2026, 9, first), date(2026, 9, last), deputy)


def plan(directory: Directory = ORG, **given):
    given = {"person": "zhangwei", "start": date(2026, 9, 28), "end": date(2026, 9, 30), "deputy": "chenjing"} | given
    return absence.plan(directory, id="L-1", today=TODAY, **given)


# --- leaves --------------------------------------------------------------------------------------


def test_a_leave_has_its_days_and_its_deputy():
    assert plan() == Leave("L-1", "zhangwei", date(2026, 9, 28), date(2026, 9, 30), "chenjing")


@pytest.mark.parametrize(
    ("given", "directory", "code"),
    [
        ({"start": date(2026, 9, 22)}, ORG, "leave.past"),
        ({"end": date(2027, 10, 1)}, ORG, "leave.too_long"),
        ({"deputy": "zhangwei"}, ORG, "leave.own_deputy"),
        ({"deputy": "nobody"}, ORG, "leave.unknown_deputy"),
        ({}, replace(ORG, leaves=(away("zhangwei", 30, 30),)), "leave.conflict"),
        ({}, replace(ORG, leaves=(away("chenjing", 24, 28),)), "leave.deputy_away"),
    ],
)
def test_what_is_in_the_way_of_a_leave(given: dict, directory: Directory, code: str):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        plan(directory, **given)


def test_a_leave_that_was_called_off_is_in_nobodys_way():
    called_off = Leave("L-0", "zhangwei", date(2026, 9, 28), date(2026, 9, 27))
    assert plan(replace(ORG, leaves=(called_off,))).start == date(2026, 9, 28)


def test_ending_means_todays_leave_before_a_coming_one():
    directory = replace(ORG, leaves=(away("limin", 28, 30), away("limin", 22, 24)))
    assert absence.to_end(directory, "limin", TODAY).start == date(2026, 9, 22)
    with pytest.raises(Refused, match=r"leave\.none"):
        absence.to_end(directory, "zhangwei", TODAY)


def test_without_a_deputy_the_next_liaison_answers():
    assert absence.stand_ins(ORG, away("zhangwei", 28, 30)) == ("chenjing",)
    assert absence.stand_ins(ORG, away("zhangwei", 28, 30, "gaojie")) == ("gaojie",)
    alone = replace(ORG, leaves=(away("chenjing", 24, 30),))
    assert absence.stand_ins(alone, away("zhangwei", 28, 30)) == ()


def test_one_day_on_which_nobody_answers_is_found_wherever_it_lies():
    friday_off = replace(ORG, leaves=(away("chenjing", 25, 25),))
    assert absence.gap(friday_off, away("zhangwei", 24, 28)) == (date(2026, 9, 25), date(2026, 9, 25))
    assert absence.gap(friday_off, away("zhangwei", 24, 28, "limin")) is None
    assert absence.gap(ORG, away("zhangwei", 24, 28)) is None


def test_ending_names_the_leave_by_its_days():
    directory = replace(ORG, leaves=(away("limin", 28, 30), away("limin", 24, 24)))
    named = (date(2026, 9, 29), date(2026, 9, 29))
    assert absence.to_end(directory, "limin", TODAY, named).start == date(2026, 9, 28)
    with pytest.raises(Refused, match=r"leave\.none_then"):
        absence.to_end(directory, "limin", TODAY, (date(2026, 10, 9), date(2026, 10, 9)))


def test_the_head_and_the_pmo_may_enter_a_leave_for_somebody():
    assert leave.may_enter(ORG, "zhangwei") == ("zhangwei", "liuyang", "zhaoying")


# --- bound chats ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind", "id"),
    [
        ("project newx", "project", "newx"),
        ("项目 新品X", "project", "newx"),
        ("新品x", "project", "newx"),
        ("部门 研发部", "department", "rd"),
        ("部门：@研发部", "department", "rd"),
        ("r&d", "department", "rd"),
        ("leadership", "leadership", "leadership"),
        ("领导小组", "leadership", "leadership"),
    ],
)
def test_what_a_group_is_bound_to(typed: str, kind: str, id: str):
    assert bind.read_target(ORG, typed) == bind.Target(kind, id)


@pytest.mark.parametrize(
    ("typed", "code"), [("火星", "bind.unknown"), ("项目 研发部", "bind.unknown"), ("双", "bind.ambiguous")]
)
def test_an_unclear_target_is_asked_about(typed: str, code: str):
    projects = {**ORG.projects, "d": Project("d", "双")}
    departments = {**ORG.departments, "d2": Department("d2", "双")}
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        bind.read_target(replace(ORG, projects=projects, departments=departments), typed)


# --- self-check ----------------------------------------------------------------------------------


def found(directory: Directory, calendars: dict | None = None, today: date = TODAY) -> list[str]:
    return [f.code for f in doctor.check(directory, calendars or {"default": CHINA}, today)]


def test_a_sound_organisation_has_no_finding():
    assert found(ORG) == []


def department(**changes) -> Directory:
    return replace(ORG, departments={**ORG.departments, "rd": replace(ORG.departments["rd"], **changes)})


@pytest.mark.parametrize(
    ("directory", "codes"),
    [
        (department(liaisons=()), ["no_liaison"]),
        (department(liaisons=("ghost",), head="ghost"), ["chain_unreachable"]),
        (department(head=None), ["no_head"]),
        (department(home=None), ["no_home"]),
        (department(liaisons=("zhangwei",)), ["no_deputy"]),
        (replace(ORG, leaves=(away("zhangwei", 22, 24), away("chenjing", 23, 23))), ["nobody_today"]),
        (replace(ORG, pmo=()), ["no_pmo"]),
        (replace(ORG, admins=()), ["no_admin"]),
        (replace(ORG, leadership=Leadership()), ["no_leadership"]),
        (replace(ORG, leadership=Leadership("组", None, (), ("sunzong",), home="x:1")), ["no_chair"]),
        (replace(ORG, leadership=replace(ORG.leadership, home=None)), ["no_leadership_chat"]),
        (replace(ORG, bindings={}), ["no_project_chat"]),
        (department(calendar="moon"), ["unknown_calendar"]),
    ],
)
def test_what_the_self_check_finds(directory: Directory, codes: list[str]):
    assert found(directory) == codes


def test_a_group_in_which_everybody_would_be_a_party_cannot_rule():
    parties = Leadership("组", "zhouqiang", ("liuyang",), home="x:1")
    findings = doctor.check(replace(ORG, leadership=parties), {"default": CHINA}, TODAY)
    assert [f.code for f in findings] == ["cannot_rule"]
    assert found(replace(ORG, leadership=replace(parties, members=("sunzong",)))) == []


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2027, 11, 15), []),
        (date(2027, 11, 16), ["year_ends"]),  # 45 days before 31 December
        (date(2028, 1, 2), ["year_unknown"]),
    ],
)
def test_the_end_of_known_holidays_is_found_in_time(today: date, codes: list[str]):
    assert found(ORG, today=today) == codes


def test_a_person_without_an_account_cannot_be_reached():
    people = {
        **ORG.people,
        "zhangwei": Person("zhangwei", "张伟"),
        "chenjing": Person("chenjing", "陈静", active=False),
    }
    assert found(replace(ORG, people=people)) == ["no_liaison"]


# --- calendars -----------------------------------------------------------------------------------


def test_known_days_run_to_the_end_of_the_last_year_in_a_row():
    assert known_days.last_known_day(CHINA, TODAY) == date(2027, 12, 31)
    gap = replace(CHINA, known_years=frozenset({2026, 2028}))
    assert known_days.last_known_day(gap, TODAY) == date(2026, 12, 31)
    assert known_days.last_known_day(gap, date(2025, 5, 1)) is None


def test_a_declared_day_replaces_what_was_there():
    day = date(2026, 10, 9)
    off = known_days.with_day(CHINA, day, works=False, note="停电")
    assert (off.is_working_day(day), off.names[day]) == (False, "停电")
    assert known_days.with_day(off, day, works=True).is_working_day(day)


# --- steps and lines -----------------------------------------------------------------------------


def event(what: str, **given) -> AuditEvent:
    return AuditEvent(at=given.pop("at", NOW), what=what, item=given.pop("item", "R-1"), **given)


def test_a_step_says_who_what_and_why():
    (step,) = steps.steps_of(
        [event("request.declined", actor="zhangwei", acting_for=None, reason="资源不足，排不进来")], "R-1"
    )
    assert step == steps.Step(NOW, Who("zhangwei"), words("step.request.declined"), "资源不足，排不进来")


def test_a_deputy_is_shown_with_whom_they_stand_for_and_the_clock_as_itself():
    told = steps.steps_of(
        [
            event("request.accepted", actor="chenjing", acting_for="zhangwei", after={"due": None}),
            event("clock.breached", after={"kind": "C1", "side": "rd"}),
        ],
        "R-1",
    )
    assert [s.who for s in told] == [Who("chenjing", acting_for="zhangwei"), words("step.clock")]
    assert [s.what.key for s in told] == ["step.request.accepted.plain", "step.clock.breached.C1"]


@pytest.mark.parametrize(
    "hidden",
    [
        event("clock.started", after={"kind": "C1"}),
        event("clock.stopped", after={"kind": "C1", "outcome": "cancelled"}),
        event("clock.stopped", after={"kind": "rating", "outcome": "met"}),
        event("request.accepted", result="refused"),
        event("message.sent"),
    ],
)
def test_machinery_and_refusals_are_no_steps(hidden: AuditEvent):
    assert steps.steps_of([hidden], "R-1") == []


def test_a_step_of_another_record_names_it():
    (step,) = steps.steps_of([event("task.created", item="T-1", after={"owner": "zhangwei"})], "R-1")
    assert step.ref == "T-1"


def test_overdue_lines_come_first_then_by_date_and_the_rest_is_counted():
    def line(ref: str, day: int | None, is_late: bool = False) -> lines.Line:
        by = datetime(2026, 9, day, tzinfo=UTC) if day else None
        return lines.Line(ref, "", words("x"), by=by, is_late=is_late)

    given = [line("R-10", None), line("R-2", 30), line("R-9", 24), line("T-1", 20, True)]
    shown = lines.section(None, given, 3)
    assert [one.ref for one in shown.lines] == ["T-1", "R-9", "R-2"]
    assert shown.more == 1
    assert [one.ref for one in lines.section(None, given, 3, skip=3).lines] == ["R-10"]
