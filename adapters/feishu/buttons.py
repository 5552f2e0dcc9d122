"""Buttons of a card: those that fit, and the others as the command to type. None is dropped.

https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-components/interactive-components/button
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adapters.feishu import values
from adapters.feishu.elements import Element, button
from adapters.feishu.limits import BUTTONS, BUTTONS_BYTES
from adapters.feishu.text import size
from commands.chat import Button


class Offer(NamedTuple):
    """`elements` can be pressed, `typed` has to be typed."""

    elements: list[Element]
    typed: list[Button]


def offer(buttons: Sequence[Button], *, question: str = "") -> Offer:
    """What can be pressed now. A button that would be too much gives way, with those behind it. `question`: the title
    of the card, where they answer one."""
    elements: list[Element] = []
    typed: list[Button] = []
    room = BUTTONS_BYTES
    for each in (each for each in buttons if each.enabled):
        element = button(each.label, values.act(each.id, question=question), style=each.style, asked=each.confirm)
        room -= size(element)
        if room < 0 or len(elements) >= BUTTONS or not each.id:
            typed.append(each)
        else:
            elements.append(element)
    return Offer(elements, typed)
