"""Lines of rich text: measured, and written as elements. What has no marks is `plain_text`, where nothing is read as
markup; a line with a mark is Markdown, and every word of it escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

from adapters.feishu.elements import APART, Element, markdown
from adapters.feishu.limits import HREF
from adapters.feishu.text import escape, length, upto
from adapters.flow import Flow, Lines
from adapters.plain import clean, one_line
from adapters.saying import is_heading
from commands.chat import RichText, Span, SpanKind, plain

USER = re.compile(r"ou_[0-9a-zA-Z]{1,64}")
_ADDRESS = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_EDGES = re.compile(r"^(\s*)(.*?)([\s:：]*)$", re.DOTALL)
_HAIR = "\u200a"
_MOST = 30
"""Elements that lines may become; more of them are one, as a card may have 200 in all."""
_ELEMENT = 24
"""What a mark weighs beside its words, in bytes."""
_MENTION = 80

# --- measured ------------------------------------------------------------------------------------


def is_mention(span: Span) -> bool:
    """Whether it tells the person: only where that is meant, and Feishu knows them. One id that it does not know, and
    it refuses the whole card (code 100290)."""
    known = span.kind is SpanKind.PERSON and span.ping and span.person
    return bool(known and USER.fullmatch(known))


def is_link(span: Span) -> bool:
    href = span.href or ""
    return span.kind is SpanKind.LINK and len(href) <= HREF and _ADDRESS.fullmatch(href) is not None


def _beside(span: Span) -> int:
    if is_mention(span):
        return _MENTION
    return _ELEMENT + (length(_address(span.href or "")) if is_link(span) else 0)


FLOW = Flow(length=length, upto=upto, beside=_beside, is_mention=is_mention, element=_ELEMENT)

# --- as Feishu wants it --------------------------------------------------------------------------


def elements(lines: Lines, *, apart: bool = False) -> list[Element]:
    """Neighbours of the same kind are one element; a heading stands apart. `apart`: all of it from what is above."""
    groups = [(kind, list(group)) for kind, group in groupby(lines, _kind)]
    if len(groups) > _MOST:
        groups = [("marked", list(lines))]
    return list(_elements(groups, apart=apart))


def _elements(groups: Sequence[tuple[str, Lines]], *, apart: bool) -> Iterator[Element]:
    for number, (kind, lines) in enumerate(groups):
        stands_apart = kind == "heading" if number else apart
        yield _element(kind, lines) | ({"margin": APART} if stands_apart else {})


def _kind(line: RichText) -> str:
    if is_heading(line):
        return "heading"
    return "plain" if all(_is_bare(span) for span in line) else "marked"


def _is_bare(span: Span) -> bool:
    return not (is_mention(span) or is_link(span) or span.kind is SpanKind.BOLD or span.ping)


def _element(kind: str, lines: Lines) -> Element:
    if kind == "plain":
        said = "\n".join(map(plain, lines))
        return {"tag": "div", "text": {"tag": "plain_text", "content": clean(said)}}
    return markdown("\n".join("".join(_written(line)) for line in lines))


def _written(line: RichText) -> Iterator[str]:
    """Neighbours without a mark are one text: together they may look like something that neither is."""
    begins = True
    for is_bare, spans in groupby((span for span in line if span.text or is_mention(span)), _is_bare):
        if is_bare:
            yield escape(plain(tuple(spans)), begins=begins)
        else:
            yield from map(_marked, spans)
        begins = False


def _marked(span: Span) -> str:
    if is_mention(span):
        return f"<at id={span.person}></at>"
    if is_link(span):
        return f"[{escape(one_line(span.text), begins=False)}]({_address(span.href or '')})"
    return "\n".join(map(bold, span.text.split("\n")))


def bold(text: str) -> str:
    """Blanks and the colon of a label stand outside. Between a sign and a letter Markdown sees no end of bold, so
    that hair spaces keep them apart (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run)."""
    found = _EDGES.match(text)
    assert found  # every text has edges
    before, inner, after = found.groups()
    if not inner:
        return escape(text)
    left = "" if inner[0].isalnum() else _HAIR
    right = "" if inner[-1].isalnum() or after else _HAIR
    return f"{escape(before)}{left}**{escape(inner, begins=False)}**{right}{escape(after, begins=False)}"


def _address(href: str) -> str:
    """An address in which nothing ends the link or is read as an entity."""
    return quote(href, safe="%/:?#@!$&'+,=.-~")
