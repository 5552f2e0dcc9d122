"""Who may take something over, what becomes of a request that nobody can answer, and that every card says so."""

ASKED = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


def refusal(chat, person, place=None):
    return getattr(chat, person).hears(place)[-1].text if place else chat.bot_messages(f"dm:{person}")[-1].text


def accepted(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request 受理 R-1 10月12日")


def test_the_lead_hands_over_to_a_colleague_and_to_nobody_else(chat):
    accepted(chat)
    for other, department in (("李敏", "研发部"), ("王磊", "研发部")):
        form = chat.zhangwei.says(f"/request 转交 R-1 @{other}", "dm:zhangwei").form
        assert f"{other} 不属于{department}" in form.fields["person"]["error"]
    assert "牵头：研发部 张伟" in chat.card("newx", "R-1")
    assert chat.zhangwei.says("/request 转交 R-1 @陈静", "dm:zhangwei").ok
    assert "牵头：研发部 陈静" in chat.card("newx", "R-1")
    again = chat.chenjing.says("/request 转交 R-1 @陈静", "dm:chenjing").form
    assert "R-1 已经由 陈静 负责" in again.fields["person"]["error"]


def test_nobody_of_another_department_is_named_owner_on_accepting(chat):
    chat.limin.says(ASKED)
    form = chat.zhangwei.says("/request 受理 R-1 10月12日 负责人：@李敏", "dm:zhangwei").form
    assert "李敏 不属于研发部" in form.fields["owner"]["error"]
    assert chat.zhangwei.says("/request 受理 R-1 10月12日 负责人：@陈静", "dm:zhangwei").ok


def test_a_new_requester_is_not_said_to_lead(chat):
    accepted(chat)
    chat.limin.says("/request 转交 R-1 @周强", "dm:limin")
    assert "提出：市场部 周强" in chat.card("newx", "R-1")
    assert chat.newest("dm:zhangwei", "R-1 的提出人改为 周强")


def test_a_request_nobody_can_answer_is_the_pmos_to_reroute(chat):
    for person in ("zhangwei", "chenjing", "liuyang"):
        getattr(chat, person).says("/status 请假 9月23日 到 9月30日", f"dm:{person}")
    chat.limin.says(ASKED)
    answer = chat.zhaoying.clicks("改派", "研发部无人可答复").submit(department="design", reason="研发部无人")
    assert answer.ok
    assert "牵头：设计部" in chat.card("newx", "R-1")
    assert "受理" in chat.newest("dm:wanglei", "R-1").buttons


def test_the_pmo_leaves_the_first_reroute_to_a_lead_that_can_answer(chat):
    chat.limin.says(ASKED)
    chat.zhaoying.says("/request 改派 R-1 @设计部 更合适", "dm:zhaoying")
    assert "张伟" in refusal(chat, "zhaoying")
    assert "牵头：研发部" in chat.card("newx", "R-1")


def test_reminders_that_reached_nobody_are_listed_as_such(chat):
    for person in ("zhangwei", "chenjing", "liuyang"):
        getattr(chat, person).says("/status 请假 9月23日 到 9月30日", f"dm:{person}")
    chat.limin.says(ASKED)
    chat.to("09-28 10:30")
    assert "9月23日 15:00 无人可提醒" in chat.card("leadership", "E-1")


def test_an_acknowledgement_is_on_every_card_and_ends_with_another_lead(chat):
    chat.limin.says(ASKED)
    chat.to("09-23 14:00")
    chat.zhangwei.clicks("知悉", "R-1")
    for place in ("newx", "rd"):
        assert "张伟 已知悉" in chat.card(place, "R-1")
    chat.zhangwei.says("/request 改派 R-1 @设计部 属于外观", "dm:zhangwei")
    assert "已知悉" not in chat.card("newx", "R-1")


def test_an_acknowledgement_quietens_half_of_the_working_time_that_is_left(chat):
    chat.limin.says(ASKED)
    chat.to("09-23 14:00")
    chat.zhangwei.clicks("知悉", "R-1")
    chat.to("09-23 15:00")  # 50 %, within half of the 330 working minutes that are left
    assert [m.at for m in chat.bot_messages("dm:chenjing", "待答复")] == ["09-23 15:00"]
    assert not chat.bot_messages("dm:zhangwei", "R-1 待答复")
    chat.to("09-23 17:15")  # 75 %, half an hour after that half
    assert [m.at for m in chat.bot_messages("dm:zhangwei", "R-1 待答复")] == ["09-23 17:15"]


def test_a_question_to_the_other_side_is_on_the_card_until_it_is_answered(chat):
    accepted(chat)
    chat.zhangwei.says("/request 暂停 R-1 等样机 恢复：10月10日", "dm:zhangwei")
    for place in ("newx", "rd"):
        assert "张伟 申请暂停至 10月10日 18:00：等样机" in chat.card(place, "R-1")
    chat.limin.clicks("不同意", "R-1").submit(reason="不能等")
    assert "申请暂停" not in chat.card("newx", "R-1")


def test_a_delay_is_to_a_later_date(chat):
    accepted(chat)
    form = chat.zhangwei.clicks("申请延期", "R-1").form
    early = form.submit(reason="模具返修", alternative="先交3款", due="2026-10-09T18:00")
    assert "新日期须晚于它" in early.errors["due"]
    assert form.submit(reason="模具返修", alternative="先交3款", due="2026-10-14T18:00").ok


def test_a_task_is_waived_by_who_leads_and_the_request_shows_it(chat):
    accepted(chat)
    chat.zhangwei.says("/request 任务 R-1 @设计部 外观图 10月9日 标准：PNG")
    chat.wanglei.says("/request 任务 T-2 豁免", "dm:wanglei")
    assert "您不能执行“豁免任务”" in refusal(chat, "wanglei")
    assert "王磊 · 未开始" in chat.card("newx", "R-1")
    chat.zhangwei.says("/request 任务 T-2 豁免 已有旧图", "dm:zhangwei")
    assert "王磊 · 已取消" in chat.card("newx", "R-1") or "王磊 · 已豁免" in chat.card("newx", "R-1")
    chat.zhangwei.says("/request 任务 T-2 豁免", "dm:zhangwei")
    assert "不能执行“豁免任务”" in refusal(chat, "zhangwei")


def test_a_dispute_is_withdrawn_with_or_without_a_reason(chat):
    accepted(chat)
    chat.limin.says("/escalate R-1 功能优先级分歧")
    assert chat.limin.says("/escalate 撤回 E-1 已当面谈妥").toast == "E-1 已撤回。"
    assert "原因：已当面谈妥" in chat.newest("dm:zhangwei", "E-1 已撤回")
    chat.limin.says("/escalate R-1 又有分歧")
    assert chat.limin.says("/escalate 撤回 E-2").toast == "E-2 已撤回。"
    assert "原因" not in chat.newest("dm:zhangwei", "E-2 已撤回")
