"""A chat with a memory."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.base import Forbidden, Gone, Target
from adapters.sandbox.clock import parse_advance
from adapters.sandbox.unread import unread
from adapters.sandbox.world import BOT, Message, OpenForm, World
from commands.chat import Card
from tests.adapters.contract import AdapterContract, Platform
from tests.adapters.sandbox import town

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


def said(text="你好", chat="newx", author=BOT, **extra):
    return Message(0, chat, author, text, NOW, **extra)


def edit(world, id, text, chat="newx"):
    world.edit(id, chat=chat, text=text, card=None, mentions=(), at=NOW + timedelta(hours=1))


@pytest.fixture
def world():
    world = World()
    yield world
    world.close()


def test_messages_are_numbered_over_the_whole_world(world):
    ids = [world.post(said(chat=chat)).id for chat in ("newx", "dm:limin", "newx")]
    assert ids == ["m-1", "m-2", "m-3"]
    assert [message.seq for message in world.messages("newx")] == [1, 3]
    assert [message.seq for message in world.messages("newx", after=1)] == [3]


def test_an_edit_keeps_the_place_and_raises_the_revision(world):
    first = world.post(said("一"))
    world.post(said("二"))
    before = world.revision
    edit(world, first.id, "一，改过")
    assert [message.text for message in world.messages()] == ["一，改过", "二"]
    assert world.find(first.id).edited_at == NOW + timedelta(hours=1)
    assert world.revision == before + 1
    assert [message.id for message in world.messages(changed_after=before)] == [first.id]


def test_the_same_edit_again_changes_nothing(world):
    message = world.post(said("一"))
    before = world.revision
    edit(world, message.id, "一")
    assert world.revision == before
    assert world.find(message.id).edited_at is None


def test_a_key_posts_once_even_after_a_restart(tmp_path):
    path = str(tmp_path / "world.db")
    world = World(path)
    first = world.post(said(), key="k")
    edit(world, first.id, "改过")
    world.close()
    again = World(path)
    assert again.post(said("别的"), key="k").text == "改过"
    assert len(again.messages()) == 1
    assert again.id == world.id
    again.close()


def test_two_processes_share_one_chat(tmp_path):
    one, two = World(str(tmp_path / "w.db")), World(str(tmp_path / "w.db"))
    ids = [place.post(said()).id for place in (one, two, one)]
    assert ids == ["m-1", "m-2", "m-3"]
    assert two.post(said(), key="k").id == one.post(said(), key="k").id
    assert one.revision == two.revision
    assert one.next_act() != two.next_act()
    one.close()
    two.close()


def test_each_world_has_its_own_name(world):
    other = World()
    assert world.id != other.id
    other.close()


def test_only_messages_of_the_bot_can_be_edited(world):
    mine = world.post(said(author="limin"))
    with pytest.raises(Gone):
        edit(world, mine.id, "改")
    bot = world.post(said())
    with pytest.raises(Gone):
        edit(world, bot.id, "改", chat="rd")
    with pytest.raises(Gone):
        edit(world, "m-٣", "改")


def test_a_deleted_message_is_gone(world):
    message = world.post(said())
    world.delete(message.id)
    assert world.messages() == []
    assert world.deleted() == [message.id]
    with pytest.raises(Gone):
        edit(world, message.id, "改")


def test_who_blocked_the_bot_is_not_written_to(world):
    world.set_blocked("limin", True)
    with pytest.raises(Forbidden) as refused:
        world.post(said(chat="dm:limin"))
    assert "limin" in refused.value.fix
    assert world.messages() == []
    world.post(said(chat="dm:limin", author="limin"))
    world.post(said(chat="newx"))
    world.set_blocked("limin", False)
    world.post(said(chat="dm:limin"))
    assert len(world.messages()) == 3


def test_a_read_mark_never_moves_back(world):
    for _ in range(3):
        world.post(said())
    world.mark_read("limin", "newx", 3)
    before = world.revision
    world.mark_read("limin", "newx", 1)
    assert world.marks() == {("limin", "newx"): 3}
    assert world.revision == before


def test_unread_counts_what_others_said_and_this_person_may_see(world):
    world.post(said(author="limin"))
    world.post(said(mentions=("zhangwei",)))
    world.post(said(visible_to=("limin",)))
    world.post(said(chat="leadership"))
    world.mark_read("wanglei", "newx", 2)
    counts = unread(town.ROSTER, world.messages(), world.marks())
    assert counts["limin"] == {"newx": {"count": 2, "mentions": 0}}
    assert counts["zhangwei"] == {"newx": {"count": 2, "mentions": 1}}
    assert counts["wanglei"] == {}
    assert counts["sunzong"] == {"leadership": {"count": 1, "mentions": 0}}


def test_a_form_belongs_to_who_was_shown_it(world):
    world.remember_form("f", "limin", OpenForm("newx", {"due": "datetime"}))
    assert world.open_form("f", "limin") == OpenForm("newx", {"due": "datetime"})
    assert world.open_form("f", "zhangwei") is None


@pytest.mark.parametrize(
    ("text", "minutes"), [("90m", 90), ("2h", 120), ("1d", 1440), ("1h59m", 119), ("45s", 0.75), (" 1H 30M ", 90)]
)
def test_how_far_an_advance_is(text, minutes):
    assert parse_advance(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "-2h", "2h!", "1.5h", "999999999d" * 9])
def test_what_is_no_advance(text):
    with pytest.raises(ValueError):
        parse_advance(text)


@pytest.fixture
def platform():
    adapter, _, world = town.build()

    async def shown(target):
        chat = target.chat or f"dm:{target.user}"
        return [message.text for message in world.messages(chat)]

    async def delete(message):
        world.delete(message)

    async def refuse():
        world.set_blocked("zhangwei", True)

    yield Platform(
        adapter,
        group=Target(chat="newx"),
        person=Target(user="zhangwei"),
        nowhere=Target(chat="nowhere"),
        shown=shown,
        delete=delete,
        refuse=refuse,
    )
    world.close()


class TestContract(AdapterContract):
    async def test_a_person_nobody_knows_is_gone(self, platform):
        with pytest.raises(Gone):
            await platform.adapter.post(Target(user="nobody"), Card("x"), key="k")
