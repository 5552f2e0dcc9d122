"""A chat that is gone, archived, or that the bot was thrown out of: marked, told once, and back by itself."""

from contextlib import closing
from datetime import timedelta

import pytest

from adapters.base import Forbidden, Gone
from adapters.sandbox import World
from bot.presence import Memberships
from commands.facts import encode
from commands.ports import Owed, OwedKind
from support.core import Town
from support.invariants import check

RAISE = "/request @研发部 资料{} 期望 9月30日 交付标准：完整报告"


class Shut:
    """The sandbox, in which nothing can be said in some chats."""

    def __init__(self, adapter):
        self._adapter = adapter
        self.shut = {}

    def __getattr__(self, name):
        return getattr(self._adapter, name)

    async def post(self, target, card, *, key, again=False):
        if target.chat in self.shut:
            raise self.shut[target.chat]
        return await self._adapter.post(target, card, key=key, again=again)


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        town.chat = town.bot.adapters["sandbox"] = Shut(town.bot.adapters["sandbox"])
        yield town
        check(town.store, history=town.history)


@pytest.fixture
def lost(town):
    """研发部's chat has been archived, and three messages have found that out."""
    town.chat.shut["rd"] = Gone("is_archived")
    for number in range(1, 4):
        assert town.says("limin", RAISE.format(number)).ok
        town.settle()
    return town


def mark(town, chat="rd"):
    with town.store.read() as uow:
        return uow.directory.bindings[f"sandbox:{chat}"].lost


def alarms(town):
    """Who was told of lost chats, in which words."""
    with town.store.read() as uow:
        sent = uow.outbox.recent("person:zhaoying", town.clock.now() - timedelta(days=30))
    return [each.owed.facts["error"] for each in sent if each.owed.view == "chat_lost"]


def traced(town, chat="rd"):
    with town.store.read() as uow:
        return [(e.what, e.why) for e in uow.audited(f"sandbox:{chat}") if e.what.startswith("chat.")]


def owe_to(town, chat, key):
    owed = Owed(
        key=key, to=f"chat:sandbox:{chat}", kind=OwedKind.NOTICE, view="late_actions", item="",
        facts=encode({"lag": timedelta(minutes=6)}), owed_at=town.clock.now(),
    )  # fmt: skip
    town.store.transact(lambda uow: uow.owe(owed))
    town.settle()


def test_a_lost_chat_is_marked_and_told_once_however_many_messages_it_does_not_take(lost):
    assert mark(lost) == "is_archived"
    assert alarms(lost) == ["is_archived"]
    assert traced(lost) == [("chat.lost", "is_archived")]
    with lost.store.read() as uow:
        failed = [e.item for e in uow.audited(limit=1000) if e.what == "message.failed"]
    assert set(failed) == {"R-1", "R-2", "R-3"}  # each was tried


def test_the_alarm_says_which_chat_and_what_to_do(town):
    town.chat.shut["rd"] = Forbidden("not_in_channel", "type /invite in it")
    assert town.says("limin", RAISE.format(1)).ok
    town.settle()
    with closing(World(str(town.history))) as world:
        said = world.messages("dm:zhaoying")[-1].text
    for words in ("研发部", "sandbox:rd", "not_in_channel", "type /invite in it"):
        assert words in said


def test_the_doctor_shows_it_while_it_is_lost(lost):
    found = str(lost.says("zhaoying", "/status doctor", chat="dm:zhaoying").card)
    assert "sandbox:rd" in found
    assert "is_archived" in found
    del lost.chat.shut["rd"]
    lost.says("limin", RAISE.format(4))
    lost.settle()
    assert "is_archived" not in str(lost.says("zhaoying", "/status doctor", chat="dm:zhaoying").card)


def test_the_next_message_that_arrives_clears_the_mark(lost):
    del lost.chat.shut["rd"]
    assert lost.says("limin", RAISE.format(4)).ok
    lost.settle()
    assert mark(lost) is None
    assert traced(lost) == [("chat.lost", "is_archived"), ("chat.found", "is_archived")]


def test_when_the_bot_comes_back_the_cards_that_the_chat_missed_are_there_once(lost):
    presence = Memberships(lost.bot.core, "sandbox")
    lost.run(presence.entered("rd"))  # a false report: still nothing can be said there
    lost.settle()
    del lost.chat.shut["rd"]
    for _ in range(2):
        lost.run(presence.entered("rd"))
        lost.settle()
    with closing(World(str(lost.history))) as world:
        titles = [message.text.split("\n")[0] for message in world.messages("rd") if message.author == "bot"]
    assert titles == ["R-1 资料1", "R-2 资料2", "R-3 资料3"]


@pytest.mark.parametrize(("text", "ok"), [("/status", True), ("/request 受理 R-99", False)], ids=["done", "refused"])
def test_whatever_is_heard_from_the_chat_clears_the_mark(lost, text, ok):
    assert lost.says("zhangwei", text, chat="newx").ok is ok
    assert mark(lost) == "is_archived"
    assert lost.says("zhangwei", text, chat="rd").ok is ok
    assert mark(lost) is None


def test_lost_again_the_same_day_nobody_is_told_again(lost):
    assert lost.says("zhangwei", "/status", chat="rd").ok
    assert lost.says("limin", RAISE.format(4)).ok
    lost.settle()
    assert mark(lost) == "is_archived"
    assert alarms(lost) == ["is_archived"]
    lost.advance(days=1)
    assert lost.says("zhangwei", "/status", chat="rd").ok
    assert lost.says("limin", RAISE.format(5)).ok
    lost.settle()
    assert alarms(lost) == ["is_archived"] * 2


def test_of_a_chat_that_is_nobodys_the_administrators_hear_once_a_day(town):
    town.chat.shut["old"] = Gone("channel_not_found")
    for number in range(3):
        owe_to(town, "old", f"a{number}")
    assert alarms(town) == ["channel_not_found"]
    assert traced(town, "old") == []
    town.advance(days=1)
    owe_to(town, "old", "b")
    assert alarms(town) == ["channel_not_found"] * 2


def test_a_new_home_is_found_and_the_old_one_is_no_finding_any_more(lost):
    assert lost.says("zhaoying", "/status bind 部门 研发部", chat="market2").ok
    assert "is_archived" not in str(lost.says("zhaoying", "/status doctor", chat="dm:zhaoying").card)
