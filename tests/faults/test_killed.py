"""Whatever dies when: no action is lost, none happens twice, and each message is seen once."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
from contextlib import suppress

import pytest

from storage.store import Store
from support.invariants import check_database, counts
from support.process import TOWN, Process

KILLED = 137
RAISE = "/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"
CUT_OFF = (http.client.HTTPException, urllib.error.URLError, ConnectionError, AssertionError)


def dies(process, act):
    """Whoever acts gets no answer, because the process died on the way."""
    with pytest.raises(CUT_OFF):
        act()
    assert process.wait() == KILLED, process.output()[-2000:]


def check(process):
    check_database(process.database, history=process.history)


def rows(process):
    store = Store(process.database, check=False)
    try:
        return counts(store)
    finally:
        store.close()


def titled(chat, place, title):
    return [m for m in chat.bot_messages(place) if m.title.startswith(title)]


# --- one command -----------------------------------------------------------------------------------


def test_killed_before_the_commit_nothing_is_there_and_the_redelivery_creates_it_once(process):
    chat = process.start(crash_at="event_before_commit")
    dies(process, lambda: chat.limin.says(RAISE, key="k-1"))
    assert rows(process)["request"] == 0
    chat = process.start()
    assert chat.limin.says(RAISE, key="k-1").toast
    assert chat.limin.says(RAISE, key="k-1").toast
    assert rows(process)["request"] == 1
    assert len(titled(chat, "rd", "R-1")) == 1
    check(process)


def test_killed_after_the_commit_the_card_comes_by_itself_and_the_redelivery_creates_nothing(process):
    chat = process.start(crash_at="event_after_commit")
    dies(process, lambda: chat.limin.says(RAISE, key="k-1"))
    assert rows(process)["request"] == 1
    chat = process.start()
    chat.advance("1s")
    assert len(titled(chat, "rd", "R-1")) == 1
    assert len(titled(chat, "dm:zhangwei", "R-1")) == 1
    before = rows(process)
    assert "R-1" in chat.limin.says(RAISE, key="k-1").toast
    assert rows(process) == before
    check(process)


@pytest.mark.parametrize("point", ["after_claim", "after_send:1", "after_send:2"])
def test_killed_while_sending_each_message_is_seen_once(process, point):
    chat = process.start(crash_at=point)
    dies(process, lambda: chat.limin.says(RAISE, key="k-1"))
    chat = process.start()
    chat.advance("1m")  # the lease of the dead one ends
    for place in ("newx", "rd", "dm:zhangwei"):
        assert len(titled(chat, place, "R-1")) == 1, place
    chat.zhangwei.clicks("受理", "R-1").submit(due="2026-09-30")
    for place in ("newx", "rd", "dm:zhangwei"):
        (card,) = titled(chat, place, "R-1")
        assert "已受理" in card
    check(process)


def test_a_card_that_changed_while_its_first_message_was_uncertain_stays_one_card(process):
    chat = process.start(crash_at="after_send")
    dies(process, lambda: chat.limin.says(RAISE))
    chat = process.start()
    assert chat.zhangwei.says("/request 受理 R-1 9月30日", "dm:zhangwei").toast
    chat.advance("1m")
    for place in ("newx", "rd"):
        (card,) = titled(chat, place, "R-1")
        assert "已受理" in card
    check(process)


def test_the_clock_can_be_moved_while_the_message_of_a_dead_process_is_held_back(process):
    chat = process.start(crash_at="after_claim")
    dies(process, lambda: chat.limin.says(RAISE))
    chat = process.start()
    chat.zhaoying.says("/status here")
    chat.advance("10s")  # it does not wait for the lease, which ends later
    chat.advance("1m")
    assert len(titled(chat, "rd", "R-1")) == 1
    check(process)


# --- many at once ------------------------------------------------------------------------------------

MANY = 40


def urgent_requests(chat, count=MANY):
    for number in range(count):
        assert chat.limin.says(f"/request 紧急 @研发部 停机{number}").toast


def revived_until_done(process, *, every, point):
    """Dies at every so-manieth passing of a point, and is started again later, until nothing is left to do."""
    for deaths in range(40):
        chat = process.start(at=f"09-23 {13 + deaths // 15}:{4 * deaths % 60:02}", crash_at=f"{point}:{every}")
        try:
            chat.advance("2m")
        except CUT_OFF:
            assert process.wait() == KILLED, process.output()[-2000:]
            continue
        return chat, deaths
    raise AssertionError("it never came to an end")


@pytest.mark.slow
@pytest.mark.parametrize(("point", "every"), [("in_tick", 33), ("after_send", 25)])
def test_killed_again_and_again_in_a_sweep_every_escalation_happens_once(process, point, every):
    chat = process.start()
    urgent_requests(chat)
    assert process.stop() == 0
    chat, deaths = revived_until_done(process, every=every, point=point)
    assert deaths > 1
    found = rows(process)
    assert found["escalation"] == MANY
    for number in range(1, MANY + 1):
        assert len(titled(chat, "leadership", f"E-{number} ")) == 1
        assert chat.bot_messages("dm:sunzong", f"E-{number} ")
    check(process)  # each business key once: also in one-to-one chats, where reminders may name the same matter


def many_departments(count=24):
    people = "".join(f"    - {{id: p{n}, name: 员工{n}, sandbox: p{n}}}\n" for n in range(count))
    departments = "".join(f"    - {{id: d{n}, name: 部门{n}, liaisons: [p{n}]}}\n" for n in range(count))
    text = TOWN.read_text(encoding="utf-8").replace("  people:\n", f"  people:\n{people}")
    return text.replace("  departments:\n", f"  departments:\n{departments}")


@pytest.mark.slow
def test_killed_while_everybody_is_asked_the_rest_is_asked_and_nobody_twice(tmp_path):
    process = Process(tmp_path, config=many_departments())
    try:
        chat = process.start()
        for number in range(24):
            said = chat.limin.says(f"/request @部门{number} 资料{number} 期望 下周三之前 交付标准：完整报告")
            assert said.toast
        chat.to("09-23 16:55")
        moving = threading.Thread(target=lambda: _quietly(lambda: chat.to("09-23 17:00")))
        moving.start()
        until(lambda: any(chat.bot_messages(f"dm:p{n}", "日报") for n in range(24)))
        process.kill()
        moving.join()
        chat = process.start(at="09-23 17:00")
        chat.to("09-23 17:02")
        for number in range(24):
            assert len(titled(chat, f"dm:p{number}", "9月23日")) == 1, number
        check(process)
    finally:
        process.close()


# --- told to stop --------------------------------------------------------------------------------------


def test_told_to_stop_under_load_it_ends_in_time_and_loses_nothing(process):
    chat = process.start()
    acknowledged, stopping = [], threading.Event()

    def keep_raising(worker):
        number = 0
        while not stopping.is_set():
            with suppress(*CUT_OFF):
                answer = chat.limin.says(f"/request 紧急 @研发部 负载{worker}之{number}", key=f"{worker}-{number}")
                acknowledged.append((f"{worker}-{number}", answer.toast))
            number += 1

    workers = [threading.Thread(target=keep_raising, args=(n,)) for n in range(4)]
    for worker in workers:
        worker.start()
    until(lambda: len(acknowledged) > 20)
    started = time.monotonic()
    assert process.stop() == 0
    assert time.monotonic() - started < 5
    stopping.set()
    for worker in workers:
        worker.join()
    assert "Traceback" not in process.output()
    chat = process.start()
    chat.advance("1m")
    done = [toast for _, toast in acknowledged if toast.startswith("已发起")]
    assert len(done) > 20
    assert rows(process)["request"] >= len(done)
    for toast in done:
        number = toast.split()[1].rstrip("，。,")
        assert len(titled(chat, "rd", f"{number.split('，')[0]} ")) == 1
    check(process)


def test_stopped_in_the_middle_of_a_move_of_the_clock_the_rest_happens_after_the_start(process):
    chat = process.start()
    urgent_requests(chat, 12)
    moving = threading.Thread(target=lambda: _quietly(lambda: chat.to("09-23 18:00")))
    moving.start()
    until(lambda: len(chat.bot_messages("dm:zhangwei")) > 12)
    assert process.stop() == 0
    moving.join()
    chat = process.start(at="09-23 18:00")
    chat.advance("2m")
    assert rows(process)["escalation"] == 12
    for number in range(1, 13):
        assert len(titled(chat, "leadership", f"E-{number} ")) == 1
    check(process)


def _quietly(act):
    with suppress(*CUT_OFF):
        act()


def until(is_so, patience=30):
    """Waits for what another thread brings about."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(*CUT_OFF):
            if is_so():
                return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen in time")
