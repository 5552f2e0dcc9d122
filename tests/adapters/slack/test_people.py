"""Who somebody is in the workspace, as far as Slack says and we believe."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters.base import Profile
from adapters.doorman import Doorman
from adapters.slack.people import PAUSE, People, read_profile
from adapters.slack.web import Web
from commands.chat import Answer
from support.slack import FakeSlack
from tests.adapters.slack.office import Register, office

TEAM = "T1"


class Hands:
    """A clock moved by hand; whoever waits is back at once, and the time is later."""

    def __init__(self):
        self.moment = datetime(2026, 9, 23, tzinfo=UTC)
        self.waited = []

    def now(self):
        return self.moment

    async def sleep(self, seconds):
        self.waited.append(seconds)
        self.moment += timedelta(seconds=seconds)


@asynccontextmanager
async def workspace(**fake):
    async with FakeSlack(**fake) as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, session=session, retry_handlers=[])
        hands = Hands()
        yield slack, hands, People(Web(client), slack.team_id, now=hands.now, sleep=hands.sleep)


async def asked(slack, method):
    return len(await slack.calls(method))


# --- what a user object says -------------------------------------------------------------------------

ANN = {"id": "U1", "team_id": TEAM, "locale": "en-GB", "profile": {"email": "ann@example.com", "real_name": "Ann"}}
PROFILE = Profile("U1", "ann@example.com", "Ann", "en-GB")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PROFILE),
        ({"is_email_confirmed": True}, PROFILE),
        ({"is_email_confirmed": False}, Profile("U1", None, "Ann", "en-GB")),
        ({"team_id": "E1", "enterprise_user": {"teams": ["T0", TEAM]}}, PROFILE),
        ({"team_id": "T2"}, None),
        ({"team_id": "E1", "enterprise_user": {"teams": ["T2"]}}, None),
        ({"is_stranger": True}, None),
        ({"deleted": True}, None),
        ({"is_bot": True}, None),
        ({"id": "USLACKBOT"}, None),
        ({"profile": {}, "locale": None}, Profile("U1")),
        ({"profile": {"email": ""}, "real_name": "Ann B."}, Profile("U1", None, "Ann B.", "en-GB")),
    ],
    ids=str,
)
def test_a_user_of_ours_has_a_profile(changed, expected):
    assert read_profile({**ANN, **changed}, TEAM) == expected


def test_nothing_is_nobody():
    assert read_profile(None, TEAM) is None


# --- asking ------------------------------------------------------------------------------------------


async def test_somebody_is_asked_about_once_a_day():
    async with workspace() as (slack, hands, people):
        ann = await slack.create_user("ann", email="ann@example.com", locale="en-US", real_name="Ann")
        for _ in range(3):
            assert await people.look(ann) == Profile(ann, "ann@example.com", "Ann", "en-US")
        assert await asked(slack, "users.info") == 1
        hands.moment += timedelta(hours=25)
        await people.look(ann)
        assert await asked(slack, "users.info") == 2


@pytest.mark.parametrize("about", [{"is_bot": True}, {"deleted": True}, {"team_id": "T0OTHER"}], ids=str)
async def test_no_profile_of_bots_strangers_and_those_who_left(about):
    async with workspace() as (slack, _, people):
        assert await people.look(await slack.create_user("x", email="x@example.com", **about)) is None
        assert await people.look("U0NOBODY") is None


async def test_while_slack_gives_no_answer_it_is_not_asked_at_each_act():
    async with workspace() as (slack, hands, people):
        ann = await slack.create_user("ann")
        await slack.add_fault("status", "users.info", code=503)
        assert [await people.look(ann) for _ in range(3)] == [None] * 3
        assert await asked(slack, "users.info") == 1
        hands.moment += timedelta(minutes=2)
        assert (await people.look(ann)).user == ann


async def test_without_the_scope_nobody_is_known_and_it_is_said_once():
    async with workspace(scopes={"chat:write"}) as (slack, _, people):
        ann, bob = await slack.create_user("ann", email="ann@example.com"), await slack.create_user("bob")
        with capture_logs() as logs:
            assert [await people.look(who) for who in (ann, bob)] == [None, None]
        assert [line["event"] for line in logs] == ["people_unknown"]
        assert "users:read" in logs[0]["error"]


async def test_without_the_scope_for_addresses_the_language_is_still_known():
    async with workspace(scopes={"users:read"}) as (slack, _, people):
        ann = await slack.create_user("ann", email="ann@example.com", locale="zh-CN")
        found = await people.look(ann)
        assert (found.email, found.locale) == (None, "zh-CN")


# --- finding -----------------------------------------------------------------------------------------


async def found_in(people, *emails):
    return [profile.user async for profile in people.find(emails)]


async def test_people_are_found_by_address_below_slacks_limit():
    async with workspace() as (slack, hands, people):
        ann = await slack.create_user("ann", email="ann@example.com")
        bob = await slack.create_user("bob", email="bob@example.com")
        assert await found_in(people, "Ann@example.com", "none@example.com", "bob@example.com") == [ann, bob]
        assert hands.waited == [PAUSE] * 3
        assert PAUSE > 60 / 50  # tier 3: 50 a minute


async def test_who_was_not_found_is_not_asked_for_again_the_same_day():
    async with workspace() as (slack, hands, people):
        for _ in range(3):
            assert await found_in(people, "none@example.com") == []
        assert await asked(slack, "users.lookupByEmail") == 1
        await slack.create_user("late", email="none@example.com")
        hands.moment += timedelta(hours=25)
        assert len(await found_in(people, "none@example.com")) == 1


async def test_one_who_cannot_be_asked_for_now_does_not_keep_the_others():
    async with workspace() as (slack, hands, people):
        await slack.create_user("ann", email="ann@example.com")
        bob = await slack.create_user("bob", email="bob@example.com")
        await slack.add_fault("ratelimit", "users.lookupByEmail", retry_after=30)
        assert await found_in(people, "ann@example.com", "bob@example.com") == [bob]
        hands.moment += timedelta(minutes=2)
        assert len(await found_in(people, "ann@example.com", "bob@example.com")) == 2


# --- the whole -----------------------------------------------------------------------------------


async def test_the_missing_are_introduced():
    async with workspace() as (slack, hands, people):
        ann = await slack.create_user("ann", email="ann@example.com")
        register = Register(addresses=("ann@example.com", "none@example.com"))
        await Doorman(people, register, sleep=hands.sleep).look_for_missing()
        assert [profile.user for profile in register.met] == [ann]


async def test_who_acts_for_the_first_time_is_introduced_before_the_core_hears_of_it():
    register = Register()
    async with office(introductions=register) as desk:
        register.unknown.add(desk.ann)
        order = []

        def answer(event):
            order.append([profile.user for profile in register.met])
            return Answer(toast="好的")

        desk.core.answer = answer
        await desk.slack.slash(desk.ann, desk.place, "/request", "…")
        await desk.slack.wait_ephemerals(1)
        await desk.slack.slash(desk.bob, desk.place, "/request", "…")
        await desk.slack.wait_ephemerals(2)
        assert order == [[desk.ann], [desk.ann]]
        assert await asked(desk.slack, "users.info") == 1


async def test_whoever_opens_the_home_tab_first_is_introduced_too():
    register = Register()
    async with office(introductions=register) as desk:
        register.unknown.add(desk.bob)
        await desk.slack.open_home(desk.bob)
        await desk.slack.wait_for(lambda: desk.slack.homes.get(desk.bob), what="a home tab")
        assert [profile.locale for profile in register.met] == ["en-US"]


async def test_an_act_does_not_wait_for_a_slack_that_does_not_answer():
    register = Register()
    async with office(introductions=register) as desk:
        register.unknown.add(desk.ann)
        await desk.slack.add_fault("cut", "users.info", times=None)
        await desk.slack.slash(desk.ann, desk.place, "/request", "…")
        await desk.slack.wait_ephemerals(1)
        assert (register.met, len(desk.core.events)) == ([], 1)
