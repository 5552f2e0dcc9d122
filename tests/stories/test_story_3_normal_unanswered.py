"""A normal request that nobody answers goes to the head first, and a working day later to the leadership group."""


def test_warned_at_half_and_three_quarters_then_the_head_then_leadership(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
    chat.news()
    chat.to("09-24 10:29")
    warned = [(m.at, place) for place, found in chat.news().items() for m in found if "R-1 待答复" in m]
    assert sorted(warned) == [
        ("09-23 15:00", "dm:chenjing"),
        ("09-23 15:00", "dm:zhangwei"),
        ("09-23 17:15", "dm:chenjing"),
        ("09-23 17:15", "dm:liuyang"),
        ("09-23 17:15", "dm:zhangwei"),
    ]
    chat.to("09-24 10:30")
    assert [place for place, found in chat.news().items() if any("R-1 未按时答复" in m for m in found)] == [
        "dm:liuyang"
    ]
    chat.to("09-28 10:29")
    assert not chat.bot_messages("leadership")
    chat.to("09-28 10:30")
    assert chat.card("leadership", "E-1").at == "09-28 10:30"
    assert chat.card("dm:sunzong", "E-1")


def test_a_department_without_a_head_is_the_pmos_to_mend_and_it_climbs_all_the_same(chat):
    chat.limin.says("/request @设计部 海报 期望 9月30日 交付标准：印刷级")
    chat.to("09-24 10:30")
    told = chat.newest("dm:zhaoying", "没有负责人可以通知")
    assert told.at == "09-24 10:30" and "R-1" in told and "领导小组" in told
    chat.to("09-28 10:30")
    assert chat.card("leadership", "E-1").at == "09-28 10:30"
