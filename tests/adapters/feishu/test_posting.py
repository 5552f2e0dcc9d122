"""Messages are there once, change in place, and call people at most once."""

from __future__ import annotations

import asyncio

import pytest

from adapters.base import Busy, Forbidden, Gone, Target
from adapters.feishu.api import Api
from adapters.feishu.config import FeishuConfig
from adapters.feishu.errors import Refused, Unclear
from adapters.feishu.places import Places
from adapters.feishu.posting import LIMITS, Posting, uuid_of
from bot.outcome import LONGEST_WAIT, TRIES
from support.feishu import FakeFeishu

POST, REPLY, EDIT = "POST im/v1/messages", "POST im/v1/messages/:id/reply", "PATCH im/v1/messages/:id"
URGE = "PATCH im/v1/messages/:id/urgent_app"


class Wall:
    """Feishu's own clock."""

    now = 1_790_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
async def feishu():
    async with FakeFeishu(wall=Wall()) as feishu:
        yield feishu
        assert not feishu.violations


@pytest.fixture
async def posting(feishu):
    posting, close = _posting(feishu)
    yield posting
    await close()


def _posting(feishu):
    api = Api(FeishuConfig(app_id=feishu.app_id, app_secret=feishu.app_secret, domain=feishu.domain))
    return Posting(api, Places(api)), api.close


@pytest.fixture
def ann(feishu):
    return feishu.create_user("ann")


@pytest.fixture
def group(feishu, ann):
    return feishu.create_group("newx", [ann])


def card(text="hello", **more):
    element = {"tag": "div", "text": {"tag": "plain_text", "content": text}}
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "enable_forward": False},
        "body": {"elements": [element]},
        **more,
    }


def seen(feishu, place):
    return [message.words for message in feishu.messages(place)]


# --- once -----------------------------------------------------------------------------------------


async def test_a_group_and_a_person_get_their_message(feishu, posting, ann, group):
    there = await posting.post(Target(chat=group), card("to all"), key="a")
    direct = await posting.post(Target(user=ann), card("to you"), key="b")
    assert [message.id for message in feishu.messages(group)] == [there]
    assert [message.id for message in feishu.messages(ann)] == [direct]


@pytest.mark.parametrize("fault", ["cut", "html"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_post_whose_answer_got_lost_is_there_once(feishu, posting, group, fault, when):
    feishu.add_fault(fault, POST, when=when)
    with pytest.raises(Unclear):
        await posting.post(Target(chat=group), card(), key="a")
    message = await posting.post(Target(chat=group), card(), key="a", again=True)
    assert [one.id for one in feishu.messages(group)] == [message]


async def test_another_process_that_tries_again_makes_no_second_message(feishu, posting, group):
    first = await posting.post(Target(chat=group), card(), key="a")
    other, close = _posting(feishu)
    assert await other.post(Target(chat=group), card(), key="a", again=True) == first
    await close()


async def test_two_keys_are_two_messages_with_the_same_words(feishu, posting, group):
    for key in ("a", "b"):
        await posting.post(Target(chat=group), card(), key=key)
    assert seen(feishu, group) == ["hello", "hello"]


@pytest.mark.parametrize("key", ["k", "card:request:R-1:" + "长" * 300, "", "a'b\"c\n"])
def test_a_key_of_any_length_fits(key):
    assert len(uuid_of(key)) <= 50
    assert uuid_of(key) == uuid_of(key) != uuid_of(key + "x")


def test_all_tries_of_a_message_fall_into_the_hour_in_which_feishu_knows_its_key():
    """What may be there is tried after pauses of 2ⁿ seconds, or of the 60 that Feishu is given at most."""
    waits = [min(max(60.0, 2.0**attempt), LONGEST_WAIT) for attempt in range(TRIES - 1)]
    assert sum(waits) + TRIES * 30 < 3600


async def test_a_reply_is_there_once_too(feishu, posting, group):
    message = await posting.post(Target(chat=group), card("question"), key="a")
    feishu.add_fault("cut", REPLY, when="after")
    with pytest.raises(Unclear):
        await posting.reply(message, card("answer"), key="b")
    await posting.reply(message, card("answer"), key="b")
    assert seen(feishu, group) == ["question", "answer"]


# --- where it cannot go ---------------------------------------------------------------------------

NOWHERE = {
    "the bot is not in the group": (lambda f, g, u: f.set_chat(g, bot=False), "chat", Forbidden),
    "the group was dissolved": (lambda f, g, u: f.set_chat(g, dissolved=True), "chat", Gone),
    "the bot may not speak there": (lambda f, g, u: f.set_chat(g, silenced=True), "chat", Forbidden),
    "no such group": (lambda f, g, u: f.organisation.chats.pop(g), "chat", Gone),
    "the person left": (lambda f, g, u: f.set_user(u, resigned=True), "user", Gone),
    "the person is out of range": (lambda f, g, u: f.set_user(u, available=False), "user", Forbidden),
    "the person muted the bot": (lambda f, g, u: f.set_user(u, blocked=True), "user", Forbidden),
    "no such person": (lambda f, g, u: f.organisation.users.pop(u), "user", Gone),
    "no scope": (lambda f, g, u: f.set_scopes([]), "chat", Forbidden),
}


@pytest.mark.parametrize(("spoil", "to", "expected"), NOWHERE.values(), ids=NOWHERE)
async def test_a_place_that_is_lost_is_told_apart_from_one_that_is_busy(
    feishu, posting, ann, group, spoil, to, expected
):
    spoil(feishu, group, ann)
    with pytest.raises(expected) as raised:
        await posting.post(Target(**{to: group if to == "chat" else ann}), card(), key="a")
    assert not isinstance(raised.value, Forbidden) or raised.value.fix


async def test_a_card_that_feishu_does_not_take_is_no_matter_of_the_place(posting, group):
    with pytest.raises(Refused) as raised:
        await posting.post(Target(chat=group), card(colour="red"), key="a")
    assert raised.value.code == 230099


# --- in place -------------------------------------------------------------------------------------


async def test_a_card_changes_in_place(feishu, posting, group):
    message = await posting.post(Target(chat=group), card("before"), key="a")
    await posting.edit(message, card("after"))
    assert seen(feishu, group) == ["after"]


OVER = {
    "older than 14 days": lambda f, m: setattr(f.organisation, "wall", lambda: Wall.now + LIMITS.card_days * 86_400 + 60),
    "withdrawn": lambda f, m: f.delete_message(m),
    "never there": lambda f, m: f.organisation.messages.pop(m),
    "the group was dissolved": lambda f, m: f.set_chat("newx", dissolved=True),
}  # fmt: skip


@pytest.mark.parametrize("end", OVER.values(), ids=OVER)
async def test_what_cannot_be_changed_any_more_is_gone(feishu, posting, group, end):
    message = await posting.post(Target(chat=group), card(), key="a")
    end(feishu, message)
    with pytest.raises(Gone):
        await posting.edit(message, card("after"))


async def test_a_change_waits_for_the_answers_to_all_clicks_on_its_message(feishu, posting, group):
    message = await posting.post(Target(chat=group), card("before"), key="a")
    other = await posting.post(Target(chat=group), card("other"), key="b")
    with posting.clicked(message):
        with posting.clicked(message):
            change = asyncio.create_task(posting.edit(message, card("after")))
        await posting.edit(other, card("other, after"))
        assert not change.done() and len(feishu.calls(EDIT)) == 1
    await change
    assert sorted(seen(feishu, group)) == ["after", "other, after"]


async def test_a_change_that_comes_too_early_for_feishu_comes_again(feishu, posting, group):
    message = await posting.post(Target(chat=group), card("before"), key="a")
    feishu.organisation.messages[message].waiting = 1
    with pytest.raises(Busy) as raised:
        await posting.edit(message, card("after"))
    assert raised.value.unsent


# --- 加急 -----------------------------------------------------------------------------------------


async def test_an_urgent_message_calls_the_person(feishu, posting, ann):
    await posting.post(Target(user=ann), card(), key="a", urgent=True)
    (message,) = feishu.messages(ann)
    assert message.urgent == [ann]


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_group_is_called_to_nothing(feishu, posting, group, urgent):
    await posting.post(Target(chat=group), card(), key="a", urgent=urgent)
    assert feishu.calls(URGE) == []


async def test_a_call_whose_post_got_lost_is_made_when_it_is_there(feishu, posting, ann):
    feishu.add_fault("cut", POST, when="after")
    with pytest.raises(Unclear):
        await posting.post(Target(user=ann), card(), key="a", urgent=True)
    await posting.post(Target(user=ann), card(), key="a", again=True, urgent=True)
    (message,) = feishu.messages(ann)
    assert message.urgent == [ann]


async def test_nobody_is_called_twice_for_one_key(feishu, posting, ann):
    await posting.post(Target(user=ann), card(), key="a", urgent=True)
    await posting.post(Target(user=ann), card(), key="a", again=True, urgent=True)
    other, close = _posting(feishu)
    await other.post(Target(user=ann), card(), key="a", again=True, urgent=True)
    await close()
    assert len(feishu.calls(URGE)) == 1


@pytest.mark.parametrize(
    ("spoil", "asked"),
    [
        (lambda f: f.set_scopes(f.organisation.scopes - {"im:message.urgent"}), 1),
        (lambda f: f.add_fault("error", URGE, times=2, code=230053), 2),
        (lambda f: f.add_fault("ratelimit", URGE, times=2), 2),
        (lambda f: f.add_fault("cut", URGE, times=2), 2),
    ],
    ids=["no scope: not asked for again", "one person's matter", "too often", "cut"],
)
async def test_the_message_is_there_though_the_call_is_not(feishu, posting, ann, spoil, asked):
    spoil(feishu)
    for key in ("a", "b"):
        await posting.post(Target(user=ann), card(), key=key, urgent=True)
    assert seen(feishu, ann) == ["hello", "hello"]
    assert len(feishu.calls(URGE)) == asked


# --- reactions ------------------------------------------------------------------------------------


async def test_a_reaction_is_there_or_is_not_and_neither_matters(feishu, posting, group):
    message = await posting.post(Target(chat=group), card(), key="a")
    feishu.add_fault("error", "POST im/v1/messages/:id/reactions", code=231001)
    for _ in range(2):
        await posting.react(message, "DONE")
    assert feishu.organisation.messages[message].reactions == ["DONE"]
