"""Story 2 on Slack: an urgent request that nobody answers climbs by itself, and closes with the late answer."""


async def test_an_urgent_request_climbs_to_the_leadership_group_and_closes_with_the_late_answer(town):
    await town.to("09-23 16:40")
    await town.limin.types("/request", "紧急 @研发部 客户现场停机")
    assert "请于 9月23日 18:40 前答复" in town.card("newx", "R-1")
    town.told("")

    await town.to("09-23 17:39")
    assert town.told("R-1 待答复") == {}
    await town.to("09-23 17:40")
    assert town.told("R-1 待答复") == {f"dm:{p}": ["09-23 17:40"] for p in ("zhangwei", "chenjing")}
    await town.to("09-23 18:10")
    assert town.told("R-1 待答复") == {f"dm:{p}": ["09-23 18:10"] for p in ("zhangwei", "chenjing", "liuyang")}
    await town.to("09-23 18:39")
    town.told("")
    await town.to("09-23 18:40")
    assert town.told("E-1") == {"leadership": ["09-23 18:40"], "dm:sunzong": ["09-23 18:40"]}
    for step in ("16:40 李敏 提出", "17:40 提醒 张伟、陈静", "18:10 提醒 张伟、陈静、刘洋"):
        assert step in town.card("leadership", "E-1")

    await town.to("09-23 19:05")
    assert "20:40" in await town.sunzong.clicks("知悉", "E-1")
    town.told("")
    await town.to("09-23 19:30")
    await town.zhangwei.clicks("受理", "R-1")
    await town.zhangwei.fills(due="2026-09-24T12:00")
    card = town.card("leadership", "E-1")
    assert "已响应，迟 50 分钟" in card and card.buttons == []
    town.told("")
    await town.to("09-24 09:00")
    assert town.told("E-1") == {}
    assert "首次答复超时" in await town.limin.types("/task-status", "R-1")


async def test_outside_working_hours_the_raiser_alone_is_asked_first(town):
    await town.to("09-23 22:10")
    town.told("")
    question = await town.limin.types("/request", "紧急 @研发部 客户现场停机")
    assert "现在是非工作时间，将立即打扰 张伟、陈静，确认紧急？" in question
    assert town.told("") == {}
    await town.limin.presses(question.message, "确认紧急")
    assert {"newx", "rd", "dm:zhangwei"} <= set(town.told("R-1"))
    await town.to("09-24 00:10")
    assert town.card("leadership", "E-1").at == "09-24 00:10"
