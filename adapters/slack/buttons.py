"""Buttons of a card: those that fit, and the others as the command to type. None is dropped.

https://docs.slack.dev/reference/block-kit/block-elements/button-element/ and
https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adapters.plain import one_line
from adapters.slack.blocks import Block, plain_text
from adapters.slack.limits import (
    BUTTON,
    BUTTON_VALUE,
    BUTTONS,
    BUTTONS_ROOM,
    CONFIRM_BUTTON,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
)
from adapters.slack.text import length
from commands.chat import Button, Confirm


class Offer(NamedTuple):
    """`elements` can be pressed, `typed` has to be typed."""

    elements: list[Block]
    typed: list[Button]


def offer(buttons: Sequence[Button]) -> Offer:
    """What can be pressed now. A button that would be too much gives way, with those behind it."""
    elements: list[Block] = []
    typed: list[Button] = []
    room = BUTTONS_ROOM
    for button in (button for button in buttons if button.enabled):
        element = _element(button, f"act:{len(elements)}")
        room -= _words(element)
        if room < 0 or len(elements) >= BUTTONS or not 0 < length(button.id) <= BUTTON_VALUE:
            typed.append(button)
        else:
            elements.append(element)
    return Offer(elements, typed)


def press(action: str, label: str) -> Block:
    """A button of the adapter's own."""
    return {"type": "button", "action_id": action, "text": plain_text(label, BUTTON)}


def _element(button: Button, action: str) -> Block:
    element = press(action, button.label) | {"value": button.id}
    if described := one_line(button.description):
        element["accessibility_label"] = plain_text(described, BUTTON)["text"]
    if button.style in ("primary", "danger"):
        element["style"] = button.style
    if button.confirm:
        element["confirm"] = _question(button.confirm, button)
    return element


def _question(asked: Confirm, button: Button) -> Block:
    question = {
        "title": plain_text(asked.title, CONFIRM_TITLE),
        "text": plain_text(asked.text or asked.title, CONFIRM_TEXT, lines=True),
        "confirm": plain_text(asked.yes, CONFIRM_BUTTON),
        "deny": plain_text(asked.no, CONFIRM_BUTTON),
    }
    return question | ({"style": "danger"} if button.style == "danger" else {})


def _words(element: Block) -> int:
    """All characters that Slack may count as text of the message."""
    return sum(length(text) for text in _texts(element))


def _texts(element: Block) -> Iterator[str]:
    yield element["text"]["text"]
    yield element.get("accessibility_label", "")
    yield from (part["text"] for part in element.get("confirm", {}).values() if isinstance(part, dict))
