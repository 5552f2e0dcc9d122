"""Cards as people see them on Feishu."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.feishu import render, values
from bot.language import text_of
from commands.chat import Button, Card, Confirm, Fact, Image, Span, SpanKind, Tone
from support.feishu import markup
from tests.adapters.feishu.seen import markdown, pressed, problems, said, with_tag

ACCEPT = Button("request.accept?id=R-1", "受理", "primary", twin="/request 受理 R-1", description="受理 R-1")
LONG = tuple((Span(f"第{n}段。" + "说明背景、原因和影响。" * 60),) for n in range(30))
BOLD, LINK, PERSON = SpanKind.BOLD, SpanKind.LINK, SpanKind.PERSON


def words(key):
    return text_of("zh-CN", key) or key


def english(key):
    return text_of("en", key) or key


def card(*spans, **more):
    return Card("R-1 性能数据", body=(spans,) if spans else (), **more)


def elements(payload):
    return payload["body"]["elements"]


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["<at id=all></at>", "**粗** [x](https://evil.example)", "# 一\n1. 二", "![图](img_1)"]
)
def test_what_people_wrote_is_plain_text_where_no_mark_is_needed(text):
    shown = render.message(card(Span(text)), words)
    assert elements(shown) == [{"tag": "div", "text": {"tag": "plain_text", "content": text}}]


@pytest.mark.parametrize(
    "text", ["<at id=all></at>", "**粗** [x](https://evil.example)", "# 一\n1. 二", "![图](img_1)"]
)
def test_what_people_wrote_beside_a_mark_is_shown_as_they_wrote_it(text):
    shown = render.message(card(facts=(Fact("内容", (Span(text),)),)), words)
    assert said(shown).endswith("内容：" + text.replace("\n", "\n\u2003"))
    assert markup.mentions("interactive", shown) == markup.links("interactive", shown) == markup.pictures(shown) == []


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (Span("重要", BOLD), "**重要**"),
        (Span(" 重要：", BOLD), "\u00a0**重要**："),
        (Span("「重要」", BOLD), "\u200a**「重要」**\u200a"),
        (Span("一\n二", BOLD), "**一**\n**二**"),
        (Span("张伟", PERSON, "ou_1a", ping=True), "<at id=ou_1a></at>"),
        (Span("张伟", PERSON, None, ping=True), "**张伟**"),
        (Span("张伟", PERSON, "all", ping=True), "**张伟**"),
        (Span("张伟", PERSON, "ou_1></at><at id=all", ping=True), "**张伟**"),
        (Span("文件", LINK, href="https://a.example/x?a=1&b=(2)"), "[文件](https://a.example/x?a=1&b=%282%29)"),
        (Span("[文件]", LINK, href="https://a.example/_x_"), "[&#91;文件&#93;](https://a.example/_x_)"),
    ],
)
def test_marks_are_written_in_markdown(span, written):
    assert markdown(render.message(card(span), words)) == written


@pytest.mark.parametrize(
    "span",
    [
        Span("张伟", PERSON, "ou_1a"),
        Span("文件", href="https://a.example/x"),
        Span("文件", LINK, href="javascript:alert(1)"),
        Span("文件", LINK, href="https://a.example/ x"),
        Span("写信", LINK, href="mailto:a@b.example"),
    ],
)
def test_what_is_no_mark_here_is_plain_text(span):
    assert elements(render.message(card(span), words))[0]["text"] == {"tag": "plain_text", "content": span.text}


def test_texts_that_meet_become_nothing_together():
    shown = render.message(card(Span("1"), Span(". 一 "), Span("重要", BOLD)), words)
    assert markdown(shown) == "1&#46; 一 **重要**"


def test_a_fact_is_a_line_and_its_further_lines_pass_for_no_other():
    facts = (
        Fact("经过", (Span("第一行\n状态：已关闭"),)),
        Fact("待确认（1）", (Span("x"),)),
        Fact("State", (Span("y"),)),
    )
    shown = render.message(card(facts=facts), words)
    assert said(shown) == "R-1 性能数据\n经过：第一行\n\u2003状态：已关闭\n待确认（1）：x\nState: y"


def test_a_heading_stands_apart_from_what_is_above_it():
    body = ((Span("开头"),), (Span("决议", BOLD),), (Span("一"),), (Span("二"),))
    first, heading, lines = elements(render.message(Card("M-1", body=body), words))
    assert "margin" in heading and "margin" not in first | lines
    assert lines["text"]["content"] == "一\n二"


# --- the frame -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tone", "colour", "sign"),
    [
        (Tone.INFO, "blue", ""),
        (Tone.SUCCESS, "green", "✅ "),
        (Tone.WARNING, "orange", "⚠️ "),
        (Tone.DANGER, "red", "❗ "),
    ],
)
def test_a_tone_is_a_colour_and_a_sign(tone, colour, sign):
    shown = render.message(card(Span("已受理"), tone=tone), words)
    assert shown["header"] == {
        "title": {"tag": "plain_text", "content": f"{sign}R-1 性能数据"},
        "template": colour,
    }
    assert shown["config"]["summary"] == {"content": f"{sign}R-1 性能数据 · 已受理"}


def test_a_card_is_not_forwarded_and_can_be_edited():
    config = render.message(card(), words)["config"]
    assert config["enable_forward"] is False and config["update_multi"] is True


def test_a_long_title_is_whole_in_the_body():
    title = "很长的标题" * 40
    assert title in said(render.message(Card(title), words)).split("\n", 1)[1]


def test_a_picture_has_words_and_without_it_they_are_there():
    pictured = card(image=Image("gantt", "甘特图：三项延期"))
    (picture,) = with_tag(render.message(pictured, words, picture="img_1"), "img")
    assert (picture["img_key"], picture["alt"]["content"]) == ("img_1", "甘特图：三项延期")
    assert said(render.message(pictured, words)).endswith("[甘特图：三项延期]")


# --- buttons -------------------------------------------------------------------------------------


def test_a_button_gives_back_its_id():
    shown = render.message(card(buttons=(ACCEPT,)), words)
    assert pressed(shown) == [{"do": "act", "button": "request.accept?id=R-1"}]
    (button,) = with_tag(shown, "button")
    assert (button["text"]["content"], button["type"]) == ("受理", "primary_filled")


def test_a_question_is_asked_before_it_acts():
    asked = replace(ACCEPT, style="danger", confirm=Confirm("撤回", "确认撤回？", "撤回", "取消"))
    (button,) = with_tag(render.message(card(buttons=(asked,)), words), "button")
    assert button["type"] == "danger"
    assert {part: text["content"] for part, text in button["confirm"].items()} == {
        "title": "撤回",
        "text": "确认撤回？",
    }


def test_buttons_that_cannot_be_pressed_are_named():
    shown = render.message(card(buttons=(replace(ACCEPT, enabled=False),)), words)
    assert pressed(shown) == []
    assert "暂不可用：受理" in said(shown)


def test_buttons_that_are_too_many_are_typed():
    buttons = tuple(replace(ACCEPT, id=f"request.accept?id=R-{n}", twin=f"/request 受理 R-{n}") for n in range(30))
    shown = render.message(card(buttons=buttons), words)
    assert len(pressed(shown)) == 20
    assert "· 受理：/request 受理 R-20" in said(shown) and "· 受理：/request 受理 R-19" not in said(shown)


# --- long ----------------------------------------------------------------------------------------


def test_a_long_card_ends_visibly_with_a_button_for_the_whole():
    shown = render.message(Card("R-1", body=LONG, facts=(Fact("状态", (Span("待答复"),)),), buttons=(ACCEPT,)), words)
    assert problems(shown) == []
    assert [values.read(value) for value in pressed(shown)] == [values.Act(ACCEPT.id), values.All()]
    text = said(shown)
    assert "第0段。" in text and "第29段。" not in text and "…\n状态：待答复" in text


def test_the_whole_of_a_long_card_comes_in_several_messages():
    pages = render.pages(Card("R-1", body=LONG, buttons=(ACCEPT,)), words)
    assert len(pages) > 1 and all(problems(page) == [] for page in pages)
    assert [len(pressed(page)) for page in pages] == [0] * (len(pages) - 1) + [1]
    assert f"第 1 页，共 {len(pages)} 页" in said(pages[0])
    assert all(f"第{n}段。" in "".join(map(said, pages)) for n in range(30))


# --- both languages ------------------------------------------------------------------------------


def both(main, other):
    return replace(main, translations={"zh-CN": main, "en": other})


def in_both(main, other):
    tables = {"zh-CN": words, "en": english}
    return render.message(both(main, other), words, words_in=tables.__getitem__)


def test_everybody_reads_a_mixed_card_in_their_own_language():
    off = replace(ACCEPT, id="x", label="改派", enabled=False)
    main = card(Span("请答复"), facts=(Fact("状态", (Span("待答复"),)),), buttons=(ACCEPT, off))
    other = Card("R-1 data", body=((Span("Please answer"),),), facts=(Fact("State", (Span("open"),)),))
    other = replace(other, buttons=(replace(ACCEPT, label="Accept"), replace(off, label="Reroute")))
    shown = in_both(main, other)
    assert problems(shown) == []
    assert said(shown) == "R-1 性能数据\n请答复\n状态：待答复\n暂不可用：改派"
    assert said(shown, "zh_cn") == said(shown)
    assert said(shown, "en_us") == "R-1 data\nPlease answer\nState: open\nNot available now: Reroute"
    assert with_tag(shown, "button")[0]["text"]["i18n_content"]["en_us"] == "Accept"
    assert shown["config"]["summary"]["i18n_content"]["en_us"] == "R-1 data · Please answer"


def test_what_is_the_same_in_all_languages_is_there_once():
    shown = in_both(card(Span("T-1")), card(Span("T-1")))
    assert shown == render.message(card(Span("T-1")), words)


@pytest.mark.parametrize(
    "other",
    [card(Span("Please "), Span("answer", BOLD)), card(Span("Please answer"), buttons=(ACCEPT,))],
)
def test_a_card_that_is_built_differently_is_in_one_language(other):
    main = card(Span("请答复"))
    assert in_both(main, other) == render.message(main, words)


def test_a_card_that_is_too_long_in_both_languages_is_in_one():
    main, other = card(Span("很长。" * 1_000)), card(Span("long. " * 1_500))
    assert "很长" in said(in_both(main, other))
    assert in_both(main, other) == render.message(main, words)


# --- of the adapter's own ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["完成。", "很长。" * 3_000, "", "<at id=all></at>"])
def test_a_note_says_it_as_it_is(text):
    shown = render.note(text, words)
    assert problems(shown) == [] and pressed(shown) == []
    assert [part["tag"] for part in elements(shown)] == ["div"] and "header" not in shown


def test_a_form_that_is_done_says_what_came_of_it():
    shown = render.closed("受理请求 R-1", "已受理。", words, tone=Tone.SUCCESS)
    assert said(shown) == "✅ 受理请求 R-1\n已受理。"
    assert pressed(shown) == []
