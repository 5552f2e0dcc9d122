"""Who may do what, as a table: each action, each person around a record, and whom a refusal names."""

from __future__ import annotations

from datetime import date

import pytest

from commands.domain import permissions
from commands.domain.people import Department, Directory, Leadership, Leave, Person, Project
from commands.domain.permissions import RIGHTS, Sides
from commands.errors import Refused

DAY = date(2026, 9, 23)
PEOPLE = tuple(
    [
        "asker",
        "asker2",
        "asker_head",
        "lead",
        "lead2",
        "lead_head",
        "owner",
        "support",
        "support_head",
        "manager",
        "chair",
        "deputy",
        "member",
        "pmo",
        "admin",
        "host",
        "recorder",
        "guest",
        "stranger",
        "substitute",
    ]
)
SIDES = Sides(
    requester="asker", department="market", lead="rd", owner="owner", supports=("design",), project="newx",
    host="host", recorder="recorder", participants=("guest",),
)  # fmt: skip


def town(*leaves: Leave) -> Directory:
    """One person for each role, and a fourth department that has nothing to do with the matter."""
    return Directory(
        people={id: Person(id, id) for id in PEOPLE},
        departments={
            "market": Department("market", "Market", head="asker_head", liaisons=("asker", "asker2")),
            "rd": Department("rd", "R&D", head="lead_head", liaisons=("lead", "lead2")),
            "design": Department("design", "Design", head="support_head", liaisons=("support",)),
            "sales": Department("sales", "Sales", liaisons=("stranger",)),
        },
        leadership=Leadership("Leadership", chair="chair", deputies=("deputy",), members=("member",)),
        projects={"newx": Project("newx", "Product X", manager="manager", departments=("market", "rd", "design"))},
        pmo=("pmo",),
        admins=("admin",),
        leaves=leaves,
    )


ASKING = "asker asker2 asker_head"
LEADING = "lead lead2 owner lead_head"
WORKING = f"{LEADING} support support_head"
RULING = "chair deputy member"
PARTIES = f"{ASKING} {WORKING} manager"

MAY = {
    "request.audience": f"{PARTIES} {RULING} pmo admin",
    # raise, edit, cancel: the requester's side, the project's manager, leadership; nobody of the lead
    "request.new": f"{ASKING} manager {RULING}",
    "request.cancel": f"{ASKING} manager {RULING}",
    "request.edit": f"{ASKING} manager {RULING}",
    "request.ask_to_cancel": f"{LEADING} manager pmo",
    # accept, decline, counter, assign: the lead and its head, the project's manager
    "request.accept": f"{LEADING} manager",
    "request.decline": f"{LEADING} manager",
    "request.counter": f"{LEADING} manager",
    "request.ask": f"{LEADING} manager",
    "request.answer": f"{ASKING} manager",
    "request.reroute": f"{LEADING} manager",
    "request.reroute_again": "pmo",
    "request.reroute_declined": f"{ASKING} manager",
    "request.task": f"{WORKING} manager",
    # change of a date after acceptance: either side proposes, the other agrees
    "request.delay": PARTIES,
    "request.hold": f"{PARTIES} {RULING}",
    "request.resume": f"{PARTIES} {RULING}",
    "request.deliver": f"{WORKING} manager",
    # verify, rework, close, rate: the requester's side, the project's manager
    "request.verify": f"{ASKING} manager",
    "request.rework": f"{ASKING} manager",
    "request.close": f"{ASKING} manager",
    "request.reopen": f"{ASKING} manager",
    "request.handover": PARTIES,
    "task.verify": f"{LEADING} manager",
    "task.waive": f"{LEADING} manager",
    # open a dispute: everybody but administrators
    "escalate.dispute": f"{PARTIES} {RULING} pmo",
    "escalate.settle": PARTIES,
    "escalate.up": f"{PARTIES} pmo",
    "escalate.position": PARTIES,
    "escalate.ack": RULING,
    # rule: leadership (whose parties abstain, which the ruling itself looks at)
    "escalate.rule": RULING,
    "escalate.amend": "chair",
    "escalate.remind": f"manager {RULING} pmo",
    "escalate.execute": PARTIES,
    # minutes: published by recorder or host, confirmed by each participant; the PMO only reminds
    "minutes.publish": "host recorder",
    "minutes.confirm": "guest",
    "minutes.object": "guest",
    "minutes.remind": "manager pmo host recorder",
    "minutes.cancel": "host recorder",
    # take note: whoever is asked, and leadership
    "ack": f"{WORKING} manager {RULING}",
    "bind": "manager pmo admin",
    "calendar": "pmo admin",
    # the trace: whoever has a part in it, and the PMO; administrators see no content
    "audit": f"{PARTIES} {RULING} pmo host recorder guest",
    "doctor": "pmo admin",
}


def test_the_table_knows_every_action():
    assert set(MAY) == set(RIGHTS)


@pytest.mark.parametrize("action", MAY)
def test_who_is_in_the_table_may_and_everybody_else_hears_who_could(action):
    allowed = tuple(MAY[action].split())
    for person in PEOPLE:
        if person in allowed:
            assert permissions.require(action, town(), person, SIDES, DAY)
            continue
        with pytest.raises(Refused) as refusal:
            permissions.require(action, town(), person, SIDES, DAY)
        assert (refusal.value.code, refusal.value.params) == ("not_allowed", {"action": action, "who": allowed})


def test_somebody_unknown_may_nothing():
    assert not any(permissions.may(action, permissions.roles(town(), "nobody", SIDES, DAY)) for action in RIGHTS)


def test_without_a_project_or_a_side_nobody_is_made_up():
    assert permissions.who_could("request.accept", town(), Sides(), DAY) == ()
    with pytest.raises(Refused):
        permissions.require("request.accept", town(), "lead", Sides(), DAY)


# --- leave -----------------------------------------------------------------------------------------------------


def away(person: str, deputy: str | None) -> Leave:
    return Leave("l-1", person, DAY, DAY, deputy)


def test_who_stands_in_may_and_so_may_who_is_away():
    known = town(away("lead", "substitute"))
    assert permissions.who_could("request.accept", known, SIDES, DAY)[:3] == ("lead", "lead2", "substitute")
    assert permissions.require("request.accept", known, "substitute", SIDES, DAY)
    assert permissions.require("request.accept", known, "lead", SIDES, DAY)


def test_the_day_after_the_leave_the_substitute_may_not_any_more():
    with pytest.raises(Refused):
        permissions.require("request.accept", town(away("lead", "substitute")), "substitute", SIDES, date(2026, 9, 24))


@pytest.mark.parametrize("deputy", ["asker", "asker_head"])
def test_nobody_answers_their_own_request_as_somebodys_deputy(deputy):
    with pytest.raises(Refused) as refusal:
        permissions.require("request.accept", town(away("lead", deputy)), deputy, SIDES, DAY)
    assert deputy not in refusal.value.params["who"]


@pytest.mark.parametrize("deputy", ["lead", "owner"])
def test_nobody_accepts_their_own_work_as_the_requesters_deputy(deputy):
    with pytest.raises(Refused):
        permissions.require("request.verify", town(away("asker", deputy)), deputy, SIDES, DAY)


@pytest.mark.parametrize(
    ("person", "department", "whom"),
    [
        ("lead", "rd", None),
        ("lead2", "rd", "lead"),
        ("substitute", "rd", "lead"),
        ("lead_head", "rd", None),
        ("lead2", None, None),
    ],
)
def test_a_deputy_acts_for_the_first_liaison(person, department, whom):
    assert permissions.acting_for(town(), person, department) == whom


# --- raising -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [p for p in PEOPLE if p not in ("pmo", "admin")])
def test_whoever_works_here_may_ask(person):
    assert permissions.may_raise(town(), person)


@pytest.mark.parametrize("person", ["pmo", "admin"])
def test_who_only_watches_may_not_ask_and_hears_who_could(person):
    assert not permissions.may_raise(town(), person)
    found = permissions.who_may_raise(town(), "rd", "newx", DAY)
    assert found == ("asker", "asker2", "support", "support_head")
    assert len(permissions.who_may_raise(town(), None, None, DAY)) <= permissions.MOST_NAMED
