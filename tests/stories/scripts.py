"""Stories that are told on several platforms in the same words."""

from __future__ import annotations

from typing import Any


async def normal_request(town: Any, *, status: str = "/status") -> None:
    """From a typed command over a form to the last click. `status` is what that command is called there."""
    form = await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前")
    assert "发起协作请求" in form and "2026-09-30 18:00" in form
    assert "R-1" in await town.limin.fills(standard="提供完整性能报告；数据可复现")
    for place in ("newx", "rd", "dm:zhangwei"):
        card = town.card(place, "R-1")
        assert "请于 9月24日 10:30 前答复" in card and card.at == "09-23 10:30"
        assert card.buttons[:4] == ["受理", "不受理", "替代方案", "需补充"]

    await town.to("09-23 15:00")
    await town.zhangwei.clicks("受理", "R-1")
    assert "9月30日 18:00" in await town.zhangwei.fills(due="2026-09-30T18:00")
    for place in ("newx", "rd", "dm:zhangwei"):
        card = town.card(place, "R-1")
        assert "已受理" in card and "9月30日 18:00" in card and card.edited
    assert "新品X性能数据" in await town.zhangwei.types(status, "T-1", "rd")
    town.told("")
    await town.to("09-24 16:00")
    assert town.told("待答复") == {}

    await town.to("09-29 10:00")
    await town.zhangwei.clicks("交付", "R-1", "rd")
    await town.zhangwei.fills(link="https://docs.example.com/report")
    await town.limin.clicks("验收通过", "R-1", "newx")
    await town.limin.clicks("评价并关闭", "R-1", "newx")
    await town.limin.fills(rating="5")
    card = town.card("newx", "R-1")
    assert "已关闭" in card and "5/5" in card
    timeline = (await town.limin.says("@bot status R-1", "newx")).words
    steps = ["李敏 发起", "张伟 受理", "张伟 交付", "李敏 验收通过", "李敏 关闭"]
    assert [timeline.index(step) for step in steps] == sorted(timeline.index(step) for step in steps)
    assert "4 小时 30 分钟" in timeline
