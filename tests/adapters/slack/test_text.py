"""Text on its way to Slack and back."""

from __future__ import annotations

import pytest

from adapters.slack.text import escape, escape_short, length, read, shorten, upto

FAMILY = "👩‍👩‍👧‍👦"
BOT = "U0BOT"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1> & <https://x|y>", "&lt;@U1&gt; &amp; &lt;https://x|y&gt;"),
        ("&lt;", "&amp;lt;"),
        ("\"quotes\" 'stay'", "\"quotes\" 'stay'"),
        ("\u202e\x07\ud800", "\ufffd\ufffd"),
    ],
)
def test_nothing_in_a_text_is_markup(text, escaped):
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "room", "kept"),
    [
        ("受理请求", 4, "受理请求"),
        ("受理请求了", 4, "受理请…"),
        ("ab" + FAMILY, 8, "ab…"),
        ("abcde\u0301", 5, "abcd…"),
        ("🇨🇳🇨🇳", 5, "🇨🇳…"),
        ("👍👍👍", 5, "👍👍…"),
        ("word word", 6, "word…"),
    ],
)
def test_a_text_is_shortened_between_letters(text, room, kept):
    assert shorten(text, room) == kept
    assert length(kept) <= room


def test_the_beginning_ends_with_a_whole_letter():
    assert upto("ab" + FAMILY, 12) == "ab"
    assert upto("ab" + FAMILY, 13) == "ab" + FAMILY


@pytest.mark.parametrize("limit", range(1, 12))
def test_no_entity_is_cut(limit):
    short = escape_short("&<&>" * 5, limit)
    assert length(short) <= limit
    assert "&" not in short.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@pytest.mark.parametrize(
    ("arrived", "typed"),
    [
        ("<@U0BOT> 受理 R-1", "受理 R-1"),
        ("<@U0BOT|liaison> status", "status"),
        ("请 <@U2|zhang.wei> 看", "请 <@U2> 看"),
        ("<@W2>", "<@W2>"),
        ("<#C1|general> <#C2|> <#C3>", "#general #C2 #C3"),
        ("<!subteam^S1|@leads> <!subteam^S1>", "@leads @S1"),
        ("<!here|here> <!channel> <!everyone|@everyone>", "@here @channel @everyone"),
        ("<http://example.com|example.com>", "example.com"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<https://example.com/|报告>", "报告 (https://example.com/)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+861234|+861234>", "+861234"),
        ("<!date^1392734382^{date}|2月18日>", "2月18日"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("标题\u00a0一\u200b二\ufeff", "标题 一二"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("< a | b > <", "< a | b > <"),
        ("", ""),
    ],
)
def test_what_people_typed_is_read(arrived, typed):
    assert read(arrived, BOT) == typed
