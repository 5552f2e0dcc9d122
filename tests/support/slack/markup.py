"""Reading messages as Slack's clients do: who is pinged, what can be pressed, what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_MENTION = re.compile(r"<(!(?:channel|here|everyone)|[@][UW][A-Z0-9]+|!subteam\^[A-Z0-9]+)[^>]*>")
_PARSED = {"mrkdwn", "markdown"}


def mentions(message: dict[str, Any]) -> list[str]:
    """Who would be notified: `@U…`, `!channel`, … in the text, in mrkdwn objects and in rich text."""
    return sorted({*_MENTION.findall(message.get("text") or ""), *_mentions_in(message.get("blocks"))})


def _mentions_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _mentions_in(one)
    elif isinstance(value, dict):
        if value.get("type") in _PARSED:
            yield from _MENTION.findall(str(value.get("text")))
        elif value.get("type") == "user":
            yield f"@{value['user_id']}"
        elif value.get("type") == "broadcast":
            yield f"!{value['range']}"
        for one in value.values():
            yield from _mentions_in(one)


def written(message: dict[str, Any]) -> str:
    """Text and blocks as one string to look for words in."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


def elements(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything a person can press, choose or fill in."""
    return [element for _, element in controls(blocks)]


def controls(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each such element with its block."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        for place in ("accessory", "element"):
            if isinstance(block.get(place), dict) and block[place]["type"] != "image":
                yield block, block[place]


def inputs(blocks: list[dict[str, Any]]) -> set[str]:
    """The ids of the input blocks."""
    return {block["block_id"] for block in blocks if block["type"] == "input"}


def pictures(blocks: list[dict[str, Any]]) -> list[str]:
    """The ids of the uploaded files that blocks show."""
    places = [part for block in blocks for part in (block, block.get("accessory"), *block.get("elements", []))]
    return [part["slack_file"]["id"] for part in places if isinstance(part, dict) and "slack_file" in part]
