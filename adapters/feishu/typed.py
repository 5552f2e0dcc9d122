"""What people typed, out of Feishu's messages: plain words, people as `<@open_id>`, without the bot's own mention.

https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content: in a text, `@_user_1`
stands for the mention with this key, anywhere; a post (rich text) has lines of pieces, and the same keys in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.plain import clean

_BLANKS = re.compile("[\u00a0\u2007\u202f\u3000]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_EVERYBODY = "@_all"


def typed(kind: str, content: str, mentions: Sequence[Any], *, bot: str, bot_name: str = "") -> str:
    """The words of a message of this `message_type`, "" where it has none (a picture). `bot` is our own open_id."""
    text = _words(kind, _object(content))
    text = _named(text, {str(each.get("key")): _mentioned(each, bot) for each in mentions if isinstance(each, Mapping)})
    text = clean(_INVISIBLE.sub("", _BLANKS.sub(" ", text))).strip()
    for addressed in (_EVERYBODY, f"@{bot_name}"):
        if addressed != "@" and re.match(rf"{re.escape(addressed)}(?!\w)", text):
            text = text.removeprefix(addressed).lstrip()
    return f"/{text[1:]}" if text.startswith("／") else text


def is_mentioned(bot: str, mentions: Sequence[Any]) -> bool:
    """Whether the bot itself is among the mentions of a message."""
    return any(isinstance(each, Mapping) and _open_id(each) == bot for each in mentions)


def _words(kind: str, content: Mapping[str, Any]) -> str:
    match kind:
        case "text":
            return str(content.get("text") or "")
        case "post":
            return "\n".join(_post(content)).strip("\n")
        case _:
            return ""


def _post(content: Mapping[str, Any]) -> Iterator[str]:
    """Its title, then its lines. It may lie under the name of a language."""
    if "content" not in content:
        content = next((each for each in content.values() if isinstance(each, Mapping)), {})
    if title := content.get("title"):
        yield str(title)
    lines = content.get("content")
    for line in lines if isinstance(lines, list) else ():
        yield "".join(_piece(each) for each in line if isinstance(each, Mapping)) if isinstance(line, list) else ""


def _piece(piece: Mapping[str, Any]) -> str:
    text, href = str(piece.get("text") or ""), str(piece.get("href") or "")
    match piece.get("tag"):
        case "at":
            who = str(piece.get("user_id") or "")
            return f"<@{who}>" if who.startswith("ou_") else who
        case "a" if href and href != text:
            return f"{text} ({href})" if text else href
        case _:
            return text


def _named(text: str, people: Mapping[str, str]) -> str:
    """Keys become people; the longest first, as `@_user_1` is the beginning of `@_user_12`."""
    keys = sorted((key for key in people if len(key) > 1), key=len, reverse=True)
    if not keys:
        return text
    return re.sub("|".join(map(re.escape, keys)), lambda key: people[key[0]], text)


def _mentioned(mention: Mapping[str, Any], bot: str) -> str:
    id = _open_id(mention)
    if id == bot or mention.get("key") == _EVERYBODY:
        return "" if id == bot else _EVERYBODY
    return f"<@{id}>" if id and mention.get("mentioned_type") != "bot" else f"@{mention.get('name') or ''}"


def _open_id(mention: Mapping[str, Any]) -> str:
    ids = mention.get("id")
    found = ids.get("open_id") if isinstance(ids, Mapping) else ids
    return found if isinstance(found, str) else ""


def _object(content: str) -> Mapping[str, Any]:
    """Empty for what is no JSON object."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
