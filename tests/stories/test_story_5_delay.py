"""What cannot be delivered in time is announced two working days ahead, with a reason and an alternative."""

import pytest


@pytest.fixture
def task(chat):
    chat.limin.says("/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
    chat.zhangwei.says("/request accept R-1 30 Sep")
    chat.zhangwei.says("/request task R-1 @设计部 海报五款 standard=印刷级 due=9月28日")
    assert "9月28日 18:00" in chat.card("dm:wanglei", "T-2")
    return chat


def announce(chat):
    form = chat.wanglei.says("/request delay T-2").form
    assert {"reason", "alternative"} <= set(form.missing)
    return form.submit(reason="人手不足", alternative="新日期", due="2026-09-30")


def test_in_time_the_others_are_asked_and_agreement_moves_the_date(task):
    task.to("09-23 17:50")
    answer = announce(task)
    assert answer.ok
    assert "未提前" not in answer.toast
    for person in ("zhangwei", "limin"):
        assert task.newest(f"dm:{person}", "T-2 延期").buttons == ["同意", "不同意"]
    assert task.limin.clicks("同意", "T-2 延期").ok
    card = task.card("dm:wanglei", "T-2")
    assert "9月30日 18:00" in card
    assert "原定 9月28日" in card


def test_refused_the_date_stays(task):
    task.to("09-23 17:50")
    announce(task)
    assert task.zhangwei.clicks("不同意", "T-2 延期").submit(reason="发布会时间不能动").ok
    assert "9月28日 18:00" in task.card("dm:wanglei", "T-2")
    assert "不同意" in task.newest("dm:wanglei", "T-2 延期")


def test_too_late_it_is_taken_but_marked(task):
    task.to("09-24 09:10")
    answer = announce(task)
    assert answer.ok
    assert "未提前2个工作日" in answer.toast
    assert "未提前2个工作日" in task.newest("dm:limin", "T-2 延期")


def test_silence_asks_the_manager_and_the_days_off_stay_quiet(task):
    task.to("09-23 17:50")
    announce(task)
    task.news()
    task.to("09-24 15:34")
    assert not [m for found in task.news("dm:zhangwei", "dm:limin").values() for m in found if "待答复" in m]
    task.to("09-24 15:35")
    reminded = task.news("dm:zhangwei", "dm:limin")
    assert all(any("T-2 延期待答复" in m and m.at == "09-24 15:35" for m in found) for found in reminded.values())
    assert len(reminded) == 2
    task.to("09-24 17:50")
    decide = task.newest("dm:heping", "T-2")
    assert decide.at == "09-24 17:50"
    assert decide.buttons == ["同意", "不同意"]
    task.to("09-24 18:00")
    task.news()
    task.to("09-27 23:59")
    assert task.news() == {}
    assert task.heping.clicks("同意", "T-2").ok
    assert "9月30日 18:00" in task.card("dm:wanglei", "T-2")
