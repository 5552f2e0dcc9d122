"""Who is told, when, and how often: quiet hours, leave and stand-ins, one message per step."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from commands import tell
from commands.ports import Priority
from commands.registry import CLOCK, Actor
from support.core import Town

CHINA = timezone(timedelta(hours=8))
RAISE = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


def at(when: str) -> datetime:
    return datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


class Telling:
    """Somebody is told at a moment; what is owed because of it."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def notify(self, *people, when="09-23 10:30", by=None, planned="", step="s", item="R-1", **how):
        with self.town.store.begin() as uow:
            actor = Actor(by) if by else CLOCK
            ctx = self.town.bot.core.context(uow, actor, at(planned or when), real_now=at(when))
            return tell.notify(ctx, "request_waiting", item, people, step=step, **how)

    def show(self, when, **where):
        with self.town.store.begin() as uow:
            ctx = self.town.bot.core.context(uow, CLOCK, at(when))
            tell.show(ctx, "R-1", "request", **where)

    def post(self, *chats, when="09-23 22:00", **how):
        with self.town.store.begin() as uow:
            ctx = self.town.bot.core.context(uow, CLOCK, at(when))
            tell.post(ctx, "request_waiting", "R-1", chats, step="s", **how)

    def owed(self, kind="notice", view="request_waiting"):
        """Per target: until when it waits (`09-24 09:00`), or "now"."""
        found = self.rows('"to"', "not_before", kind=kind, view=view)
        return {to: self._moment(moment) for to, moment in found}

    def rows(self, *columns, kind="notice", view="request_waiting"):
        with self.town.store.read() as uow:
            return uow.link.query(
                f"SELECT {', '.join(columns)} FROM outbox WHERE state = 'pending' AND kind = '{kind}' "
                f"AND view = '{view}' ORDER BY seq",
                (),
            )

    def _moment(self, stored):
        with self.town.store.read() as uow:
            moment = uow.link.moment(stored)
        return moment.astimezone(CHINA).strftime("%m-%d %H:%M") if moment else "now"


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        assert town.says("limin", RAISE).ok
        town.settle()
        yield town


@pytest.fixture
def telling(town):
    return Telling(town)


# --- quiet hours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "waits"),
    [
        ("09-23 09:00", "now"),
        ("09-23 17:59", "now"),
        ("09-23 18:00", "now"),  # what is due at the end of the day is still said then
        ("09-23 18:01", "09-24 09:00"),
        ("09-24 08:59", "09-24 09:00"),
        ("09-24 18:30", "09-28 09:00"),  # a holiday of three days
        ("09-30 18:30", "10-08 09:00"),
        ("10-09 18:30", "10-10 09:00"),  # a worked Saturday
        ("10-10 18:30", "10-12 09:00"),
    ],
)
def test_outside_working_time_it_waits_for_the_next_working_minute_and_urgent_things_do_not(telling, when, waits):
    telling.notify("zhangwei", when=when)
    telling.notify("chenjing", when=when, urgent=True)
    assert telling.owed() == {"person:zhangwei": waits, "person:chenjing": "now"}


def test_a_chat_has_no_quiet_hours(telling):
    telling.post("sandbox:newx", None, "sandbox:newx", "sandbox:rd")
    assert telling.owed() == {"chat:sandbox:newx": "now", "chat:sandbox:rd": "now"}


def test_a_card_for_somebody_new_waits_for_the_morning_and_the_ones_that_are_there_change_at_once(telling):
    telling.show("09-23 22:00", people=("liuyang",))
    owed = telling.owed(kind="card", view="request")
    assert owed.pop("person:liuyang") == "09-24 09:00"
    assert set(owed.values()) == {"now"}
    assert {"chat:sandbox:newx", "chat:sandbox:rd", "person:zhangwei"} <= set(owed)


def test_a_card_that_waits_for_the_morning_goes_on_waiting_when_it_changes(telling):
    telling.show("09-23 22:00", people=("liuyang",))
    telling.show("09-23 22:30")
    assert telling.owed(kind="card", view="request")["person:liuyang"] == "09-24 09:00"


# --- leave ----------------------------------------------------------------------------------------------------------


def test_on_leave_the_stand_in_is_told_and_the_day_after_the_person_again(town, telling):
    assert town.says("zhangwei", "/status leave 9月24日 @陈静", chat="dm:zhangwei").ok
    assert telling.notify("zhangwei", when="09-23 10:30", step="a") == ("zhangwei",)
    assert telling.notify("zhangwei", when="09-24 10:30", step="b") == ("chenjing",)
    assert telling.notify("zhangwei", when="09-28 10:30", step="c") == ("zhangwei",)


def test_who_stands_in_and_is_asked_as_well_is_told_once(town, telling):
    assert town.says("zhangwei", "/status leave 9月24日 @陈静", chat="dm:zhangwei").ok
    assert telling.notify("zhangwei", "chenjing", when="09-24 10:30") == ("chenjing",)
    assert list(telling.owed()) == ["person:chenjing"]


def test_without_a_stand_in_nobody_is_told_and_the_caller_hears_it(town, telling):
    assert town.says("wanglei", "/status leave 9月24日", chat="dm:wanglei").ok
    assert telling.notify("wanglei", None, when="09-24 10:30") == ()
    assert telling.owed() == {}


def test_what_only_one_person_can_answer_waits_until_they_are_back(town, telling):
    assert town.says("zhangwei", "/status leave 9月24日 @陈静", chat="dm:zhangwei").ok
    assert telling.notify("zhangwei", when="09-24 10:30", in_person=True) == ("zhangwei",)
    assert telling.owed() == {"person:zhangwei": "09-28 09:00"}


def test_a_stand_in_from_the_other_side_is_passed_over_for_a_colleague(town, telling):
    assert town.says("zhangwei", "/status leave 9月24日 @李敏", chat="dm:zhangwei").ok
    assert telling.notify("zhangwei", when="09-24 10:30") == ("chenjing",)
    assert telling.notify("zhangwei", when="09-24 10:30", item="M-1") == ("limin",)  # no request: no sides


# --- once ------------------------------------------------------------------------------------------------------------


def test_each_person_is_told_once_for_a_step_whoever_says_it_how_often(telling):
    for _ in range(2):
        assert telling.notify("zhangwei", "zhangwei", None, "chenjing") == ("zhangwei", "chenjing")
    assert telling.rows("key") == [
        ("request_waiting:R-1:s:zhangwei",),
        ("request_waiting:R-1:s:chenjing",),
    ]


def test_another_step_or_another_record_is_another_message(telling):
    telling.notify("zhangwei")
    telling.notify("zhangwei", step="t")
    telling.notify("zhangwei", item="R-2")
    assert len(telling.rows("key")) == 3


def test_who_acts_is_not_told_of_their_own_act_unless_it_is_said(telling):
    assert telling.notify("zhangwei", "limin", by="zhangwei") == ("limin",)
    assert telling.notify("zhangwei", by="zhangwei", step="t", even_self=True) == ("zhangwei",)


# --- how ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "urgent", "may_join"),
    [
        (Priority.PROMPT, False, True),
        (Priority.PROMPT, True, False),
        (Priority.ANSWER, False, False),
        (Priority.ESCALATION, True, False),
    ],
)
def test_only_reminders_that_can_wait_may_join_others(telling, priority, urgent, may_join):
    telling.notify("zhangwei", priority=priority, urgent=urgent)
    ((bundle, stored),) = telling.rows("bundle", "urgent")
    assert (bool(bundle), bool(stored)) == (may_join, urgent)


@pytest.mark.parametrize(("planned", "says_so"), [("09-23 10:20", False), ("09-23 10:19", True)])
def test_what_comes_more_than_ten_minutes_late_says_when_it_was_planned(telling, planned, says_so):
    telling.notify("zhangwei", when="09-23 10:30", planned=planned)
    ((facts,),) = telling.rows("facts")
    assert ("planned_at" in (json.loads(facts) if isinstance(facts, str) else facts)) is says_so


def test_the_administrators_and_the_pmo_hear_once_a_day_that_nobody_is_left(town):
    for when in ("09-23 22:00", "09-23 23:00", "09-24 10:00"):
        with town.store.begin() as uow:
            tell.nobody_left(town.bot.core.context(uow, CLOCK, at(when)), "R-1", "rd")
    found = Telling(town)
    assert found.owed(view="nobody_left") == {"person:zhaoying": "now"}
    assert len(found.rows("key", view="nobody_left")) == 2
