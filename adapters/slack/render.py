# mypy: ignore-errors

"""stub"""

from typing import Any

from adapters.plain import card_text
from adapters.slack.text import escape


def _blocks(card):
    t = card_text(card)
    out = [
        {"type": "header", "text": {"type": "plain_text", "text": card.title[:150] or "-", "emoji": False}},
        {"type": "section", "text": {"type": "plain_text", "text": t[:2900], "emoji": False}},
    ]
    els = []
    for n, b in enumerate(card.buttons):
        e = {
            "type": "button",
            "action_id": f"act:{n}",
            "value": b.id,
            "text": {"type": "plain_text", "text": b.label[:75], "emoji": False},
        }
        if b.style in ("primary", "danger"):
            e["style"] = b.style
        els.append(e)
    if els:
        out.append({"type": "actions", "elements": els[:25]})
    return out


def message(card: Any, words: Any, *, picture: Any = None) -> dict[str, Any]:
    return {"text": escape(card_text(card))[:3000], "blocks": _blocks(card)}


def pages(card: Any, words: Any, *, picture: Any = None) -> list[dict[str, Any]]:
    return [message(card, words)]


def home(card: Any, words: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": _blocks(card)}


def reading(card: Any, words: Any, page: int) -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": _blocks(card)}
