"""What a card says: its elements, what people read of it, whom it calls, where it leads."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_AT = re.compile(
    r"<at\s[^>]*?\b(?:user_)?(?:id|email|ids)\s*=\s*[\"']?([^\"'\s>/]+)[^>]*>(?:[^<]*</at>)?", re.IGNORECASE
)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]*)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]*)\)")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_MARKS = re.compile(r"\*\*|__|~~|(?m:^#{1,6} )")


def within(elements: list[Json], above: list[Json]) -> Iterator[tuple[Json, list[Json]]]:
    """Elements and all below them, each with those around it, the outermost first."""
    for one in elements:
        yield one, above
        yield from within([*one.get("elements", []), *one.get("columns", [])], [*above, one])


def elements(card: Json) -> Iterator[tuple[Json, list[Json]]]:
    yield from within(card["body"]["elements"], [])


def buttons(card: Json) -> list[Json]:
    return [one for one, _ in elements(card) if one["tag"] == "button"] if "body" in card else []


def label(button: Json) -> str:
    return str(button["text"]["content"])


def labels(button: Json) -> set[str]:
    """What stands on a button, in every language."""
    return {label(button), *button["text"].get("i18n_content", {}).values()}


def dumped(value: Any) -> str:
    """As it travels."""
    return json.dumps(value, ensure_ascii=False)


def texts(card: Json) -> Iterator[Json]:
    """Text objects and markdown in reading order, and what is filled in, without what stands on buttons."""
    header = card.get("header", {})
    yield from (header[key] for key in ("title", "subtitle") if key in header)
    yield from (tag["text"] for tag in header.get("text_tag_list", []))
    for one, _ in elements(card):
        if one["tag"] == "markdown":
            yield one
        elif one["tag"] == "div":
            yield one["text"]
        elif one["tag"] == "collapsible_panel":
            yield one["header"]["title"]
        if "label" in one:
            yield one["label"]
        if "default_value" in one or "initial_datetime" in one:
            yield {"tag": "plain_text", "content": one.get("default_value") or one["initial_datetime"]}


def written(kind: str, content: Json, language: str = "") -> str:
    """Everything that is read, a line for each text; for a picture its alternative text."""
    if kind == "text":
        return str(content["text"])
    if kind == "post":
        return "\n".join("".join(str(part.get("text", "")) for part in line) for line in _lines(content))
    lines = [_as_read(one, language) for one in texts(content)]
    lines += [str(one["alt"]["content"]) for one, _ in elements(content) if one["tag"] == "img"]
    return "\n".join(lines)


def _as_read(text: Json, language: str) -> str:
    words = str(text.get("i18n_content", {}).get(language, text["content"]))
    if text["tag"] == "plain_text":
        return words
    words = _LINK.sub(r"\1", _PICTURE.sub("", _AT.sub(r"@\1", words)))
    return html.unescape(_MARKS.sub("", _TAG.sub("", words))).replace("\xa0", " ")


def _interpreted(card: Json) -> Iterator[str]:
    """The texts of a card in which markup means something, in every language."""
    for value in _everything(card):
        if value.get("tag") in {"markdown", "lark_md"}:
            yield from [str(value["content"]), *value.get("i18n_content", {}).values()]


def people(card: Json) -> list[str]:
    """Everybody whom a card names by id, in mentions and in what is offered."""
    named = [id for text in _interpreted(card) for id in _ids(text)]
    for one, _ in elements(card):
        if "person" in one["tag"]:
            named += [option["value"] for option in one.get("options", [])]
            named += [one["initial_option"]] if "initial_option" in one else one.get("selected_values", [])
    return named


def mentions(kind: str, content: Json) -> list[str]:
    if kind == "post":
        return [str(part["user_id"]) for line in _lines(content) for part in line if part.get("tag") == "at"]
    if kind == "text":
        return _ids(str(content["text"]))
    return list(dict.fromkeys(id for text in _interpreted(content) for id in _ids(text)))


def pictures(card: Json) -> list[str]:
    keys = [one["img_key"] for one, _ in elements(card) if one["tag"] == "img"]
    return keys + [key for text in _interpreted(card) for key in _PICTURE.findall(text)]


def links(kind: str, content: Json) -> list[str]:
    if kind != "interactive":
        return [str(part["href"]) for line in _lines(content) for part in line if "href" in part]
    found = [url for text in _interpreted(content) for _, url in _LINK.findall(text)]
    behaviors = [one for value in _everything(content) for one in value.get("behaviors", [])]
    return found + [one["default_url"] for one in behaviors if "default_url" in one]


def _ids(text: str) -> list[str]:
    return [id for found in _AT.findall(text) for id in found.split(",")]


def _lines(content: Json) -> list[list[Json]]:
    """Of a post; of anything else none."""
    inner = content if "content" in content else next((one for one in content.values() if isinstance(one, dict)), {})
    lines = inner.get("content", [])
    return lines if isinstance(lines, list) else []


def _everything(value: Any) -> Iterator[Json]:
    """Every object of a card but the values of its callbacks."""
    if isinstance(value, dict):
        yield value
        for key, one in value.items():
            if key != "value":
                yield from _everything(one)
    elif isinstance(value, list):
        for one in value:
            yield from _everything(one)
