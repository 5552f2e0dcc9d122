"""The rules of minutes: what each state allows, who is asked about what, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.domain import minutes as rules
from commands.domain.minutes import Confirmation, ConfirmationState, ItemKind, Minutes, MinutesItem, MinutesState
from commands.errors import Refused

_S, _C = MinutesState, ConfirmationState
NOW = datetime(2026, 9, 30, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def item(number: int, text: str = "", since: int = 1) -> MinutesItem:
    return MinutesItem(number, ItemKind.DECISION, text or f"item {number}", since=since)


ITEMS = (item(1), item(2), item(3))


def meeting(state: MinutesState = _S.DUE, **more) -> Minutes:
    known = {
        "id": "M-7",
        "title": "新品X 周会",
        "starts_at": NOW - timedelta(hours=2),
        "ends_at": NOW - timedelta(hours=1),
        "host": "gaojie",
        "recorder": "gaojie",
        "participants": ("limin", "zhangwei", "wanglei"),
        "created_at": NOW - timedelta(days=1),
        "state": state,
    }
    return Minutes(**known | more)


def published(*editions: tuple[MinutesItem, ...], **more) -> Minutes:
    editions = editions or (ITEMS,)
    known = {"edition": len(editions), "items": editions[-1], "editions": editions, "published_at": NOW}
    return meeting(**{"state": _S.PUBLISHED} | known | more)


def answer(state: ConfirmationState = _C.ASKED, person: str = "limin", **more) -> Confirmation:
    known = {"id": f"M-7/{person}", "minutes": "M-7", "person": person, "edition": 1, "asked_at": NOW}
    if state in rules.ANSWERED:
        known |= {"answered_at": NOW, "answered_edition": 1}
    return Confirmation(**known | {"state": state} | more)


def outcome_of(work) -> str:
    try:
        work()
    except Refused as refused:
        return refused.code
    return "done"


# --- what a state allows -----------------------------------------------------------------------------

ALLOWED = {
    "draft": {_S.DUE, _S.DRAFTED},
    "publish": {_S.DUE, _S.DRAFTED, _S.PUBLISHED},
    "cancel": {_S.DUE, _S.DRAFTED},
}
DO = {
    "draft": lambda m: rules.draft(m, ITEMS),
    "publish": lambda m: rules.publish(m, (*ITEMS, item(4)), (), NOW),
    "cancel": lambda m: rules.cancel(m, NOW),
}


@pytest.mark.parametrize("action", ALLOWED)
@pytest.mark.parametrize("state", MinutesState)
def test_every_state_decides_every_action_on_the_sheet(state, action):
    expected = "done" if state in ALLOWED[action] else "minutes.wrong_state"
    assert outcome_of(lambda: DO[action](meeting(state))) == expected


_CLOSED = (_S.CLOSED_WITH_DEEMED, _S.CLOSED_WITH_DISSENT)
CONFIRMS = {(_S.PUBLISHED, a) for a in ConfirmationState} | {(s, a) for s in _CLOSED for a in rules.UNHEARD}
OBJECTS = {(_S.PUBLISHED, a) for a in ConfirmationState} | {(s, _C.UNDELIVERED) for s in _CLOSED}


@pytest.mark.parametrize("state", MinutesState)
@pytest.mark.parametrize("given", ConfirmationState)
def test_every_state_decides_every_confirmation(state, given):
    found = outcome_of(lambda: rules.confirm(answer(given), published(state=state), LATER))
    if given is _C.CONFIRMED:
        assert found == "minutes.confirmed_before"
    else:
        assert found == ("done" if (state, given) in CONFIRMS else "minutes.wrong_state")


@pytest.mark.parametrize("state", MinutesState)
@pytest.mark.parametrize("given", ConfirmationState)
def test_every_state_decides_every_objection(state, given):
    found = outcome_of(lambda: rules.object_to(answer(given), published(state=state, closed_at=NOW), LATER))
    refused = "minutes.too_late" if state in _CLOSED else "minutes.wrong_state"
    assert found == ("done" if (state, given) in OBJECTS else refused)


def test_who_was_absent_owes_no_answer():
    was = published(absent=("limin",))
    asked = rules.ask(was, "limin", NOW)
    assert asked.state is _C.EXCUSED
    assert outcome_of(lambda: rules.confirm(asked, was, NOW)) == "minutes.absent"
    assert outcome_of(lambda: rules.object_to(asked, was, NOW)) == "minutes.absent"


# --- publishing --------------------------------------------------------------------------------------


def test_an_edition_keeps_the_ones_before():
    first = rules.publish(meeting(), ITEMS, (), NOW)
    second = rules.publish(first, (item(1), item(2, "other", 2), item(3)), (), LATER)
    assert (second.edition, second.editions[0], second.published_at) == (2, ITEMS, NOW)


@pytest.mark.parametrize(
    ("items", "absent", "code"),
    [
        ((), (), "minutes.empty"),
        (ITEMS, ("limin", "zhangwei", "wanglei"), "minutes.nobody_there"),
        (ITEMS, (), "minutes.nothing_changed"),
        (ITEMS, ("limin",), "done"),
    ],
)
def test_an_edition_says_something_new_to_somebody(items, absent, code):
    assert outcome_of(lambda: rules.publish(published(), items, absent, NOW)) == code


def test_who_was_invited_and_did_not_come_is_on_the_list():
    made = rules.publish(meeting(), ITEMS, ("sunzong",), NOW)
    assert made.participants[-1] == "sunzong"


def test_what_is_gone_has_changed_too():
    was = published(ITEMS, (item(1), item(3, "new", 2)))
    assert rules.changed_since(was, 1) == (2, 3)
    assert rules.changed_since(was, 2) == ()
    assert [i.number for i in rules.dropped(was)] == [2]


# --- asking again ------------------------------------------------------------------------------------

SECOND = published(ITEMS, (item(1), item(2, "other", 2), item(3)))


@pytest.mark.parametrize("state", [_C.CONFIRMED, _C.OBJECTED, _C.DEEMED])
def test_who_had_answered_or_let_it_pass_is_asked_about_what_changed(state):
    was = answer(state)
    again = rules.ask_again(was, SECOND, LATER)
    assert (again.state, again.items, again.edition, again.asked_at) == (_C.ASKED, (2,), 2, LATER)
    assert rules.is_asked_anew(was, again)


@pytest.mark.parametrize("state", [_C.ASKED, _C.UNDELIVERED])
def test_who_is_silent_keeps_the_first_question(state):
    was = answer(state)
    assert rules.ask_again(was, SECOND, LATER) == was
    assert not rules.is_asked_anew(was, was)


def test_a_third_edition_widens_an_open_question_and_keeps_its_end():
    third = published(*SECOND.editions, (item(1, "x", 3), item(2, "other", 2), item(3)))
    was = answer(_C.ASKED, items=(2,), edition=2, answered_edition=1)
    again = rules.ask_again(was, third, LATER)
    assert (again.items, again.edition, again.asked_at) == ((1, 2), 2, NOW)


def test_a_corrected_list_excuses_and_asks():
    absent = replace(SECOND, absent=("limin",))
    assert rules.ask_again(answer(_C.CONFIRMED), absent, LATER).state is _C.EXCUSED
    asked = rules.ask_again(answer(_C.EXCUSED), SECOND, LATER)
    assert (asked.state, asked.items, asked.edition) == (_C.ASKED, (), 2)


# --- receipts ----------------------------------------------------------------------------------------


def test_who_cannot_be_reached_is_never_deemed_but_may_confirm():
    lost = rules.reached(answer(), "direct", False, NOW)
    assert lost.state is _C.UNDELIVERED
    assert rules.deem(lost, published(), LATER) == lost
    assert rules.confirm(lost, published(), LATER).state is _C.CONFIRMED


def test_who_is_reached_later_is_asked_from_then_on():
    lost = rules.reached(answer(), "direct", False, NOW)
    found = rules.reached(lost, "direct", True, LATER)
    assert (found.state, found.asked_at, found.channels) == (_C.ASKED, LATER, (("direct", "sent"),))


@pytest.mark.parametrize("state", [_C.CONFIRMED, _C.OBJECTED, _C.DEEMED, _C.EXCUSED])
def test_a_receipt_changes_no_answer(state):
    assert rules.reached(answer(state), "direct", False, NOW).state is state
    assert rules.reached(answer(_C.ASKED), "group", False, NOW).state is _C.ASKED


# --- how it ends -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "end"),
    [
        ((_C.CONFIRMED, _C.ASKED), None),
        ((_C.CONFIRMED, _C.CONFIRMED), _S.CONFIRMED),
        ((_C.CONFIRMED, _C.EXCUSED), _S.CONFIRMED),
        ((_C.CONFIRMED, _C.DEEMED), _S.CLOSED_WITH_DEEMED),
        ((_C.CONFIRMED, _C.UNDELIVERED), _S.CLOSED_WITH_DEEMED),
    ],
)
def test_it_ends_when_nobody_is_asked_any_more(states, end):
    answers = [answer(state, f"p{n}") for n, state in enumerate(states)]
    assert rules.outcome(published(), answers) == end


def objected(was: Minutes, number: int | None) -> tuple[Minutes, Confirmation]:
    noted = rules.note_objection(was, "limin", number, "不对", NOW)
    return noted, rules.object_to(answer(), noted, NOW)


@pytest.mark.parametrize("number", [2, None])
def test_an_objection_that_nobody_settled_is_dissent(number):
    noted, given = objected(published(), number)
    assert rules.outcome(noted, [given]) is _S.CLOSED_WITH_DISSENT


def test_a_new_wording_settles_the_objection_to_it_and_to_nothing_else():
    for number, end in ((2, _S.CLOSED_WITH_DEEMED), (3, _S.CLOSED_WITH_DISSENT)):
        noted, given = objected(published(), number)
        second = rules.publish(noted, (item(1), item(2, "other", 2), item(3)), (), LATER)
        silent = rules.deem(rules.ask_again(given, second, LATER), second, LATER)
        assert rules.outcome(second, [silent]) is end


def test_confirming_what_changed_does_not_take_another_objection_back():
    noted, given = objected(published(), 3)
    second = rules.publish(noted, (item(1), item(2, "other", 2), item(3)), (), LATER)
    agreed = rules.confirm(rules.ask_again(given, second, LATER), second, LATER)
    assert rules.outcome(second, [agreed]) is _S.CLOSED_WITH_DISSENT


def test_who_confirms_after_objecting_takes_it_back():
    noted, given = objected(published(), 2)
    assert rules.outcome(noted, [rules.confirm(given, noted, LATER)]) is _S.CONFIRMED
    assert noted.objections[0].reason == "不对"


@pytest.mark.parametrize(("number", "reason", "code"), [(9, "不对", "minutes.no_item"), (2, " ", "minutes.no_reason")])
def test_an_objection_names_an_item_that_is_there_and_a_reason(number, reason, code):
    assert outcome_of(lambda: rules.note_objection(published(), "limin", number, reason, NOW)) == code
