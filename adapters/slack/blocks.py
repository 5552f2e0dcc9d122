"""The small pieces of Block Kit (https://docs.slack.dev/reference/block-kit). All text is `plain_text` without emoji
names: nothing in it is read as markup, a mention or an emoji, by construction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.plain import clean, one_line
from adapters.saying import NOTHING
from adapters.slack.limits import ALT, CONTEXT, HEADER, ROW, SECTION
from adapters.slack.text import shorten, upto

Block = dict[str, Any]  # Any: JSON, as Slack's documents describe it
Payload = dict[str, Any]
"""A message: `text` and `blocks`."""
View = dict[str, Any]
"""A modal or a home tab."""


def plain_text(text: str, limit: int, *, lines: bool = False) -> Block:
    """On one line, unless it may have several."""
    said = clean(text).strip() if lines else one_line(text)
    return {"type": "plain_text", "text": shorten(said, limit) or NOTHING, "emoji": False}


def header(title: str) -> Block:
    return {"type": "header", "text": plain_text(title, HEADER)}


def context(text: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [plain_text(text, CONTEXT, lines=True)]}


def sections(text: str) -> Iterator[Block]:
    """A plain text of any length."""
    rest = clean(text).strip() or NOTHING
    while rest:
        part = upto(rest, SECTION) or rest[:SECTION]
        yield {"type": "section", "text": plain_text(part, SECTION, lines=True)}
        rest = rest[len(part) :].strip()


def image(file: str, alt: str) -> Block:
    """A picture by its file id, with the words that replace it."""
    words = shorten(one_line(alt), ALT) or NOTHING
    return {"type": "image", "slack_file": {"id": file}, "alt_text": words}


def rows(elements: list[Block]) -> list[Block]:
    """Elements that can be pressed, in rows of about the same length."""
    width = -(-len(elements) // -(-len(elements) // ROW)) if elements else ROW
    return [{"type": "actions", "elements": elements[at : at + width]} for at in range(0, len(elements), width)]
