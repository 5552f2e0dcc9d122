"""Each platform has a lane of its own: whatever one of them does, the others do not wait for it."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from adapters.base import Busy, Limits
from bot.outcome import Outcomes
from bot.send import LEASE, LONGEST_CALL, Sender
from commands.facts import encode
from commands.ports import Owed, OwedKind, Priority
from support.core import Town
from support.platform import FakePlatform
from support.process import TOWN

SECOND = timedelta(seconds=1)
RAISE = "/request @研发部 资料 期望 9月30日 交付标准：完整报告"


@pytest.fixture
def town(tmp_path):
    """张伟 is on Slack, 陈静 on Feishu, the others where they always were."""
    people = TOWN.read_text("utf-8").replace("name: 张伟, sandbox:", "name: 张伟, slack:")
    with Town(tmp_path, config=people.replace("name: 陈静, sandbox:", "name: 陈静, feishu:")) as town:
        yield town


@pytest.fixture
def slack(town):
    town.bot.adapters["slack"] = FakePlatform("slack")
    return town.bot.adapters["slack"]


@pytest.fixture
def feishu(town):
    town.bot.adapters["feishu"] = FakePlatform("feishu")
    return town.bot.adapters["feishu"]


@pytest.fixture
def owe(town):
    """Owes a message to each place; its key is the place's, with a number."""
    numbers = count(1)

    def owe(*places, priority=Priority.ANSWER, view="late_actions"):
        def work(uow):
            uow.owe_all(
                Owed(
                    key=f"{place}/{next(numbers)}", to=place, kind=OwedKind.NOTICE, view=view, item="",
                    facts=encode({"lag": SECOND}), priority=priority, owed_at=town.clock.now(),
                )
                for place in places
            )  # fmt: skip

        town.store.transact(work)
        town.bot.wake()

    return owe


def chats(platform, *names):
    return [f"chat:{platform}:{name}" for name in names]


def states(town):
    with town.store.read() as uow:
        return uow.outbox.states()


# --- apart ----------------------------------------------------------------------------------------------


def test_a_platform_that_hangs_holds_up_no_other_one(town, slack, feishu, owe):
    slack.held = lambda place: True

    async def story():
        owe(*chats("slack", "a", "b"), *chats("feishu", "a", "b", "b"))
        everything = asyncio.create_task(town.bot.deliver())
        await slack.was_called(2)
        assert await town.bot.deliver("feishu") in (0, 3)
        assert feishu.places == ["a", "b", "b"]
        assert slack.places == []
        slack.let_go()
        assert await everything in (2, 5)

    town.run(story())
    assert slack.places == ["a", "b"]


def test_a_chat_that_hangs_holds_up_no_other_one_however_many_there_are(town, slack, owe):
    slack.held = lambda place: place == "slow"
    many = [f"c{n}" for n in range(150)]

    async def story():
        owe(*chats("slack", "slow", "slow", *many, *many))
        everything = asyncio.create_task(town.bot.deliver())
        await slack.was_called(301)
        assert sorted(slack.places) == sorted(many * 2)
        slack.let_go()
        assert await everything == 302

    town.run(story())


def test_what_comes_up_meanwhile_goes_out_at_once(town, slack, owe):
    slack.held = lambda place: place == "slow"

    async def story():
        owe(*chats("slack", "slow"))
        everything = asyncio.create_task(town.bot.deliver())
        await slack.was_called(1)
        owe(*chats("slack", "other"))
        await slack.was_called(2)
        slack.let_go()
        assert await everything == 2

    town.run(story())
    assert slack.places == ["other", "slow"]


def test_while_prompts_hang_there_is_a_place_for_what_people_wait_for(town, slack, owe):
    slack.held = lambda place: place.startswith("prompt")

    async def story():
        owe(*chats("slack", *(f"prompt{n}" for n in range(150))), priority=Priority.PROMPT)
        everything = asyncio.create_task(town.bot.deliver())
        await slack.was_called(80)
        owe(*chats("slack", "answered"))
        await slack.was_called(81)
        assert len(slack.calls) == 81
        slack.let_go()
        assert await everything == 151

    town.run(story())
    assert slack.calls[80].place == "answered"


def test_people_get_it_on_the_platform_where_they_are(town, slack, feishu, owe):
    owe("person:zhangwei", "person:chenjing", "person:limin")
    assert town.run(town.bot.deliver()) == 3
    assert (slack.places, feishu.places) == (["@zhangwei"], ["@chenjing"])


def test_whom_no_platform_reaches_is_on_record_once(town, owe):
    owe("person:zhangwei", "person:limin")
    town.settle()
    assert states(town) == {"sent": 2, "dead": 1}  # 李敏's message, and the alarm
    with town.store.read() as uow:
        failed = [event.after["to"] for event in uow.audited(limit=100) if event.what == "message.failed"]
    assert failed == ["person:zhangwei"]


def test_a_chat_of_a_platform_that_is_switched_off_waits_for_it(town, slack, owe):
    owe(*chats("dingtalk", "a"), *chats("slack", "a"))
    assert town.run(town.bot.deliver()) == 1
    assert states(town) == {"sent": 1, "pending": 1}


# --- in order ---------------------------------------------------------------------------------------------


def test_a_chat_gets_its_messages_in_order_one_at_a_time(town, slack, owe):
    def answer(call):
        begun, done = ([c for c in calls if c.place == call.place] for calls in (slack.calls, slack.arrived))
        assert len(begun) == len(done) + 1

    slack.answer = answer
    owe(*chats("slack", *("abc" * 5)))
    assert town.run(town.bot.deliver()) == 15
    keys = sent_to(slack, "a")
    assert keys == sorted(keys, key=lambda key: int(key.rpartition("/")[2]))


def sent_to(platform, place):
    return [call.key for call in platform.arrived if call.place == place]


def test_a_chat_that_is_limited_waits_and_the_others_go_on(town, slack, owe):
    refused = iter([Busy(30, unsent=True)])

    def answer(call):
        if call.place == "a" and (error := next(refused, None)):
            raise error

    slack.answer = answer
    owe(*chats("slack", "a", "b", "a", "b"))
    town.settle()
    assert slack.places == ["b", "b"]
    town.advance(seconds=29)
    assert slack.places == ["b", "b"]
    town.advance(seconds=1)
    assert slack.places == ["b", "b", "a", "a"]
    assert not any(call.again for call in slack.calls)


def test_what_is_unclear_is_tried_again_as_such_and_nothing_overtakes(town, slack, owe):
    refused = iter([Busy(5, "no answer"), TimeoutError(), ConnectionError("cut")])

    def answer(call):
        if error := next(refused, None):
            raise error

    slack.answer = answer
    owe(*chats("slack", "a", "a"))
    town.advance(minutes=1)
    assert [call.key.rpartition("/")[2] for call in slack.calls] == ["1", "1", "1", "1", "2"]
    assert [call.again for call in slack.calls] == [False, True, True, True, False]


def test_however_often_a_platform_takes_nothing_a_message_is_not_given_up(town, slack, owe):
    refusals = iter(range(40))

    def answer(call):
        if next(refusals, None) is not None:
            raise Busy(2, unsent=True)

    slack.answer = answer
    owe(*chats("slack", "a"))
    town.advance(minutes=3)
    assert states(town) == {"sent": 1}
    assert len(slack.calls) == 41


class Forgetful(FakePlatform):
    """Keeps what it was given, loses every fifth answer, and finds a message when it is asked for one."""

    async def post(self, target, card, *, key, again=False):
        kept = {call.key for call in self.arrived}
        if again and key in kept:
            return key
        await super().post(target, card, key=key, again=again)
        if len(kept) % 5 == 0:
            raise Busy(1, "the answer got lost")
        return key


def test_what_arrived_though_its_answer_was_lost_is_said_once(town, owe):
    slack = town.bot.adapters["slack"] = Forgetful("slack", Limits(per_second=200))
    owe(*chats("slack", *(f"c{n}" for n in range(40))), priority=Priority.PROMPT)
    town.advance(seconds=5)
    assert states(town) == {"sent": 40}
    assert len({call.key for call in slack.arrived}) == len(slack.arrived) == 40


# --- a platform that asks for a pause -----------------------------------------------------------------------


def test_a_platform_that_asks_for_a_pause_gets_it_and_the_others_go_on(town, slack, feishu, owe):
    def answer(call):
        if len(slack.calls) == 1:
            raise Busy(60, everywhere=True, unsent=True)

    slack.answer = answer
    owe(*chats("slack", "a"))
    town.settle()
    owe(*chats("slack", "b", "c"), *chats("feishu", "a"))
    town.settle()
    assert (slack.places, feishu.places, len(slack.calls)) == ([], ["a"], 1)
    town.advance(seconds=59)
    assert len(slack.calls) == 1
    town.advance(seconds=1)
    assert sorted(slack.places) == ["a", "b", "c"]


def test_what_waits_for_its_turn_when_the_pause_begins_goes_back_untried(town, owe):
    slack = town.bot.adapters["slack"] = FakePlatform("slack", Limits(per_minute=30))

    def answer(call):
        if len(slack.calls) == 1:
            raise Busy(60, everywhere=True, unsent=True)

    slack.answer = answer
    owe(*chats("slack", "a", "b", "c"))
    assert town.run(town.bot.deliver("slack")) == 0  # without waiting for the turns, two seconds each
    assert states(town) == {"pending": 3}
    with town.store.read() as uow:
        assert uow.link.query("SELECT DISTINCT attempts FROM outbox", ()) == [(0,)]
        assert uow.outbox.earliest_ready() == town.clock.now() + timedelta(minutes=1)


# --- the lease -----------------------------------------------------------------------------------------------


@pytest.fixture
def in_hand(town, slack, owe):
    """A message that is ready to leave."""
    owe(*chats("slack", "a"))
    lane = town.bot.deliverer.lanes["slack"]
    (row,) = lane.claim(20, 20)
    return lane.sender, lane.sender.packer.pack(row)


def test_what_waited_too_long_to_end_within_its_lease_goes_back_and_is_taken_anew(town, slack, in_hand):
    sender, parcel = in_hand
    town.clock.move_to(town.clock.now() + LEASE - LONGEST_CALL + SECOND)
    assert not town.run(sender.send(parcel))
    assert states(town) == {"pending": 1}
    assert town.run(town.bot.deliver()) == 1
    assert [(call.place, call.again) for call in slack.calls] == [("a", False)]


def test_what_is_overtaken_for_too_long_goes_back_and_frees_its_chat(town, owe):
    slack = town.bot.adapters["slack"] = FakePlatform("slack", Limits(per_minute=1))
    owe(*chats("slack", "a", "b"), priority=Priority.PROMPT)
    lane = town.bot.deliverer.lanes["slack"]
    packer = lane.sender.packer
    hasty = Sender(town.bot.core, slack, packer, Outcomes(town.bot.core, town.bot.metrics), patience=0)
    assert [town.run(hasty.deliver(row)) for row in lane.claim(20, 20)] == [True, False]
    owe(*chats("slack", "b"))
    (urgent,) = lane.claim(1, 1)
    assert urgent.owed.priority is Priority.ANSWER


def test_what_somebody_else_took_meanwhile_is_not_sent_by_us(town, slack, in_hand):
    sender, parcel = in_hand
    town.clock.move_to(town.clock.now() + LEASE)
    assert town.run(town.bot.deliver()) == 1
    assert not town.run(sender.send(parcel))
    assert slack.places == ["a"]


# --- edits that are counted apart ------------------------------------------------------------------------------


def test_edits_that_would_stand_in_line_hold_nobody_up_and_all_come(town, owe):
    """A card changes in 44 chats at once, where 150 edits a minute are allowed and a fifth of them may leave together."""
    slack = town.bot.adapters["slack"] = FakePlatform("slack", Limits(edits_per_minute=150))
    names = [f"c{n}" for n in range(44)]

    def show(uow):
        uow.owe_all(
            Owed(
                key=f"card/{uow.next_id('X')}", to=to, kind=OwedKind.CARD, view="request", item="R-1",
                priority=Priority.EDIT, owed_at=town.clock.now(),
            )
            for to in chats("slack", *names)
        )  # fmt: skip

    def edited():
        return [call.place for call in slack.arrived if call.message and call.place in names]

    assert town.says("limin", RAISE).ok
    town.store.transact(show)
    town.settle()
    assert town.says("liuyang", "/request 受理 R-1 9月30日").ok
    town.store.transact(show)
    town.settle()
    at_once = edited()
    assert 0 < len(at_once) < 44
    owe(*chats("slack", *names))
    town.settle()
    assert slack.places[-44:] == names  # the chats whose cards wait get what else is for them
    town.advance(seconds=10)
    assert sorted(edited()) == sorted(names)


# --- by themselves ----------------------------------------------------------------------------------------------


def test_what_is_owed_goes_out_by_itself(town, slack, owe):
    async def story():
        lanes = asyncio.create_task(town.bot.keep_delivering())
        await asyncio.wait([lanes], timeout=0)
        owe(*chats("slack", "a"))
        await slack.was_called(1)
        owe(*chats("slack", "b"))
        await slack.was_called(2)
        lanes.cancel()
        await asyncio.wait([lanes])

    town.run(story())


def test_a_tick_is_done_before_its_messages_have_gone(town, slack, owe):
    slack.held = lambda place: True

    async def story():
        lanes = asyncio.create_task(town.bot.keep_delivering())
        await asyncio.wait([lanes], timeout=0)
        owe(*chats("slack", "a"))
        await slack.was_called(1)
        await town.bot.tick()
        lanes.cancel()
        await asyncio.wait([lanes])

    town.run(story())
    assert states(town) == {"sending": 1}


# --- when the platform itself has too much to send ----------------------------------------------------

RUSH = Limits(crowded_minutes=frozenset({0, 30}))


def prompts(count):
    return chats("feishu", *(f"c{n}" for n in range(count)))


@pytest.mark.parametrize(("count", "at_once"), [(3, 3), (50, 50), (60, 50)], ids=["a few", "many", "too many"])
def test_mass_prompts_begin_after_the_minute_in_which_everybody_sends(town, feishu, owe, count, at_once):
    feishu.limits = RUSH  # it is 10:30
    owe(*prompts(count), priority=Priority.PROMPT)
    assert town.run(town.bot.deliver()) == at_once
    town.clock.move_to(town.clock.now() + 59 * SECOND)
    assert town.run(town.bot.deliver()) == 0
    town.clock.move_to(town.clock.now() + SECOND)
    assert town.run(town.bot.deliver()) == count - at_once


@pytest.mark.parametrize("priority", [Priority.ESCALATION, Priority.ANSWER, Priority.EDIT])
def test_what_people_wait_for_goes_at_once_in_such_a_minute(town, feishu, owe, priority):
    feishu.limits = RUSH
    owe(*prompts(80), priority=priority)
    assert town.run(town.bot.deliver()) == 80


def test_at_any_other_time_prompts_begin_at_once(town, feishu, owe):
    feishu.limits = RUSH
    town.clock.move_to(town.clock.now() + 60 * SECOND)
    owe(*prompts(80), priority=Priority.PROMPT)
    assert town.run(town.bot.deliver()) == 80


# --- what calls people ------------------------------------------------------------------------------------


@pytest.fixture
def chair(tmp_path):
    """孙总, who chairs the leadership group, is on Feishu, and the administrator too."""
    people = TOWN.read_text("utf-8")
    for name in ("孙总", "赵颖"):
        people = people.replace(f"name: {name}, sandbox:", f"name: {name}, feishu:")
    with Town(tmp_path, config=people) as town:
        yield town


def called(town, feishu, command):
    """Who got a message about the breach that nobody's answer led to, and whether it called them."""
    town.bot.adapters["feishu"] = feishu
    town.says("limin", command)
    town.advance(days=6)
    return [(call.place, call.card.urgent) for call in feishu.arrived if call.card.item == "E-1" and not call.message]


def test_an_urgent_escalation_calls_whoever_has_to_rule(chair):
    assert called(chair, FakePlatform("feishu"), RAISE.replace("/request ", "/request 紧急 "))[0] == ("@sunzong", True)


def test_one_that_is_not_urgent_calls_nobody(chair):
    found = called(chair, FakePlatform("feishu"), RAISE)
    assert found and not any(urgent for _, urgent in found)


def test_an_alarm_to_an_administrator_calls_nobody(chair):
    feishu = chair.bot.adapters["feishu"] = FakePlatform("feishu")
    chair.run(chair.bot.housekeeper.look())
    chair.says("limin", RAISE)
    chair.clock.move_to(chair.clock.now() + timedelta(days=1))
    chair.run(chair.bot.housekeeper.look())
    chair.run(chair.bot.deliver())
    assert ("@zhaoying", False) in [(call.place, call.card.urgent) for call in feishu.arrived]
