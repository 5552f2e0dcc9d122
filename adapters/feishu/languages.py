"""One card in several languages: whoever looks at it sees the words of their own client
(https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/configure-multi-language-content)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.feishu.elements import Payload
from adapters.feishu.limits import CARD_BYTES
from adapters.feishu.text import size

Json = Any  # JSON of a card


LANGUAGES = ("zh-CN", "en")
"""Those that the bot speaks."""


class _Different(Exception):
    """The languages are built differently: a text has a mark in one of them, or more pages."""


def merged(main: Payload, others: Mapping[str, Payload]) -> Payload:
    """`main` with the words of all `others`, by language tag; `main` alone where they are built differently, or where
    all of them together are too long."""
    try:
        found: Payload = _merged(main, {_locale(tag): other for tag, other in others.items()})
    except _Different:
        return main
    return found if size(found) <= CARD_BYTES else main


def _locale(tag: str) -> str:
    """As Feishu writes a language: `zh_cn`, `en_us`."""
    return {"en": "en_us"}.get(tag, tag.lower().replace("-", "_"))


def _merged(main: Json, others: Mapping[str, Json]) -> Json:
    if all(other == main for other in others.values()):
        return main
    if isinstance(main, dict) and all(_is_like(main, other) for other in others.values()):
        return _merged_parts(main, others)
    if isinstance(main, list) and all(isinstance(o, list) and len(o) == len(main) for o in others.values()):
        return [_merged(part, {tag: o[n] for tag, o in others.items()}) for n, part in enumerate(main)]
    raise _Different


def _is_like(main: Payload, other: Json) -> bool:
    return isinstance(other, dict) and other.keys() == main.keys()


def _merged_parts(main: Payload, others: Mapping[str, Payload]) -> Payload:
    found: Payload = {}
    for key, part in main.items():
        theirs = {tag: other[key] for tag, other in others.items()}
        if key == "content" and any(other != part for other in theirs.values()):
            found |= {"content": part, "i18n_content": theirs}
        else:
            found[key] = _merged(part, theirs)
    return found
