"""Every action on a request in every state: what is allowed changes it, everything else is refused and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.domain import request as rules
from commands.domain.request import ALLOWED, Delivery, Request, RequestState, Urgency
from commands.errors import Refused

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
S = RequestState
REASON = "本月测试资源已满，无法安排人手"

ACTS = {
    "send": lambda r: rules.send(r, NOW),
    "edit": lambda r: rules.edit(r, title="新品X全部性能数据"),
    "accept": lambda r: rules.accept(r, "zhangwei", NOW, due=LATER),
    "decline": lambda r: rules.decline(r, "zhangwei", NOW, reason=REASON),
    "counter": lambda r: rules.counter(r, "zhangwei", NOW, reason="人手不足", alternative="只做两款"),
    "ask": lambda r: rules.ask(r, "zhangwei", question="哪些型号？"),
    "answer": lambda r: rules.answer(r, text="A、B 两款"),
    "agree": lambda r: rules.agree_to_counter(r, NOW, due=LATER),
    "reroute": lambda r: rules.reroute(r, to="design"),
    "deliver": lambda r: rules.deliver(r, "zhangwei", NOW, link="https://files.example.com/r.pdf"),
    "verify": lambda r: rules.verify(r, "limin", NOW),
    "rework": lambda r: rules.rework(r, "limin", NOW, failed="缺第三轮数据"),
    "close": lambda r: rules.close(r, NOW, rating=5),
    "reopen": lambda r: rules.reopen(r, NOW, reason="还有问题", until=LATER),
    "hold": lambda r: rules.hold(r, NOW, reason="等供应商", resume_at=LATER, waits_for="market"),
    "resume": rules.resume,
    "cancel": lambda r: rules.cancel(r, NOW, reason="市场计划取消"),
    "lapse": lambda r: rules.lapse(r, NOW),
    "accept_by_ruling": lambda r: rules.accept_by_ruling(r, "sunzong", NOW, due=LATER, owner="zhangwei"),
    "close_by_ruling": lambda r: rules.close_by_ruling(r, NOW),
}
BECOMES = {
    "send": S.RAISED,
    "accept": S.ACCEPTED,
    "decline": S.DECLINED,
    "counter": S.COUNTERED,
    "ask": S.NEEDS_INFO,
    "answer": S.RAISED,
    "agree": S.ACCEPTED,
    "reroute": S.RAISED,
    "deliver": S.DELIVERED,
    "verify": S.VERIFIED,
    "rework": S.REWORK,
    "close": S.CLOSED,
    "reopen": S.REOPENED,
    "hold": S.ON_HOLD,
    "resume": S.IN_PROGRESS,
    "cancel": S.CANCELLED,
    "lapse": S.CLOSED,
    "accept_by_ruling": S.ACCEPTED,
    "close_by_ruling": S.CLOSED,
}
CHECKED_ONLY = frozenset({"ack", "task", "delay", "handover", "dispute"})
"""Actions that leave the state alone: the verbs ask `expect` and change something else."""


def a_request(state=S.RAISED, **more):
    handed = (Delivery(1, "https://files.example.com/r.pdf", "zhangwei", NOW),)
    facts = {"deliveries": handed if state in (S.DELIVERED, S.REWORK, S.VERIFIED, S.CLOSED, S.REOPENED) else ()}
    made = Request(
        id="R-1", title="新品X性能数据", requester="limin", department="market", lead="rd", created_at=NOW, state=state
    )
    return replace(made, **{**facts, **more})


def refused(act, request):
    with pytest.raises(Refused) as no:
        act(request)
    return no.value


CASES = [(action, state) for action in ALLOWED for state in RequestState]


def test_the_table_knows_every_action():
    assert set(ACTS) | CHECKED_ONLY == set(ALLOWED)


@pytest.mark.parametrize(("action", "state"), CASES, ids=[f"{a}-{s}" for a, s in CASES])
def test_an_action_changes_what_it_may_and_refuses_everything_else(action, state):
    request = a_request(state)
    act = ACTS.get(action, lambda r: rules.expect(r, action))
    if state not in ALLOWED[action]:
        no = refused(act, request)
        assert no.code == "request.wrong_state"
        assert (no.params["id"], no.params["state"]) == ("R-1", state)
    elif action in CHECKED_ONLY:
        act(request)
    else:
        after = act(request)
        assert after.state is BECOMES.get(action, state)
        assert after != request


@pytest.mark.parametrize("action", ["accept", "decline", "counter", "ask", "reroute", "ack"])
def test_who_answers_too_late_hears_who_was_faster(action):
    answered = a_request(S.ACCEPTED, answered_by="zhangwei", answered_at=NOW)
    no = refused(ACTS.get(action, lambda r: rules.expect(r, action)), answered)
    assert no.code == "request.already_answered"
    assert (no.params["person"], no.params["at"]) == ("zhangwei", NOW)


def test_a_draft_is_sent_with_the_urgency_that_was_confirmed():
    draft = a_request(S.DRAFT, urgency=Urgency.URGENT)
    assert rules.send(draft, NOW).urgency is Urgency.URGENT
    assert rules.send(draft, NOW, Urgency.NORMAL).urgency is Urgency.NORMAL


def test_a_draft_expires_and_nothing_else_does():
    gone = rules.expire(a_request(S.DRAFT), NOW)
    assert (gone.state, gone.outcome, gone.closed_at) == (S.CANCELLED, "unconfirmed", NOW)
    assert refused(lambda r: rules.expire(r, NOW), a_request()).code == "request.wrong_state"


def test_accepting_names_an_owner_and_keeps_the_first_date():
    taken = rules.accept(a_request(), "zhangwei", NOW, due=LATER, owner="chenjing")
    assert (taken.owner, taken.due, taken.first_due, taken.answered_by) == ("chenjing", LATER, LATER, "zhangwei")
    moved = rules.move_due(taken, LATER + timedelta(days=1))
    assert (moved.due, moved.first_due) == (LATER + timedelta(days=1), LATER)
    assert refused(lambda r: rules.accept(r, "zhangwei", NOW, due=NOW), a_request()).code == "request.due_past"


@pytest.mark.parametrize(("reason", "code"), [("", "request.no_reason"), ("  ", "request.no_reason"), ("不行", "request.short_reason")])  # fmt: skip
def test_a_decline_needs_a_reason_that_says_something(reason, code):
    no = refused(lambda r: rules.decline(r, "zhangwei", NOW, reason=reason), a_request())
    assert (no.code, no.params["field"]) == (code, "reason")
    assert rules.decline(a_request(), "zhangwei", NOW, reason=f" {REASON} ").reason == REASON


def test_a_counter_offers_a_date_a_scope_or_another_department():
    def offer(**given):
        return rules.counter(a_request(), "zhangwei", NOW, **{"reason": "人手不足", **given})

    assert offer(due=LATER).alternative_due == LATER
    assert offer(alternative="只做两款").alternative == "只做两款"
    assert offer(department="design").alternative_department == "design"
    for wrong, code in (
        ({}, "request.no_alternative"),
        ({"department": "rd"}, "request.same_lead"),
        ({"reason": " ", "due": LATER}, "request.no_reason"),
    ):
        with pytest.raises(Refused, match=code):
            offer(**wrong)


def test_an_alternative_is_agreed_to_with_its_date_or_moves_to_the_other_department():
    offered = a_request(S.COUNTERED, answered_by="zhangwei", alternative_due=LATER)
    assert rules.agree_to_counter(offered, NOW).due == LATER
    elsewhere = rules.agree_to_counter(a_request(S.COUNTERED, alternative_department="design"), NOW)
    assert (elsewhere.state, elsewhere.lead, elsewhere.reroutes) == (S.RAISED, "design", 1)
    no = refused(lambda r: rules.agree_to_counter(r, NOW), a_request(S.COUNTERED, alternative="只做两款"))
    assert no.code == "request.no_due"


def test_a_refused_alternative_hands_the_request_back_as_it_was():
    back = rules.refuse_counter(a_request(S.COUNTERED, alternative="只做两款", answered_by="zhangwei", answered_at=NOW))
    assert (back.state, back.alternative, back.answered_by) == (S.RAISED, "", None)
    assert rules.refuse_counter(a_request(S.COUNTERED, reopened=1)).state is S.REOPENED
    assert refused(rules.refuse_counter, a_request()).code == "request.wrong_state"


def test_a_question_and_its_answer_need_words():
    assert refused(lambda r: rules.ask(r, "zhangwei", question=" "), a_request()).code == "request.no_question"
    assert refused(lambda r: rules.answer(r, text=" "), a_request(S.NEEDS_INFO)).code == "request.no_answer"
    assert rules.answer(a_request(S.NEEDS_INFO, reopened=1), text="A、B").state is S.REOPENED


def test_the_lead_reroutes_once_and_the_pmo_again():
    once = rules.reroute(a_request(), to="design", reason=" 归设计部管理 ")
    assert (once.lead, once.reroutes, once.reason) == ("design", 1, "归设计部管理")
    assert refused(lambda r: rules.reroute(r, to="rd"), once).code == "request.rerouted_before"
    assert rules.reroute(once, to="rd", by_pmo=True).reroutes == 2
    assert refused(lambda r: rules.reroute(r, to="rd"), a_request()).code == "request.same_lead"
    assert refused(lambda r: rules.reroute(r, to="market"), a_request()).code == "request.own_department"


def test_each_delivery_is_a_round_and_keeps_its_verdict():
    first = rules.deliver(a_request(S.IN_PROGRESS), "zhangwei", NOW, link="a")
    back = rules.rework(first, "limin", NOW, failed="缺第三轮数据")
    second = rules.verify(rules.deliver(back, "zhangwei", NOW, link="b"), "limin", NOW)
    assert [(d.round, d.outcome) for d in second.deliveries] == [(1, "failed"), (2, "passed")]
    delivered = a_request(S.DELIVERED)
    assert refused(lambda r: rules.rework(r, "limin", NOW, failed=" "), delivered).code == "request.no_failed"
    working = a_request(S.IN_PROGRESS)
    assert refused(lambda r: rules.deliver(r, "zhangwei", NOW, link=" "), working).code == "request.no_link"


@pytest.mark.parametrize("rating", [0, 6])
def test_a_score_is_one_to_five_or_none(rating):
    verified = a_request(S.VERIFIED)
    assert refused(lambda r: rules.close(r, NOW, rating=rating), verified).code == "request.rating"
    assert rules.close(verified, NOW).rating is None


def test_what_lapses_says_why_it_ended():
    assert rules.lapse(a_request(S.DECLINED), NOW).outcome == "declined"
    assert rules.lapse(a_request(S.COUNTERED), NOW).outcome == "withdrawn"


def test_a_reopening_has_its_last_day_and_keeps_the_old_results():
    closed = a_request(S.CLOSED, answered_by="zhangwei", answered_at=NOW, due=LATER)
    again = rules.reopen(closed, LATER, reason="还有问题", until=LATER)
    assert (again.reopened, again.answered_by, again.due, len(again.deliveries)) == (1, None, LATER, 1)
    late = LATER + timedelta(seconds=1)
    no = refused(lambda r: rules.reopen(r, late, reason="还有问题", until=LATER), closed)
    assert no.code == "request.reopen_too_late"


def test_work_starts_once():
    started = rules.start(a_request(S.ACCEPTED))
    assert started.state is S.IN_PROGRESS
    assert rules.start(started) is started


def test_a_standard_is_read_as_single_criteria():
    assert rules.criteria("完整报告；含原始记录\n 三轮数据 ;") == ("完整报告", "含原始记录", "三轮数据")
    assert rules.criteria(" ") == ()
