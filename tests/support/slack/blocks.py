"""Blocks and views: which keys they have, how long and how many.

Sources: docs.slack.dev/reference/block-kit/blocks and /reference/views. A block type that is not in these tables is
refused: whoever begins to use one adds it here with its limits.
"""

from __future__ import annotations

import json
from typing import Any

from .elements import ACCESSORY, ACTIONS, FLAG, ID, IMAGE, INPUT, PICTURE, kind_of, one_source, plain, text
from .markup import elements
from .shapes import Check, also, by_type, many, number, one_of, pattern, record, string

VIEW_BYTES = 250 * 1024
ALL_TEXT = 13_200  # undocumented: about here a message is refused with msg_blocks_too_long (bolt-js #2509)

# --- rich text --------------------------------------------------------------------------------------

_STYLE = {"style": record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), FLAG))}
_INLINE = by_type(
    {
        "text": record(kind_of("text") | {"text": string(100_000, least=1)}, _STYLE),
        "link": record(
            kind_of("link") | {"url": string(3000, least=1)}, _STYLE | {"text": string(100_000), "unsafe": FLAG}
        ),
        "user": record(kind_of("user") | {"user_id": pattern("[UW][A-Z0-9]+")}, _STYLE),
        "channel": record(kind_of("channel") | {"channel_id": pattern("[CDG][A-Z0-9]+")}, _STYLE),
        "emoji": record(kind_of("emoji") | {"name": string(100, least=1)}, {"unicode": string(100)} | _STYLE),
        "broadcast": record(kind_of("broadcast") | {"range": one_of("here", "channel", "everyone")}),
        "date": record(
            kind_of("date") | {"timestamp": number(0, 9_999_999_999), "format": string(200, least=1)},
            {"url": string(3000), "fallback": string(3000)} | _STYLE,
        ),
    }
)
_WORDS = {"elements": many(_INLINE, 0, 10_000)}
_SECTION_OF_TEXT = record(kind_of("rich_text_section") | _WORDS)
_BORDER = {"border": number(0, 1)}
_RICH = by_type(
    {
        "rich_text_section": _SECTION_OF_TEXT,
        "rich_text_list": record(
            kind_of("rich_text_list")
            | {"style": one_of("bullet", "ordered"), "elements": many(_SECTION_OF_TEXT, 1, 10_000)},
            _BORDER | {"indent": number(0, 8), "offset": number(0, 10_000)},
        ),
        "rich_text_quote": record(kind_of("rich_text_quote") | _WORDS, _BORDER),
        "rich_text_preformatted": record(kind_of("rich_text_preformatted") | _WORDS, _BORDER),
    }
)

# --- blocks -----------------------------------------------------------------------------------------


def _says_something(section: Any, at: str, found: list[str]) -> None:
    if "text" not in section and "fields" not in section:
        found.append(f"missing required field: text [json-pointer:{at}]")


def _unique_actions(block: Any, at: str, found: list[str]) -> None:
    names = [element["action_id"] for element in elements([block]) if "action_id" in element]
    found.extend(f"`action_id` {name} already exists [json-pointer:{at}]" for name in _twice(names))


_BLOCK = {"block_id": ID}
_BLOCKS: dict[str, Check] = {
    "section": also(
        record(
            kind_of("section"),
            _BLOCK | {"text": text(3000), "fields": many(text(2000), 1, 10)} | {"accessory": ACCESSORY, "expand": FLAG},
        ),
        _says_something,
    ),
    "header": record(kind_of("header") | {"text": plain(150)}, _BLOCK),
    "divider": record(kind_of("divider"), _BLOCK),
    "context": record(
        kind_of("context")
        | {
            "elements": many(
                by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": text(3000)}),
                1,
                10,
            )
        },
        _BLOCK,
    ),
    "actions": also(record(kind_of("actions") | {"elements": many(ACTIONS, 1, 25)}, _BLOCK), _unique_actions),
    "image": also(
        record(
            kind_of("image") | {"alt_text": string(2000, least=1)},
            _BLOCK | PICTURE | {"title": plain(2000)},
        ),
        one_source,
    ),
    "input": record(
        kind_of("input") | {"label": plain(2000), "element": INPUT},
        _BLOCK | {"hint": plain(2000), "optional": FLAG, "dispatch_action": FLAG},
    ),
    "rich_text": record(kind_of("rich_text") | {"elements": many(_RICH, 1, 10_000)}, _BLOCK),
}
_ANY_BLOCK = by_type(_BLOCKS)


def _unique_blocks(blocks: Any, at: str, found: list[str]) -> None:
    names = [block["block_id"] for block in blocks if "block_id" in block]
    found.extend(f"`block_id` {name} already exists [json-pointer:{at}]" for name in _twice(names))


def _one_focus(blocks: Any, at: str, found: list[str]) -> None:
    if sum(bool(element.get("focus_on_load")) for element in elements(blocks)) > 1:
        found.append(f"only one element may have focus_on_load [json-pointer:{at}]")


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


_MESSAGE_BLOCKS = also(many(_ANY_BLOCK, 0, 50), _unique_blocks, _one_focus)
_VIEW_BLOCKS = also(many(_ANY_BLOCK, 1, 100), _unique_blocks, _one_focus)

# --- views ------------------------------------------------------------------------------------------

_VIEW = {"callback_id": string(255), "external_id": string(255), "private_metadata": string(3000)}


def _can_be_sent(view: Any, at: str, found: list[str]) -> None:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        found.append(f"missing required field: submit (there are input blocks) [json-pointer:{at}]")


_SURFACES = {
    "modal": also(
        record(
            kind_of("modal") | {"title": plain(24), "blocks": _VIEW_BLOCKS},
            _VIEW
            | {"submit": plain(24), "close": plain(24)}
            | dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), FLAG),
        ),
        _can_be_sent,
    ),
    "home": record(kind_of("home") | {"blocks": many(_ANY_BLOCK, 0, 100)}, _VIEW),
}

# --- what the rest of the fake asks ----------------------------------------------------------------


def problems_of_message(blocks: Any) -> list[str]:
    found: list[str] = []
    _MESSAGE_BLOCKS(blocks, "/blocks", found)
    return found


def problems_of_view(view: Any, kind: str) -> list[str]:
    found: list[str] = []
    by_type({kind: _SURFACES[kind]})(view, "/view", found)
    return found


def size_of_view(view: dict[str, Any]) -> int:
    """In bytes as the SDK sends it: `json.dumps` writes six for a Chinese sign."""
    return len(json.dumps(view))


def length_of_text(value: Any) -> int:
    """All characters that a message's blocks show."""
    if isinstance(value, list):
        return sum(length_of_text(one) for one in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(length_of_text(one) for one in value.values())
    return 0
