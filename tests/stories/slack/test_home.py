"""The home tab: everything that is mine, and the way to each of it."""

import pytest

from support.slack.town import slack_town
from tests.adapters.slack.seen import rich

SIX = ["limin", "zhangwei", "chenjing", "wanglei", "heping", "liuyang"]


@pytest.fixture
async def town(mode, tmp_path):
    async with slack_town(tmp_path, mode) as town:
        yield town


async def home_of(town, person):
    await town.slack.open_home(person.id)
    return rich(await town.slack.wait_for(lambda: town.slack.homes.get(person.id)))


async def test_open_requests_what_waits_for_me_my_tasks_and_unconfirmed_minutes_are_there(town):
    await town.limin.types("/request", "@研发部 功能甲 期望 9月30日 交付标准：可用")
    await town.zhangwei.types("/request", "accept R-1 30 Sep")
    await town.limin.types("/request", "@研发部 功能乙 期望 9月30日 交付标准：可用")
    await town.zhangwei.types("/request", "@市场部 功能丙 期望 9月30日 交付标准：可用")
    await town.to("09-29 13:50")
    await town.gaojie.types("/minutes", "new")
    await town.gaojie.fills(
        title="新品X 周会",
        recorder="gaojie",
        starts="2026-09-29 14:00",
        ends="2026-09-29 15:00",
        participants=SIX,
    )
    await town.to("09-30 11:00")
    await town.gaojie.types("/minutes", "publish M-1")
    await town.gaojie.fills(decisions="先做甲")
    shown = await home_of(town, town.zhangwei)
    for mine in ("R-2 功能乙 · 待答复", "T-1 功能甲 · 未开始", "R-3 功能丙 · 待答复", "M-1 新品X 周会 · 待我确认纪要"):
        assert mine in shown
