"""Every ping says until when; what was agreed instead stays in sight; a button is shown to who may press it."""

ASKED = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


def accepted(chat, due="10月12日"):
    chat.limin.says(ASKED)
    chat.zhangwei.says(f"/request 受理 R-1 {due}")


def test_a_declined_request_says_when_it_closes(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request 不受理 R-1 本季度测试资源已全部排满")
    assert "9月28日 10:30 前未处理将自动关闭" in chat.newest("dm:limin", "R-1 不受理")
    assert "9月28日 10:30 前未处理将自动关闭" in chat.card("newx", "R-1")
    chat.to("09-28 10:30")
    assert "状态：已关闭" in chat.card("newx", "R-1")


def test_an_alternative_says_whose_turn_it_is_at_every_step(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.clicks("替代方案", "R-1").submit(reason="不归我们", department="design")
    assert "建议由设计部牵头" in chat.newest("dm:limin", "R-1 替代方案，请答复")
    chat.to("09-23 17:15")
    assert "请于 9月24日 10:30 前答复" in chat.newest("dm:limin", "R-1 替代方案待答复")
    chat.to("09-24 10:30")
    assert "9月28日 10:30 前无人答复，请求将按撤回关闭" in chat.newest("dm:heping", "请决定")
    card = chat.card("newx", "R-1")
    assert "李敏、何平 应于 9月24日 10:30 前答复，已超时" in card
    assert "待处理：李敏、何平" in card


def test_the_agreed_alternative_stays_on_the_card_and_one_that_is_off_the_table_does_not(chat):
    for number in (1, 2):
        chat.limin.says(ASKED)
        item = f"R-{number}"
        chat.zhangwei.clicks("替代方案", item).submit(reason="样机不足", alternative="只交3款", due="2026-10-20T18:00")
    chat.limin.clicks("同意", "R-1")
    assert "已同意的方案：只交3款" in chat.card("newx", "R-1")
    assert "约定完成：10月20日 18:00" in chat.newest("dm:zhangwei", "R-1 替代方案：同意")
    chat.zhangwei.says("/request 受理 R-2 10月16日")
    assert "只交3款" not in chat.card("newx", "R-2")


def test_a_pause_is_asked_for_with_the_date_work_resumes(chat):
    accepted(chat)
    chat.zhangwei.says("/request 暂停 R-1 等样机 恢复：10月10日")
    asked = chat.newest("dm:limin", "R-1 暂停，请答复")
    assert "恢复日期：10月10日 18:00" in asked
    assert "新日期" not in asked
    assert "请 李敏 于 9月24日 10:30 前答复" in chat.card("newx", "R-1")


def test_acceptance_and_rework_are_reminded_with_their_limit(chat):
    accepted(chat)
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    chat.to("09-28 10:36")
    assert "请于 9月29日 10:30 前答复" in chat.newest("dm:limin", "R-1 待验收")
    chat.limin.clicks("整改", "R-1").submit(failed="缺低温数据", limit="2026-09-29T18:00")
    chat.to("09-29 18:00")
    for words in ("R-1 整改将到期", "R-1 整改超时"):
        reminder = chat.newest("dm:zhangwei", words)
        assert "期限：9月29日 18:00" in reminder
        assert "未通过：缺低温数据" in reminder


def test_a_warning_after_the_time_for_a_notice_says_so(chat):
    accepted(chat, "10月8日")
    chat.to("09-30 09:30")
    warned = chat.newest("dm:zhangwei", "T-1 即将到期")
    assert "提前告知的期限 9月29日 18:00 已过" in warned
    assert "请于" not in warned


def test_a_task_offers_everybody_only_what_they_may_do(chat):
    accepted(chat, "10月9日")
    chat.zhangwei.says("/request 任务 R-1 @设计部 外观图 10月9日 标准：PNG")
    chat.wanglei.clicks("交付", "T-2").submit(link="https://files.example.com/a.png")
    assert chat.card("dm:wanglei", "T-2").buttons == []
    assert "验收通过" in chat.newest("dm:zhangwei", "T-2 已提交").buttons
    chat.to("10-08 09:00")
    assert "交付" not in chat.newest("dm:limin", "T-1 即将到期").buttons
    assert "交付" in chat.newest("dm:zhangwei", "T-1 即将到期").buttons


def test_a_request_is_delivered_when_the_supporters_work_is_accepted(chat):
    accepted(chat)
    chat.zhangwei.says("/request 任务 R-1 @设计部 外观图 10月9日 标准：PNG")
    deliver = "/request 交付 R-1 https://files.example.com/r.pdf"
    chat.zhangwei.says(deliver)
    assert "T-2 未完成（设计部 王磊）" in chat.zhangwei.hears("newx")[-1]
    chat.wanglei.clicks("交付", "T-2").submit(link="https://files.example.com/a.png")
    chat.zhangwei.says(deliver)
    assert "T-2 已提交待您确认（设计部 王磊）" in chat.zhangwei.hears("newx")[-1]
    assert "状态：已交付" not in chat.card("newx", "R-1")
    chat.zhangwei.clicks("验收通过", "T-2 已提交")
    assert "R-1 已交付" in chat.zhangwei.says(deliver).toast
