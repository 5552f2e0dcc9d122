"""Every action on a task in every state: what is allowed changes it, everything else is refused and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.domain import task as rules
from commands.domain.request import Delivery
from commands.domain.task import Task, TaskState
from commands.errors import Refused

S = TaskState
NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
DUE = NOW + timedelta(days=7)
LINK = "https://files.example.com/r.pdf"

ACTS = {
    "start": lambda t: rules.start(t, NOW),
    "submit": lambda t: rules.submit(t, "zhangwei", NOW, link=LINK),
    "accept": lambda t: rules.accept(t, "limin", NOW),
    "rework": lambda t: rules.rework(t, "limin", NOW, failed="缺第三轮数据"),
    "waive": lambda t: rules.waive(t, NOW),
    "finish": lambda t: rules.finish(t, NOW),
}
BECOMES = {
    ("start", S.NOT_STARTED): S.IN_PROGRESS,
    ("submit", S.NOT_STARTED): S.SUBMITTED,
    ("submit", S.IN_PROGRESS): S.SUBMITTED,
    ("submit", S.REWORK): S.SUBMITTED,
    ("accept", S.SUBMITTED): S.DONE,
    ("rework", S.SUBMITTED): S.REWORK,
    **{("waive", state): S.WAIVED for state in S if state not in (S.DONE, S.WAIVED)},
    **{("finish", state): S.DONE for state in S if state is not S.WAIVED},
    ("finish", S.WAIVED): S.WAIVED,
}
SHOWN = Delivery(1, LINK, "zhangwei", NOW - timedelta(days=1), "")


def task(state: TaskState = S.NOT_STARTED, **more) -> Task:
    known = {
        "id": "T-1", "title": "新品X性能数据", "department": "rd", "owner": "zhangwei", "source": "R-1",
        "standard": "完整报告", "due": DUE, "created_at": NOW - timedelta(days=2), "state": state,
    }  # fmt: skip
    return Task(**known | more)


def handed_over(**more) -> Task:
    return task(S.SUBMITTED, deliveries=(SHOWN,), **more)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(act, state):
    before = task(state, deliveries=(SHOWN,) if state is S.SUBMITTED else ())
    if (act, state) in BECOMES:
        assert ACTS[act](before).state is BECOMES[act, state]
        return
    with pytest.raises(Refused) as refusal:
        ACTS[act](before)
    assert refusal.value.code == "task.wrong_state"
    assert refusal.value.params["id"] == "T-1"
    assert refusal.value.params["state"] is state


@pytest.mark.parametrize("standard", ["", "  \n"])
def test_without_a_delivery_standard_work_does_not_begin(standard):
    with pytest.raises(Refused) as refusal:
        rules.start(task(standard=standard), NOW)
    assert (refusal.value.code, refusal.value.params["field"]) == ("task.no_standard", "standard")


@pytest.mark.parametrize("failed", ["", "  "])
def test_who_sends_work_back_says_what_failed(failed):
    with pytest.raises(Refused) as refusal:
        rules.rework(handed_over(), "limin", NOW, failed=failed)
    assert refusal.value.code == "request.no_failed"


def test_rounds_are_counted_and_judged_one_by_one():
    first = rules.rework(rules.submit(task(), "zhangwei", NOW, link=f" {LINK} "), "limin", NOW, failed=" 缺数据 ")
    second = rules.accept(rules.submit(first, "chenjing", DUE, link=LINK, note="补上了"), "limin", DUE)
    assert [(d.round, d.link, d.by, d.outcome, d.failed) for d in second.deliveries] == [
        (1, LINK, "zhangwei", "failed", "缺数据"),
        (2, LINK, "chenjing", "passed", ""),
    ]
    assert (second.submitted_at, second.done_at) == (DUE, DUE)


def test_what_is_handed_over_without_a_start_began_then():
    assert rules.submit(task(), "zhangwei", NOW, link=LINK).started_at == NOW
    begun = rules.start(task(), NOW)
    assert rules.submit(begun, "zhangwei", DUE, link=LINK).started_at == NOW


def test_the_first_date_is_kept_however_often_it_moves():
    later, latest = DUE + timedelta(days=1), DUE + timedelta(days=2)
    moved = rules.move_due(rules.move_due(task(), later), latest)
    assert (moved.first_due, moved.due) == (DUE, latest)


@pytest.mark.parametrize("state", S)
def test_late_is_what_is_past_its_date_and_not_handed_over(state):
    open_work = state in (S.NOT_STARTED, S.IN_PROGRESS, S.REWORK)
    assert rules.is_late(task(state), DUE + timedelta(seconds=1)) is open_work
    assert not rules.is_late(task(state), DUE)
    assert not rules.is_late(replace(task(state), due=None), DUE + timedelta(days=99))
