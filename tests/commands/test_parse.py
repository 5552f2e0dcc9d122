"""Lines as people write them, and what they mean."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import catalogues
from commands.catalogue import VERBS as REAL_VERBS
from commands.chat import Say
from commands.domain.due_date import read_date_range, read_due
from commands.errors import Refused
from commands.lexicon import Lexicon, closest
from commands.parse import Call, Help, read
from commands.registry import Verb
from commands.words import Typed
from support.verbs import CALENDAR, CATALOGUES, LEXICON, NOW, SETTING, TABLE, VERBS, read_line


def due(text: str) -> Any:
    return read_due(text, NOW, CALENDAR)


def called(line: str, command: str | None = None) -> Call:
    found = read_line(line, command)
    assert isinstance(found, Call), found
    return found


DUE = {"wanted", "due", "resume", "limit"}

LINES: list[tuple[str, str, dict[str, Any]]] = [
    # a request, in many hands' writing
    (
        "/request @研发部 新品X性能数据 期望 下周三之前",
        "request.new",
        {"lead": "rd", "title": "新品X性能数据", "wanted": "下周三之前"},
    ),
    ("/request 发起 @研发部 新品X性能数据", "request.new", {"lead": "rd", "title": "新品X性能数据"}),
    ("/request 紧急 @研发部 客户现场停机", "request.new", {"urgency": "urgent", "lead": "rd", "title": "客户现场停机"}),
    ("/request urgent @R&D line is down", "request.new", {"urgency": "urgent", "lead": "rd", "title": "line is down"}),
    (
        "/request @研发部 新品X 标准：三款都有数据 期望 下周三之前",
        "request.new",
        {"lead": "rd", "title": "新品X", "standard": "三款都有数据", "wanted": "下周三之前"},
    ),
    (
        "/request @R&D report standard: all three phones by 9 Oct",
        "request.new",
        {"lead": "rd", "title": "report", "standard": "all three phones", "wanted": "9 Oct"},
    ),
    (
        "/request @研发部 新品X 标准：符合大家的期望 期望 下周三之前",
        "request.new",
        {"lead": "rd", "title": "新品X", "standard": "符合大家的期望", "wanted": "下周三之前"},
    ),
    (
        "/request counter R-1 只能交3款 9月30日",
        "request.counter",
        {"id": "R-1", "alternative": "只能交3款", "due": "9月30日"},
    ),
    (
        "/request @研发部新品X性能数据截止：下周五",
        "request.new",
        {"lead": "rd", "title": "新品X性能数据", "wanted": "下周五"},
    ),
    (
        "/request @研发部 新品X，期望下周三之前，标准：三款实测",
        "request.new",
        {"lead": "rd", "title": "新品X", "wanted": "下周三之前", "standard": "三款实测"},
    ),
    ("／request　＠研发部　新品X", "request.new", {"lead": "rd", "title": "新品X"}),
    ("request new @R&D data by 30 Sep", "request.new", {"lead": "rd", "title": "data", "wanted": "30 Sep"}),
    ("请求 @研发部 数据", "request.new", {"lead": "rd", "title": "数据"}),
    ("协作：@研发部 数据", "request.new", {"lead": "rd", "title": "数据"}),
    ("发起 @研发部 数据", "request.new", {"lead": "rd", "title": "数据"}),
    ("/liaison request @研发部 数据", "request.new", {"lead": "rd", "title": "数据"}),
    (
        '/request new "performance data" lead=R&D --wanted Friday',
        "request.new",
        {"title": "performance data", "lead": "rd", "wanted": "Friday"},
    ),
    (
        "/request new data delivery standard: all three, measured",
        "request.new",
        {"title": "data", "standard": "all three, measured"},
    ),
    (
        "/request 「新品X」性能数据 @研发部 @设计部",
        "request.new",
        {"title": "「新品X」性能数据", "lead": "rd", "supports": ("design",)},
    ),
    ("/request @张伟 新品X", "request.new", {"lead": "rd", "title": "新品X"}),
    ("/request <@U0zhangwei> 新品X", "request.new", {"lead": "rd", "title": "新品X"}),
    ("/request 研发部 新品X", "request.new", {"lead": "rd", "title": "新品X"}),
    (
        "/request 标题：新品X 数据\n牵头：研发部\n截止：下周五\n内容：第一行\n第二行",
        "request.new",
        {"title": "新品X 数据", "lead": "rd", "wanted": "下周五", "content": "第一行\n第二行"},
    ),
    (
        "/request @研发部 新品X\n第一行\n\n  第二行",
        "request.new",
        {"lead": "rd", "title": "新品X", "content": "第一行\n\n  第二行"},
    ),
    ("/request 优先级：紧急 @研发部 停机", "request.new", {"urgency": "urgent", "lead": "rd", "title": "停机"}),
    ("/request --urgent @研发部 停机", "request.new", {"urgency": "urgent", "lead": "rd", "title": "停机"}),
    (
        "/request @研发部 don't ship 1,000 units at 10:30",
        "request.new",
        {"lead": "rd", "title": "don't ship 1,000 units at 10:30"},
    ),
    (
        "/request @研发部 见 https://a.b/R-12?x=y:z 第3节",
        "request.new",
        {"lead": "rd", "title": "见 https://a.b/R-12?x=y:z 第3节"},
    ),
    (
        "/request @研发部 M3 芯片的 {{ x }} <!channel>",
        "request.new",
        {"lead": "rd", "title": "M3 芯片的 {{ x }} <!channel>"},
    ),
    ("/request M3 芯片 @研发部", "request.new", {"lead": "rd", "title": "M3 芯片"}),
    ("/request list prices of all the parts", "request.new", {"title": "list prices of all the parts"}),
    ("/request rate card of product X", "request.new", {"title": "rate card of product X"}),
    ("/request 评分 标准的说明", "request.new", {"title": "评分 标准的说明"}),
    ("/request 问题：样机 发热 @研发部", "request.new", {"lead": "rd", "title": "问题：样机 发热"}),
    ("/request 关于R-1的补充数据 @研发部", "request.new", {"lead": "rd", "title": "关于R-1的补充数据"}),
    # by reference
    ("/request R-1", "request.show", {"id": "R-1"}),
    ("/request r１２", "request.show", {"id": "R-12"}),
    ("/request #T-4", "request.show", {"id": "T-4"}),
    ("R-12", "request.show", {"id": "R-12"}),
    ("M-7", "minutes.show", {"id": "M-7"}),
    ("E-3", "status.show", {"id": "E-3"}),
    ("/status R-1", "status.show", {"id": "R-1"}),
    ("/task-status E-3", "status.show", {"id": "E-3"}),
    ("/minutes M-7", "minutes.show", {"id": "M-7"}),
    ("/escalate R-3 功能优先级分歧", "escalate.dispute", {"id": "R-3", "reason": "功能优先级分歧"}),
    ("/escalate R-3 与 R-4 冲突", "escalate.dispute", {"id": "R-3", "reason": "与 R-4 冲突"}),
    ("/escalate 功能优先级分歧", "escalate.dispute", {"reason": "功能优先级分歧"}),
    # answers
    ("/request accept R-1 30 Sep", "request.accept", {"id": "R-1", "due": "30 Sep"}),
    (
        "/request 受理 R-1 负责人：@张伟 截止：9月30日",
        "request.accept",
        {"id": "R-1", "owner": "zhangwei", "due": "9月30日"},
    ),
    ("/request accept R-1 owner: me due: Friday", "request.accept", {"id": "R-1", "owner": "limin", "due": "Friday"}),
    (
        "/request accept R-1 owner: Anna Berg due Friday",
        "request.accept",
        {"id": "R-1", "owner": "anna", "due": "Friday"},
    ),
    ("受理R-1", "request.accept", {"id": "R-1"}),
    ("请受理R-1！", "request.accept", {"id": "R-1"}),
    ("R-1受理", "request.accept", {"id": "R-1"}),
    ("/request R-1 accept", "request.accept", {"id": "R-1"}),
    ("/请求受理 R-1", "request.accept", {"id": "R-1"}),
    ("/request ACCEPT r-1", "request.accept", {"id": "R-1"}),
    (
        "/request decline R-1 no people left this month",
        "request.decline",
        {"id": "R-1", "reason": "no people left this month"},
    ),
    ("/request 不受理 R-1 原因：人手不足，下月再说", "request.decline", {"id": "R-1", "reason": "人手不足，下月再说"}),
    ("/request 不受理 R-1 “人手不足”", "request.decline", {"id": "R-1", "reason": "人手不足"}),
    (
        "/request 不受理 R-1 第一，人手不足。\n第二，样机未到。",
        "request.decline",
        {"id": "R-1", "reason": "第一，人手不足。\n第二，样机未到。"},
    ),
    (
        "/request 不受理 R-1 by the way nobody asked",
        "request.decline",
        {"id": "R-1", "reason": "by the way nobody asked"},
    ),
    ("/request ask R-1 which models?", "request.ask", {"id": "R-1", "question": "which models?"}),
    ("/request 需补充 R-1 哪些型号？", "request.ask", {"id": "R-1", "question": "哪些型号？"}),
    ("/request 补充 R-1 A1和A2", "request.answer", {"id": "R-1", "answer": "A1和A2"}),
    (
        "/request 替代方案 R-1 先交3款 截止：10月12日 原因：样机不足",
        "request.counter",
        {"id": "R-1", "alternative": "先交3款", "due": "10月12日", "reason": "样机不足"},
    ),
    (
        "/request 改派 R-1 @设计部 属于外观设计",
        "request.reroute",
        {"id": "R-1", "department": "design", "reason": "属于外观设计"},
    ),
    ("/request 改派 R-1 设计部", "request.reroute", {"id": "R-1", "department": "design"}),
    (
        "/request 延期 T-2 截止：9月30日 原因：返修 替代方案：先交3款",
        "request.delay",
        {"id": "T-2", "due": "9月30日", "reason": "返修", "alternative": "先交3款"},
    ),
    (
        "/request 暂停 R-1 等待样机 恢复：10月12日",
        "request.hold",
        {"id": "R-1", "reason": "等待样机", "resume": "10月12日"},
    ),
    ("/request deliver R-1 link: https://a.b/c", "request.deliver", {"id": "R-1", "link": "https://a.b/c"}),
    (
        "/request task R-1 test report owner: @chenjing due: Friday",
        "request.task",
        {"id": "R-1", "title": "test report", "owner": "chenjing", "due": "Friday"},
    ),
    ("/request 任务 T-1 完成", "request.task", {"id": "T-1", "action": "done"}),
    (
        "/request close R-1 5 quick and complete",
        "request.close",
        {"id": "R-1", "rating": 5, "note": "quick and complete"},
    ),
    ("/request 关闭 R-1 5分 3天就交了", "request.close", {"id": "R-1", "rating": 5, "note": "3天就交了"}),
    ("/request handover R-1 @chenjing", "request.handover", {"id": "R-1", "person": "chenjing"}),
    ("/request 转交 R-1 陈静", "request.handover", {"id": "R-1", "person": "chenjing"}),
    ("/request withdraw R-1 on ice", "request.cancel", {"id": "R-1", "reason": "on ice"}),
    # disputes
    (
        "/escalate 裁决 E-2 折中 先做基础版，其余延至10月",
        "escalate.rule",
        {"id": "E-2", "option": "compromise", "reason": "先做基础版，其余延至10月"},
    ),
    (
        "/escalate rule E-2 option: support raiser because: fair",
        "escalate.rule",
        {"id": "E-2", "option": "support_raiser", "reason": "fair"},
    ),
    *(
        (f"/escalate rule E-2 {said} 合同在先", "escalate.rule", {"id": "E-2", "option": option, "reason": "合同在先"})
        for said, option in (
            ("支持市场部", "support:market"),
            ("支持 研发部", "support:rd"),
            ("支持 @研发部", "support:rd"),
            ("support market", "support:market"),
            ("裁决：支持市场部", "support:market"),
            ("支持市场部：", "support:market"),
            ("支持发起方", "support_raiser"),
            ("support other", "support_other"),
        )
    ),
    (
        "/escalate rule E-2 折中 先做核心功能 截止 周五",
        "escalate.rule",
        {"id": "E-2", "option": "compromise", "reason": "先做核心功能", "due": "周五"},
    ),
    (
        "/escalate rule E-2 折中 先做核心功能 交付日期：10月9日",
        "escalate.rule",
        {"id": "E-2", "option": "compromise", "reason": "先做核心功能", "due": "10月9日"},
    ),
    ("/escalate ack E-1", "escalate.ack", {"id": "E-1"}),
    ("知悉E-1", "escalate.ack", {"id": "E-1"}),
    ("撤回 E-1", "escalate.withdraw", {"id": "E-1"}),
    ("撤回 R-1 暂缓", "request.cancel", {"id": "R-1", "reason": "暂缓"}),
    ("/escalate 提交领导小组 E-2", "escalate.up", {"id": "E-2"}),
    ("/escalate 已达成一致 E-2 先交付基础版", "escalate.settle", {"id": "E-2", "text": "先交付基础版"}),
    # minutes
    ("确认 M-7", "minutes.confirm", {"id": "M-7"}),
    ("/minutes object M-7 item: 2 I am not the owner", "minutes.object", {"id": "M-7", "item": "2 I am not the owner"}),
    ("/minutes 有异议 M-7 负责人不是我", "minutes.object", {"id": "M-7", "reason": "负责人不是我"}),
    # status
    ("/status", "status.here", {}),
    ("/status 我的", "status.me", {}),
    ("/status @研发部", "status.dept", {"department": "rd"}),
    ("/status 部门 研发部", "status.dept", {"department": "rd"}),
    (
        "/status 日报 进展：完成低温测试，计划：整理报告",
        "status.checkin",
        {"progress": "完成低温测试", "plan": "整理报告"},
    ),
    ("/status 日报今天完成了A", "status.checkin", {"progress": "今天完成了A"}),
    (
        "/status checkin progress: A, B\nand C\nplan: D\nE",
        "status.checkin",
        {"progress": "A, B\nand C", "plan": "D\nE"},
    ),
    ("/status 语言 中文", "status.language", {"language": "zh-CN"}),
    ("/status 绑定 新品X", "status.bind", {"target": "新品X"}),
]


@pytest.mark.parametrize(("line", "verb", "expected"), LINES, ids=[line for line, _, _ in LINES])
def test_a_line_means(line: str, verb: str, expected: dict[str, Any]) -> None:
    call = called(line)
    wanted = {name: due(value) if name in DUE else value for name, value in expected.items()}
    assert (call.verb.id, dict(call.values), dict(call.problems)) == (verb, wanted, {})


def test_a_platform_may_split_the_command_off() -> None:
    assert called("受理 R-1", "request").verb.id == "request.accept"
    assert called("R-1", "task-status").verb.id == "status.show"
    assert called("request R-1", "liaison").verb.id == "request.show"
    assert read_line("", "request") == Help("request")


UMBRELLA = [
    ("status me", "status.me"),
    ("status mine", "status.me"),
    ("进度 我的", "status.me"),
    ("状态", "status.here"),
    ("status R-1", "status.show"),
    ("request R-1", "request.show"),
    ("请求 @研发部 数据", "request.new"),
    ("/request @R&D data", "request.new"),
    ("escalate R-1 nobody answers", "escalate.dispute"),
    ("纪要 M-7", "minutes.show"),
    ("受理 R-1", "request.accept"),
    ("R-1", "request.show"),
    ("日报", "status.checkin"),
]


@pytest.mark.parametrize(("line", "verb"), UMBRELLA)
def test_the_command_that_takes_all_others_reads_a_bare_command_first(line: str, verb: str) -> None:
    assert called(line, "").verb.id == called(line, "liaison").verb.id == verb


@pytest.mark.parametrize(("line", "help"), [("", Help()), ("help", Help()), ("帮助 请求", Help("request"))])
def test_alone_it_explains_itself(line: str, help: Help) -> None:
    assert read_line(line, "") == help


def test_what_it_does_not_understand_it_repeats() -> None:
    assert read_line("新品X 性能数据", "") == Help(unknown="新品X 性能数据")


# --- names that a platform gives to commands -----------------------------------------------------

RENAMED = replace(
    SETTING, lexicon=Lexicon.build(CATALOGUES, TABLE, called={"wip": "status", "ask": "request", "collab": ""})
)


def renamed(line: str, command: str | None = None) -> Call | Help | Refused:
    return read(Say("key", "slack", "U0limin", "dm", True, line, command), RENAMED)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("/wip R-1", "status.show"),
        ("/ask @研发部 数据", "request.new"),
        ("/collab status me", "status.me"),
        ("/collab /wip", "status.here"),
    ],
)
def test_a_configured_name_is_read_behind_a_slash(line: str, verb: str) -> None:
    found = renamed(line)
    assert isinstance(found, Call) and found.verb.id == verb


def test_a_configured_name_is_read_when_the_platform_split_it_off() -> None:
    found = renamed("R-1", "wip")
    assert isinstance(found, Call) and found.verb.id == "status.show"
    assert renamed("", "collab") == Help()
    assert renamed("/help ask") == Help("request")


def test_without_a_slash_it_is_an_ordinary_word() -> None:
    """`ask` is a verb too."""
    found = renamed("ask R-1 which models?")
    assert isinstance(found, Call) and found.verb.id == "request.ask"


def test_a_meeting_has_a_beginning_an_end_and_people() -> None:
    start, end = datetime(2026, 9, 23, 6, tzinfo=UTC), datetime(2026, 9, 23, 7, tzinfo=UTC)
    everybody = ("limin", "zhangwei", "wanglei")
    for line in (
        "/minutes 新建 周例会 时间：今天 14:00-15:00 参会：@李敏、@张伟 王磊",
        "/minutes new 周例会 starts: today 2pm to 3pm participants: limin, zhangwei, wanglei",
        "/minutes 新建 周例会 今天 14:00-15:00 @李敏 @张伟 @王磊",
    ):
        call = called(line)
        values = dict(call.values)
        assert values == {"title": "周例会", "starts": start, "ends": end, "participants": everybody}, line


def test_days_of_leave_need_no_key() -> None:
    call = called("/status 请假 10月9日到10月12日 代理：@陈静")
    assert call.values == {"days": read_date_range("10月9日到10月12日", NOW, CALENDAR), "deputy": "chenjing"}


PROBLEMS = [
    ("/request @研发部 数据 截止：昨天", "wanted", "field.due."),
    ("/request @研发部 数据 截止：不知道", "wanted", "field.due."),
    ("/request @不存在 数据", "lead", "field.department.nobody"),
    ("/request lead: 研发 数据", "lead", "field.department.unknown"),
    ("/request accept R-1 owner: zhangwie", "owner", "field.person.unknown"),
    ("/request accept R-1 owner: 王芳", "owner", "field.person.ambiguous"),
    ("/request accept R-1 截止：周五 截止：周四", "due", "field.twice"),
    ("/minutes 确认 R-1", "id", "field.ref.kind"),
    ("/request accept id: seven", "id", "field.ref.unreadable"),
    ("/escalate rule E-1 effect: explode", "effect", "field.choice.unknown"),
    ("/minutes new weekly starts: today", "starts", "field.moment.no_time"),
    ("/minutes new weekly participants: @limin, @nobody", "participants", "field.person.nobody"),
    ("/request close R-1 rating: many", "rating", "field.number.unreadable"),
    ("/request @sunzong 数据", "lead", "field.department.of_person"),
    ("/request decline R-1 " + "x" * 20_001, "reason", "field.text.too_long"),
    ("/request @研发部 " + "x" * 2_001, "title", "field.text.too_long"),
]


@pytest.mark.parametrize(("line", "field", "code"), PROBLEMS, ids=[line[:40] for line, _, _ in PROBLEMS])
def test_a_value_that_cannot_be_read_is_a_problem_of_its_field(line: str, field: str, code: str) -> None:
    problems = called(line).problems
    assert list(problems) == [field]
    assert problems[field].code.startswith(code)


REFUSED = [
    ("/request declne R-1 no people", "unknown_verb", "decline"),
    ("/request acept", "unknown_verb", "accept"),
    ("/request 受里 R-1", "unknown_verb", "受理"),
    ("/minutes publsh M-7", "unknown_verb", "publish"),
    ("acept R-1", "unknown_verb", "accept"),
    ("/reqest R-1", "unknown_command", Typed("/request")),
    ("/request new titel: foo", "unknown_key", "title"),
    ("/request --urgnt x", "unknown_key", "urgent"),
    ("/request 截至：周五 @研发部 x", "unknown_key", "截止"),
    ("/request --foo bar", "unknown_key.alone", ""),
    ("/escalate list of everything", "unknown_word", ""),
    ("/request \x00", "text.nul", None),
]


@pytest.mark.parametrize(("line", "code", "suggestion"), REFUSED, ids=[repr(line) for line, _, _ in REFUSED])
def test_what_is_not_understood_is_asked_about(line: str, code: str, suggestion: str | Typed | None) -> None:
    found = read_line(line)
    assert isinstance(found, Refused), found
    assert (found.code, found.params.get("suggestion")) == (code, suggestion)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", Help()),
        ("/", Help()),
        ("?", Help()),
        ("？", Help()),
        ("help", Help()),
        ("/help", Help()),
        ("帮助", Help()),
        ("/帮助", Help()),
        ("/request", Help("request")),
        ("/request ?", Help("request")),
        ("/request help", Help("request")),
        ("/request --help", Help("request")),
        ("/help request", Help("request")),
        ("/help /request", Help("request")),
        ("/help 受理", Help("request.accept")),
        ("/request help accept", Help("request.accept")),
        ("/request accept help", Help("request.accept")),
        ("/escalate", Help("escalate")),
        ("/minutes", Help("minutes")),
        ("/minutes 参加人太少", Help("minutes", unknown="参加人太少")),
        ("/status foo", Help("status", unknown="foo")),
        ("hello there", Help(unknown="hello there")),
        ("/xyzzy", Help(unknown="/xyzzy")),
    ],
)
def test_help(line: str, expected: Help) -> None:
    assert read_line(line) == expected


def test_an_open_quote_is_told() -> None:
    assert called("/request “还没写完 @研发部").warnings == ("typing.open_quote",)


def test_a_word_with_two_meanings_cannot_be_built() -> None:
    twice = {"en": {"verb.request.accept.words": "take", "verb.request.decline.words": "take"}}
    with pytest.raises(ValueError, match=r"'take' means both request\.accept and request\.decline"):
        Lexicon.build(twice, TABLE)


def test_every_verb_and_field_has_words_in_both_languages() -> None:
    for texts in CATALOGUES.values():
        for verb in TABLE:
            for part in ("words", "label", "button", "help", "example", "title", "submit"):
                assert texts.get(f"verb.{verb.id}.{part}"), f"{verb.id}.{part}"
            for name, asked in verb.asks.items():
                assert asked.hidden or (texts.get(f"field.{name}.words") and texts.get(f"field.{name}.label")), name
                assert all(texts.get(f"choice.{name}.{value}.label") for value in asked.choices), name


def test_both_languages_have_the_same_keys() -> None:
    assert set(CATALOGUES["zh-CN"]) == set(CATALOGUES["en"])


@pytest.mark.parametrize("id", sorted(VERBS))
def test_every_example_reads_as_its_own_verb(id: str) -> None:
    for texts in CATALOGUES.values():
        call = called(texts[f"verb.{id}.example"])
        assert (call.verb.id, dict(call.problems)) == (id, {})


@pytest.mark.parametrize("verb", REAL_VERBS, ids=lambda verb: verb.id)
def test_the_real_verbs_read_their_own_examples(verb: Verb) -> None:
    """The same with what the product has, in the words of all catalogues; building it finds every clash."""
    known = {v.id: v for v in REAL_VERBS}
    setting = replace(SETTING, lexicon=Lexicon.build(catalogues(), REAL_VERBS), verbs=known)
    for language, texts in catalogues().items():
        call = read(Say("key", "slack", "U0limin", "dm", True, texts[f"verb.{verb.id}.example"]), setting)
        assert isinstance(call, Call), (language, call)
        assert (call.verb.id, dict(call.problems)) == (verb.id, {})


def test_nearly_typed_words() -> None:
    words = LEXICON.verbs["request"]
    assert closest("acccept", words) == "accept"
    assert closest("延其", words) == "延期"
    assert closest("zebra", words) == ""


SIGNS = [
    "/request",
    "受理",
    "accept",
    "R-1",
    "@研发部",
    "@张伟",
    "截止：下周五",
    "due=Friday",
    "--x",
    "“「",
    "'",
    "\n",
    "help",
    "，、\x00\u202e",
    "２",
    "日报",
    "minutes",
    "14:00-15:00",
]


@settings(deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join),
        st.lists(st.sampled_from(SIGNS), max_size=12).map("".join),
    )
)
def test_no_text_raises(text: str) -> None:
    for command in (None, "request", "status", "escalate", "minutes", "liaison", "nonsense", ""):
        assert isinstance(read_line(text, command), Call | Help | Refused)


@pytest.mark.parametrize(
    "unit", ["a ", "截止：", "by ", "@x、", "@张伟 ", "lead: x ", "R-1 ", "a:", "“", "\n", "受理 "]
)
@pytest.mark.parametrize("start", ["", "/request ", "/minutes new ", "/request decline R-1 "])
def test_a_hostile_length_is_read_in_bounded_time(start: str, unit: str) -> None:
    began = time.process_time()
    read_line(start + unit * (100_000 // len(unit)))
    assert time.process_time() - began < 1.5
