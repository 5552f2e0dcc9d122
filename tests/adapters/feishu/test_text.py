"""Text on its way to Feishu."""

from __future__ import annotations

import pytest

from adapters.feishu.text import escape, length, size, upto
from adapters.plain import clean

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<at id=all></at>", "&#60;at id&#61;all&#62;&#60;&#47;at&#62;"),
        ("[链接](https://x)", "&#91;链接&#93;&#40;https&#58;&#47;&#47;x&#41;"),
        ("![图](img_1)", "&#33;&#91;图&#93;&#40;img&#95;1&#41;"),
        ("**粗** ~删~ `码`", "&#42;&#42;粗&#42;&#42; &#126;删&#126; &#96;码&#96;"),
        ("# 标题\n- 一", "&#35; 标题\n&#45; 一"),
        ("| a |", "&#124; a &#124;"),
        (":DONE: $x$", "&#58;DONE&#58; &#36;x&#36;"),
        ("&#60; &lt;", "&#38;&#35;60; &#38;lt;"),
        ("1. 一\n 12. 二\n3.14", "1&#46; 一\n\u00a012&#46; 二\n3&#46;14"),
        ("版本 1.2 好", "版本 1.2 好"),
        ("    代码\n\t代码", "\u00a0\u00a0\u00a0\u00a0代码\n\u00a0代码"),
        ("一句话，带标点。", "一句话，带标点。"),
        ("\u202e\x07\ud800", "\ufffd\ufffd"),
    ],
)
def test_nothing_in_a_text_is_markup(text, escaped):
    assert escape(text) == escaped


def test_within_a_line_nothing_begins():
    assert escape(" 一 ", begins=False) == " 一 "


@pytest.mark.parametrize("text", ["受理请求", '"<&>"\\\n', "\n" * 9, "    " * 9, "1.\n2.", FAMILY, "ab\x07\u202e"])
def test_a_text_takes_no_more_than_was_measured(text):
    assert size(escape(text)) <= length(text) + 4
    assert size(clean(text)) <= length(text) + 4


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("受理请求", 12, "受理请求"),
        ("受理请求", 11, "受理请"),
        ("a<b", 7, "a<"),
        ("a<b", 6, "a"),
        ("ab" + FAMILY, 20, "ab"),
        ("受", 2, ""),
    ],
)
def test_the_beginning_ends_with_a_whole_letter(text, room, kept):
    assert upto(text, room) == kept
