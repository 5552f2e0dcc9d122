"""Whose a platform's user is follows from the e-mail address, and only where it is certain."""

from __future__ import annotations

import pytest

from adapters.base import Profile
from bot.people import Newcomers
from support.core import Town
from support.process import TOWN

LINE = "    - {id: limin, name: 李敏, sandbox: limin}\n"
PEOPLE = """\
    - {id: limin, name: 李敏, sandbox: limin, email: Li.Min@example.com}
    - {id: anna, name: Anna, sandbox: anna, email: anna@example.com, language: en}
    - {id: linked, name: 已关联, sandbox: linked, email: linked@example.com, slack: U0LINKED}
    - {id: one, name: 甲, sandbox: one, email: shared@example.com}
    - {id: two, name: 乙, sandbox: two, email: shared@example.com}
    - {id: nomail, name: 无邮箱, sandbox: nomail}
"""
LIMIN = Profile("U1", "li.min@EXAMPLE.com", "李敏", "en-GB")


@pytest.fixture
def config():
    return TOWN.read_text("utf-8").replace(LINE, PEOPLE)


@pytest.fixture
def town(tmp_path, config):
    with Town(tmp_path, config=config) as town:
        yield town


@pytest.fixture
def slack(town):
    return Newcomers(town.bot.core, "slack")


def person(town, user):
    with town.store.read() as uow:
        return uow.directory.person_at("slack", user)


def traced(town, what):
    with town.store.read() as uow:
        return [e for e in uow.audited() if e.what == what]


def introduce(town, slack, profile):
    town.run(slack.introduce(profile))


def test_who_has_the_address_is_linked_and_spoken_to_in_their_language(town, slack):
    assert slack.wants_profile("U1")
    introduce(town, slack, LIMIN)
    assert (person(town, "U1").id, person(town, "U1").language) == ("limin", "en")
    assert not slack.wants_profile("U1")
    (line,) = traced(town, "person.linked")
    assert (line.item, line.platform, line.after) == ("limin", "slack", {"user": "U1", "found_by": "email"})
    assert traced(town, "person.language")[0].after["language"] == "en"


def test_again_it_changes_nothing(town, slack):
    for _ in range(3):
        introduce(town, slack, LIMIN)
    assert len(traced(town, "person.linked")) == 1


@pytest.mark.parametrize(
    "profile",
    [
        Profile("U9", "nobody@example.com"),
        Profile("U9", "linked@example.com"),
        Profile("U9", "shared@example.com"),
        Profile("U9", ""),
        Profile("U9"),
    ],
    ids=["unknown", "has an id", "two people", "empty", "no address"],
)
def test_nobody_is_linked_where_it_is_not_certain(town, slack, profile):
    introduce(town, slack, profile)
    assert person(town, "U9") is None
    assert traced(town, "person.linked") == []


def test_a_second_user_with_the_same_address_is_not_linked(town, slack):
    introduce(town, slack, LIMIN)
    introduce(town, slack, Profile("U2", LIMIN.email))
    assert (person(town, "U1").id, person(town, "U2")) == ("limin", None)


def test_who_left_the_organisation_is_not_linked(tmp_path, config):
    with Town(tmp_path, config=config):
        pass
    smaller = "".join(line for line in config.splitlines(keepends=True) if "id: anna" not in line)
    with Town(tmp_path, config=smaller, seed=0) as town:
        slack = Newcomers(town.bot.core, "slack")
        introduce(town, slack, Profile("U3", "anna@example.com"))
        assert person(town, "U3") is None
        assert "anna@example.com" not in slack.missing()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("zh_HK", "zh-CN"),
        ("en-US", "en"),
        ("fr-FR", None),
        ("", None),
        (None, None),
    ],
)
def test_a_locale_is_a_language_where_we_speak_it(town, slack, locale, language):
    introduce(town, slack, Profile("U0LINKED", locale=locale))
    assert person(town, "U0LINKED").language == language


def test_a_language_that_is_known_stays(town, slack):
    introduce(town, slack, Profile("U4", "anna@example.com", locale="zh-CN"))
    assert (person(town, "U4").id, person(town, "U4").language) == ("anna", "en")


def test_whoever_has_no_language_is_still_of_interest(town, slack):
    assert slack.wants_profile("U0LINKED")
    introduce(town, slack, Profile("U0LINKED", locale="fr-FR"))
    assert slack.wants_profile("U0LINKED")


def test_where_no_language_is_told_nobody_who_is_known_is_asked_about(town):
    silent = Newcomers(town.bot.core, "slack", tells_language=False)
    assert silent.wants_profile("U1")
    introduce(town, silent, Profile("U1", LIMIN.email))
    assert person(town, "U1").language is None
    assert not silent.wants_profile("U1")


def test_the_addresses_to_look_up_are_those_of_people_without_an_id(town, slack):
    assert set(slack.missing()) == {"Li.Min@example.com", "anna@example.com", "shared@example.com"}
    introduce(town, slack, LIMIN)
    assert "Li.Min@example.com" not in slack.missing()


def test_what_a_linked_person_types_is_theirs(town, slack):
    from commands.chat import Say

    said = Say("k", "slack", "U1", "D1", True, "我的")
    assert not town.takes(said).ok
    introduce(town, slack, LIMIN)
    assert town.takes(Say("k2", "slack", "U1", "D1", True, "list")).ok
