"""A message that people of several languages read is in each of them, where the platform can show that."""

from __future__ import annotations

import pytest

from bot.readers import is_mixed
from commands.domain.people import ChatBinding, Department, Directory, Leadership, Person, Project
from support.core import Town
from support.platform import FakePlatform
from support.process import TOWN

ON_FEISHU = TOWN.read_text("utf-8").replace("home: {platform: sandbox, chat: rd}", "home: {platform: feishu, chat: rd}")
RAISE = "/request @研发部 资料 期望 9月30日 交付标准：完整报告"


def directory(*, head="zh-CN", liaison="zh-CN", manager="zh-CN", chair="zh-CN", chat=None):
    languages = {"head": head, "liaison": liaison, "manager": manager, "chair": chair, "gone": "en"}
    people = {id: Person(id, id, language=tag, active=id != "gone") for id, tag in languages.items()}
    bindings = (
        ChatBinding("feishu:rd", "department", "rd", chat),
        ChatBinding("feishu:newx", "project", "newx", chat),
        ChatBinding("feishu:top", "leadership", "", chat),
    )
    return Directory(
        people=people,
        departments={"rd": Department("rd", "研发部", head="head", liaisons=("liaison", "gone"))},
        leadership=Leadership(chair="chair"),
        projects={"newx": Project("newx", "新品X", manager="manager", departments=("rd",))},
        bindings={binding.address: binding for binding in bindings},
    )


@pytest.mark.parametrize(
    ("to", "spoken", "mixed"),
    [
        ("chat:feishu:rd", {}, False),
        ("chat:feishu:rd", {"liaison": "en"}, True),
        ("chat:feishu:rd", {"head": None}, True),
        ("chat:feishu:rd", {"head": "en", "liaison": "en"}, True),  # one language, and not this one
        ("chat:feishu:rd", {"head": "en", "chat": "zh-CN"}, False),
        ("chat:feishu:rd", {"manager": "en"}, False),
        ("chat:feishu:newx", {}, False),
        ("chat:feishu:newx", {"manager": "en"}, True),
        ("chat:feishu:newx", {"head": "en"}, True),
        ("chat:feishu:top", {"head": "en"}, False),
        ("chat:feishu:top", {"chair": "en"}, True),
        ("chat:feishu:nobody", {}, True),
        ("person:head", {}, False),
        ("person:head", {"head": None}, True),
        ("person:stranger", {}, True),
    ],
)
def test_whether_somebody_may_want_another_language(to, spoken, mixed):
    assert is_mixed(directory(**spoken), to, "zh-CN") is mixed


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path, config=ON_FEISHU) as town:
        yield town


def card_in_rd(town, *, bilingual):
    town.bot.adapters["feishu"] = feishu = FakePlatform("feishu", bilingual=bilingual)
    town.says("limin", RAISE)
    town.settle()
    return next(call.card for call in feishu.calls if call.place == "rd")


def test_the_card_is_there_in_every_language(town):
    card = card_in_rd(town, bilingual=True)
    assert {tag: each.facts[0].label for tag, each in card.translations.items()} == {"zh-CN": "状态", "en": "State"}
    assert card.facts == card.translations["zh-CN"].facts
    assert [b.id for b in card.buttons] == [b.id for b in card.translations["en"].buttons]
    assert hash(card)


def test_a_platform_that_shows_one_language_gets_one(town):
    assert card_in_rd(town, bilingual=False).translations == {}
