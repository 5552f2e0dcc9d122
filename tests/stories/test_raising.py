"""Raising a request: who may, and what a form says when something given was wrong."""

ASKED = "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"


def refusal(chat, person, place="newx"):
    return getattr(chat, person).hears(place)[-1].text


def test_whoever_watches_does_not_raise_and_hears_who_could(chat):
    chat.zhaoying.says(ASKED)
    said = refusal(chat, "zhaoying")
    assert "您不能执行“发起请求”" in said
    for name in ("李敏", "周强", "王磊"):
        assert name in said
    assert "张伟" not in said  # the lead
    assert not chat.bot_messages("rd")
    chat.zhaoying.says("/request @研发部 资料")
    assert "您不能执行“发起请求”" in refusal(chat, "zhaoying")  # before the form


def test_liaison_head_manager_and_leadership_raise(chat):
    for number, person in enumerate(("limin", "zhouqiang", "heping", "sunzong"), start=1):
        assert f"R-{number}" in getattr(chat, person).says(ASKED).toast


def test_a_day_that_is_over_opens_the_form_with_the_reason(chat):
    form = chat.limin.says("/request @研发部 性能数据 上周三之前 交付标准：完整报告").form
    assert "「上周三之前」已经过去" in form.fields["wanted"]["error"]
    form = chat.limin.says("/request @研发部 性能数据 期望 上周三之前 交付标准：完整报告").form
    assert "「上周三之前」已经过去" in form.fields["wanted"]["error"]
    assert not chat.limin.says("/request @研发部 性能数据 下周三之前 交付标准：完整报告").has_form


def test_ones_own_department_as_lead_opens_the_form_with_the_reason(chat):
    for line in ("/request @市场部 性能数据", "/request @市场部 性能数据 期望 9月30日 交付标准：完整报告"):
        form = chat.limin.says(line).form
        assert "不能请自己的部门答复自己" in form.fields["lead"]["error"]
    assert form.submit(lead="rd").ok


def test_a_day_that_is_over_is_no_agreed_date(chat):
    chat.limin.says(ASKED)
    form = chat.zhangwei.says("/request accept R-1 上周三").form
    assert "「上周三」已经过去" in form.fields["due"]["error"]
    assert chat.zhangwei.says("/request accept R-1 下周三").ok


def test_working_days_end_with_their_day_typed_or_proposed(chat):
    chat.limin.says(ASKED)
    chat.zhangwei.says("/request accept R-1 3wd")
    assert "9月29日 18:00" in chat.card("newx", "R-1")
    chat.zhangwei.says("/request 交付 R-1 https://files.example.com/r.pdf")
    form = chat.limin.clicks("整改", "R-1").form
    assert form.fields["limit"]["value"] == "2026-09-29T18:00"
