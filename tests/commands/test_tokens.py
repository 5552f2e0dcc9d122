"""What is typed, in pieces."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.names import Names
from commands.tokens import TokenKind, clean, tokenize
from support.verbs import DIRECTORY

NAMES = Names(DIRECTORY)
SHORT = {
    TokenKind.WORD: "",
    TokenKind.QUOTED: "q:",
    TokenKind.MENTION: "@",
    TokenKind.REF: "ref:",
    TokenKind.KEY: "key:",
    TokenKind.BREAK: "/",
    TokenKind.REST: "...",
}


def pieces(text: str) -> list[str]:
    """The pieces in a notation that reads well: `q:a b` is a quote, `@张伟` a mention, `/` a line end."""
    tokens = tokenize(text, NAMES.longest).tokens
    return [SHORT[t.kind] + (t.id if t.id else t.text if t.kind is not TokenKind.BREAK else "") for t in tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accept R-1", ["accept", "ref:R-1"]),
        (
            "“a b” ‘c d’ 「e」『f』 \"g h\" 'i' «j» ＂k＂ ＇l＇",
            [f"q:{x}" for x in ("a b", "c d", *"ef", "g h", *"ijkl")],
        ),
        ('"smart” and “plain"', ["q:smart", "and", "q:plain"]),
        ("don't can’t 27\" l'été", ["don't", "can’t", "27", '"', "l'été"]),
        ("rock 'n roll", ["rock", "'", "n", "roll"]),
        ("a，b、c；d　e\u00a0f\u2005g\u200bh,i;j", list("abcdefghij")),
        ("1,000 2，500 3, 4", ["1,000", "2，500", "3", "4"]),
        ("截止：下周五", ["key:截止", "下周五"]),
        (
            "due=Friday due: Friday --due Friday ——截止 周五 —due x",
            ["key:due", "Friday"] * 3 + ["key:截止", "周五", "key:due", "x"],
        ),
        ("--due=Friday --due: x", ["key:due", "Friday", "key:due", "x"]),
        ("新品X——性能 a--b - x", ["新品X——性能", "a--b", "-", "x"]),
        ("https://a.b/c?d=e:f 10:30 at 2026-09-30T18:00", ["https://a.b/c?d=e:f", "10:30", "at", "2026-09-30T18:00"]),
        ("https://a.b/browse/R-12，好", ["https://a.b/browse/R-12", "好"]),
        ("＠研发部 ／request", ["@研发部", "／request"]),
        ("@研发部新品X", ["@研发部", "新品X"]),
        ("@R&D performance @rdx @Design Team please", ["@R&D", "performance", "@rdx", "@Design Team", "please"]),
        ("<@U0limin> <@U9|张三> a<@U1>b", ["@U0limin", "@U9", "a", "@U1", "b"]),
        ("mail a@b.com 给@张伟、@陈静", ["mail", "a@b.com", "给", "@张伟", "@陈静"]),
        ("@anna berg: hi", ["@anna berg", ":", "hi"]),
        ("R-12 r12 R－12 ＃R12 #r-12 R–12 r 12", ["ref:R-12"] * 6 + ["r", "12"]),
        ("受理R-1，谢谢。", ["受理", "ref:R-1", "谢谢", "。"]),
        ("R-1受理 T-40的标准 E-3,M-7", ["ref:R-1", "受理", "ref:T-40", "的标准", "ref:E-3", "ref:M-7"]),
        ("R-1.5 XR-1 R-1a 2r-1 R-001", ["R-1.5", "XR-1", "R-1a", "2r-1", "ref:R-1"]),
        ("标题：x\n\n 牵头：y", ["key:标题", "x", "/", "key:牵头", "y"]),
        ("", []),
    ],
)
def test_pieces(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_an_open_quote_runs_to_the_end_and_is_told() -> None:
    scan = tokenize("新建 “还没写完 @研发部 截止：周五")
    assert scan.open_quote
    assert scan.tokens[-1].text == "还没写完 @研发部 截止：周五"
    assert not tokenize("“写完了”").open_quote


def test_what_breaks_stores_or_lies_about_order_is_neutralised() -> None:
    assert clean("a\x1b[31mb\u202egnp.exe\ud800\r\nc\u2028d") == "a\ufffd[31mbgnp.exe\ufffd\nc\nd"


def test_emoji_and_combining_marks_stay_whole() -> None:
    family = "👨‍👩‍👧"
    accents = "e" + "\u0301" * 50
    assert clean(f"{family} {accents}") == f"{family} {accents}"


@settings(deadline=None)
@given(st.text())
def test_every_text_has_pieces_that_lie_in_it_in_order(text: str) -> None:
    scan = tokenize(text, NAMES.longest)
    places = [place for token in scan.tokens for place in (token.start, token.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(scan.text) for place in places)
    assert "\x00" not in scan.text


@settings(deadline=None)
@given(st.text(alphabet="@＠<>R-r1２：:=—-“”\"'’「」，、\n 受理研发部截止/／a\u200b\u202e#＃"))
def test_signs_in_any_order_are_pieces(text: str) -> None:
    scan = tokenize(text, NAMES.longest)
    assert all(token.start < token.end for token in scan.tokens)
    assert all(before.end <= after.start for before, after in pairwise(scan.tokens))


HOSTILE = [
    "a ",
    "中",
    "' ",
    '"',
    "“a",
    "@",
    "@a ",
    "<@",
    "R-1 ",
    "r",
    "-",
    "--a ",
    "a:",
    "，",
    "\n",
    "\x00",
    "a'",
    "https://",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hundred_thousand_signs_cost_no_more_than_a_long_letter(unit: str) -> None:
    """Ten times the text may not cost a hundred times the work; the bound is far above what is measured (40 ms)."""
    text = unit * (100_000 // len(unit))
    start = time.process_time()
    tokenize(text, NAMES.longest)
    assert time.process_time() - start < 1.0
