"""Where a card stops working after some days, one that still asks for something is posted anew before that."""

from datetime import timedelta

import pytest

from adapters.base import Gone, Limits
from support.core import Town
from support.platform import FakePlatform
from support.process import TOWN

RAISE = "/request @研发部 资料 期望 12月30日 交付标准：完整报告"
DAYS = 14
MONDAY = "2026-11-02T10:30"


@pytest.fixture
def town(tmp_path):
    """张伟, who is asked, is on Feishu."""
    people = TOWN.read_text("utf-8").replace("name: 张伟, sandbox:", "name: 张伟, feishu:")
    with Town(tmp_path, config=people.replace("2026-09-23T10:30", MONDAY)) as town:
        yield town


@pytest.fixture
def feishu(town):
    town.bot.adapters["feishu"] = FakePlatform("feishu", Limits(card_days=DAYS))
    return town.bot.adapters["feishu"]


@pytest.fixture
def asked(town, feishu):
    """R-1 was raised at 10:30, and its card is there, with buttons."""
    town.says("limin", RAISE)
    town.settle()
    assert [(call.card.item, bool(call.card.buttons)) for call in feishu.arrived] == [("R-1", True)]
    return feishu


def later(town, **length):
    """What is sent after so long, when nothing happens but the look at old cards. No clock of a request ticks."""
    town.clock.move_to(town.clock.now() + timedelta(**length))
    town.run(town.bot.housekeeper.tidy())
    town.run(town.bot.deliver())


def sent(feishu, since=1):
    """Message edited ("" for a new one), and whether it has buttons."""
    return [(call.message, bool(call.card.buttons)) for call in feishu.arrived[since:]]


def test_a_card_that_still_asks_for_something_is_posted_anew_on_its_last_day(town, asked):
    later(town, days=DAYS, hours=-2)
    assert sent(asked) == [("", True), ("feishu-1", False)]


def test_the_old_one_loses_its_buttons_in_every_language(town, asked):
    asked.bilingual = True
    later(town, days=DAYS, hours=-2)
    new, old = asked.arrived[1:]
    assert {tag: bool(card.buttons) for tag, card in new.card.translations.items()} == {"zh-CN": True, "en": True}
    assert {tag: bool(card.buttons) for tag, card in old.card.translations.items()} == {"zh-CN": False, "en": False}


def test_it_is_posted_anew_once_and_again_when_that_one_is_old(town, asked):
    later(town, days=DAYS, hours=-2)
    later(town, hours=1)
    assert len(sent(asked)) == 2
    later(town, days=DAYS, hours=-2)
    assert sent(asked, since=3) == [("", True), ("feishu-2", False)]


def test_a_younger_card_stays_as_it_is(town, asked):
    later(town, days=DAYS - 2)
    assert sent(asked) == []


def test_where_cards_work_for_ever_they_stay_as_they_are(town, asked):
    asked.limits = Limits()
    later(town, days=DAYS)
    assert sent(asked) == []


def test_a_card_that_asks_for_nothing_any_more_stays_as_it_is(town, asked):
    town.says("limin", "/request cancel R-1 不需要了")
    town.settle()
    assert ("feishu-1", False) in sent(asked)
    later(town, days=DAYS - 1)
    assert ("", True) not in sent(asked)


def test_an_edit_makes_a_card_no_younger(town, asked):
    town.clock.move_to(town.clock.now() + timedelta(days=7))
    town.says("limin", "/request edit R-1 标题：性能资料")
    town.run(town.bot.deliver())
    edits = sent(asked)
    assert ("feishu-1", True) in edits
    later(town, days=DAYS - 7, hours=-2)
    assert ("", True) in sent(asked, since=1 + len(edits))


def test_a_change_on_the_last_day_is_posted_too_instead_of_edited(town, asked):
    town.clock.move_to(town.clock.now() + timedelta(days=DAYS - 1))
    town.says("limin", "/request edit R-1 标题：性能资料")
    town.run(town.bot.deliver())
    assert ("feishu-1", False) in sent(asked)
    assert [call.card.title for call in asked.arrived if call.card.item == "R-1"][-1] == "R-1 性能资料"


def test_on_a_day_off_it_waits_for_people_to_be_back(town, asked):
    later(town, days=DAYS - 1)  # Sunday
    assert sent(asked) == []


def test_what_would_not_last_so_long_is_posted_on_a_day_off(town, asked):
    later(town, days=DAYS - 1)
    later(town, hours=22)  # Monday 08:30; its buttons stop working at 10:30
    assert sent(asked) == [("", True), ("feishu-1", False)]


def test_an_old_message_that_is_gone_is_no_obstacle(town, asked):
    def answer(call):
        if call.message:
            raise Gone("older than 14 days")

    asked.answer = answer
    later(town, days=DAYS, hours=1)
    assert sent(asked) == [("", True)]
