"""Slack itself is in trouble for a while: what was said meanwhile is done once, what was owed arrives once."""

from __future__ import annotations

import pytest

from support.slack.town import slack_town

RAISE = "紧急 @研发部 客户现场停机"
OFTEN = (0.5,) * 40  # pauses between two deliveries of one event, in seconds


@pytest.fixture
async def town(mode, tmp_path):
    async with slack_town(tmp_path, mode) as town:
        yield town


@pytest.fixture
async def on_socket(tmp_path):
    async with slack_town(tmp_path, "socket", ack_timeout=2.0, pauses=OFTEN) as town:
        yield town


@pytest.mark.parametrize(
    "trouble",
    [{"kind": "ratelimit", "retry_after": 60}, {"kind": "status", "code": 503}, {"kind": "cut", "when": "after"}],
    ids=lambda trouble: trouble["kind"],
)
async def test_what_slack_does_not_take_for_minutes_is_there_once_when_it_does_again(town, trouble):
    await town.to("09-23 16:40")
    await town.limin.types("/request", RAISE)
    await town.to("09-23 18:30")
    town.told("")
    await town.slack.add_fault(method="chat.*", times=None, **trouble)
    await town.to("09-23 18:40")
    await town.zhangwei.types("/task-status", "R-1")
    await town.slack.clear_faults()
    await town.to("09-23 19:00")
    told = town.told("E-1")
    assert {place: len(moments) for place, moments in told.items()} == {"leadership": 1, "dm:sunzong": 1}


@pytest.mark.slow
async def test_a_cut_connection_loses_nothing(on_socket):
    town = on_socket
    await town.limin.types("/request", RAISE)
    await town.slack.drop_sockets()
    assert "R-1" in await town.zhangwei.says("@bot status R-1", "newx")
    await town.zhangwei.clicks("受理", "R-1", "newx")
    await town.zhangwei.fills(due="9月30日")
    assert "已受理" in town.card("newx", "R-1")


@pytest.mark.slow
async def test_a_silent_connection_loses_nothing(on_socket):
    town = on_socket
    await town.slack.silence()
    seen = await town.limin.says(f"@bot request {RAISE}", "newx")
    assert "R-1" in seen
    assert town.card("newx", "R-1").at == "09-23 10:30"
