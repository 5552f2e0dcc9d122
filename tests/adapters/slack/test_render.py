"""Cards as people see them on Slack."""

from __future__ import annotations

import pytest

from adapters.slack import render
from bot.language import text_of
from commands.chat import Button, Card, Confirm, Fact, Image, Span, SpanKind, Tone
from tests.adapters.slack.seen import buttons, of_type, problems, rich

ACCEPT = Button("request.accept?id=R-1", "受理", "primary", twin="/request 受理 R-1", description="受理 R-1")
LONG = tuple((Span(f"第{n}段。" + "说明背景、原因和影响。" * 60),) for n in range(30))


def words(key):
    return text_of("zh-CN", key) or key


def card(*spans, **more):
    return Card("R-1 性能数据", body=(spans,) if spans else (), **more)


def elements(payload):
    return [e for b in payload["blocks"] if b["type"] == "rich_text" for s in b["elements"] for e in s["elements"]]


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["<!channel> <@U0ANN>", "&lt;b&gt;", ":smile:", "*粗* _斜_ `码`", "https://evil.example", "@channel"]
)
def test_what_people_wrote_is_shown_as_they_wrote_it(text):
    shown = render.message(card(Span(text), facts=(Fact("内容", (Span(text),)),)), words)
    assert {"type": "text", "text": text} in elements(shown)
    assert all(e["type"] == "text" for e in elements(shown))


@pytest.mark.parametrize(
    ("span", "element"),
    [
        (Span("重要", SpanKind.BOLD), {"type": "text", "text": "重要", "style": {"bold": True}}),
        (Span("张伟", SpanKind.PERSON, "U0ANN", ping=True), {"type": "user", "user_id": "U0ANN"}),
        (Span("张伟", SpanKind.PERSON, "U0ANN"), {"type": "text", "text": "张伟"}),
        (Span("张伟", SpanKind.PERSON, None, ping=True), {"type": "text", "text": "张伟", "style": {"bold": True}}),
        (
            Span("张伟", SpanKind.PERSON, "!channel", ping=True),
            {"type": "text", "text": "张伟", "style": {"bold": True}},
        ),
        (
            Span("文件", SpanKind.LINK, href="https://a.example/x"),
            {"type": "link", "url": "https://a.example/x", "text": "文件"},
        ),
        (
            Span("写信", SpanKind.LINK, href="mailto:a@b.example"),
            {"type": "link", "url": "mailto:a@b.example", "text": "写信"},
        ),
        (Span("文件", href="https://a.example/x"), {"type": "text", "text": "文件"}),
        (Span("文件", SpanKind.LINK, href="javascript:alert(1)"), {"type": "text", "text": "文件"}),
        (Span("文件", SpanKind.LINK, href="https://a.example/ x"), {"type": "text", "text": "文件"}),
    ],
)
def test_marks_are_elements(span, element):
    assert elements(render.message(card(span), words)) == [element]


def test_a_fact_is_a_line_and_its_further_lines_pass_for_no_other():
    shown = render.message(
        card(facts=(Fact("经过", (Span("第一行\n状态：已关闭"),)), Fact("State", (Span("x"),)))), words
    )
    assert rich(shown) == "经过：第一行\n\u2003状态：已关闭\nState: x"


def test_a_heading_stands_apart_from_what_is_above_it():
    heading = (Span("待办", SpanKind.BOLD),)
    body = ((Span("请确认"),), heading, (Span("1. 海报"),), heading, heading)
    assert rich(render.message(Card("x", body=body), words)) == "请确认\n\n待办\n1. 海报\n\n待办\n待办"


@pytest.mark.parametrize(
    ("tone", "sign"), [(Tone.INFO, ""), (Tone.SUCCESS, "✅ "), (Tone.WARNING, "⚠️ "), (Tone.DANGER, "❗ ")]
)
def test_the_tone_stands_before_the_title(tone, sign):
    assert render.message(Card("R-1", tone), words)["blocks"][0]["text"]["text"] == f"{sign}R-1"


def test_a_title_that_is_too_long_is_cut_and_stands_below_as_a_whole():
    title = "很长的标题" * 40
    shown = render.message(Card(title), words)
    assert shown["blocks"][0]["text"]["text"].endswith("…")
    assert rich(shown) == title


def test_the_notification_says_what_the_card_says():
    text = render.message(card(Span("<!channel> 请答复"), buttons=(ACCEPT,)), words)["text"]
    assert text == "R-1 性能数据\n&lt;!channel&gt; 请答复\n· 受理：/request 受理 R-1"


def test_a_card_without_words_can_be_sent():
    for empty in (Card(""), Card("\n"), Card("", body=((Span(" "),), ()))):
        assert problems(render.message(empty, words)) == []


def test_a_picture_is_shown_and_its_words_where_it_is_not():
    picture = card(image=Image("chart", "按时率 90%"))
    shown = render.message(picture, words, picture="F1")
    assert {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "按时率 90%"} in shown["blocks"]
    assert rich(render.message(picture, words)) == "[按时率 90%]"


# --- buttons -------------------------------------------------------------------------------------


def test_a_button_carries_its_code_and_its_name():
    assert buttons(render.message(card(buttons=(ACCEPT,)), words))["act:0"] == {
        "type": "button",
        "action_id": "act:0",
        "text": {"type": "plain_text", "text": "受理", "emoji": False},
        "value": "request.accept?id=R-1",
        "accessibility_label": "受理 R-1",
        "style": "primary",
    }


def test_a_question_is_asked_within_the_limits():
    asked = Confirm("关闭" * 60, "确定吗？" * 100, "是" * 40, "")
    shown = render.message(card(buttons=(Button("x", "关闭", "danger", confirm=asked),)), words)
    question = buttons(shown)["act:0"]["confirm"]
    assert problems(shown) == []
    assert question["text"]["text"].endswith("…") and question["style"] == "danger"


def test_a_button_that_is_switched_off_is_named_and_not_offered():
    shown = render.message(card(buttons=(ACCEPT, Button("y", "改派", enabled=False))), words)
    assert list(buttons(shown)) == ["act:0"]
    assert of_type(shown, "context")[0]["elements"][0]["text"] == "暂不可用：改派"


@pytest.mark.parametrize(("count", "widths"), [(1, [1]), (5, [5]), (6, [3, 3]), (11, [4, 4, 3]), (50, [5] * 10)])
def test_buttons_stand_in_rows_of_five_at_most(count, widths):
    shown = render.message(card(buttons=tuple(Button(f"b{n}", f"按钮 {n}") for n in range(count))), words)
    assert [len(block["elements"]) for block in of_type(shown, "actions")] == widths


def test_buttons_that_do_not_fit_become_the_commands_to_type():
    many = tuple(Button(f"b{n}", f"受理 R-{n}", twin=f"/request 受理 R-{n}") for n in range(60))
    shown = render.message(card(buttons=many), words)
    assert len(buttons(shown)) == 50
    assert all(f"· 受理 R-{n}: /request 受理 R-{n}" in rich(shown) for n in range(50, 60))


def test_buttons_with_long_questions_become_commands_before_the_message_is_too_long():
    asked = Confirm("关闭", "确定吗？" * 70, "关闭", "取消")
    many = tuple(Button(f"b{n}", "关闭", twin=f"/request 关闭 R-{n}", confirm=asked) for n in range(40))
    shown = render.message(card(buttons=many), words)
    assert problems(shown) == []
    assert 0 < len(buttons(shown)) < 40 and "/request 关闭 R-39" in rich(shown)


def test_a_code_that_is_too_long_for_a_button_becomes_the_command():
    shown = render.message(card(buttons=(Button("x" * 2_001, "受理", twin="/request 受理"), ACCEPT)), words)
    assert [button["value"] for button in buttons(shown).values()] == [ACCEPT.id]
    assert "· 受理：/request 受理" in rich(shown)


# --- length --------------------------------------------------------------------------------------


def test_a_long_card_ends_visibly_with_its_facts_its_buttons_and_a_way_to_the_rest():
    shown = render.message(Card("R-1", body=LONG, facts=(Fact("状态", (Span("待答复"),)),), buttons=(ACCEPT,)), words)
    assert problems(shown) == []
    assert rich(shown).endswith("…状态：待答复")
    assert list(buttons(shown)) == ["act:0", "more"]


def test_lines_that_are_left_out_are_missed():
    lines = tuple((Span(f"{n:03}" + "字" * 80),) for n in range(200))
    said = rich(render.message(Card("R-1", body=lines), words))
    assert said.endswith("字\n…") and "000" in said and "199" not in said


def test_a_short_card_has_no_way_to_a_rest():
    assert list(buttons(render.message(card(Span("短"), buttons=(ACCEPT,)), words))) == ["act:0"]


def test_a_private_answer_comes_in_as_many_messages_as_it_takes_with_the_buttons_last():
    sent = render.pages(Card("R-1", body=LONG, buttons=(ACCEPT,)), words)
    assert len(sent) > 2
    assert [list(buttons(payload)) for payload in sent] == [[]] * (len(sent) - 1) + [["act:0"]]
    assert "".join(map(rich, sent)).replace("\n", "") == "".join(span.text for (span,) in LONG)
    assert sent[1]["blocks"][0]["elements"][0]["text"] == f"第 2 页，共 {len(sent)} 页"


def test_the_whole_is_read_page_by_page():
    first, second = (render.reading(Card("R-1", body=LONG), words, page) for page in (0, 1))
    assert list(buttons(first)) == ["page:1"]
    assert list(buttons(second)) == ["page:0", "page:2"]
    assert rich(first) != rich(second)


@pytest.mark.parametrize(("page", "nearest"), [(-1, 0), (4, 3), (10**9, 3)])
def test_a_page_that_is_not_there_is_the_nearest_one(page, nearest):
    whole = Card("R-1", body=LONG)
    assert render.reading(whole, words, page) == render.reading(whole, words, nearest)


def test_what_cannot_be_pressed_in_a_modal_is_said_as_a_command():
    shown = render.reading(card(Span("短"), buttons=(ACCEPT,)), words, 0)
    assert list(buttons(shown)) == []
    assert "· 受理：/request 受理 R-1" in rich(shown)


def test_marks_without_end_come_to_an_end():
    zalgo = "e" + "\u0301" * 9_000
    assert "".join(map(rich, render.pages(card(Span(zalgo)), words))) == zalgo


def test_the_home_tab_says_when_there_is_more():
    long, short = (render.home(Card("我的", body=body), words) for body in (LONG, LONG[:2]))
    assert problems(long) == problems(short) == []
    assert [len(of_type(view, "context")) for view in (long, short)] == [1, 0]
