"""Lines of rich text: what a card says, measured, shortened, divided, and written as `rich_text`.

Everything is an element of its own (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): text elements
are never parsed, so what people wrote stays what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adapters.plain import clean, label_before
from adapters.slack.blocks import Block
from adapters.slack.limits import HREF, PORTION
from adapters.slack.text import length, upto
from commands.chat import Fact, RichText, Span, SpanKind

Lines = Sequence[RichText]

_USER = re.compile(r"[UW][A-Z0-9]{1,40}")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|\"]+", re.IGNORECASE)
_GOOD_PLACE = re.compile(r"\n|(?<=[。！？；，])|(?<=[.!?;,]) | ")
_LEAST = 60
"""Of a line that is cut, less than this is not worth showing."""
_NO_LETTER = 200
"""Longer than any letter or emoji with all that is joined to it; marks without end may be cut anywhere."""
_ELEMENT = 16
"""What an element weighs beside its words, so that thousands of small ones have an end too."""

# --- lines ---------------------------------------------------------------------------------------


def body_lines(body: Sequence[RichText]) -> list[RichText]:
    """Cleaned; empty ones are left out."""
    cleaned = (tuple(span._replace(text=clean(span.text)) for span in line) for line in body)
    return [line for line in cleaned if any(span.text.strip() for span in line)]


def fact_lines(facts: Sequence[Fact]) -> list[RichText]:
    """`label: value` each. Further lines of a value are indented, so that none passes for a fact of its own."""
    return [(Span(label_before(fact.label), SpanKind.BOLD), *map(_indented, fact.value)) for fact in facts]


def _indented(span: Span) -> Span:
    return span._replace(text=clean(span.text).replace("\n", "\n\u2003"))


def weight(lines: Lines) -> int:
    return sum(_weight(span) for line in lines for span in line)


def _weight(span: Span) -> int:
    if is_mention(span):
        return 2 * _ELEMENT  # Slack shows the name it knows
    return length(span.text) + _beside(span)


def _beside(span: Span) -> int:
    return _ELEMENT + (len(span.href or "") if is_link(span) else 0)


# --- shorter, or in parts ------------------------------------------------------------------------


def shortened(lines: Lines, room: int) -> list[RichText]:
    """What fits, and "…" where something is missing."""
    if weight(lines) <= room:
        return list(lines)
    kept, rest = _first(lines, room - _ELEMENT - 2)
    if not rest:
        return kept
    if kept and _is_inside(lines, kept):
        return [*kept[:-1], (*kept[-1], Span("…"))]
    return [*kept, (Span("…"),)]


def _is_inside(lines: Lines, kept: Lines) -> bool:
    """Whether the last line that is kept was cut in the middle."""
    return kept[-1] != lines[len(kept) - 1]


def portions(lines: Lines, room: int = PORTION) -> Iterator[list[RichText]]:
    """All of it, in parts that fit into a block each."""
    rest = list(lines)
    while rest:
        portion, rest = _first(rest, room)
        yield portion


def _first(lines: Lines, room: int) -> tuple[list[RichText], list[RichText]]:
    """The lines that fit, the last of them cut where that is worth it; and the rest. Never nothing."""
    kept: list[RichText] = []
    for at, line in enumerate(lines):
        if (heavy := weight([line])) <= room:
            kept.append(line)
            room -= heavy
            continue
        if kept and room < _LEAST + _ELEMENT:
            return kept, list(lines[at:])
        head, tail = _split(line, room)
        return [*kept, *([head] if head else [])], [tail, *lines[at + 1 :]]
    return kept, []


def _split(line: RichText, room: int) -> tuple[RichText, RichText]:
    head: list[Span] = []
    for at, span in enumerate(line):
        if _weight(span) > room:
            text = _head_of(span, room)
            front = (*head, span._replace(text=text)) if text else tuple(head)
            return front, (span._replace(text=span.text[len(text) :]), *line[at + 1 :])
        head.append(span)
        room -= _weight(span)
    return line, ()


def _head_of(span: Span, room: int) -> str:
    """A mention stays whole; other words end behind a line, a sentence or a word, if there is one in reach."""
    room -= _beside(span)
    if room <= 0 or is_mention(span):
        return ""
    text = upto(span.text, room)
    if not text and room > _NO_LETTER:
        return span.text[: room // 2]
    reach = len(text) - len(text) // 4
    places = [place.end() for place in _GOOD_PLACE.finditer(text, reach)]
    return text[: places[-1]] if places else text


# --- as Slack wants it ---------------------------------------------------------------------------


def rich_text(lines: Lines) -> Block:
    """One block. A heading (a line that is bold as a whole) stands apart from what is above it."""
    spans: list[Span] = []
    for at, line in enumerate(lines):
        if at:
            spans.append(Span("\n\n" if _is_heading(line) and not _is_heading(lines[at - 1]) else "\n"))
        spans += line
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(_elements(spans))}]}


def _is_heading(line: RichText) -> bool:
    return all(span.kind is SpanKind.BOLD for span in line)


def _elements(spans: Sequence[Span]) -> Iterator[Block]:
    """Neighbours of the same kind are one."""
    words = ""
    for span in spans:
        if _is_bare(span):
            words += span.text
            continue
        if words:
            yield {"type": "text", "text": words}
        words = ""
        if element := _element(span):
            yield element
    if words:
        yield {"type": "text", "text": words}


def _is_bare(span: Span) -> bool:
    return not (is_mention(span) or is_link(span) or span.kind is SpanKind.BOLD or span.ping)


def _element(span: Span) -> Block | None:
    if is_mention(span):
        return {"type": "user", "user_id": span.person}
    if not span.text:
        return None
    if is_link(span):
        return {"type": "link", "url": span.href, "text": span.text}
    return {"type": "text", "text": span.text, "style": {"bold": True}}


def is_mention(span: Span) -> bool:
    """Whether it tells the person: only where that is meant, and Slack knows them."""
    known = span.kind is SpanKind.PERSON and span.ping and span.person
    return bool(known and _USER.fullmatch(known))


def is_link(span: Span) -> bool:
    href = span.href or ""
    return span.kind is SpanKind.LINK and len(href) <= HREF and _ADDRESS.fullmatch(href) is not None
