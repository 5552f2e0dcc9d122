"""Two processes on one PostgreSQL: they share the work, and nothing happens twice."""

from __future__ import annotations

import threading

import pytest

from support.core import Town
from support.databases import postgresql_database
from support.invariants import check_database
from support.process import Process

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

RAISE = "/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告"


@pytest.fixture
def database():
    with postgresql_database() as url:
        yield url


@pytest.fixture
def pair(tmp_path, database):
    """Two processes that share the database and the sandbox's chat; each has a clock of its own."""
    history = tmp_path / "shared.chat.db"
    processes = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        processes.append(Process(folder, database=database, history=history))
    yield [process.start() for process in processes]
    for process in processes:
        assert process.stop() == 0
        assert "Traceback" not in process.output()
    check_database(database, history=history)


def at_once(*acts):
    """All of them at the same moment; what each returned."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place, act):
        gate.wait()
        results[place] = act()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def titled(chat, place, title):
    return [m for m in chat.bot_messages(place) if m.title.startswith(title)]


def test_the_same_escalations_due_in_both_happen_once(pair):
    one, two = pair
    for number in range(10):
        assert one.limin.says(f"/request 紧急 @研发部 停机{number}").toast
    at_once(lambda: one.to("09-23 12:29"), lambda: two.to("09-23 12:29"))
    at_once(lambda: one.to("09-23 12:30"), lambda: two.to("09-23 12:30"))
    at_once(lambda: one.advance("1m"), lambda: two.advance("1m"))
    assert one.zhaoying.says("/status audit E-10", "dm:zhaoying").ok
    for number in range(1, 11):
        assert len(titled(one, "leadership", f"E-{number} ")) == 1
    assert not titled(one, "leadership", "E-11")


def test_opposite_buttons_pressed_on_both_at_once_have_one_outcome(pair):
    one, two = pair
    for number in range(1, 6):
        one.limin.says(f"/request @研发部 资料{number} 期望 下周三之前 交付标准：完整报告")
        yes = one.zhangwei.says(f"/request 受理 R-{number}").form
        no = two.chenjing.says(f"/request 不受理 R-{number}").form
        answers = at_once(
            lambda yes=yes: yes.submit(due="2026-09-30"),
            lambda no=no: no.submit(reason="本月测试资源已满，无法安排人手"),
        )
        assert sorted(answer.ok for answer in answers) == [False, True], [a.raw for a in answers]
        (lost,) = [answer for answer in answers if not answer.ok]
        assert "已于" in lost.toast
        (card,) = titled(one, "rd", f"R-{number} ")
        assert ("已受理" in card) == answers[0].ok


def test_one_event_given_to_both_has_one_effect(pair):
    one, two = pair
    body = {"chat": "newx", "person": "limin", "text": RAISE, "key": "k-1"}
    answers = at_once(lambda: one.call("/api/say", body), lambda: two.call("/api/say", body))
    assert {answer["toast"] for answer in answers} == {answers[0]["toast"]}
    assert len(titled(one, "rd", "R-1 ")) == 1
    assert not titled(one, "rd", "R-2")


def test_one_form_sent_to_both_is_accepted_once_and_both_are_told_the_same(pair):
    one = pair[0]
    for number in range(1, 6):
        form = one.limin.says("/request @研发部").form
        given = {"title": f"同一份表单{number}", "standard": "完整报告", "wanted": "2026-09-30"}
        body = {"form": form.raw["id"], "person": "limin", "values": given}
        answers = at_once(*[lambda c=chat, b=body: c.call("/api/submit", b) for chat in pair * 4])
        assert {answer["toast"] for answer in answers} == {answers[0]["toast"]}
        assert answers[0]["toast"].startswith(f"已发起 R-{number}")
        assert len(titled(one, "rd", f"R-{number} ")) == 1


def test_numbers_are_given_once_whoever_gives_them(pair):
    _, two = pair
    raised = [lambda c=chat, n=n: c.limin.says(f"/request 紧急 @研发部 并发{n}") for n in range(6) for chat in pair]
    given = [answer.toast.split("，")[0] for answer in at_once(*raised)]
    assert sorted(given) == sorted(f"已发起 R-{number}" for number in range(1, 13))
    assert two.limin.says("/request 紧急 @研发部 最后").toast.startswith("已发起 R-13")


def test_the_late_word_of_a_process_that_was_asleep_does_not_count(tmp_path, database):
    history = str(tmp_path / "shared.chat.db")
    with (
        Town(tmp_path, database=database, history=history, seed=1) as asleep,
        Town(tmp_path, database=database, history=history, seed=2) as awake,
    ):
        assert asleep.says("limin", RAISE).ok
        lane = asleep.bot.deliverer.lanes["sandbox"]
        parcels = [lane.sender.packer.pack(row) for row in lane.claim(20, 20)]
        assert parcels
        awake.advance(minutes=1)  # the leases end; the other one sends everything
        assert [asleep.run(lane.sender.send(parcel)) for parcel in parcels] == [False] * len(parcels)
        awake.check()
        with awake.store.read() as uow:
            sent = [e.after["key"] for e in uow.audited("R-1") if e.what == "message.sent"]
        assert len(sent) == len(set(sent))
