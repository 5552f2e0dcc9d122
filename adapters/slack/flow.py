"""Lines of rich text as Slack measures them, and written as `rich_text`.

Everything is an element of its own (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): text elements
are never parsed, so what people wrote stays what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adapters.flow import Flow, Lines
from adapters.saying import is_heading
from adapters.slack.blocks import Block
from adapters.slack.limits import HREF, PORTION
from adapters.slack.text import length, upto
from commands.chat import RichText, Span, SpanKind

_USER = re.compile(r"[UW][A-Z0-9]{1,40}")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>|\"]+", re.IGNORECASE)
_ELEMENT = 16
"""What an element weighs beside its words, so that thousands of small ones have an end too."""

# --- measured ------------------------------------------------------------------------------------


def is_mention(span: Span) -> bool:
    """Whether it tells the person: only where that is meant, and Slack knows them."""
    known = span.kind is SpanKind.PERSON and span.ping and span.person
    return bool(known and _USER.fullmatch(known))


def is_link(span: Span) -> bool:
    href = span.href or ""
    return span.kind is SpanKind.LINK and len(href) <= HREF and _ADDRESS.fullmatch(href) is not None


def _beside(span: Span) -> int:
    if is_mention(span):
        return 2 * _ELEMENT  # Slack shows the name it knows
    return _ELEMENT + (len(span.href or "") if is_link(span) else 0)


FLOW = Flow(length=length, upto=upto, beside=_beside, is_mention=is_mention, element=_ELEMENT)


def portions(lines: Lines) -> Iterator[list[RichText]]:
    """All of it, in parts that fit into a block each."""
    return FLOW.portions(lines, PORTION)


# --- as Slack wants it ---------------------------------------------------------------------------


def rich_text(lines: Lines) -> Block:
    """One block. A heading (a line that is bold as a whole) stands apart from what is above it."""
    spans: list[Span] = []
    for at, line in enumerate(lines):
        if at:
            spans.append(Span("\n\n" if is_heading(line) and not is_heading(lines[at - 1]) else "\n"))
        spans += line
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(_elements(spans))}]}


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
