"""Every action on an escalation in every state; who decides under each quorum; what is kept when more is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.domain import escalation as rules
from commands.domain.escalation import Escalation, EscalationKind, EscalationState, Supplement, Vote
from commands.domain.people import Leadership
from commands.errors import Refused

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
S = EscalationState


def matter(state=S.OPEN, **more):
    known = {
        "id": "E-1",
        "kind": EscalationKind.DISPUTE,
        "item": "R-1",
        "reason": "priority",
        "raised_by": "limin",
        "parties": ("market", "rd"),
        "state": state,
        "positions": {"market": "A first"},
        "raised_at": NOW,
    }
    if state is S.SENT_BACK:
        known |= {"question": "how many?", "sent_back": 1, "sent_back_at": NOW}
    if state is S.RULED:
        known |= {"decision": "D-1", "executors": ("zhouqiang", "liuyang")}
    return Escalation(**{**known, **more})


def ballot(by="sunzong", option="compromise", **more):
    return Vote(by, option, "both give way", NOW, **more)


ACTIONS = {
    "position": lambda e: rules.state_position(e, "rd", "zhangwei", "B first", LATER),
    "settle": lambda e: rules.settle(e, "A now, B later", LATER),
    "up": lambda e: rules.hand_in(e, LATER),
    "withdraw": lambda e: rules.withdraw(e, "limin", LATER),
    "ack": lambda e: rules.acknowledge(e, "sunzong", LATER),
    "send_back": lambda e: rules.send_back(e, "how many?", LATER),
    "take_back": rules.take_back,
    "vote": lambda e: rules.vote(e, ballot()),
    "rule": lambda e: rules.rule(e, "D-1", ("zhouqiang",), LATER),
    "execute": lambda e: rules.execute(e, "zhouqiang", LATER),
    "close": lambda e: rules.close_answered(e, "answered", LATER),
}
UNRULED = {S.OPEN, S.TO_LEADERSHIP, S.SENT_BACK}
BECOMES = {
    "position": {S.OPEN: S.OPEN, S.TO_LEADERSHIP: S.TO_LEADERSHIP, S.SENT_BACK: S.SENT_BACK},
    "settle": dict.fromkeys(UNRULED, S.SETTLED),
    "up": {S.OPEN: S.TO_LEADERSHIP},
    "withdraw": dict.fromkeys(UNRULED, S.WITHDRAWN),
    "ack": {S.TO_LEADERSHIP: S.TO_LEADERSHIP, S.SENT_BACK: S.SENT_BACK},
    "send_back": {S.TO_LEADERSHIP: S.SENT_BACK},
    "take_back": {S.SENT_BACK: S.TO_LEADERSHIP},
    "vote": {S.TO_LEADERSHIP: S.TO_LEADERSHIP, S.SENT_BACK: S.SENT_BACK},
    "rule": dict.fromkeys((S.TO_LEADERSHIP, S.SENT_BACK, S.RULED, S.EXECUTED), S.RULED),
    "execute": {S.RULED: S.RULED},
    "close": dict.fromkeys((*UNRULED, S.RULED), S.CLOSED),
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_possible_in_its_states_alone(action, state):
    wanted = BECOMES[action].get(state)
    if wanted is None:
        with pytest.raises(Refused) as no:
            ACTIONS[action](matter(state))
        assert no.value.code == "escalation.wrong_state"
    else:
        assert ACTIONS[action](matter(state)).state is wanted


# --- what the parties say ------------------------------------------------------------------------


def test_during_mediation_the_last_words_count():
    said = rules.state_position(matter(), "market", "limin", " B first ", NOW)
    assert (said.positions, said.supplements) == ({"market": "B first"}, ())


@pytest.mark.parametrize("state", [S.TO_LEADERSHIP, S.SENT_BACK])
def test_what_leadership_has_read_stays_and_more_words_stand_beside_it(state):
    said = rules.state_position(matter(state), "market", "limin", "B first", LATER)
    assert said.positions == {"market": "A first"}
    assert said.supplements == (Supplement("market", "limin", "B first", LATER),)


def test_who_had_said_nothing_before_leadership_got_it_still_states_a_position():
    said = rules.state_position(matter(S.TO_LEADERSHIP), "rd", "zhangwei", "B first", LATER)
    assert (said.positions["rd"], said.supplements) == ("B first", ())


def test_leadership_has_it_back_when_each_party_has_answered():
    one = rules.state_position(matter(S.SENT_BACK), "rd", "zhangwei", "two", LATER)
    assert (one.state, rules.unanswered(one)) == (S.SENT_BACK, ("market",))
    both = rules.state_position(one, "market", "limin", "one", LATER)
    assert (both.state, rules.unanswered(both)) == (S.TO_LEADERSHIP, ())


def test_what_was_added_before_the_question_does_not_answer_it():
    early = Supplement("rd", "zhangwei", "by the way", NOW - timedelta(minutes=1))
    assert rules.unanswered(matter(S.SENT_BACK, supplements=(early,))) == ("market", "rd")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_empty_words_are_refused(text):
    for say in (
        lambda: rules.state_position(matter(), "rd", "zhangwei", text, NOW),
        lambda: rules.settle(matter(), text, NOW),
        lambda: rules.send_back(matter(S.TO_LEADERSHIP), text, NOW),
        lambda: rules.vote(matter(S.TO_LEADERSHIP), replace(ballot(), reason=text)),
    ):
        with pytest.raises(Refused):
            say()


def test_it_is_sent_back_once_and_voted_on_anew():
    back = rules.send_back(matter(S.TO_LEADERSHIP, votes=(ballot(),)), "how many?", NOW)
    assert (back.votes, back.sent_back, back.sent_back_at) == ((), 1, NOW)
    with pytest.raises(Refused, match="sent_back_before"):
        rules.send_back(rules.take_back(back), "and who?", NOW)


def test_only_who_raised_it_withdraws_it():
    with pytest.raises(Refused, match="not_allowed") as no:
        rules.withdraw(matter(), "zhangwei", NOW)
    assert no.value.params["who"] == ("limin",)
    assert rules.withdraw(matter(), "limin", NOW).closed_at == NOW


def test_nobody_withdraws_what_a_clock_has_opened():
    with pytest.raises(Refused, match="not_allowed"):
        rules.withdraw(matter(S.TO_LEADERSHIP, kind=EscalationKind.BREACH, raised_by=None), "limin", NOW)


# --- voting --------------------------------------------------------------------------------------

GROUP = Leadership(name="", chair="sunzong", deputies=("zhouqiang", "liuyang"), members=("gaojie", "heping"))
NO_PARTY = frozenset[str]()
DEPUTIES = frozenset({"zhouqiang", "liuyang"})
CHAIR = frozenset({"sunzong"})
# quorum, who abstains, votes in their order, whose vote decides
COUNTS = [
    ("any", NO_PARTY, [("gaojie", "compromise")], "gaojie"),
    ("any", DEPUTIES, [("zhouqiang", "compromise")], None),
    ("any", DEPUTIES, [("zhouqiang", "compromise"), ("gaojie", "support_raiser")], "gaojie"),
    ("any", NO_PARTY, [], None),
    ("majority", NO_PARTY, [("sunzong", "compromise"), ("gaojie", "compromise")], None),
    ("majority", NO_PARTY, [("sunzong", "compromise"), ("gaojie", "compromise"), ("heping", "compromise")], "heping"),
    ("majority", DEPUTIES, [("sunzong", "compromise"), ("gaojie", "compromise")], "gaojie"),
    ("majority", DEPUTIES, [("sunzong", "compromise"), ("gaojie", "support_raiser")], None),
    ("majority", DEPUTIES, [("zhouqiang", "compromise"), ("liuyang", "compromise"), ("gaojie", "compromise")], None),
    ("majority", DEPUTIES | CHAIR, [("gaojie", "compromise")], None),
    ("majority", DEPUTIES | CHAIR, [("gaojie", "compromise"), ("heping", "compromise")], "heping"),
    ("chair", NO_PARTY, [("gaojie", "compromise"), ("liuyang", "compromise")], None),
    ("chair", NO_PARTY, [("gaojie", "compromise"), ("sunzong", "support_raiser")], "sunzong"),
    ("chair", CHAIR, [("gaojie", "compromise")], None),
    ("chair", CHAIR, [("gaojie", "compromise"), ("zhouqiang", "support_raiser")], "zhouqiang"),
    ("chair", CHAIR | DEPUTIES, [("gaojie", "compromise")], "gaojie"),
]


@pytest.mark.parametrize("option", ["as given", "assign", "reroute", "send_back"])
@pytest.mark.parametrize(("quorum", "parties", "votes", "decides"), COUNTS)
def test_who_decides(quorum, parties, votes, decides, option):
    """Assigning, rerouting and asking back count like any verdict; whoever speaks for a party does not count."""
    given = [(by, said if option == "as given" or said != "compromise" else option) for by, said in votes]
    cast = tuple(ballot(by, said) for by, said in given)
    won = rules.winning(matter(S.TO_LEADERSHIP, votes=cast), rules.eligible(GROUP, parties), quorum)
    assert (won.by if won else None) == decides


def test_votes_for_different_people_are_votes_for_different_things():
    votes = tuple(ballot(by, "assign", person=p) for by, p in (("sunzong", "a"), ("gaojie", "b"), ("heping", "a")))
    open_matter = matter(S.TO_LEADERSHIP, votes=votes)
    assert rules.winning(open_matter, ("sunzong", "gaojie", "heping"), "majority").person == "a"
    assert rules.winning(open_matter, ("sunzong", "gaojie", "heping", "liuyang"), "majority") is None


def test_who_votes_again_replaces_the_first_vote():
    once = rules.vote(matter(S.TO_LEADERSHIP), ballot())
    again = rules.vote(once, ballot(option="support_other"))
    assert [v.option for v in again.votes] == ["support_other"]


# --- carrying out --------------------------------------------------------------------------------


def test_the_last_party_to_take_note_ends_it():
    one = rules.execute(matter(S.RULED), "zhouqiang", NOW)
    assert (one.state, one.closed_at) == (S.RULED, None)
    with pytest.raises(Refused, match="acked_before"):
        rules.execute(one, "zhouqiang", NOW)
    with pytest.raises(Refused, match="not_allowed"):
        rules.execute(one, "sunzong", NOW)
    both = rules.execute(one, "liuyang", LATER)
    assert (both.state, both.closed_at) == (S.EXECUTED, LATER)


def test_a_new_ruling_has_to_be_carried_out_anew():
    done = rules.execute(rules.execute(matter(S.RULED), "zhouqiang", NOW), "liuyang", NOW)
    anew = rules.rule(done, "D-2", ("zhouqiang", "liuyang"), LATER)
    assert (anew.state, anew.executed, anew.closed_at) == (S.RULED, (), None)


def test_a_ruling_that_nobody_has_to_carry_out_is_the_end():
    assert rules.rule(matter(S.TO_LEADERSHIP), "D-1", (), LATER).state is S.EXECUTED
