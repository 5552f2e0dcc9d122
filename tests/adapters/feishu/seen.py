"""What Feishu would say to a card, and what people would read of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from adapters.feishu.text import size
from support.feishu import markup
from support.feishu.cards import check_card
from support.feishu.errors import BadCard

Json = dict[str, Any]
MOST_BYTES = 29_000  # of 30 KB; the address of the message travels with it


def problems(card: Json, *, known: str = "ou_") -> list[str]:
    """Whatever Feishu refuses. Everybody whose id begins like an open_id is known, and so is every picture."""
    card = json.loads(json.dumps(card))
    try:
        check_card(card, person=lambda id: id.startswith(known), image=lambda key: key.startswith("img_"))
    except BadCard as bad:
        return [str(bad)]
    return [f"{size(card)} bytes"] if size(card) > MOST_BYTES else []


def said(card: Json, language: str = "") -> str:
    """Everything that is read in a card, as it is read. (Hair spaces stand around marks.)"""
    return markup.written("interactive", card, language).replace("\u200a", "")


def parts(value: Any) -> Iterator[Json]:
    """Every object of a card."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(one)
    if isinstance(value, dict):
        yield value


def with_tag(card: Json, *tags: str) -> list[Json]:
    return [part for part in parts(card) if part.get("tag") in tags]


def markdown(card: Json) -> str:
    """What is interpreted."""
    return "\n".join(part["content"] for part in with_tag(card, "markdown", "lark_md"))


def pressed(card: Json) -> list[Json]:
    """The values of all buttons."""
    return [button["behaviors"][0]["value"] for button in with_tag(card, "button")]
