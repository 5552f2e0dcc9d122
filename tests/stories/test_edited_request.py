"""A request is changed before it is answered: the lead hears what, and the clock keeps what it has used."""


def raised(chat):
    assert chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 标准：覆盖三款").ok


def test_the_form_begins_with_the_request_and_the_lead_hears_what_changed(chat):
    raised(chat)
    form = chat.limin.says("/request 修改 R-1").form
    assert (form.fields["title"]["value"], form.fields["standard"]["value"]) == ("新品X性能数据", "覆盖三款")
    assert form.fields["wanted"]["value"] == "2026-09-30T18:00"
    answer = form.submit(standard="覆盖五款", wanted="2026-10-09T18:00")
    assert answer.ok and "9月24日 10:30" in answer.toast
    for place in ("newx", "dm:zhangwei"):
        assert "覆盖五款" in chat.card(place, "R-1") and "10月9日" in chat.card(place, "R-1")
    told = chat.newest("dm:zhangwei", "已修改")
    assert "交付标准" in told and "期望完成" in told and "标题" not in told
    assert told.buttons[:2] == ["受理", "不受理"]


def test_what_became_urgent_keeps_its_used_time_and_leaves_half_an_hour(chat):
    raised(chat)
    chat.to("09-23 11:00")
    assert "12:30" in chat.limin.says("/request 修改 R-1 紧急").toast, "two hours, of which half an hour is used"
    chat.to("09-23 12:29")
    assert not chat.bot_messages("leadership")
    chat.to("09-23 12:30")
    assert chat.card("leadership", "E-1").at == "09-23 12:30"


def test_what_is_over_its_new_limit_already_is_given_half_an_hour(chat):
    raised(chat)
    chat.to("09-23 15:00")
    assert "15:30" in chat.limin.says("/request edit R-1 urgent").toast
    chat.to("09-23 15:29")
    assert not chat.bot_messages("leadership")
    assert chat.zhangwei.clicks("受理", "R-1").submit().ok
    chat.limin.says("/status R-1")
    timeline = chat.limin.hears("newx")[-1]
    assert "首次答复按时" in timeline
    assert "李敏 修改了紧急程度" in timeline and "时限改为 2 小时" in timeline


def test_what_became_normal_is_warned_of_under_its_new_limit(chat):
    chat.limin.says("/request 紧急 @研发部 客户现场停机 标准：恢复生产")
    chat.to("09-23 11:40")  # warned at half of two hours
    assert "9月24日 10:30" in chat.limin.says("/request 修改 R-1 一般").toast
    chat.news()
    chat.to("09-24 10:29")
    warned = sorted({m.at for found in chat.news().values() for m in found if "R-1 待答复" in m})
    assert warned == ["09-23 15:00", "09-23 17:15"]


def test_urgent_outside_working_hours_asks_first(chat):
    raised(chat)
    chat.to("09-23 22:10")
    chat.limin.says("/request 修改 R-1 紧急", "dm:limin")
    asked = chat.newest("dm:limin", "确认紧急")
    assert "9月24日 10:30" in chat.card("newx", "R-1"), "nothing is urgent yet"
    assert chat.limin.presses(asked, asked.buttons[0]).ok
    assert chat.newest("dm:zhangwei", "已修改").at == "09-23 22:10"


def test_nobody_else_edits_it_and_nobody_edits_what_is_answered(chat):
    raised(chat)
    chat.zhangwei.says("/request 修改 R-1 标准：一款")
    assert "李敏" in chat.zhangwei.hears("newx")[-1] and "覆盖三款" in chat.card("newx", "R-1")
    chat.zhangwei.clicks("受理", "R-1").submit()
    chat.limin.says("/request 修改 R-1 标准：六款")
    assert "张伟" in chat.limin.hears("newx")[-1] or "已受理" in chat.limin.hears("newx")[-1]
    assert "覆盖三款" in chat.card("newx", "R-1")


def test_the_same_again_changes_nothing_and_says_so(chat):
    raised(chat)
    assert "没有改动" in chat.limin.says("/request 修改 R-1 标准：覆盖三款").toast
