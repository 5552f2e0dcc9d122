"""Messages owed go out in order, once, and nobody's late word counts."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.ports import Owed, OwedKind, Priority
from storage.queue import Wanted

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)
CHAT = "chat:slack:C1"


def owed(key, to=CHAT, kind=OwedKind.NOTICE, item="R-1", view="request", **given):
    return Owed(**{"key": key, "to": to, "kind": kind, "view": view, "item": item, "owed_at": NOW, **given})


@pytest.fixture
def owe(store):
    def owe(*messages):
        with store.begin() as uow:
            return [uow.owe(message) for message in messages]

    return owe


def claim(store, now=NOW, owner="one", **given):
    with store.begin() as uow:
        return uow.outbox.claim(now, owner=owner, lease=LEASE, wanted=Wanted(**given))


def keys(rows):
    return [row.owed.key for row in rows]


def sent(store, row, now=NOW, message="m1"):
    with store.begin() as uow:
        return uow.outbox.sent(row, platform="slack", chat="C1", message=message, now=now)


def test_a_key_is_owed_once(owe, store):
    assert owe(owed("a"), owed("a", item="R-2")) == [True, False]
    assert owe(owed("a")) == [False]
    assert keys(claim(store)) == ["a"]


def test_a_message_comes_back_with_all_its_facts(owe, store):
    message = owed(
        "a", facts={"level": 2, "until": NOW, "names": ["张伟"]}, priority=Priority.ESCALATION, not_before=NOW,
        expires_at=NOW + MINUTE, urgent=True, bundle=True,
    )  # fmt: skip
    owe(message)
    assert claim(store)[0].owed == message


def test_by_priority_then_by_age_one_at_a_time_to_a_chat(owe, store):
    owe(
        owed("prompt", "chat:slack:C2", priority=Priority.PROMPT),
        owed("first"),
        owed("second"),
        owed("urgent", "person:he", priority=Priority.ESCALATION),
    )
    rows = claim(store)
    assert keys(rows) == ["urgent", "first", "prompt"]
    assert claim(store) == []
    assert sent(store, rows[1])
    assert keys(claim(store)) == ["second"]


def test_nothing_overtakes_a_message_that_waits_for_its_retry(owe, store):
    owe(owed("first"), owed("second"), owed("elsewhere", "chat:slack:C2"))
    first, _ = claim(store)
    with store.begin() as uow:
        assert uow.outbox.retry(first, NOW + MINUTE, "429")
        assert uow.outbox.earliest_ready() == NOW
    assert claim(store) == []
    (again,) = claim(store, NOW + MINUTE)[:1]
    assert (again.owed.key, again.attempts) == ("first", 1)


def test_a_deferred_message_holds_nobody_up(owe, store):
    owe(owed("evening", not_before=NOW + MINUTE), owed("now"))
    assert keys(claim(store)) == ["now"]


def test_a_lease_that_ended_is_taken_over_and_the_zombie_is_refused(owe, store, other):
    owe(owed("a", kind=OwedKind.CARD))
    (zombie,) = claim(store)
    assert claim(other, NOW + LEASE - MINUTE / 60, "two") == []
    (taken,) = claim(other, NOW + LEASE, "two")
    assert (taken.attempts, taken.owed) == (1, zombie.owed)
    assert sent(other, taken, message="new")
    assert not sent(store, zombie, message="old")
    with store.begin() as uow:
        assert not uow.outbox.retry(zombie, NOW, "late")
        assert not uow.outbox.bury(zombie, "late")
        assert [p.message for p in uow.posted("R-1")] == ["new"]


def test_even_the_same_owner_cannot_tick_off_an_earlier_attempt(owe, store):
    owe(owed("a"))
    (before,) = claim(store)
    (after,) = claim(store, NOW + LEASE)
    assert not sent(store, before)
    assert sent(store, after)


def test_of_several_states_of_a_card_only_the_newest_is_sent(owe, store):
    owe(*(owed(key, kind=OwedKind.CARD) for key in ("v1", "v2", "v3")), owed("other", kind=OwedKind.CARD, item="R-2"))
    rows = claim(store)
    assert keys(rows) == ["v3"]
    with store.read() as uow:
        assert uow.outbox.states() == {"dropped": 2, "sending": 1, "pending": 1}


def test_a_card_in_another_chat_or_of_another_view_is_another_card(owe, store):
    owe(
        owed("a", kind=OwedKind.CARD),
        owed("b", "chat:slack:C2", kind=OwedKind.CARD),
        owed("c", "chat:slack:C3", kind=OwedKind.CARD, view="escalation"),
    )
    assert keys(claim(store)) == ["a", "b", "c"]


def test_notices_to_a_person_that_may_be_joined_go_together(owe, store):
    to = "person:he"
    owe(
        owed("a", to, bundle=True),
        owed("b", to, bundle=True),
        owed("later", to, bundle=True, not_before=NOW + MINUTE),
        owed("alone", to),
    )
    (row,) = claim(store)
    assert (row.owed.key, keys(row.joined)) == ("a", ["b"])
    assert sent(store, row)
    with store.read() as uow:
        assert uow.outbox.sent_to_since(to, NOW - MINUTE) == 2
        assert uow.outbox.sent_to_since(to, NOW) == 0
    assert keys(claim(store)) == ["alone"]


def test_tried_again_a_notice_takes_along_what_went_with_it_and_nothing_new(owe, store):
    to = "person:limin"
    owe(owed("a", to, bundle=True), owed("b", to, bundle=True))
    claim(store)
    owe(owed("new", to, bundle=True))
    (row,) = claim(store, NOW + MINUTE)
    assert (row.owed.key, keys(row.joined)) == ("a", ["b"])
    assert sent(store, row)
    assert keys(claim(store, NOW + MINUTE)) == ["new"]


def test_a_card_that_may_be_there_already_goes_on_under_its_first_key(owe, store):
    owe(owed("v1", kind=OwedKind.CARD))
    claim(store)
    owe(owed("v2", kind=OwedKind.CARD), owed("v3", kind=OwedKind.CARD))
    assert keys(claim(store, NOW + MINUTE)) == ["v1"]
    assert claim(store, NOW + MINUTE) == []
    with store.read() as uow:
        assert uow.outbox.states() == {"sending": 1, "dropped": 2}


def test_notices_to_a_chat_are_never_joined(owe, store):
    owe(owed("a", bundle=True), owed("b", bundle=True))
    assert [(row.owed.key, row.joined) for row in claim(store)] == [("a", ())]


def test_only_the_asked_platform_and_who_is_reached_there(owe, store):
    owe(owed("s"), owed("f", "chat:feishu:oc_1"), owed("p", "person:he"), owed("q", "person:she"))
    with store.read() as uow:
        assert uow.outbox.has_ready(NOW, Wanted(platform="feishu"))
        assert not uow.outbox.has_ready(NOW, Wanted(platform="dingtalk", reaches=lambda person: False))
    assert keys(claim(store, platform="feishu", reaches=lambda person: person == "he")) == ["f", "p"]
    with pytest.raises(ValueError, match="not the name"):
        claim(store, platform="x' OR 1=1")


def test_no_more_prompts_than_asked_for_and_the_urgent_first(owe, store):
    owe(
        *(owed(f"prompt{n}", f"chat:slack:P{n}", priority=Priority.PROMPT) for n in range(3)),
        *(owed(f"answer{n}", f"chat:slack:A{n}") for n in range(3)),
    )
    assert keys(claim(store, limit=2)) == ["answer0", "answer1"]
    assert keys(claim(store, limit=20, prompts=1)) == ["answer2", "prompt0"]
    assert keys(claim(store, limit=20, prompts=0)) == []
    with store.read() as uow:
        assert not uow.outbox.has_ready(NOW, Wanted(prompts=0))
        assert uow.outbox.has_ready(NOW, Wanted(prompts=1))


def test_put_back_untried_it_keeps_its_place_and_its_count(owe, store):
    owe(owed("first"), owed("second"))
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.outbox.put_back(row, NOW + MINUTE, "429")
    assert claim(store) == []
    (again,) = claim(store, NOW + MINUTE)
    assert (again.owed.key, again.attempts) == ("first", 0)


def test_what_may_be_there_still_may_when_it_was_put_back(owe, store):
    owe(owed("a"))
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.outbox.retry(row, NOW, "timeout")
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.outbox.put_back(row, NOW, "429")
    assert [row.attempts for row in claim(store)] == [1]


def test_put_off_untried_it_holds_nobody_up(owe, store):
    owe(owed("first"), owed("second"))
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.outbox.put_off(row, NOW + MINUTE)
    (second,) = claim(store)
    assert second.owed.key == "second"
    assert sent(store, second)
    assert [(row.owed.key, row.attempts) for row in claim(store, NOW + MINUTE)] == [("first", 0)]


def test_the_expired_are_dropped_and_named(owe, store):
    owe(owed("stale", expires_at=NOW), owed("fresh", expires_at=NOW + MINUTE))
    assert keys(claim(store)) == ["fresh"]
    with store.begin() as uow:
        assert [message.key for message in uow.outbox.expire(NOW)] == ["stale"]
        assert uow.outbox.expire(NOW) == []


def test_what_was_put_off_for_somebody_goes_out_when_they_are_back(owe, store):
    later, soon = NOW + 60 * MINUTE, NOW + MINUTE
    owe(owed("held", not_before=later), owed("other", to="chat:slack:C2", not_before=later))
    with store.begin() as uow:
        assert uow.wake(CHAT, soon) == 1
        assert uow.wake(CHAT, later) == 0
    assert claim(store) == []
    assert keys(claim(store, now=soon)) == ["held"]


def test_forgiven_is_what_was_not_sent_yet(owe, store):
    owe(owed("sending"), owed("a"), owed("b", view="escalation"), owed("c", item="R-2"))
    claim(store)
    with store.begin() as uow:
        assert uow.forgive("R-1", "escalation") == 1
        assert uow.forgive("R-1") == 1
        assert uow.forgive("R-1") == 0
        assert uow.outbox.states() == {"sending": 1, "dropped": 2, "pending": 1}


def test_a_dead_letter_lets_the_next_one_through(owe, store):
    owe(owed("a"), owed("b"))
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.outbox.bury(row, "not in the channel")
    assert keys(claim(store)) == ["b"]


def test_where_a_card_is_or_is_about_to_be(owe, store):
    owe(owed("a", kind=OwedKind.CARD))
    (row,) = claim(store)
    with store.begin() as uow:
        assert uow.places("R-1", "request") == [CHAT]
        assert uow.outbox.sent(row, platform="slack", chat="C1", message="m1", now=NOW, content="abc")
        assert uow.outbox.content(row.owed) == "abc"
    owe(owed("b", "chat:slack:C2", kind=OwedKind.CARD))
    with store.begin() as uow:
        assert uow.places("R-1", "request") == [CHAT, "chat:slack:C2"]
        assert [(p.chat, p.message, p.posted_at) for p in uow.posted("R-1", "request")] == [("C1", "m1", NOW)]
        uow.outbox.unpost(row.owed)
        assert uow.posted("R-1") == []


def test_an_edit_makes_a_posted_card_no_younger_and_a_new_message_does(owe, store):
    owe(owed("a", kind=OwedKind.CARD))
    (row,) = claim(store)

    def posted(message, now, platform="slack"):
        with store.begin() as uow:
            uow.outbox.post(row.owed, platform=platform, chat="C1", message=message, now=now)
            return [p.posted_at for p in uow.posted("R-1", "request")]

    assert posted("m1", NOW) == posted("m1", NOW + MINUTE) == [NOW]
    assert posted("m2", NOW + 2 * MINUTE) == [NOW + 2 * MINUTE]
    assert posted("m2", NOW + 3 * MINUTE, "feishu") == [NOW + 3 * MINUTE]


def test_the_cards_that_were_posted_on_a_platform_in_some_time(owe, store):
    with store.begin() as uow:
        for n, platform in enumerate(("slack", "feishu", "feishu", "feishu")):
            card = owed(f"{n}", f"chat:{platform}:C{n}", kind=OwedKind.CARD)
            uow.outbox.post(card, platform=platform, chat=f"C{n}", message=f"m{n}", now=NOW + n * MINUTE)

        def between(since, until):
            return [p.message for p in uow.outbox.posted_between("feishu", since, until, unless="anew:")]

        assert between(NOW + MINUTE, NOW + 2 * MINUTE) == ["m2"]
        assert between(NOW, NOW + 9 * MINUTE) == ["m1", "m2", "m3"]
        uow.owe(owed("anew:m2", kind=OwedKind.CARD))
        assert between(NOW, NOW + 9 * MINUTE) == ["m1", "m3"]


def test_racing_senders_never_have_the_same_message_nor_the_same_chat(owe, store, other, together):
    owe(*(owed(f"{chat}-{n}", f"chat:slack:C{chat}") for chat in range(5) for n in range(6)))
    taken = []

    def send(of, owner):
        while rows := claim(of, owner=owner, limit=2):
            for row in rows:
                taken.append(row.owed.key)
                assert sent(of, row)

    together(lambda: send(store, "one"), lambda: send(other, "two"), lambda: send(other, "three"))
    send(store, "rest")
    assert len(taken) == len(set(taken)) == 30
    for chat in range(5):
        assert [key for key in taken if key.startswith(f"{chat}-")] == [f"{chat}-{n}" for n in range(6)]


def test_when_the_next_message_can_go(owe, store):
    with store.read() as uow:
        assert (uow.outbox.earliest_ready(), uow.outbox.oldest_pending()) == (None, None)
    owe(owed("a", not_before=NOW + MINUTE), owed("b", not_before=NOW + 2 * MINUTE))
    with store.read() as uow:
        assert (uow.outbox.earliest_ready(), uow.outbox.oldest_pending()) == (NOW + MINUTE, NOW)


def test_the_old_are_forgotten_but_dead_letters_stay(owe, store):
    owe(owed("a"), owed("b", "person:x"), owed("c", "person:y"))
    a, b, _ = claim(store)
    sent(store, a)
    with store.begin() as uow:
        uow.outbox.bury(b, "gone")
        assert uow.outbox.forget_before(NOW + MINUTE) == 1
        assert uow.outbox.states() == {"dead": 1, "sending": 1}
