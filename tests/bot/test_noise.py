"""What one person is spared: reminders that follow each other closely, and more than so many messages an hour."""

from contextlib import closing
from datetime import timedelta

import pytest

from adapters.sandbox import World
from commands import tell
from commands.ports import OwedKind, Priority
from commands.registry import CLOCK
from support.core import Town

RAISE = "/request @研发部 资料{} 期望 9月30日 交付标准：完整报告"
CLOSE = timedelta(minutes=2)


@pytest.fixture
def town(tmp_path):
    """Eight requests that 张伟 has to answer; the morning's own messages are an hour old."""
    with Town(tmp_path) as town:
        for number in range(1, 9):
            assert town.says("limin", RAISE.format(number)).ok
        town.advance(hours=1, minutes=30)
        yield town


def reminds(town, *numbers, to="zhangwei", step="x", priority=Priority.PROMPT, urgent=False):
    """Somebody is told of requests by the clock, and everything goes out."""

    def owe(uow):
        ctx = town.bot.core.context(uow, CLOCK, town.clock.now())
        for number in numbers:
            tell.notify(
                ctx, "request_waiting", f"R-{number}", [to], step=f"{step}{ctx.fresh_id()}",
                priority=priority, urgent=urgent,
            )  # fmt: skip

    town.store.transact(owe)
    town.settle()


def messages(town, person="zhangwei"):
    """What was said in the last hour: per message, the records it names."""
    with town.store.read() as uow:
        recent = uow.outbox.recent(f"person:{person}", town.clock.now() - timedelta(hours=1))
    found = {}
    for each in recent:
        assert each.owed.kind is OwedKind.NOTICE
        found.setdefault(each.message, []).append(each.owed.item)
    return list(found.values())


def shown(town, person="zhangwei"):
    """The card of the person's last message."""
    with closing(World(str(town.history))) as world:
        return world.messages(f"dm:{person}")[-1].card


def test_reminders_that_come_together_are_one_message(town):
    reminds(town, 1, 2, 3)
    assert messages(town) == [["R-1", "R-2", "R-3"]]


def test_a_reminder_joins_the_one_just_before_it_and_no_older_one(town):
    reminds(town, 1)
    town.advance(seconds=CLOSE.total_seconds() - 1)
    reminds(town, 2)
    assert messages(town) == [["R-1", "R-2"]]
    town.advance(seconds=CLOSE.total_seconds())
    reminds(town, 3)
    assert messages(town) == [["R-1", "R-2"], ["R-3"]]


def test_another_person_gets_their_own(town):
    reminds(town, 1)
    reminds(town, 2, to="chenjing")
    assert messages(town) == [["R-1"]]
    assert messages(town, "chenjing") == [["R-2"]]


@pytest.mark.parametrize("urgent", [False, True], ids=["answer", "urgent"])
def test_what_is_no_reminder_comes_by_itself(town, urgent):
    reminds(town, 1)
    reminds(town, 2, priority=Priority.ANSWER, urgent=urgent)
    assert messages(town) == [["R-1"], ["R-2"]]


@pytest.mark.parametrize("priority", [Priority.PROMPT, Priority.ANSWER])
def test_after_six_in_an_hour_the_rest_joins_the_last(town, priority):
    for number in range(1, 9):
        reminds(town, number, priority=priority)
        town.advance(minutes=3)
    assert messages(town) == [["R-1"], ["R-2"], ["R-3"], ["R-4"], ["R-5"], ["R-6", "R-7", "R-8"]]


def test_urgent_ones_always_come_and_are_not_counted(town):
    for number in range(1, 9):
        reminds(town, number, urgent=True)
    reminds(town, 1)
    assert messages(town) == [[f"R-{n}"] for n in range(1, 9)] + [["R-1"]]


def test_an_hour_later_there_is_room_again(town):
    for number in range(1, 7):
        reminds(town, number)
        town.advance(minutes=3)
    town.advance(minutes=50)
    reminds(town, 7)
    assert messages(town)[-1] == ["R-7"]


def test_what_was_settled_meanwhile_leaves_the_message(town):
    reminds(town, 1, 2)
    town.says("zhangwei", "/request 受理 R-1 9月30日")
    reminds(town, 3)
    card = shown(town)
    assert "资料2" in str(card)
    assert "资料3" in str(card)
    assert "资料1" not in str(card)


def test_a_button_is_there_once_however_often_a_record_is_named(town):
    reminds(town, 1, 1)
    buttons = [b["id"] for b in shown(town)["buttons"]]
    assert buttons
    assert len(buttons) == len(set(buttons))
