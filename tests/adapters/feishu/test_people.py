"""Who somebody is in the organisation, as far as Feishu says and we believe; and the whole directory."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.base import Profile
from adapters.doorman import Doorman
from adapters.feishu.api import Api
from adapters.feishu.directory import Directory
from adapters.feishu.people import TOGETHER, People, read_profile
from adapters.roster import DirectoryClosed, Member, Unit
from commands.chat import Answer
from support.feishu import FakeFeishu
from support.feishu.organisation import SCOPES
from tests.adapters.feishu.office import Core, Register, config, running

USER, IDS = "GET contact/v3/users/:id", "POST contact/v3/users/batch_get_id"


class Hands:
    """A clock moved by hand."""

    def __init__(self):
        self.moment = datetime(2026, 9, 23, tzinfo=UTC)
        self.waited = []

    def now(self):
        return self.moment

    async def sleep(self, seconds):
        self.waited.append(seconds)


@asynccontextmanager
async def connected(**fake):
    async with FakeFeishu(**fake) as feishu:
        api = Api(config(feishu))
        try:
            yield feishu, api
        finally:
            await api.close()
        assert feishu.violations == []


@asynccontextmanager
async def organisation(**fake):
    async with connected(**fake) as (feishu, api):
        hands = Hands()
        yield feishu, hands, People(api, now=hands.now)


# --- what a user says ------------------------------------------------------------------------------

ANN = {"open_id": "ou_1", "name": "安", "email": "ann@example.com"}
PROFILE = Profile("ou_1", "ann@example.com", "安")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PROFILE),
        ({"status": {"is_resigned": False, "is_activated": True}}, PROFILE),
        ({"status": {"is_unjoin": True}}, PROFILE),
        ({"status": {"is_resigned": True}}, None),
        ({"status": {"is_frozen": True}}, None),
        ({"status": {"is_exited": True}}, None),
        ({"email": ""}, Profile("ou_1", None, "安")),
        ({"email": None, "enterprise_email": "a@corp.example"}, Profile("ou_1", "a@corp.example", "安")),
        ({"open_id": None, "name": None, "email": None}, Profile("ou_asked")),
    ],
    ids=str,
)
def test_a_user_has_a_profile(changed, expected):
    assert read_profile({**ANN, **changed}, "ou_asked") == expected


def test_nothing_is_nobody():
    assert read_profile(None, "ou_1") is None


# --- asking ------------------------------------------------------------------------------------------


async def test_somebody_is_asked_about_once_a_day():
    async with organisation() as (feishu, hands, people):
        ann = feishu.create_user("安", email="ann@example.com")
        for _ in range(3):
            assert await people.look(ann) == Profile(ann, "ann@example.com", "安")
        assert len(feishu.calls(USER)) == 1
        hands.moment += timedelta(hours=25)
        await people.look(ann)
        assert len(feishu.calls(USER)) == 2


@pytest.mark.parametrize("about", [{"resigned": True}, {"available": False}], ids=str)
async def test_no_profile_of_strangers_and_those_who_left(about):
    async with organisation() as (feishu, _, people):
        with capture_logs() as logs:
            assert await people.look(feishu.create_user("x", **about)) is None
            assert await people.look("ou_nobody") is None
        assert logs == []


async def test_a_field_without_its_scope_is_just_not_known():
    async with organisation(scopes=SCOPES - {"contact:user.email:readonly"}) as (feishu, _, people):
        ann = feishu.create_user("安", email="ann@example.com")
        assert await people.look(ann) == Profile(ann, None, "安")


@pytest.mark.parametrize("kind", ["ratelimit", "html", "cut"])
async def test_while_feishu_gives_no_answer_it_is_not_asked_at_each_act(kind):
    async with organisation() as (feishu, hands, people):
        ann = feishu.create_user("安")
        feishu.add_fault(kind, USER, times=None)
        assert await people.look(ann) is None
        feishu.clear_faults()
        assert await people.look(ann) is None
        hands.moment += timedelta(minutes=2)
        assert (await people.look(ann)).user == ann


async def test_without_the_scope_nobody_is_known_and_it_is_said_once():
    async with organisation(scopes={"im:message"}) as (feishu, _, people):
        ann, bob = feishu.create_user("安"), feishu.create_user("鲍")
        with capture_logs() as logs:
            assert [await people.look(who) for who in (ann, bob)] == [None, None]
        assert [line["event"] for line in logs] == ["people_unknown"]
        assert "contact:contact.base:readonly" in logs[0]["fix"]


# --- finding by e-mail -------------------------------------------------------------------------------


async def test_the_missing_are_found_by_address_fifty_at_a_time():
    async with organisation() as (feishu, hands, people):
        there = [f"p{n}@example.com" for n in range(TOGETHER + 3)]
        ids = {feishu.create_user(f"p{n}", email=email): email for n, email in enumerate(there)}
        register = Register(addresses=("nobody@example.com", *there))
        await Doorman(people, register, sleep=hands.sleep).look_for_missing()
        assert {profile.user: profile.email for profile in register.met} == ids
        assert len(feishu.calls(IDS)) == 2


async def test_without_the_scope_for_addresses_nobody_is_found_and_the_rest_goes_on():
    async with organisation(scopes=SCOPES - {"contact:user.id:readonly"}) as (feishu, hands, people):
        ann = feishu.create_user("安", email="ann@example.com")
        register = Register({ann}, ("ann@example.com",))
        doorman = Doorman(people, register, sleep=hands.sleep)
        await doorman.look_for_missing()
        assert register.met == []
        await doorman.meet(ann)
        assert [profile.user for profile in register.met] == [ann]


# --- with the adapter --------------------------------------------------------------------------------


@asynccontextmanager
async def at_work(register):
    """The adapter, with somebody whom the core would like to know."""
    core = Core()
    async with FakeFeishu(mode="webhook") as feishu:
        ann = feishu.create_user("安", email="ann@example.com")
        place = feishu.create_group("newx", [ann])
        async with running(feishu, core, introductions=register):
            yield feishu, core, ann, place


async def test_whoever_acts_is_introduced_before_the_act_is_handled():
    register, met = Register(), []

    def answer(event):
        met.append([profile.user for profile in register.met])
        return Answer(toast="好的")

    async with at_work(register) as (feishu, core, ann, place):
        register.unknown.add(ann)
        core.answer = answer
        await feishu.say(ann, place, "@bot /request …")
        await feishu.wait_for(lambda: met)
        assert met == [[ann]]


async def test_an_act_does_not_wait_for_a_directory_that_does_not_answer():
    register = Register()
    async with at_work(register) as (feishu, core, ann, place):
        register.unknown.add(ann)
        feishu.add_fault("cut", USER, times=None)
        await feishu.say(ann, place, "@bot /request …")
        async with asyncio.timeout(5):
            await core.came.wait()
        assert register.met == []


async def test_whom_the_core_misses_is_looked_for_at_the_start():
    met = asyncio.Queue()
    register = Register(addresses=("ann@example.com",))
    register.introduce = met.put
    async with at_work(register) as (_, _, ann, _), asyncio.timeout(5):
        assert (await met.get()).user == ann


# --- the whole directory -----------------------------------------------------------------------------


@asynccontextmanager
async def directory(**fake):
    async with connected(**fake) as (feishu, api):
        hands = Hands()
        yield feishu, Directory(api, sleep=hands.sleep), hands


def settle(feishu):
    """A department with one below it, and somebody who is in none."""
    rd = feishu.create_department("研发部", called="R&D")
    group = feishu.create_department("平台组", parent=rd)
    lead = feishu.create_user("张伟", email="zhang@example.com", departments=[rd])
    dev = feishu.create_user("陈静", email="chen@example.com", departments=[group])
    boss = feishu.create_user("孙总")
    feishu.create_user("离职", departments=[rd], resigned=True)
    feishu.organisation.departments[rd].leader = lead
    return rd, group, lead, dev, boss


@pytest.mark.parametrize("sees_root", [True, False], ids=["everybody", "a range"])
async def test_departments_heads_and_people_are_read(sees_root):
    async with directory() as (feishu, reader, _):
        rd, group, lead, dev, boss = settle(feishu)
        feishu.organisation.sees_root = sees_root
        roster = await reader.roster()
        assert roster.units == (
            Unit(rd, "研发部", "0", lead, (lead,), "R&D"),
            Unit(group, "平台组", rd, None, (dev,)),
        )
        assert [unit.id for unit in roster.top] == [rd]
        assert set(roster.people) == {
            Member(lead, "张伟", "zhang@example.com"),
            Member(dev, "陈静", "chen@example.com"),
            Member(boss, "孙总"),
        }
        assert roster.notes == ()


async def test_a_large_department_comes_page_by_page():
    async with directory() as (feishu, reader, _):
        rd = feishu.create_department("研发部")
        people = [feishu.create_user(f"p{n}", departments=[rd]) for n in range(101)]
        roster = await reader.roster()
        assert list(roster.units[0].members) == people


async def test_what_no_scope_shows_is_told_with_the_scope():
    hidden = {"contact:department.organize:readonly", "contact:user.email:readonly"}
    async with directory(scopes=SCOPES - hidden) as (feishu, reader, _):
        settle(feishu)
        roster = await reader.roster()
        assert {scope for scope in hidden if any(scope in note for note in roster.notes)} == hidden
        assert [unit.head for unit in roster.units] == [None, None]


async def test_what_is_merely_not_filled_in_is_no_missing_scope():
    async with directory() as (feishu, reader, _):
        feishu.create_user("安", departments=[feishu.create_department("研发部")])
        assert (await reader.roster()).notes == ()


async def test_a_directory_that_is_closed_to_the_app_says_what_to_do():
    async with directory(scopes={"im:message"}) as (_, reader, _):
        with pytest.raises(DirectoryClosed) as refused:
            await reader.roster()
        assert "contact:contact.base:readonly" in refused.value.fix


async def test_an_empty_directory_is_a_range_that_holds_nobody():
    async with directory() as (_, reader, _):
        with pytest.raises(DirectoryClosed, match="nobody") as refused:
            await reader.roster()
        assert "通讯录权限范围" in refused.value.fix


async def test_a_rate_limit_is_waited_for():
    async with directory() as (feishu, reader, hands):
        settle(feishu)
        feishu.add_fault("ratelimit", "GET contact/v3/users/find_by_department", retry_after=7)
        assert len((await reader.roster()).people) == 3
        assert hands.waited == [7]


async def test_names_from_outside_are_on_one_line():
    async with directory() as (feishu, reader, _):
        feishu.create_user("张\n伟\x1b[31m" + "长" * 100)
        (member,) = (await reader.roster()).people
        assert "\n" not in member.name and "\x1b" not in member.name and len(member.name) == 80
