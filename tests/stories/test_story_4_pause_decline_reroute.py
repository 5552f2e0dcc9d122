"""A question pauses the clock; a decline needs a reason; two people who press at once get one outcome."""

import threading

import pytest


@pytest.fixture
def raised(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告")
    return chat


def test_a_question_pauses_the_clock_and_the_answer_resumes_it_with_what_was_left(raised):
    raised.to("09-23 11:30")
    assert raised.zhangwei.clicks("需补充", "R-1").submit(question="哪些型号？").ok
    assert "哪些型号？" in raised.newest("dm:limin", "R-1")
    raised.news()
    raised.to("09-24 09:40")
    assert not [m for found in raised.news().values() for m in found if "R-1 待答复" in m]
    assert raised.limin.clicks("补充说明", "R-1").submit(answer="A、B 两款").ok
    assert "请于 9月24日 17:40 前答复" in raised.card("newx", "R-1")


def test_a_decline_without_a_reason_leaves_nothing_but_the_refusal(raised):
    before = raised.card("newx", "R-1").text
    form = raised.zhangwei.clicks("不受理", "R-1").form
    answer = form.submit(reason="")
    assert not answer.ok
    assert "reason" in answer.errors
    assert "10" in form.submit(reason="不行").errors["reason"]
    assert raised.card("newx", "R-1").text == before
    raised.zhaoying.says("/status audit R-1", "dm:zhaoying")
    assert "拒绝" in raised.newest("dm:zhaoying", "R-1").text


def test_a_declined_request_is_the_requesters_to_reroute_dispute_or_withdraw(raised):
    raised.zhangwei.clicks("不受理", "R-1").submit(reason="本月测试资源已满，无法安排人手")
    notice = raised.newest("dm:limin", "不受理")
    assert notice.buttons == ["改派", "发起争议", "撤回"]
    assert raised.limin.presses(notice, "改派").submit(department="design").ok
    assert "设计部" in raised.card("newx", "R-1")
    assert raised.card("dm:wanglei", "R-1").buttons[:2] == ["受理", "不受理"]


def test_two_people_who_press_opposite_buttons_at_once_get_one_outcome(raised):
    yes = raised.zhangwei.clicks("受理", "R-1").form
    no = raised.chenjing.sends(raised.card("rd", "R-1"), "request.decline?id=R-1").form
    gate, answers = threading.Barrier(2), {}

    def press(name, form, **values):
        gate.wait()
        answers[name] = form.submit(**values)

    threads = [
        threading.Thread(target=press, args=("yes", yes), kwargs={"due": "2026-09-30"}),
        threading.Thread(target=press, args=("no", no), kwargs={"reason": "本月测试资源已满，无法安排人手"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [name for name, answer in answers.items() if answer.ok]
    lost = [answer for answer in answers.values() if not answer.ok]
    assert len(won) == len(lost) == 1
    assert "已于" in lost[0].toast
    assert "处理" in lost[0].toast
    state = "已受理" if won == ["yes"] else "不受理"
    assert state in raised.card("newx", "R-1")


def test_a_button_of_an_old_screen_says_who_was_faster(raised):
    old = raised.card("rd", "R-1")
    raised.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    answer = raised.chenjing.sends(old, "request.accept?id=R-1")
    assert not answer.ok
    assert "张伟 已于 9月23日 10:30" in answer.toast


def test_nobody_pursues_a_declined_request_and_it_closes_visibly(raised):
    raised.zhangwei.clicks("不受理", "R-1").submit(reason="本月测试资源已满，无法安排人手")
    raised.to("09-28 10:29")
    assert "不受理" in raised.card("newx", "R-1")
    raised.to("09-28 10:30")
    assert "已关闭" in raised.card("newx", "R-1")
