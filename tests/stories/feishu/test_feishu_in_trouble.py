"""Feishu itself is in trouble for a while: what was said meanwhile is done once, what was owed arrives once."""

from __future__ import annotations

import pytest

from support.feishu.api import ENDPOINT
from support.feishu.town import feishu_town

RAISE = "紧急 @研发部 客户现场停机"
POST = "POST im/v1/messages"
OFTEN = (0.5,) * 40  # pauses between two deliveries of one event, in seconds


@pytest.fixture
async def town(tmp_path):
    async with feishu_town(tmp_path, "websocket", pauses=OFTEN) as town:
        yield town


@pytest.mark.parametrize(
    "trouble",
    [{"kind": "ratelimit", "retry_after": 60}, {"kind": "html"}, {"kind": "cut", "when": "after"}],
    ids=lambda trouble: trouble["kind"],
)
async def test_what_feishu_does_not_take_for_minutes_is_there_once_when_it_does_again(town, trouble):
    await town.to("09-23 16:40")
    await town.limin.types("/request", RAISE)
    await town.to("09-23 18:30")
    town.told("")
    town.feishu.add_fault(method="* im/v1/messages*", times=None, **trouble)
    await town.to("09-23 18:50")
    assert len([call for call in town.feishu.calls(POST) if call.fault]) > 2
    town.feishu.clear_faults()
    await town.to("09-23 19:00")
    told = town.told("E-1")
    assert {place: len(moments) for place, moments in told.items()} == {"leadership": 1, "dm:sunzong": 1}


@pytest.mark.slow
async def test_an_endpoint_that_hangs_and_errs_while_a_lost_connection_comes_back_loses_nothing(town):
    await town.limin.types("/request", RAISE)
    town.feishu.add_fault("hang", ENDPOINT, ms=500)
    town.feishu.add_fault("html", ENDPOINT)
    town.feishu.drop_sockets()
    assert "R-1" in await town.zhangwei.types("/status", "R-1")
    await town.zhangwei.clicks("受理", "R-1", "newx")
    await town.zhangwei.fills(due="2026-09-30T18:00")
    assert "已受理" in town.card("newx", "R-1")


async def test_a_token_that_was_revoked_is_fetched_anew(town):
    await town.limin.types("/request", RAISE)
    town.feishu.revoke_tokens()
    assert "R-1" in await town.zhangwei.types("/status", "R-1")
