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
from adapters.plain import clean
from adapters.saying import is_heading
from commands.chat import RichText, Span, SpanKind

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
    found = [_element(kind, list(group)) for kind, group in groupby(lines, _kind)]
    if len(found) > _MOST:
        found = [_element("marked", lines)]
    if found and apart:
        found[0]["margin"] = APART
    return found


def _kind(line: RichText) -> str:
    if is_heading(line):
        return "heading"
    return "plain" if all(_is_bare(span) for span in line) else "marked"


def _is_bare(span: Span) -> bool:
    return not (is_mention(span) or is_link(span) or span.kind is SpanKind.BOLD or span.ping)


def _element(kind: str, lines: Sequence[RichText]) -> Element:
    if kind == "plain":
        said = "\n".join("".join(span.text for span in line) for line in lines)
        return {"tag": "div", "text": {"tag": "plain_text", "content": clean(said)}}
    written = markdown("\n".join("".join(_written(line)) for line in lines))
    return written | ({"margin": APART} if kind == "heading" else {})


def _written(line: RichText) -> Iterator[str]:
    for span in line:
        if is_mention(span):
            yield f"<at id={span.person}></at>"
        elif is_link(span):
            yield f"[{escape(span.text.replace(chr(10), ' '))}]({_address(span.href or '')})"
        elif span.kind is SpanKind.BOLD or span.ping:
            yield "\n".join(bold(part) for part in span.text.split("\n"))
        else:
            yield escape(span.text)


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
    return f"{escape(before)}{left}**{escape(inner)}**{right}{escape(after)}"


def _address(href: str) -> str:
    """An address in which nothing ends the link or is read as an entity."""
    return quote(href, safe="%/:?#@!$&'+,=.-~")
