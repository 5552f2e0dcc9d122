"""What the doctor finds in a Slack installation: each ailment by name, with the way out."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.checkup import MOST, WITHIN, Bound, check_up
from adapters.slack.scopes import BOT
from support.slack import FakeSlack
from tests.adapters.slack.office import config

NOW = datetime(2026, 9, 23, 4, tzinfo=UTC)
NOTHING = Bound()


def now():
    return NOW


@asynccontextmanager
async def installed(**fake):
    """A workspace where everything is as it should be."""
    async with FakeSlack(wall=NOW.timestamp, **fake) as slack:
        ann = await slack.create_user("ann", email="ann@example.com")
        bob = await slack.create_user("bob", email="bob@example.com")
        place = await slack.create_channel("newx", [ann])
        yield slack, Bound({place: "新品X"}, {ann: "安"}, {"bob@example.com": "鲍"}), bob


async def found(slack, bound=NOTHING, **changed):
    return await check_up(replace(config(slack), **changed), bound, now=now)


def wrong(checks):
    return [check for check in checks if check.level != "green"]


# --- all is well ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_installation_in_order(mode):
    async with installed(mode=mode) as (slack, bound, _):
        checks = await found(slack, bound)
        assert wrong(checks) == []
        assert [check.id for check in checks] == [
            "slack.clock",
            "slack.token",
            "slack.scopes",
            "slack.app_token" if mode == "socket" else "slack.requests",
            "slack.chats",
            "slack.people",
            "slack.emails",
            "slack.commands",
        ]
        assert "/task-status" in checks[-1].message
        assert slack.violations == []


# --- token and scopes ----------------------------------------------------------------------------

TOKENS = [
    ("invalid_auth", "does not know the bot token", "OAuth & Permissions"),
    ("token_revoked", "was revoked", "install the app again"),
    ("account_inactive", "was removed from the workspace", "install it again"),
    ("token_expired", "ran out", "token rotation"),
    ("not_allowed_token_type", "wrong kind", "xoxb-"),
    ("something_new", "refuses the bot token (something_new)", "xoxb-"),
]


@pytest.mark.parametrize(("error", "said", "fix"), TOKENS)
async def test_a_bot_token_that_slack_refuses(error, said, fix):
    async with installed() as (slack, bound, _):
        await slack.add_fault("error", "auth.test", code=error)
        (check,) = wrong(await found(slack, bound))
        assert (check.level, check.id) == ("red", "slack.token")
        assert said in check.message and fix in check.fix


async def test_the_wrong_token():
    async with installed() as (slack, bound, _):
        (check,) = wrong(await found(slack, bound, bot_token="xoxb-other"))
        assert check.id == "slack.token"
        assert "xoxb-other" not in f"{check}"


@pytest.mark.parametrize("scope", sorted(BOT))
async def test_each_missing_scope_is_named_with_what_it_is_for(scope):
    async with installed(scopes=set(BOT) - {scope}) as (slack, bound, _):
        checks = wrong(await found(slack, bound))
        assert [(check.level, check.id) for check in checks] == [("red", f"slack.scope.{scope}")]
        assert BOT[scope] in checks[0].message
        assert "Reinstall" in checks[0].fix


APP_TOKENS = [
    ("invalid_auth", "does not know the app token", "App-Level Tokens"),
    ("missing_scope", "connections:write", "App-Level Tokens"),
    ("not_allowed_token_type", "wrong kind", "xapp-"),
    ("forbidden_team", "(forbidden_team)", "Socket Mode"),
]


@pytest.mark.parametrize(("error", "said", "fix"), APP_TOKENS)
async def test_an_app_token_that_opens_no_connection(error, said, fix):
    async with installed() as (slack, bound, _):
        await slack.add_fault("error", "apps.connections.open", code=error)
        (check,) = wrong(await found(slack, bound))
        assert (check.level, check.id) == ("red", "slack.app_token")
        assert said in check.message and fix in check.fix


async def test_the_two_tokens_in_each_others_place():
    async with installed() as (slack, bound, _):
        (check,) = wrong(await found(slack, bound, app_token=slack.bot_token))
        assert (check.id, "wrong kind" in check.message) == ("slack.app_token", True)


# --- the line ------------------------------------------------------------------------------------

CLOCKS = [
    (0, "green"),
    (60, "green"),
    (-60, "green"),
    (61, "yellow"),
    (-61, "yellow"),
    (240, "yellow"),
    (241, "red"),
    (-9000, "red"),
]


@pytest.mark.parametrize(("skew", "level"), CLOCKS)
async def test_the_clock_is_compared_with_slacks(skew, level):
    async with installed() as (slack, bound, _):
        slack.set_skew(skew)
        check = next(check for check in await found(slack, bound) if check.id == "slack.clock")
        assert check.level == level
        assert level == "green" or ("behind" if skew > 0 else "ahead of") in check.message


async def test_a_clock_that_is_off_is_told_even_if_the_token_is_refused():
    async with installed() as (slack, bound, _):
        slack.set_skew(1000)
        assert [check.id for check in wrong(await found(slack, bound, bot_token="xoxb-other"))] == [
            "slack.clock",
            "slack.token",
        ]


async def test_a_slack_that_is_not_there():
    async with installed() as (slack, bound, _):
        pass
    (check,) = await found(slack, bound)
    assert (check.level, check.id) == ("red", "slack.unreachable")
    assert slack.base_url in check.message
    assert "platforms.slack.base_url" in check.fix and "HTTPS_PROXY" in check.fix


async def test_a_proxy_that_is_not_there_is_named_without_its_password():
    async with installed() as (slack, bound, _):
        (check,) = await found(slack, bound, proxy="http://me:hunter2@127.0.0.1:1")
        assert check.id == "slack.unreachable" and "through the proxy" in check.message
        assert "hunter2" not in f"{check}"


async def test_a_proxy_that_refuses_us_is_named_without_its_password():
    async def refuses(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    proxy = await asyncio.start_server(refuses, "127.0.0.1", 0)
    async with installed() as (slack, bound, _), proxy:
        address = f"http://me:hunter2@127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        (check,) = await found(slack, bound, base_url="https://slack.test/api/", proxy=address)
    assert "407 Proxy Authentication Required" in check.message
    for secret in ("hunter2", b64encode(b"me:hunter2").decode(), "xoxb"):
        assert secret not in f"{check}"


@pytest.mark.parametrize(("code", "fault"), [(502, "status"), (404, "status")])
async def test_something_else_answers(code, fault):
    async with installed() as (slack, bound, _):
        await slack.add_fault(fault, "auth.test", code=code)
        (check,) = await found(slack, bound)
        assert (check.id, f"HTTP {code}" in check.message) == ("slack.unreachable", True)


async def test_a_limit_is_no_fault_of_the_installation():
    async with installed() as (slack, bound, _):
        await slack.add_fault("ratelimit", "apps.connections.open", retry_after=30)
        (check,) = wrong(await found(slack, bound))
        assert (check.level, check.id) == ("yellow", "slack.app_token.later")


async def test_a_slack_that_never_answers_is_not_waited_for():
    async with installed() as (slack, bound, _):
        await slack.add_fault("latency", "auth.test", ms=60_000)
        checks = await check_up(config(slack), bound, now=now, within=0.1)
        assert [(check.level, check.id) for check in checks] == [("yellow", "slack.slow")]
        assert WITHIN < 10


async def test_what_was_found_before_time_ran_out_is_told():
    async with installed() as (slack, bound, _):
        await slack.add_fault("latency", "conversations.info", ms=60_000)
        checks = await check_up(config(slack), bound, now=now, within=0.5)
        assert [check.id for check in checks][-2:] == ["slack.app_token", "slack.slow"]


# --- channels and people -------------------------------------------------------------------------


async def test_a_channel_without_the_bot():
    async with installed() as (slack, _, bob):
        open_place = await slack.create_channel("open", [bob], bot=False)
        private = await slack.create_channel("private", [bob], bot=False, private=True)
        checks = wrong(await found(slack, Bound({open_place: "研发部", private: "市场部"})))
        assert {(check.level, check.id) for check in checks} == {
            ("red", "slack.chat.outside"),
            ("red", "slack.chat.gone"),
        }
        assert all("/invite @" in check.fix for check in checks)
        assert {check.message.partition(":")[0] for check in checks} == {"研发部", "市场部"}


async def test_an_archived_channel():
    async with installed() as (slack, bound, _):
        await slack.archive(next(iter(bound.chats)))
        (check,) = wrong(await found(slack, bound))
        assert (check.level, check.id, "unarchive" in check.fix) == ("red", "slack.chat.archived", True)
        assert f"status bind {check.message.partition(':')[0]}" in check.fix


@pytest.mark.parametrize("id", ["#newx", "newx", "general"])
async def test_a_name_is_no_id_of_a_channel(id):
    async with installed() as (slack, _, _):
        (check,) = wrong(await found(slack, Bound({id: "新品X"})))
        assert (check.id, "begins with C" in check.fix) == ("slack.chat.id", True)


PEOPLE = [
    ({"deleted": True}, "yellow", "slack.person.left"),
    ({"is_bot": True}, "red", "slack.person.bot"),
    ({"team_id": "T0OTHER"}, "red", "slack.person.foreign"),
]


@pytest.mark.parametrize(("about", "level", "id"), PEOPLE)
async def test_somebody_who_cannot_be_reached(about, level, id):
    async with installed() as (slack, _, _):
        user = await slack.create_user("x", **about)
        (check,) = wrong(await found(slack, Bound(people={user: "某人"})))
        assert (check.level, check.id) == (level, id)
        assert check.message.startswith("某人: ") and check.fix


async def test_somebody_who_does_not_exist():
    async with installed() as (slack, _, _):
        (check,) = wrong(await found(slack, Bound(people={"U0NOBODY": "某人"})))
        assert (check.level, check.id, "Copy member ID" in check.fix) == ("red", "slack.person.unknown", True)


async def test_an_address_that_nobody_has():
    async with installed() as (slack, _, _):
        (check,) = wrong(await found(slack, Bound(addresses={"none@example.com": "某人"})))
        assert (check.level, check.id) == ("yellow", "slack.email.unknown")
        assert "none@example.com" in check.message


async def test_of_many_as_many_are_asked_about_as_slack_lets_pass():
    async with installed() as (slack, _, _):
        people = {await slack.create_user(f"p{n}"): "某人" for n in range(MOST + 5)}
        checks = await found(slack, Bound(people=people))
        assert wrong(checks) == []
        assert f"{MOST} of {MOST + 5}" in next(check.message for check in checks if check.id == "slack.people")
        assert len(await slack.calls("users.info")) == MOST < 50


async def test_that_slack_wants_one_to_wait_is_said_once():
    async with installed() as (slack, _, _):
        await slack.add_fault("ratelimit", "users.info", times=None, retry_after=30)
        people = {await slack.create_user(f"p{n}"): "某人" for n in range(3)}
        (check,) = wrong(await found(slack, Bound(people=people)))
        assert (check.level, check.id) == ("yellow", "slack.person.later")
