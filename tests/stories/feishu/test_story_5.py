"""Story 5 on Feishu: what cannot be delivered in time is announced two working days ahead, and agreed, or decided."""

from __future__ import annotations

import pytest

from support.town import Card


@pytest.fixture
async def task(town):
    await town.limin.types("/request", "@研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
    await town.zhangwei.types("/request", "accept R-1 30 Sep")
    await town.zhangwei.types("/request", "task R-1 @设计部 海报五款 standard=印刷级 due=9月28日")
    assert "9月28日 18:00" in town.card("dm:wanglei", "T-2")
    return town


async def announced(town):
    await town.wanglei.types("/request", "delay T-2")
    return await town.wanglei.fills(reason="人手不足", alternative="date", due="2026-09-30T18:00")


@pytest.mark.parametrize("town", ["websocket-rough"], indirect=True)
async def test_in_time_the_others_are_asked_and_agreement_moves_the_date(task):
    town = task
    await town.to("09-23 17:50")
    assert "未提前" not in await announced(town)
    for person in ("zhangwei", "limin"):
        assert town.newest(f"dm:{person}", "T-2 延期", "同意").buttons == ["同意", "不同意"]
    await town.limin.clicks("同意", "T-2 延期")
    card = town.card("dm:wanglei", "T-2")
    assert "9月30日 18:00" in card and "原定 9月28日" in card


async def test_silence_asks_the_manager_and_the_days_off_stay_quiet(task):
    town = task
    await town.to("09-23 17:50")
    await announced(town)
    town.told("")
    await town.to("09-24 17:49")
    assert town.told("T-2 延期待答复") == {f"dm:{person}": ["09-24 15:35"] for person in ("zhangwei", "limin")}
    await town.to("09-24 18:00")
    decide = Card(town.newest("dm:heping", "T-2", "同意"))
    assert decide.at == "09-24 17:50" and decide.buttons == ["同意", "不同意"]
    town.told("")
    await town.to("09-27 23:59")
    assert town.told("") == {}
    await town.heping.clicks("同意", "T-2")
    assert "9月30日 18:00" in town.card("dm:wanglei", "T-2")


@pytest.mark.parametrize("town", ["websocket-rough"], indirect=True)
async def test_too_late_it_is_taken_but_marked(task):
    town = task
    await town.to("09-24 09:10")
    assert "未提前2个工作日" in await announced(town)
    assert "未提前2个工作日" in town.newest("dm:limin", "T-2 延期", "同意").words
