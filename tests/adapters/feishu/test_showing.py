"""Cards as people on Feishu get them: with their picture, with a call where it is urgent, and never not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.base import Busy, Forbidden, Target
from adapters.feishu import FeishuAdapter
from adapters.feishu.config import PER_CHAT, PER_MINUTE, PER_SECOND
from commands.chat import Button, Card, Fact, Image, Span, SpanKind
from support.feishu import FakeFeishu
from tests.adapters.feishu.office import around, config

CARD = Card(
    "R-1 资料", body=((Span("请答复"),),), buttons=(Button("b1", "受理", twin="/request accept R-1"),), item="R-1"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Shelf:
    """The pictures there are; how often one was asked for."""

    def __init__(self, **pictures):
        self.pictures, self.asked = pictures, []

    async def __call__(self, name):
        self.asked.append(name)
        return self.pictures.get(name)


@pytest.fixture
async def feishu():
    async with FakeFeishu(mode="webhook") as feishu:
        yield feishu
        assert not feishu.violations


@pytest.fixture
async def adapter(feishu):
    adapter = FeishuAdapter(config(feishu), replace(around(), pictures=Shelf(chart=PNG, broken=b"no picture")))
    yield adapter
    await adapter._close()


@pytest.fixture
def ann(feishu):
    return feishu.create_user("ann")


@pytest.fixture
def group(feishu, ann):
    return feishu.create_group("newx", [ann])


def test_it_says_how_fast_it_may_be_sent_to_and_for_how_long_cards_work(adapter):
    limits = adapter.limits
    assert (limits.per_second, limits.per_minute, limits.per_chat_per_second) == (PER_SECOND, PER_MINUTE, PER_CHAT)
    assert (limits.kept_free, limits.card_days, limits.crowded_minutes) == (0.2, 14, {0, 30})


@pytest.mark.parametrize("urgent", [False, True])
async def test_an_urgent_card_calls_the_person(feishu, adapter, ann, urgent):
    await adapter.post(Target(user=ann), replace(CARD, urgent=urgent), key="a")
    (message,) = feishu.messages(ann)
    assert message.urgent == ([ann] if urgent else [])


# --- what Feishu does not take --------------------------------------------------------------------

STRANGER = Span("@某人", SpanKind.PERSON, person="ou_" + "0" * 32, ping=True)


async def test_somebody_whom_feishu_does_not_know_is_named_and_not_mentioned(feishu, adapter, group):
    card = replace(CARD, body=((STRANGER, Span("请答复")),), facts=(Fact("待处理", (STRANGER,)),))
    await adapter.post(Target(chat=group), replace(card, translations={"zh-CN": card, "en": card}), key="a")
    (message,) = feishu.messages(group)
    assert "@某人请答复\n待处理：@某人" in message.words
    assert (message.mentions, message.buttons) == ([], ["受理"])


async def test_a_card_that_feishu_does_not_take_is_there_in_words(feishu, adapter, group):
    feishu.add_fault("error", "POST im/v1/messages", times=1, code=230099)
    await adapter.post(Target(chat=group), CARD, key="a")
    (message,) = feishu.messages(group)
    assert "请答复" in message.words and "/request accept R-1" in message.words


async def test_so_is_a_change_of_a_card(feishu, adapter, group):
    message = await adapter.post(Target(chat=group), CARD, key="a")
    await adapter.edit(Target(chat=group), message, replace(CARD, body=((STRANGER, Span("已答复")),)))
    assert "@某人已答复" in feishu.organisation.messages[message].words


async def test_everybody_in_a_mixed_group_reads_their_own_language(feishu, group):
    english = Card("R-1 data", body=((Span("Please answer"),),), buttons=(replace(CARD.buttons[0], enabled=False),))
    chinese = replace(CARD, buttons=english.buttons)
    adapter = FeishuAdapter(config(feishu), around())
    await adapter.post(Target(chat=group), replace(chinese, translations={"zh-CN": chinese, "en": english}), key="a")
    await adapter._close()
    (message,) = feishu.messages(group)
    assert message.read("zh_cn") == "R-1 资料\n请答复\n暂不可用：受理"
    assert message.read("en_us") == "R-1 data\nPlease answer\nNot available now: 受理"


async def test_what_is_not_about_the_card_is_not_said_in_words(feishu, adapter, group):
    feishu.set_chat(group, bot=False)
    with pytest.raises(Forbidden):
        await adapter.post(Target(chat=group), CARD, key="a")
    assert len(feishu.calls("POST im/v1/messages")) == 1


# --- pictures -------------------------------------------------------------------------------------


def with_picture(src):
    return replace(CARD, image=Image(src, "进度图：三项按期"))


async def test_a_picture_is_shown_with_the_words_that_replace_it(feishu, adapter, group):
    await adapter.post(Target(chat=group), with_picture("chart"), key="a")
    (message,) = feishu.messages(group)
    (picture,) = [one for one in message.card["body"]["elements"] if one["tag"] == "img"]
    assert picture["alt"]["content"] == "进度图：三项按期"


async def test_the_same_picture_is_uploaded_once(feishu, adapter, group):
    for key in "abc":
        await adapter.post(Target(chat=group), with_picture("chart"), key=key)
    assert len(feishu.calls("POST im/v1/images")) == 1
    await adapter.post(Target(chat=group), with_picture("broken"), key="d")
    assert len(feishu.calls("POST im/v1/images")) == 2


@pytest.mark.parametrize("src", ["nothing", "data:image/png;base64,%%%"])
async def test_a_picture_that_is_not_there_is_its_words(feishu, adapter, group, src):
    await adapter.post(Target(chat=group), with_picture(src), key="a")
    assert "进度图：三项按期" in feishu.messages(group)[0].words
    assert feishu.calls("POST im/v1/images") == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: f.set_scopes(f.organisation.scopes - {"im:resource", "im:resource:upload"}),
        lambda f: f.add_fault("error", "POST im/v1/images", code=234011),
    ],
    ids=["no scope", "not its format"],
)
async def test_a_picture_that_feishu_does_not_take_is_its_words(feishu, adapter, group, spoil):
    spoil(feishu)
    await adapter.post(Target(chat=group), with_picture("chart"), key="a")
    assert "进度图：三项按期" in feishu.messages(group)[0].words


async def test_a_picture_that_could_not_be_uploaded_now_is_waited_for(feishu, adapter, group):
    feishu.add_fault("cut", "POST im/v1/images")
    with pytest.raises(Busy):
        await adapter.post(Target(chat=group), with_picture("chart"), key="a")
    await adapter.post(Target(chat=group), with_picture("chart"), key="a", again=True)
    assert "img" in [one["tag"] for one in feishu.messages(group)[0].card["body"]["elements"]]
