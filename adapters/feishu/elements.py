"""The small pieces of a card in JSON 2.0
(https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-structure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.feishu.limits import ALT, BUTTON, CONFIRM, HEADER, SMALL, SUMMARY
from adapters.plain import clean, cut, one_line
from adapters.saying import NOTHING
from commands.chat import Confirm, Tone

Element = dict[str, Any]  # Any: JSON, as Feishu's documents describe it
Payload = dict[str, Any]
"""A card."""

COLOURS = {Tone.INFO: "blue", Tone.SUCCESS: "green", Tone.WARNING: "orange", Tone.DANGER: "red"}
APART = "8px 0px 0px 0px"
"""The margin of what stands apart from what is above it."""


def card(title: str, elements: Sequence[Element], *, tone: Tone = Tone.INFO, summary: str = "") -> Payload:
    """`summary` is what the list of chats and notifications show. Whoever is forwarded a card could press its buttons
    and would be refused: so it is not forwarded. Without a title it looks like any message."""
    header = {"header": {"title": plain_text(title, HEADER), "template": COLOURS[tone]}} if title else {}
    return {
        "schema": "2.0",
        "config": {
            "update_multi": True,
            "enable_forward": False,
            "summary": {"content": cut(one_line(summary or title), SUMMARY) or NOTHING},
        },
        **header,
        "body": {"vertical_spacing": "4px", "elements": list(elements)},
    }


def plain_text(text: str, limit: int, *, lines: bool = False) -> Element:
    """Nothing in it is interpreted. On one line, unless it may have several."""
    said = clean(text).strip() if lines else one_line(text)
    return {"tag": "plain_text", "content": cut(said, limit) or NOTHING}


def prose(text: str, limit: int) -> Element:
    return {"tag": "div", "text": plain_text(text, limit, lines=True)}


def small(text: str, *, colour: str = "grey", limit: int = SMALL) -> Element:
    """A line in small letters."""
    style = {"text_size": "notation", "text_color": colour}
    return {"tag": "div", "text": plain_text(text, limit, lines=True) | style}


def markdown(content: str) -> Element:
    """`content` is escaped by whoever wrote it."""
    return {"tag": "markdown", "content": content}


def image(key: str, alt: str) -> Element:
    """A picture by its key, whole, with the words that replace it."""
    alt_text = plain_text(alt, ALT)
    return {"tag": "img", "img_key": key, "alt": alt_text, "scale_type": "fit_horizontal", "margin": APART}


def button(label: str, value: Mapping[str, Any], *, style: str = "default", asked: Confirm | None = None) -> Element:
    """`style` as in `Button.style`."""
    found: Element = {
        "tag": "button",
        "text": plain_text(label, BUTTON),
        "type": {"primary": "primary_filled", "danger": "danger"}.get(style, "default"),
        "behaviors": [{"type": "callback", "value": dict(value)}],
    }
    if asked:
        question = {
            "title": plain_text(asked.title, BUTTON),
            "text": plain_text(asked.text or asked.title, CONFIRM, lines=True),
        }
        found["confirm"] = question
    return found


def row(buttons: Sequence[Element]) -> list[Element]:
    """Buttons beside each other, in as many lines as the screen needs."""
    columns = [{"tag": "column", "width": "auto", "elements": [each]} for each in buttons]
    flow = {"tag": "column_set", "flex_mode": "flow", "horizontal_spacing": "8px", "margin": APART, "columns": columns}
    return [flow] if buttons else []
