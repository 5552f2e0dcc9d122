"""Cards and forms as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.plain import card_text, clean, cut, form_text, one_line
from commands.chat import Button, Card, Fact, FieldKind, Form, FormField, Image, Option, Span


def text(words):
    return (Span(words),)


REQUEST = Card(
    title="R-1 新品X性能数据",
    body=(text("请于 9月24日 10:30 前答复"),),
    facts=(Fact("期望完成", text("9月30日")), Fact("Due", text("30 Sep"))),
    buttons=(
        Button("a", "受理", style="primary", twin="/request accept R-1"),
        Button("b", "不受理", enabled=False, twin="/request decline R-1"),
        Button("c", "打开"),
    ),
)


def test_a_card_reads_from_its_title_to_what_can_be_typed():
    assert card_text(REQUEST).splitlines() == [
        "R-1 新品X性能数据",
        "请于 9月24日 10:30 前答复",
        "期望完成：9月30日",
        "Due: 30 Sep",
        "· 受理：/request accept R-1",
    ]


def test_a_picture_is_replaced_by_its_words():
    assert card_text(Card("周报", image=Image("gantt", "三项任务,一项延期"))) == "周报\n[三项任务,一项延期]"


def test_a_value_cannot_pass_for_another_fact():
    card = Card("R-1", facts=(Fact("内容", text("数据\n状态：已受理")),))
    assert card_text(card).splitlines() == ["R-1", "内容：数据", "  状态：已受理"]


def test_a_title_stays_one_line():
    assert card_text(Card("a\r\nb\u2028c")) == "a b c"


@pytest.mark.parametrize(
    ("raw", "harmless"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tstays\n", "tab\tstays\n"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2066x\u2069", "x"),
        ("half \ud83d", "half \ufffd"),
        ("👩‍👩‍👧 和 עברית\u200f", "👩‍👩‍👧 和 עברית\u200f"),
    ],
)
def test_foreign_text_is_made_harmless(raw, harmless):
    assert clean(raw) == harmless
    clean(raw).encode()


def test_one_line_joins_what_was_several():
    assert one_line("  a \n\n b\u3000c ") == "a b c"


@pytest.mark.parametrize(
    ("whole", "limit", "short"),
    [
        ("接口人", 3, "接口人"),
        ("接口人来了", 3, "接口…"),
        ("ab👨‍👩‍👧cd", 4, "ab…"),
        ("a👍🏽b!", 3, "a…"),
        ("e\u0301e\u0301", 2, "…"),
        ("🇨🇳🇨🇳🇨🇳", 4, "🇨🇳…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_a_cut_never_splits_what_is_seen_as_one(whole, limit, short):
    assert cut(whole, limit) == short


def test_a_form_becomes_a_block_to_fill_in():
    form = Form(
        id="f",
        title="发起需求",
        fields=(
            FormField("title", "主题", FieldKind.TEXT, required=True, value="性能数据"),
            FormField("due", "期望完成", FieldKind.DATETIME, hint="例如 下周三之前", error="日期已过"),
            FormField(
                "support",
                "配合部门",
                FieldKind.MULTISELECT,
                options=(Option("rd", "研发部"), Option("design", "设计部")),
                value=("rd", "design"),
            ),
            FormField("note", "备注", FieldKind.MULTILINE, value="一\n二"),
        ),
        submit="发送",
    )
    assert form_text(form).splitlines() == [
        "发起需求",
        "# *",
        "主题: 性能数据",
        "# 例如 下周三之前",
        "# ! 日期已过",
        "期望完成:",
        "# 研发部 / 设计部",
        "配合部门: 研发部, 设计部",
        "备注: 一 二",
    ]


@given(st.text(st.characters(codec=None)), st.integers(0, 12))
def test_any_text_can_be_cleaned_and_cut(raw, limit):
    text = clean(raw)
    text.encode()
    assert clean(text) == text
    assert len(cut(text, limit)) <= limit
    assert "\n" not in one_line(raw)
