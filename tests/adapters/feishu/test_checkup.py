"""What the doctor finds in a Feishu installation: each ailment by name, with the way out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.feishu.checkup import MOST, Bound, check_up
from adapters.feishu.config import FeishuConfig
from adapters.feishu.scopes import CALLBACKS, EVENTS, NEEDED, USEFUL
from support.feishu import FakeFeishu

NOW = datetime(2026, 9, 23, 4, tzinfo=UTC)
NOTHING = Bound()
EVERY = {*NEEDED, *USEFUL}


def now():
    return NOW


def config(feishu, **changed):
    found = FeishuConfig(
        app_id=feishu.app_id, app_secret=feishu.app_secret, mode=feishu.mode, domain=feishu.domain, encrypt_key="k"
    )
    return replace(found, **changed)


def subscribed(mode="websocket", events=EVENTS, callbacks=CALLBACKS, **app):
    return {
        "online_version_id": "oav_1",
        "event": {"subscription_type": mode, "subscribed_events": list(events)},
        "callback_info": {"callback_type": mode, "subscribed_callbacks": list(callbacks)},
        **app,
    }


@asynccontextmanager
async def installed(**fake):
    """An organisation where everything is as it should be."""
    async with FakeFeishu(wall=NOW.timestamp, **{"scopes": EVERY, **fake}) as feishu:
        ann = feishu.create_user("安")
        feishu.create_user("鲍", email="bob@example.com")
        feishu.organisation.about_app = subscribed(feishu.mode)
        place = feishu.create_group("newx", [ann])
        yield feishu, Bound({place: "新品X"}, {ann: "安"}, {"bob@example.com": "鲍"})
        assert feishu.violations == []


async def found(feishu, bound=NOTHING, **changed):
    return await check_up(config(feishu, **changed), bound, now=now)


def wrong(checks):
    return [check for check in checks if check.level != "green"]


# --- all is well ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["websocket", "webhook"])
async def test_an_installation_in_order(mode):
    async with installed(mode=mode) as (feishu, bound):
        checks = await found(feishu, bound)
        assert wrong(checks) == []
        assert [check.id for check in checks] == [
            "feishu.clock",
            "feishu.app",
            "feishu.bot",
            "feishu.scopes",
            "feishu.connection" if mode == "websocket" else "feishu.requests",
            "feishu.subscriptions",
            "feishu.chats",
            "feishu.people",
            "feishu.emails",
        ]


# --- the app -------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"app_secret": "canary-other"}, {"app_id": "cli_other"}], ids=str)
async def test_the_wrong_app_or_secret(changed):
    async with installed() as (feishu, bound):
        (check,) = wrong(await found(feishu, bound, **changed))
        assert (check.level, check.id) == ("red", "feishu.app")
        assert "Credentials & Basic Info" in check.fix
        assert "canary" not in f"{check}"


STATUS = [
    (None, "no bot", "Add Features"),
    (0, "not installed", "Version Management"),
    (1, "switched the app off", "administrator"),
    (3, "not enabled yet", "administrator"),
    (4, "a new version", "approve"),
    (6, "plan", "administrator"),
]


@pytest.mark.parametrize(("status", "said", "fix"), STATUS)
async def test_a_bot_that_nobody_can_use(status, said, fix):
    async with installed() as (feishu, bound):
        feishu.organisation.bot_status = status
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == ("red", "feishu.bot")
        assert said in check.message and fix in check.fix


async def test_all_missing_scopes_are_named_in_one_line_that_grants_them():
    lacking = {"im:resource", "im:chat:readonly"}
    async with installed(scopes=EVERY - lacking) as (feishu, bound):
        checks = wrong(await found(feishu, bound))
        assert [(check.level, check.id) for check in checks] == [("red", "feishu.scopes")]
        assert all(scope in checks[0].message and scope in checks[0].fix for scope in lacking)
        assert f"{feishu.domain}/app/{feishu.app_id}/auth?q=" in checks[0].fix
        assert "publish" in checks[0].fix


async def test_a_wider_scope_does_as_well():
    async with installed(scopes=EVERY - {"im:message:send_as_bot"} | {"im:message"}) as (feishu, _):
        assert wrong(await found(feishu)) == []


async def test_useful_scopes_are_offered_with_what_is_left_out_without_them():
    async with installed(scopes=EVERY - {"im:message.urgent"}) as (feishu, bound):
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == ("yellow", "feishu.scopes.useful")
        assert "加急" in check.message and "im:message.urgent" in check.fix


# --- versions, events, callbacks -----------------------------------------------------------------

SUBSCRIPTIONS = [
    (subscribed(online_version_id=""), "feishu.version", "red", "no version"),
    (subscribed(unaudit_version_id="oav_2"), "feishu.version", "yellow", "waits for approval"),
    (subscribed() | {"event": subscribed("webhook")["event"]}, "feishu.events.mode", "red", "events go to webhook"),
    (
        subscribed() | {"callback_info": subscribed("webhook")["callback_info"]},
        "feishu.callbacks.mode",
        "red",
        "callbacks go to webhook",
    ),
    (subscribed(events=list(EVENTS)[1:]), "feishu.events", "red", "im.message.receive_v1"),
    (subscribed(callbacks=()), "feishu.callbacks", "red", "card.action.trigger"),
]


@pytest.mark.parametrize(("told", "id", "level", "said"), SUBSCRIPTIONS, ids=[case[1] for case in SUBSCRIPTIONS])
async def test_what_the_console_has_not_switched_on(told, id, level, said):
    async with installed() as (feishu, bound):
        feishu.organisation.about_app = told
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == (level, id)
        assert said in check.message
        assert "事件与回调" in check.fix or "administrator" in check.fix


@pytest.mark.parametrize("why", ["no scope", "not said"])
async def test_what_cannot_be_seen_is_said_honestly(why):
    scopes = EVERY - {"application:application:self_manage"} if why == "no scope" else EVERY
    async with installed(scopes=scopes) as (feishu, _):
        if why == "not said":
            feishu.organisation.about_app = {"online_version_id": "oav_1"}
        checks = {check.id: check for check in await found(feishu)}
        assert checks["feishu.subscriptions"].level == "green"
        assert "cannot be seen" in checks["feishu.subscriptions"].message


async def test_a_long_connection_that_is_not_switched_on():
    async with installed() as (feishu, bound):
        feishu.add_fault("error", "POST ws/endpoint", code=1000040345)
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == ("red", "feishu.connection")
        assert "1000040345" in check.message and "长连接" in check.fix


async def test_requests_that_nobody_signs():
    async with installed(mode="webhook") as (feishu, _):
        (check,) = wrong(await found(feishu, encrypt_key="", verification_token="t"))
        assert (check.level, check.id) == ("yellow", "feishu.requests")
        assert "Encrypt Key" in check.fix


# --- places and people ---------------------------------------------------------------------------


async def test_groups_where_the_bot_cannot_speak():
    async with installed() as (feishu, _):
        outside, gone = feishu.create_group("a", bot=False), feishu.create_group("b")
        feishu.set_chat(gone, dissolved=True)
        chats = {outside: "甲", gone: "乙", "oc_unknown": "丙", "C0SLACK": "丁"}
        checks = wrong(await found(feishu, Bound(chats)))
        ids = {check.message.partition(":")[0]: check.id.removeprefix("feishu.chat.") for check in checks}
        assert ids == {"甲": "outside", "乙": "gone", "丙": "refused", "丁": "id"}
        assert all(check.level == "red" and check.fix for check in checks)


async def test_people_who_cannot_be_reached():
    async with installed() as (feishu, _):
        left, hidden = feishu.create_user("a", resigned=True), feishu.create_user("b", available=False)
        checks = wrong(await found(feishu, Bound(people={left: "甲", hidden: "乙", "ou_other_app": "丙"})))
        assert sorted((check.message.partition(":")[0], check.id, check.level) for check in checks) == [
            ("丙", "feishu.person.unknown", "red"),
            ("乙", "feishu.person.unknown", "red"),
            ("甲", "feishu.person.left", "yellow"),
        ]


async def test_an_address_that_nobody_has():
    async with installed() as (feishu, _):
        bound = Bound(addresses={"Bob@Example.com": "鲍", "typo@example.com": "伊"})
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == ("yellow", "feishu.email.unknown")
        assert check.message.startswith("伊: ")


@pytest.mark.parametrize(("n", "said"), [(1, "Feishu: p0"), (12, "p9 and 2 more")])
async def test_people_to_whom_nothing_leads(n, said):
    async with installed() as (feishu, _):
        (check,) = wrong(await found(feishu, Bound(strangers=[f"p{i}" for i in range(n)])))
        assert (check.level, check.id) == ("yellow", "feishu.people.strangers")
        assert check.message.endswith(said) and "liaison org import feishu" in check.fix


async def test_hundreds_are_asked_about_fifty_at_a_time():
    async with installed() as (feishu, _):
        people = {feishu.create_user(f"p{n}"): f"p{n}" for n in range(MOST + 5)}
        checks = await found(feishu, Bound(people=people))
        assert wrong(checks) == []
        assert f"{MOST} of {MOST + 5}" in next(check.message for check in checks if check.id == "feishu.people")
        assert len(feishu.calls("GET contact/v3/users/batch")) == MOST / 50


async def test_without_a_scope_people_are_not_called_unknown():
    async with installed(scopes={"im:message"}) as (feishu, bound):
        ids = {check.id: check.level for check in wrong(await found(feishu, bound))}
        assert ids["feishu.scopes"] == "red"
        assert (ids["feishu.people"], ids["feishu.emails"]) == ("yellow", "yellow")
        assert not any("unknown" in id for id in ids)


# --- the line ------------------------------------------------------------------------------------

SKEWS = [(0, "green"), (61, "yellow"), (-120, "yellow"), (241, "red"), (-3600, "red")]


@pytest.mark.parametrize(("skew", "level"), SKEWS)
async def test_a_clock_that_is_off(skew, level):
    async with installed() as (feishu, _):
        feishu.set_skew(-skew)
        clock = next(check for check in await found(feishu) if check.id == "feishu.clock")
        assert clock.level == level
        assert level == "green" or ("ahead of" if skew > 0 else "behind") in clock.message


async def test_nobody_answers():
    async with installed() as (feishu, _):
        domain = feishu.domain
    (check,) = await check_up(FeishuConfig(app_id="cli_1", app_secret="s", domain=domain), NOTHING, now=now)
    assert (check.level, check.id) == ("red", "feishu.unreachable")
    assert "proxy" in check.fix


async def test_something_else_answers():
    async with installed() as (feishu, _):
        feishu.add_fault("html", code=502)
        (check,) = await found(feishu)
        assert check.id == "feishu.unreachable" and "HTTP 502" in check.message


async def test_another_server_under_that_name():
    async with TestServer(web.Application()) as server:
        config = FeishuConfig(app_id="cli_1", app_secret="s", domain=str(server.make_url("")).rstrip("/"))
        (check,) = await check_up(config, NOTHING, now=now)
    assert check.id == "feishu.unreachable" and "HTTP 404" in check.message


async def test_a_platform_that_lacks_a_call_is_looked_over_all_the_same():
    async with installed() as (feishu, bound):
        feishu.add_fault("html", "GET application/v6/*", times=None, code=404)
        checks = {check.id: check.level for check in await found(feishu, bound)}
        assert checks["feishu.scopes"] == "yellow"
        assert (checks["feishu.subscriptions"], checks["feishu.people"]) == ("green", "green")


@pytest.mark.parametrize("code", [99991400, 2200])
async def test_feishus_own_trouble_is_nothing_to_mend(code):
    async with installed() as (feishu, bound):
        feishu.add_fault("error", "GET im/v1/chats/*", times=None, code=code)
        (check,) = wrong(await found(feishu, bound))
        assert (check.level, check.id) == ("yellow", "feishu.chat.later")


async def test_a_feishu_that_hangs_is_told_in_time():
    async with installed() as (feishu, _):
        feishu.add_fault("hang", "GET bot/v3/info")
        async with asyncio.timeout(10):
            checks = await check_up(config(feishu), NOTHING, now=now, within=0.8)
        assert [check.id for check in checks] == ["feishu.clock", "feishu.app", "feishu.slow"]
