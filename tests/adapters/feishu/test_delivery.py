"""What the core owes goes out on Feishu: to whom, with a call where it is urgent, and what becomes of a lost group."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.feishu import FeishuAdapter
from support.core import Town
from support.feishu import FakeFeishu
from support.process import TOWN
from tests.adapters.feishu.office import around, config

RAISE = "/request @研发部 资料 期望 9月30日 交付标准：完整报告"
URGENT = RAISE.replace("/request ", "/request 紧急 ")
BREACH = "E-1 超时升级：R-1 未按时答复"


@pytest.fixture
def feishu():
    return FakeFeishu(mode="webhook")


@pytest.fixture
def group(feishu):
    return feishu.create_group("leadership", [feishu.create_user("sunzong"), feishu.create_user("zhaoying")])


@pytest.fixture
def town(tmp_path, feishu, group):
    """The leadership group, its chair and the administrator are on Feishu."""
    people = TOWN.read_text("utf-8").replace("platform: sandbox, chat: leadership", f"platform: feishu, chat: {group}")
    for name in ("sunzong", "zhaoying"):
        people = people.replace(f"sandbox: {name}}}", f"feishu: {feishu.organisation.person(name).id}}}")
    with Town(tmp_path, config=people) as town:
        town.run(feishu.__aenter__())
        adapter = town.bot.adapters["feishu"] = FeishuAdapter(config(feishu), around())
        yield town
        town.run(adapter._close())
        town.run(feishu.__aexit__(None, None, None))
        assert not feishu.violations


def lost(town, group):
    with town.store.read() as uow:
        binding = uow.directory.bindings.get(f"feishu:{group}")
        return binding.lost if binding else None


def test_an_urgent_escalation_is_in_the_group_and_calls_the_chair(town, feishu, group):
    town.says("limin", URGENT)
    town.advance(hours=3)
    (there,) = feishu.messages(group, contains=BREACH)
    (direct,) = feishu.messages("sunzong", contains=BREACH)
    assert (there.urgent, direct.urgent) == ([], [feishu.organisation.person("sunzong").id])


def test_one_that_is_not_urgent_calls_nobody(town, feishu):
    town.says("limin", RAISE)
    town.advance(days=6)
    assert [message.urgent for message in feishu.messages("sunzong", contains="E-1")] != []
    assert feishu.calls("*urgent_app") == []


def test_a_group_without_the_bot_is_lost_the_administrator_hears_how_to_mend_it_and_it_comes_back(town, feishu, group):
    feishu.set_chat(group, bot=False)
    town.says("limin", URGENT)
    town.advance(hours=3)
    assert "230002" in lost(town, group)
    assert feishu.messages("zhaoying", contains="add the bot")
    feishu.set_chat(group, bot=True)
    town.says("limin", URGENT.replace("资料", "别的资料"))
    town.advance(hours=3)
    assert feishu.messages(group, contains="E-2")
    assert lost(town, group) is None


@pytest.mark.parametrize("fault", ["ratelimit", "chatlimit", "html", "cut", "token"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whatever_goes_wrong_on_the_way_each_message_is_there_once(town, feishu, group, fault, when):
    feishu.add_fault(fault, "*im/v1/messages*", times=3, when=when)
    town.says("limin", URGENT)
    town.advance(hours=3)
    town.advance(minutes=2)
    for place in (group, "sunzong"):
        assert len(feishu.messages(place, contains=BREACH)) == 1


def test_a_secret_that_somebody_has_to_mend_costs_nothing(town, feishu, group):
    feishu.api.app_secret = "another"
    town.says("limin", URGENT)
    town.advance(hours=1, minutes=59)
    town.advance(minutes=2)
    assert feishu.messages(group) == [] and lost(town, group) is None
    feishu.api.app_secret = feishu.app_secret
    town.clock.move_to(town.clock.now() + timedelta(minutes=1))
    town.settle()
    assert feishu.messages(group, contains="E-1")
