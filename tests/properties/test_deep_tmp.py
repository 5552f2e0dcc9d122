"""Random people type, press, send, repeat themselves and let time pass: whatever they do, the machine holds."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commands.chat import Answer, Click, Say
from commands.domain.request import Request
from commands.domain.request import RequestState as S
from support.core import Town
from support.databases import sqlite_database
from support.invariants import check, counts

PEOPLE = ("limin", "zhouqiang", "zhangwei", "chenjing", "liuyang", "wanglei", "zhaoying", "heping", "sunzong", "gaojie")
CHATS = ("newx", "rd", "market", "leadership", "dm")
SENTENCES = (
    "/request 受理 {r} 9月30日",
    "/request 受理 {r} 10月9日 @陈静",
    "/request 不受理 {r} 本月测试资源已满，无法安排人手",
    "/request 不受理 {r} 不行",
    "/request 替代方案 {r} 只做两款 理由：时间不够用了 期限：10月12日",
    "/request 需补充 {r} 哪些型号？",
    "/request 补充说明 {r} A、B 两款",
    "/request 同意 {r}",
    "/request 不同意 {r} 理由不充分，请再想想办法",
    "/request 改派 {r} 设计部 这件事归设计部管理",
    "/request 任务 {r} 做样机 @王磊 期限：10月9日 标准：三款",
    "/request 任务 {t} 开始 标准：能用",
    "/request 任务 {t} 完成",
    "/request 任务 {t} 免做",
    "/request 延期 {r} 10月12日 原因：人手不够 替代方案：先交一半",
    "/request 延期 {t} 10月12日 原因：人手不够 替代方案：先交一半",
    "/request 暂停 {r} 等供应商 恢复：10月9日",
    "/request 恢复 {r}",
    "/request 交付 {r} 报告在共享盘",
    "/request 交付 {t} 报告在共享盘",
    "/request 验收 {r}",
    "/request 整改 {r} 第二项不合格",
    "/request 关闭 {r} 5",
    "/request 重开 {r} 还有问题没有解决干净",
    "/request 撤回 {r} 市场计划取消了不需要了",
    "/request 转交 {r} @陈静",
    "/escalate {r} 功能优先级分歧",
    "/escalate {t} 功能优先级分歧",
    "/escalate 达成一致 {e} 先做A再做B",
    "/escalate 提交领导小组 {e}",
    "/escalate 知悉 {e}",
    "/escalate 知悉 {r}",
    "/escalate 裁决 {e} 折中 各让一步",
    "/escalate 裁决 {e} 退回补充 请写清楚要什么",
    "/escalate 裁决 {e} 催办 尽快答复",
    "/escalate 撤回 {e}",
    "/status {r}",
    "/status 我的",
    "/status 日报 今天完成测试，明天联调",
)
BUTTONS = (
    "request.accept", "request.decline", "request.counter", "request.ask", "request.ack", "request.verify",
    "request.rework", "request.cancel", "request.agree", "request.refuse", "request.deliver", "request.send",
    "request.close", "request.reopen", "request.resume", "request.handover", "escalate.dispute",
)  # fmt: skip

ANSWERED = {S.ACCEPTED, S.IN_PROGRESS, S.DECLINED, S.COUNTERED}
WORKED_ON = {S.ACCEPTED, S.IN_PROGRESS}
ALWAYS = {S.CANCELLED, S.CLOSED}  # withdrawn, or closed by a ruling
MAY_FOLLOW = {
    S.DRAFT: {S.RAISED} | ALWAYS,
    S.RAISED: {S.NEEDS_INFO} | ANSWERED | ALWAYS,
    S.NEEDS_INFO: {S.RAISED, S.REOPENED} | ANSWERED | ALWAYS,
    S.COUNTERED: WORKED_ON | ALWAYS | {S.RAISED},
    S.DECLINED: WORKED_ON | ALWAYS | {S.RAISED},
    S.ACCEPTED: {S.IN_PROGRESS, S.ON_HOLD, S.DELIVERED} | ALWAYS,
    S.IN_PROGRESS: {S.ON_HOLD, S.DELIVERED} | ALWAYS,
    S.ON_HOLD: WORKED_ON | {S.REWORK} | ALWAYS,
    S.DELIVERED: {S.VERIFIED, S.REWORK} | ALWAYS,
    S.REWORK: {S.DELIVERED, S.ON_HOLD, S.IN_PROGRESS} | ALWAYS,
    S.VERIFIED: {S.CLOSED, S.REOPENED} | ALWAYS,
    S.REOPENED: {S.NEEDS_INFO, S.RAISED} | ANSWERED | ALWAYS,
    S.CLOSED: {S.REOPENED},
    S.CANCELLED: set(),
}

people = st.sampled_from(PEOPLE)
numbers = st.integers(1, 4)


class AnyDay(RuleBasedStateMachine):
    """The whole town on one database, one act at a time."""

    @initialize()
    def open(self):
        self._folder = tempfile.TemporaryDirectory(prefix="liaison-walk-")
        self._database = sqlite_database(Path(self._folder.name))
        self.town = Town(Path(self._folder.name), database=self._database.__enter__())
        self.states: dict[str, S] = {}
        self.form = None
        self.last = None
        self.is_settled = True

    def teardown(self):
        if hasattr(self, "town"):
            self.town.__exit__(None, None, None)
            self._folder.cleanup()

    # --- what people do ---

    @rule(person=people, lead=st.sampled_from(("研发部", "设计部", "市场部")), urgent=st.booleans())
    def raises(self, person, lead, urgent):
        form = "/request 紧急 @{} 停机" if urgent else "/request @{} 资料 期望 9月30日 交付标准：完整报告"
        self._does(Say(self.town.key(), "sandbox", person, "newx", False, form.format(lead)))

    @rule(person=people, sentence=st.sampled_from(SENTENCES), number=numbers, chat=st.sampled_from(CHATS))
    def says(self, person, sentence, number, chat):
        text = sentence.format(r=f"R-{number}", t=f"T-{number}", e=f"E-{number}")
        place = f"dm:{person}" if chat == "dm" else chat
        self._does(Say(self.town.key(), "sandbox", person, place, chat == "dm", text))

    @rule(person=st.sampled_from(("limin", "zhangwei", "sunzong")), sentence=st.sampled_from(SENTENCES))
    def does_their_part(self, person, sentence):
        """Those concerned, about the first matter: so that it gets somewhere."""
        text = sentence.format(r="R-1", t="T-1", e="E-1")
        self._does(Say(self.town.key(), "sandbox", person, f"dm:{person}", True, text))

    @rule(person=people, button=st.sampled_from(BUTTONS), number=numbers)
    def presses(self, person, button, number):
        event = Click(self.town.key(), "sandbox", person, "rd", False, "m-1", f"{button}?id=R-{number}")
        answer = self._does(event)
        if answer.form:
            self.form = (person, answer.form)

    @precondition(lambda self: self.form is not None)
    @rule(date=st.sampled_from(("2026-09-28", "2026-10-09", "2020-01-01", "")), other=people, forged=st.booleans())
    def sends(self, date, other, forged):
        person, form = self.form
        words = "本月测试资源已满，无法安排人手"
        given = {f.name: date if f.kind == "datetime" else words for f in form.fields if f.kind in _WRITTEN}
        self._checked(self.town.sends(other if forged else person, form, **given))

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeats(self):
        """The platform delivers the last event again."""
        before = counts(self.town.store)
        self._checked(self.town.takes(self.last))
        self.town.settle()
        assert counts(self.town.store) == before

    # --- what time does ---

    @rule(hours=st.sampled_from((0.5, 2, 7, 24)))
    def time_passes(self, hours):
        self.town.advance(hours=hours)

    @rule(hours=st.sampled_from((3, 20, 90)))
    def comes_back_after_a_downtime(self, hours):
        self.town.jump(hours=hours)
        self.town.advance(seconds=1)

    # --- what always holds ---

    @invariant()
    def everything_holds(self):
        if not hasattr(self, "town"):
            return
        check(self.town.store)
        with self.town.store.read() as uow:
            now = {request.id: request.state for request in uow.find(Request)}
        for id, state in now.items():
            before = self.states.get(id, S.DRAFT)
            assert state == before or self._leads_to(before, state), f"{id} went from {before} to {state}"
        self.states = now

    def _leads_to(self, before, after, steps=3):
        """Time may have taken several steps at once."""
        reached = {before}
        for _ in range(steps):
            reached |= {follower for state in reached for follower in MAY_FOLLOW[state]}
        return after in reached

    def _does(self, event) -> Answer:
        self.last = event
        answer = self._checked(self.town.takes(event))
        self.town.settle()
        return answer

    def _checked(self, answer: Answer) -> Answer:
        assert "编号 " not in (answer.toast or ""), answer.toast
        assert answer.toast or answer.card or answer.form or answer.errors, "silence"
        return answer


_WRITTEN = ("text", "multiline", "datetime")

AnyDay.TestCase.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
test_any_day = AnyDay.TestCase
