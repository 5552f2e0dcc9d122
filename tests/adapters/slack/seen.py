"""What Slack would say to a payload, and what people would read of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from support.slack.blocks import (
    ALL_TEXT,
    VIEW_BYTES,
    length_of_text,
    problems_of_message,
    problems_of_view,
    size_of_view,
)

Json = dict[str, Any]
ENTITY = re.compile("&(amp|lt|gt);")


def problems(payload: Json) -> list[str]:
    """Whatever Slack refuses: of a message, a modal or a home tab. Signs outside the basic plane count as two."""
    payload = json.loads(re.sub("[\U00010000-\U0010ffff]", "??", json.dumps(payload, ensure_ascii=False)))
    if "type" in payload:
        found = problems_of_view(payload, payload["type"])
        return found + (["view_too_large"] if size_of_view(payload) > VIEW_BYTES else [])
    found = problems_of_message(payload["blocks"])
    found += ["msg_blocks_too_long"] if length_of_text(payload["blocks"]) > ALL_TEXT else []
    return found + text_problems(payload["text"])


def text_problems(text: str) -> list[str]:
    found = [] if 0 < len(text) <= 3_000 else [f"{len(text)} characters of text"]
    return found + (["markup in the text"] if re.search("[<>&]", ENTITY.sub("", text)) else [])


def parts(value: Any) -> Iterator[Json]:
    """Every object of a payload."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(one)
    if isinstance(value, dict):
        yield value


def of_type(payload: Json, kind: str) -> list[Json]:
    return [part for part in parts(payload) if part.get("type") == kind]


def rich(payload: Json) -> str:
    """The words of all rich text, in their order. (Mentions have none.)"""
    sections = [e for b in payload["blocks"] if b["type"] == "rich_text" for s in b["elements"] for e in s["elements"]]
    return "".join(element.get("text", "") for element in sections)


def buttons(payload: Json) -> dict[str, Json]:
    """By action id."""
    return {part["action_id"]: part for part in of_type(payload, "button")}
