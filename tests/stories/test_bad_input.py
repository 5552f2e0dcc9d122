"""Whatever people type, press or send: a specific, friendly answer, in their language, to them alone; nothing half
written, never a number to give to the administrators, never silence."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from storage.store import Store
from support.invariants import check_database, counts
from support.process import TOWN, Process

MORE_PEOPLE = """
    - {id: anna, name: Anna Berg, language: en, sandbox: anna}
    - {id: wf1, name: 王芳, sandbox: wf1}
    - {id: wf2, name: 王芳, sandbox: wf2}
    - {id: solo, name: 独行, sandbox: solo}
"""
ALONE = "    - {id: lone, name: 孤岛部, liaisons: [solo], home: {platform: sandbox, chat: lone}}\n"


def bigger_town() -> str:
    """The town of the stories, with somebody who reads English, two of one name, and a department of one person."""
    text = TOWN.read_text(encoding="utf-8")
    text = text.replace("  people:\n", f"  people:{MORE_PEOPLE}").replace("[limin]", "[limin, anna]")
    return text.replace("  leadership:", f"{ALONE}  leadership:")


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    running = Process(tmp_path_factory.mktemp("bad-input"), config=bigger_town())
    yield running
    running.close()
    check_database(running.database, history=running.history)


@pytest.fixture(scope="module")
def chat(process):
    town = process.start()
    assert town.limin.says("/request @研发部 新品X性能数据 期望 下周三之前 交付标准：完整报告").toast
    return town


@pytest.fixture(scope="module")
def store(process, chat):
    opened = Store(process.database, check=False)
    yield opened
    opened.close()


@pytest.fixture
def unchanged(store):
    """Nothing is written but the trace and what is remembered of the event."""

    @contextmanager
    def watched(*tables):
        before = counts(store)
        yield
        after = counts(store)
        ignored = {"outbox", "posted"}  # a stale card is shown anew to everybody who has it
        assert {t: n for t, n in after.items() if t not in ignored} == {
            t: n for t, n in before.items() if t not in ignored
        }

    return watched


def told(chat, person, text, place="newx"):
    """What the person got back: the private answer, the toast, and what stands beside the fields of the form."""
    before = {m.id for m in chat.messages(place)}
    answer = person.says(text, place)
    fresh = [m for m in chat.messages(place) if m.id not in before and m.raw["author"] == "bot"]
    if not place.startswith("dm:"):
        assert all(m.raw["visible_to"] == [person.id] for m in fresh), "a refusal is nobody else's business"
    beside = [f["error"] for f in answer.raw["form"]["fields"] if f.get("error")] if answer.has_form else []
    said = "\n".join([*(m.text for m in fresh), answer.toast, *beside])
    assert said.strip() or answer.has_form, f"silence after {text[:80]!r}"
    assert_friendly(said)
    return said


def assert_friendly(said):
    for word in ("Traceback", "出错了", "went wrong", "refused.", "field.", "Error", "None", "{"):
        assert word not in said, said


def refusals(store):
    with store.read() as uow:
        return [e for e in uow.audited(limit=1_000_000) if e.result == "refused"]


# --- what is typed ---------------------------------------------------------------------------------

REFUSED = [
    ("/requst", "是要输入 /request 吗", "Did you mean /request?", "unknown_command"),
    ("/request acept R-1", "是要输入「accept」吗", "Did you mean “accept”?", "unknown_verb"),
    ("/request show R-999", "没有找到 R-999", "There is no R-999", "unknown_reference"),
    ("/request accept R-999", "没有找到 R-999", "There is no R-999", "unknown_reference"),
    ("/request delay T-999", "没有找到 T-999", "There is no T-999", "unknown_reference"),
    ("/escalate R-999", "没有找到 R-999", "There is no R-999", "unknown_reference"),
    ("/escalate ack E-999", "没有找到 E-999", "There is no E-999", "unknown_reference"),
    ("/escalate rule E-999", "没有找到 E-999", "There is no E-999", "unknown_reference"),
    ("/minutes publish M-999", "没有找到 M-999", "There is no M-999", "unknown_reference"),
    ("/minutes object M-999 不对", "没有找到 M-999", "There is no M-999", "unknown_reference"),
    ("/request accept R-1", "可以操作的人：张伟、陈静、刘洋", "These people may: 张伟, 陈静, 刘洋", "not_allowed"),
    ("/request close R-1 5", "当前为“待答复”", "“waiting for an answer”", "wrong_state"),
    ("/status doctor", "赵颖", "赵颖", "not_yours"),
    ("/request --foo=bar", "没有「foo」这一项", "There is no field “foo”", "unknown_key"),
    ("/status unbind", "PMO", "PMO", "not_yours"),
]


@pytest.mark.parametrize(("text", "chinese", "english", "code"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_cannot_be_done_is_said_in_the_readers_language_and_recorded(
    chat, store, unchanged, text, chinese, english, code
):
    before = len(refusals(store))
    with unchanged():
        assert chinese in told(chat, chat.limin, text)
        assert english in told(chat, chat.anna, text)
    fresh = refusals(store)[before:]
    assert [(e.actor, code in e.why) for e in fresh] == [("limin", True), ("anna", True)]


def test_a_command_that_belongs_elsewhere_says_where(chat, unchanged):
    with unchanged():
        assert "请在" in told(chat, chat.limin, "/status bind newx", "dm:limin")
        assert "in the group that is meant" in told(chat, chat.anna, "/status bind newx", "dm:anna")


@pytest.mark.parametrize(
    ("text", "field", "chinese", "english"),
    [
        ("/request @研发部 报价 期望 2020-01-01", "wanted", "2020-01-01", "2020-01-01"),
        ("/request @研发部 报价 期望 2月30日", "wanted", "2月30日", "2月30日"),
        ("/request 转交 R-1 @不存在", "person", "通讯录里没有「不存在」", "nobody called “不存在”"),
        ("/request 转交 R-1 @王芳", "person", "wf1, wf2", "wf1, wf2"),
        ("/request @火星部 报价", "lead", "火星部", "火星部"),
        ("/request show E-7", "id", "R-1", "R-1"),
        ("/status dept Nowhere", "department", "没有「Nowhere」这个部门", "no department “Nowhere”"),
        ("/status leave 2月30日", "days", "2月30日", "2月30日"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_with_the_rest_kept(
    chat, unchanged, text, field, chinese, english
):
    with unchanged():
        for person, words in ((chat.limin, chinese), (chat.anna, english)):
            form = person.says(text).form
            assert words in form.fields[field]["error"]
            assert_friendly(form.fields[field]["error"])
            assert not form.fields[field]["value"]


def test_nobody_obliges_their_own_department(chat, unchanged):
    with unchanged():
        said = told(chat, chat.limin, "/request @市场部 海报 期望 明天 交付标准：三张")
        assert "本部门" in said or "自己" in said
        assert "your own department" in told(chat, chat.anna, "/request @市场部 posters due: tomorrow standard: three")


NOISE = [
    "/",
    "//",
    "=",
    "@",
    "“",
    "/foo",
    "在吗",
    "a\0b",
    "\ud800",
    "/request show \ud800R-1",
    "\u202e/request show R-1\u202c",
    "/request show R-1\u200d",
    "́" * 50 + "a",
    "/request show R-99999999999",
    "'; DROP TABLE request; --",
    "{{7*7}}",
    "{% for x in y %}{{x}}{% endfor %}",
    "%s %d %(x)s {0} {x}",
    "<!channel> <@U1> <at id=all></at> @所有人 @all",
    "\x1b[31mred\x1b[0m \r\n\x07",
    "/request show R-1\n" * 10_000,
    "长" * 100_000,
    '"' * 100_000,
    "@" * 5_000 + "/request",
    "👨‍👩‍👧‍👦" * 1_000,
]


@pytest.mark.parametrize("text", NOISE, ids=[ascii(n[:24]) for n in NOISE])
def test_noise_gets_an_answer_and_changes_nothing(chat, unchanged, text):
    with unchanged():
        for person in (chat.limin, chat.anna):
            before = {m.id for m in chat.messages(person.direct)}
            answer = person.says(text, person.direct)
            fresh = [m for m in chat.messages(person.direct) if m.id not in before and m.raw["author"] == "bot"]
            assert fresh or answer.has_form
            assert all(len(m.text) < 10_000 for m in fresh)
            assert not any("管理员" in m.text and "编号" in m.text for m in fresh)


def test_an_empty_message_is_no_message(chat, unchanged):
    with unchanged():
        for text in ("", "   ", "\u202e", "\n"):
            body = {"chat": "newx", "person": "limin", "text": text}
            assert chat.call("/api/say", body, expect=400)["error"]["code"] == "empty_text"


# --- what is written into a form ---------------------------------------------------------------------

HOSTILE = [
    "{{7*7}} {% for x in y %} {{''.__class__}}",
    '<!channel> <!here> <@U0123> <at id=all></at> @所有人 <at user_id="all">x</at>',
    "'; DROP TABLE request; -- \\' \" `",
    "**粗** _斜_ [免费](http://evil.example) <a href=x>y</a> &amp; <b>",
    "👨‍👩‍👧‍👦🏳️‍🌈👍🏽 e\u0301\u0323",
    "a" + "\u0301" * 50,
    "مرحبا \u200fعالم",
    "%s {0} %(x)s ${x} \\u0041 \\n",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(h[:20]) for h in HOSTILE])
def test_what_people_write_is_shown_as_they_wrote_it_and_calls_nobody(chat, text):
    form = chat.limin.says("/request @设计部").form
    answer = form.submit(title=text, content=text, standard=text, wanted="2026-09-30")
    assert answer.ok, answer.raw
    card = chat.bot_messages("design")[-1]
    assert card.title.endswith(text)
    assert set(card.raw["mentions"]) <= {"wanglei"}
    assert text in card.text
    number = card.raw["card"]["item"]
    assert chat.limin.says(f"/request 撤回 {number}").submit(reason=text * 2).ok
    assert text in chat.card("design", number).text


@pytest.mark.parametrize("text", ["\u202eevil\u202c", "a\0b", "x\ud800y", "\x1b[31mred"], ids=ascii)
def test_what_would_break_or_deceive_is_taken_out(chat, text):
    form = chat.limin.says("/request @设计部").form
    assert form.submit(title=f"清理 {text}", standard="三张", wanted="2026-09-30").ok
    card = chat.bot_messages("design", "清理")[-1]
    assert not set(card.text) & set("\u202e\u202c\0\ud800\x1b")


@pytest.mark.parametrize(
    ("values", "field", "chinese", "english"),
    [
        ({"title": "长" * 100_000}, "title", "100000", "100000"),
        ({"content": "一行\n" * 10_000}, "content", "20000", "20000"),
        ({"wanted": "2020-01-01"}, "wanted", "2020-01-01", "2020-01-01"),
        ({"wanted": "2026-02-30"}, "wanted", "2026-02-30", "2026-02-30"),
        ({"wanted": "9" * 5_000}, "wanted", "9", "9"),
        ({"lead": "nowhere"}, "lead", "nowhere", "nowhere"),
        ({"lead": "market"}, "lead", "部门", "department"),
        ({"urgency": "yesterday"}, "urgency", "yesterday", "yesterday"),
        ({"title": ""}, "title", "填写", "fill"),
        ({"title": "  \n "}, "title", "填写", "fill"),
    ],
)
def test_a_wrong_field_says_what_is_wrong_with_it(chat, unchanged, values, field, chinese, english):
    given = {"lead": "design", "title": "海报", "standard": "三张", "wanted": "2026-09-30"}
    with unchanged():
        for person, words in ((chat.limin, chinese), (chat.anna, english)):
            answer = person.says("/request @设计部").submit(**{**given, **values})
            assert not answer.ok
            assert list(answer.errors) == [field]
            assert words in answer.errors[field]
            assert_friendly(answer.errors[field])
            assert len(answer.errors[field]) < 300


def test_a_form_without_its_fields_names_each_of_them(chat, unchanged):
    with unchanged():
        form = chat.limin.says("/request @设计部").form
        body = {"form": form.raw["id"], "person": "limin", "values": {}}
        answer = chat.call("/api/submit", body)
        assert not answer["ok"]
        assert set(answer["errors"]) == {"title", "wanted", "standard"}, "the department was named in the line"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nonsense": "x"}, "unknown_field"),
        ({"title": {"a": 1}}, "wrong_type"),
        ({"title": ["a", "b"]}, "wrong_type"),
        ({"title": True}, "wrong_type"),
        ({"supports": [1]}, "wrong_type"),
    ],
)
def test_a_form_that_no_screen_could_send_is_refused_at_the_door(chat, unchanged, values, code):
    with unchanged():
        form = chat.limin.says("/request @设计部").form
        body = {"form": form.raw["id"], "person": "limin", "values": values}
        assert chat.call("/api/submit", body, expect=400)["error"]["code"] == code


def test_a_form_is_for_whom_it_was_shown_to(chat, unchanged):
    with unchanged():
        form = chat.zhangwei.says("/request 受理 R-1").form
        body = {"form": form.raw["id"], "person": "limin", "values": {"due": "2026-09-30"}}
        assert chat.call("/api/submit", body, expect=404)["error"]["code"] == "unknown_form"
        forged = {"form": form.raw["id"].replace("R-1", "R-2"), "person": "zhangwei", "values": {"due": "2026-09-30"}}
        assert chat.call("/api/submit", forged, expect=404)["error"]["code"] == "unknown_form"


def test_the_same_form_sent_twice_is_accepted_once(chat, store):
    form = chat.limin.says("/request @设计部").form
    given = {"title": "只要一次", "standard": "三张", "wanted": "2026-09-30"}
    assert form.submit(**given).ok
    before = counts(store)
    again = form.submit(**given)
    assert again.ok
    assert counts(store) == before
    assert len(chat.bot_messages("design", "只要一次")) == 1


# --- what is pressed ---------------------------------------------------------------------------------

FORGED = [
    "",
    "x",
    "x" * 10_000,
    "request.nonsense?id=R-1",
    "request.accept?id=R-1&id=R-2",
    "request.accept?id=R-1&due=2020-01-01",
    "request.accept?id=%00",
    "request.accept?id=\ud800",
    "request.accept?id=R-999",
    "request.accept?id=M-1",
    "request.accept?id=R-1&who=limin",
    "request.accept",
    "request.verify?id=R-1",
    "request.close?id=R-1&rating=5",
    "escalate.rule?id=E-1&option=compromise",
    "minutes.confirm?id=R-1",
    "status.doctor",
    "request.send?id=R-1&urgency=urgent",
    "{{7*7}}?id=R-1",
    "request.accept?id=R-1' OR '1'='1",
    "../../etc/passwd",
]


@pytest.mark.parametrize("button", FORGED, ids=[ascii(f[:40]) for f in FORGED])
def test_a_made_up_button_does_nothing_and_says_so(chat, unchanged, button):
    with unchanged():
        for person in (chat.limin, chat.anna):
            answer = person.sends(chat.card("newx", "R-1"), button)
            assert answer.toast or answer.has_form
            assert_friendly(answer.toast)
            if not answer.has_form:
                assert not answer.ok


def test_a_stranger_to_the_matter_gains_nothing_by_pressing(chat, store, unchanged):
    before = len(refusals(store))
    with unchanged():
        for button in (
            "request.accept?id=R-1",
            "request.decline?id=R-1",
            "request.counter?id=R-1",
            "request.ask?id=R-1",
        ):
            answer = chat.wanglei.sends(chat.card("newx", "R-1"), button)
            assert not answer.ok
            assert "张伟" in answer.toast
    assert [e.actor for e in refusals(store)[before:]] == ["wanglei"] * 4
    assert {e.item for e in refusals(store)[before:]} == {"R-1"}


def test_a_double_click_gets_one_outcome_and_a_stale_button_says_who_was_faster(chat, store):
    chat.limin.says("/request @研发部 双击 期望 下周三之前 交付标准：完整报告")
    card = chat.bot_messages("rd", "双击")[-1]
    first, second = (chat.zhangwei.presses(card, "受理") for _ in range(2))
    assert first.submit(due="2026-09-30").ok
    before = counts(store)
    late = second.submit(due="2026-10-09")
    assert not late.ok
    assert "张伟 已于 9月23日" in late.toast
    stale = chat.chenjing.sends(card, card.raw["card"]["buttons"][0]["id"])
    assert not stale.ok
    assert "张伟 已于 9月23日" in stale.toast
    assert counts(store)["task"] == before["task"]
    assert counts(store)["request"] == before["request"]


# --- what comes again, and who is not there ------------------------------------------------------------


def test_an_event_that_is_delivered_again_changes_nothing_also_after_a_restart(tmp_path):
    running = Process(tmp_path, config=bigger_town())
    try:
        town = running.start()
        line = "/request @研发部 重复投递 期望 下周三之前 交付标准：完整报告"
        first = town.limin.says(line, key="k-1").raw
        assert town.limin.says(line, key="k-1").raw["toast"] == first["toast"]
        running.stop()
        town = running.start()
        assert town.limin.says(line, key="k-1").raw["toast"] == first["toast"]
        store = Store(running.database, check=False)
        assert counts(store)["request"] == 1
        store.close()
        assert len(town.bot_messages("rd", "重复投递")) == 1
        check_database(running.database, history=running.history)
    finally:
        running.close()


def test_who_left_the_organisation_can_do_nothing_and_their_work_goes_on(tmp_path):
    running = Process(tmp_path, config=bigger_town())
    try:
        town = running.start()
        town.anna.says("/request @研发部 legacy due: next wednesday standard: a report")
        assert running.stop() == 0
        remaining = bigger_town().replace("    - {id: anna, name: Anna Berg, language: en, sandbox: anna}\n", "")
        running.town = remaining.replace("[limin, anna]", "[limin]")
        town = running.start()
        body = {"chat": "newx", "person": "anna", "text": "/request list"}
        assert town.call("/api/say", body, expect=404)["error"]["code"] == "unknown_person"
        assert town.zhangwei.clicks("受理", "R-1", "rd").submit(due="2026-09-30").ok
        assert "Anna Berg" in town.card("rd", "R-1")
        assert town.zhangwei.says("/request 交付 R-1 报告在共享盘").ok
        check_database(running.database, history=running.history)
    finally:
        running.close()


def test_a_department_with_nobody_left_is_said_to_the_requester_and_to_the_administrator(tmp_path):
    running = Process(tmp_path, config=bigger_town())
    try:
        town = running.start()
        town.solo.says("/status leave 今天到9月30日", "dm:solo")
        said = town.limin.says("/request @孤岛部 找不到人 期望 下周三之前 交付标准：完整报告").toast
        assert "孤岛部" in said
        assert "管理员" in said
        assert "孤岛部" in town.newest("dm:zhaoying", "R-1")
        said = town.anna.says("/request @孤岛部 nobody due: next wednesday standard: a report").toast
        assert "administrator" in said
        town.to("09-24 11:00")
        check_database(running.database, history=running.history)
    finally:
        running.close()
