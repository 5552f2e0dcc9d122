"""The process dies in the middle of a working day, at whatever commit: redelivered and started again, the day ends
the same way, nothing is lost and nothing is there twice."""

from __future__ import annotations

import http.client
import urllib.error

import pytest

from storage.store import Store
from support.invariants import check_database, counts
from support.process import Process

KILLED = 137
CUT_OFF = (http.client.HTTPException, urllib.error.URLError, ConnectionError)
DAY = (
    ("limin", "/request @研发部 新品X性能数据 期望 10月16日 交付标准：完整报告"),
    ("zhangwei", "/request 受理 R-1 9月30日"),
    ("zhangwei", "/request 延期 R-1 10月12日 原因：测试设备被占用 替代方案：先交初稿"),
    ("limin", "/request 同意 R-1"),
    ("limin", "/request 紧急 @研发部 客户现场停机"),
    (None, "12:40"),  # nobody answered R-2: it is with the leadership group
    ("sunzong", "/escalate 知悉 E-1"),
    ("zhangwei", "/request 受理 R-2 今天 17:00"),
    ("zhangwei", "/request 交付 R-1 https://files.example.com/r.pdf"),
    ("limin", "/request 验收 R-1"),
    (None, "17:05"),
)


class Day:
    """Does the day's acts one by one, each with a key of its own, and again after a death, as a platform would."""

    def __init__(self, process, crash_at=""):
        self.process = process
        self.deaths = 0
        self.chat = process.start(crash_at=crash_at)
        self.now = "10:30"

    def run(self):
        for number, (person, act) in enumerate(DAY):
            try:
                self._act(number, person, act)
            except CUT_OFF:
                assert self.process.wait() == KILLED, self.process.output()[-2000:]
                self.deaths += 1
                self.chat = self.process.start(at=f"09-23 {self.now}")
                self._act(number, person, act)
        self.chat.advance("1m")  # the lease of the dead one ends

    def _act(self, number, person, act):
        if person is None:
            self.chat.to(f"09-23 {act}")
            self.now = act
        else:
            assert self.chat.call("/api/say", {"chat": "newx", "person": person, "text": act, "key": f"k-{number}"})


def outcome(process, chat):
    """What is stored in the end, and each card that stands in a group. A reminder may differ: one whose reason was
    gone before it could be sent again is dropped."""
    check_database(process.database, history=process.history)
    store = Store(process.database, check=False)
    try:
        stored = counts(store)
    finally:
        store.close()
    groups = [c["id"] for c in chat.call("/api/state")["chats"] if c["kind"] == "group"]
    cards = [(group, m.title) for group in groups for m in chat.bot_messages(group) if m.raw["card"]]
    return {name: stored[name] for name in ("request", "task", "proposal", "escalation", "clock")}, sorted(cards)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("undisturbed"))
    try:
        day = Day(process)
        day.run()
        return outcome(process, day.chat)
    finally:
        process.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "point",
    [f"{point}:{nth}" for point in ("before_commit", "after_commit") for nth in (9, 30, 55)]
    + ["event_before_commit:4", "event_after_commit:5", "in_tick:3", "after_claim:6", "after_send:12"],
)
def test_the_day_ends_the_same_way(process, undisturbed, point):
    day = Day(process, crash_at=point)
    day.run()
    assert day.deaths == 1, "the point was not passed so often"
    assert outcome(process, day.chat) == undisturbed


def test_the_day_is_a_full_one(undisturbed):
    stored, cards = undisturbed
    assert min(stored.values()) > 0, stored
    assert len(cards) > 4
