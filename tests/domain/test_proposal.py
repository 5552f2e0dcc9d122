"""A proposal has one question and one reply; whether a change was announced in time is a matter of working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from commands.domain import proposal as rules
from commands.domain.proposal import Proposal, ProposalKind, ProposalState
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused

CALENDAR = WorkCalendar(
    "default",
    "Asia/Shanghai",
    off=frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}),
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_years=frozenset({2026}),
)
P = ProposalState
REPLIES = {
    "agree": lambda p: rules.agree(p, "limin", at(24, 9)),
    "refuse": lambda p: rules.refuse(p, "limin", at(24, 9), reason="发布会时间不能动"),
}


def at(day, hour, minute=0, month=9):
    return datetime(2026, month, day, hour, minute, tzinfo=CALENDAR.tz).astimezone(UTC)


def a_proposal(state=P.OPEN, **more):
    made = Proposal(
        id="P-1", kind=ProposalKind.DELAY, item="T-2", by="wanglei", department="design", reason="人手不足",
        asked=("zhangwei", "limin"), asked_at=at(23, 17, 50), state=state,
    )  # fmt: skip
    return replace(made, **more)


@pytest.mark.parametrize(("reply", "state"), [("agree", P.AGREED), ("refuse", P.REFUSED)])
def test_the_first_reply_counts_and_says_whose_it_was(reply, state):
    answered = REPLIES[reply](a_proposal())
    assert (answered.state, answered.answered_by, answered.answered_at) == (state, "limin", at(24, 9))


@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("state", [state for state in P if state is not P.OPEN])
def test_a_second_reply_hears_what_became_of_it(reply, state):
    over = a_proposal(state, answered_by="zhangwei", answered_at=at(23, 18))
    with pytest.raises(Refused) as no:
        REPLIES[reply](over)
    assert no.value.code == "proposal.already"
    assert no.value.params == {"item": "T-2", "person": "zhangwei", "at": at(23, 18), "state": state}


def test_a_refusal_needs_a_reason():
    with pytest.raises(Refused) as no:
        rules.refuse(a_proposal(), "limin", at(24, 9), reason=" ")
    assert no.value.code == "request.no_reason"
    assert rules.refuse(a_proposal(), "limin", at(24, 9), reason=" 不行 ").answer == "不行"


def test_withdrawn_and_lapsed_are_ends_of_their_own():
    assert rules.withdraw(a_proposal(), at(24, 9)).state is P.WITHDRAWN
    assert rules.lapse(a_proposal(), at(24, 9)).state is P.LAPSED


def test_a_decider_joins_those_who_were_asked_and_nobody_is_asked_twice():
    handed = rules.hand_to(a_proposal(), "heping")
    assert (handed.decider, handed.asked) == ("heping", ("zhangwei", "limin", "heping"))
    assert rules.hand_to(a_proposal(), "limin").asked == ("zhangwei", "limin")


@pytest.mark.parametrize(
    ("due", "deadline"),
    [
        (at(28, 18), at(23, 18)),  # 25 to 27 September are days off
        (at(30, 18), at(28, 18)),
        (at(8, 18, month=10), at(29, 18)),  # the holiday lies between
        (at(10, 12, month=10), at(8, 18, month=10)),  # a Saturday that is worked
    ],
)
def test_a_change_is_in_time_until_work_ends_two_working_days_before(due, deadline):
    assert rules.notice_deadline(due, CALENDAR, 2) == deadline
    assert not rules.is_late_notice(due, deadline, CALENDAR, 2)
    assert rules.is_late_notice(due, deadline + timedelta(seconds=1), CALENDAR, 2)


def test_a_change_of_what_has_no_date_is_never_late():
    assert not rules.is_late_notice(None, at(23, 18), CALENDAR, 2)
