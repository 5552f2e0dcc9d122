"""What a platform tells of its groups becomes the mark in the binding; administrators hear of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.presence import Memberships
from support.core import Town


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        yield town


@pytest.fixture
def presence(town):
    return Memberships(town.bot.core, "sandbox")


def mark(town, chat):
    with town.store.read() as uow:
        return uow.directory.bindings[f"sandbox:{chat}"].lost


def alarms(town):
    with town.store.read() as uow:
        sent = uow.outbox.recent("person:zhaoying", town.clock.now() - timedelta(days=30))
    return [each.owed.facts["error"] for each in sent if each.owed.view == "chat_lost"]


def test_a_group_that_the_bot_had_to_leave_is_marked_and_told_once(town, presence):
    for _ in range(2):
        town.run(presence.left("rd", "the bot was removed from the group", "add the bot again"))
    town.settle()
    assert mark(town, "rd") == "the bot was removed from the group"
    assert alarms(town) == ["the bot was removed from the group"]


def test_the_mark_goes_when_the_bot_comes_back(town, presence):
    town.run(presence.left("rd", "the group was dissolved", ""))
    town.run(presence.entered("rd"))
    assert mark(town, "rd") is None


def test_groups_that_are_nobodys_come_and_go_unnoticed(town, presence):
    town.run(presence.entered("somewhere"))
    town.run(presence.left("somewhere", "the bot was removed from the group", ""))
    town.settle()
    assert alarms(town) == []
