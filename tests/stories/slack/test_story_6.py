"""Story 6 on Slack: a dispute is mediated, handed in, ruled by those who speak for no party, and carried out."""


async def test_a_dispute_is_mediated_ruled_and_carried_out(town):
    for title in ("功能A", "功能B", "功能优先级"):
        await town.limin.types("/request", f"@研发部 {title} 期望 9月30日 交付标准：可用")
    await town.zhangwei.types("/request", "accept R-3 30 Sep")
    await town.to("09-28 10:00")
    await town.limin.types("/escalate", "R-3 功能优先级分歧")
    assert {"已达成一致", "提交领导小组"} <= set(town.newest(town.place("dm:heping"), "请协调", "已达成一致").buttons)
    dispute = town.numbered("newx", "功能优先级分歧", "E")
    await town.zhangwei.clicks("陈述意见", "功能优先级")
    await town.zhangwei.fills(text="资源不够，先做A")
    town.told("")
    await town.to("09-29 09:59")
    assert town.told(f"{dispute} 仍未达成一致")["dm:heping"] == ["09-28 14:30", "09-28 16:45"]

    await town.to("09-29 10:00")
    card = town.card("leadership", dispute)
    assert card.at == "09-29 10:00" and "功能优先级分歧" in card and "资源不够，先做A" in card
    assert [button for button in card.buttons if button != "知悉"] == ["支持市场部", "支持研发部", "折中", "退回补充"]
    for party in (town.limin, town.liuyang):
        assert "仅领导小组成员可裁决（孙总、高洁；周强、刘洋为当事部门，请回避）" in await party.presses(
            card.message, "折中"
        )

    await town.sunzong.clicks("折中", dispute, "leadership")
    assert "reason" in (await town.sunzong.fills(reason=" ")).errors
    await town.sunzong.fills(reason="先交付核心功能", due="2026-10-12")
    for place in ("newx", "rd"):
        assert "折中" in town.card(place, "D-1") and "先交付核心功能" in town.card(place, "D-1")
    assert "10月12日 18:00" in town.card("newx", "R-3")
    await town.zhouqiang.clicks("知悉并执行", dispute)
    town.told("")
    await town.to("09-30 10:05")
    assert set(town.told("尚未知悉")) == {"dm:liuyang"}
    await town.liuyang.clicks("知悉并执行", dispute)
    assert "已执行" in town.card("leadership", dispute)


async def test_without_a_ruling_they_are_pinged_again_and_the_bot_never_rules(town):
    await town.limin.types("/request", "@研发部 功能优先级 期望 9月30日 交付标准：可用")
    await town.zhangwei.types("/request", "accept R-1 30 Sep")
    await town.to("09-28 10:00")
    await town.limin.types("/escalate", "R-1 功能优先级分歧")
    await town.to("09-30 09:59")
    town.told("")
    await town.to("09-30 10:00")
    assert town.told("E-1 待裁决")["dm:sunzong"] == ["09-30 10:00"]
    await town.to("10-08 09:59")
    assert town.told("E-1 待裁决") == {}
    await town.to("10-08 10:00")
    assert town.told("E-1 待裁决")["dm:sunzong"] == ["10-08 10:00"]
    assert "待裁决" in town.card("leadership", "E-1")
