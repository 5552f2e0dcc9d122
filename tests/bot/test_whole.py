"""A message that a platform had to cut can be seen whole, by those who have it before them."""

from __future__ import annotations

import pytest

from adapters.plain import card_text
from commands.chat import SHOW_ALL, Click
from support.core import Town

LONG = "很长的说明。" * 300
RAISE = f"/request @研发部 新品X性能数据 期望：下周三之前 验收标准：完整报告 内容：{LONG}"


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        town.says("limin", RAISE)
        town.settle()
        yield town


def shown_in(town, chat):
    """The id of the newest message there."""
    return town.bot.adapters["sandbox"]._desk.world.messages(chat)[-1].id


def asks(town, person, chat, message):
    return town.takes(Click(town.key(), "sandbox", person, chat, chat.startswith("dm:"), message, SHOW_ALL))


@pytest.mark.parametrize("chat", ["rd", "newx", "dm:zhangwei"])
def test_whoever_has_the_message_before_them_sees_all_of_it(town, chat):
    answer = asks(town, "zhangwei", chat, shown_in(town, chat))
    assert answer.ok
    assert LONG in card_text(answer.card)


def test_it_is_shown_as_it_is_now(town):
    town.says("zhangwei", "/request 受理 R-1 9月30日")
    town.settle()
    assert "已受理" in card_text(asks(town, "zhangwei", "rd", shown_in(town, "rd")).card)


def test_in_another_chat_or_for_another_person_the_message_is_none_of_theirs(town):
    assert not asks(town, "zhangwei", "design", shown_in(town, "rd")).ok
    assert not asks(town, "wanglei", "dm:wanglei", shown_in(town, "dm:zhangwei")).ok
    assert not asks(town, "zhangwei", "rd", "m-999").ok


def test_a_notice_is_shown_whole_too(town):
    town.says("zhangwei", "/request 需补充 R-1 哪些型号？")
    town.settle()
    answer = asks(town, "limin", "dm:limin", shown_in(town, "dm:limin"))
    assert "哪些型号" in card_text(answer.card)
