"""A normal request, answered in time, delivered, accepted and scored."""


def raise_request(chat):
    form = chat.limin.says("/request @研发部 新品X性能数据 期望 下周三之前").form
    assert form.missing == ["standard"]
    assert form.fields["lead"]["value"] == "rd"
    assert form.fields["title"]["value"] == "新品X性能数据"
    assert form.fields["wanted"]["value"] == "2026-09-30T18:00"
    return form.submit(standard="提供完整性能报告；数据可复现")


def test_what_is_missing_is_asked_for_and_then_every_side_has_one_card(chat):
    answer = raise_request(chat)
    assert answer.ok
    assert "R-1" in answer.toast
    for place in ("newx", "rd", "dm:zhangwei"):
        card = chat.card(place, "R-1")
        assert "请于 9月24日 10:30 前答复" in card
        assert card.buttons[:4] == ["受理", "不受理", "替代方案", "需补充"]
        assert card.at == "09-23 10:30"


def test_an_accepted_request_is_not_chased_for_its_answer(chat):
    raise_request(chat)
    chat.to("09-23 14:59")
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    chat.news()
    chat.to("09-24 16:00")
    told = [m for found in chat.news().values() for m in found if "待答复" in m or "未按时" in m]
    assert told == []


def test_the_answer_meets_its_clock_after_270_working_minutes_and_makes_the_task(chat):
    raise_request(chat)
    chat.to("09-23 15:00")
    form = chat.zhangwei.clicks("受理", "R-1").form
    assert form.fields["due"]["value"] == "2026-09-30T18:00"
    assert form.submit(due="2026-09-30").ok
    for place in ("newx", "rd", "dm:zhangwei"):
        card = chat.card(place, "R-1")
        assert "已受理" in card
        assert "9月30日 18:00" in card
        assert card.raw["edited_at"]
    assert "张伟" in chat.newest("dm:limin", "已受理")
    chat.limin.says("/status R-1")
    assert "4 小时 30 分钟" in chat.limin.hears("newx")[-1]
    chat.zhangwei.says("/status T-1", "rd")
    assert "新品X性能数据" in chat.zhangwei.hears("rd")[-1]


def test_delivered_accepted_scored_and_closed_with_every_step_on_record(chat):
    raise_request(chat)
    chat.to("09-23 15:00")
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    chat.to("09-29 10:00")
    assert chat.zhangwei.clicks("交付", "R-1").submit(link="https://docs.example.com/report").ok
    assert chat.limin.clicks("验收通过", "R-1", "newx").ok
    assert chat.limin.clicks("评价并关闭", "R-1", "newx").submit(rating="5").ok
    card = chat.card("newx", "R-1")
    assert "已关闭" in card
    assert "5/5" in card
    chat.limin.says("/status R-1")
    timeline = chat.limin.hears("newx")[-1].text
    steps = ["李敏 发起", "张伟 受理", "张伟 交付", "李敏 验收通过", "李敏 关闭"]
    assert all(step in timeline for step in steps), timeline
    assert [timeline.index(step) for step in steps] == sorted(timeline.index(step) for step in steps)


def test_the_score_is_asked_for_in_person_and_is_one_button(chat):
    raise_request(chat)
    chat.to("09-23 15:00")
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    chat.to("09-29 10:00")
    chat.zhangwei.clicks("交付", "R-1").submit(link="https://docs.example.com/report")
    chat.limin.clicks("验收通过", "R-1")
    asked = chat.newest("dm:limin", "请评分")
    assert asked.buttons == ["5 分", "4 分", "3 分", "2 分", "1 分"]
    assert "10月12日 10:00" in asked, "five working days later: 1-7 October is off, 10 October is worked"
    refused = chat.zhangwei.sends(chat.card("newx", "R-1"), asked.raw["card"]["buttons"][0]["id"])
    assert not refused.ok and "李敏" in refused.toast
    assert chat.limin.presses(asked, "4 分").ok
    assert "4/5" in chat.card("newx", "R-1")
    assert not chat.limin.presses(asked, "5 分").ok, "closed already"
