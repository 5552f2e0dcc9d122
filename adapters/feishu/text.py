"""Text on its way to Feishu: escaped for Markdown, measured, shortened.

In `plain_text` nothing is interpreted. In Markdown what people wrote is escaped as HTML entities, the documented way
(https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-components/content-components/rich-text,
"特殊字符转义"): so no sign of it can begin a mention, a link, a picture, a colour, or any other mark.
"""

from __future__ import annotations

import json
import re

from adapters.plain import clean, cut

_SIGNS = re.compile(r"[&<>*_~`\[\]()#:!\-+/\\|$={}^@]")
_LONGER = re.compile(r"[\x00-\x1f\x7f-\x9f\".]|" + _SIGNS.pattern)
"""Signs that take up to six bytes, escaped for Markdown, for JSON, or for JSON in JSON."""
_LEADING = re.compile(r"(?:^|(?<=\n))[ \t]+")
_INDENTED = re.compile(r"(?<=\n)[ \t]+")
_NUMBERED = re.compile(r"(?m)^(\s*\d+)\.")


def escape(text: str, *, begins: bool = True) -> str:
    """Markdown that shows the text as it is. Blanks before a line would make code of it, a number a list. `begins`:
    a line does so with this text."""
    blanks = _LEADING if begins else _INDENTED
    text = blanks.sub(lambda found: "\u00a0" * len(found[0]), clean(text))
    text = _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)
    return _NUMBERED.sub(r"\1&#46;", text)


def size(value: object) -> int:
    """Bytes of a JSON value as it travels: within the JSON string that is a message's content."""
    content = json.dumps(value, ensure_ascii=False)
    return len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2


def length(text: str) -> int:
    """Bytes that a text takes as it travels, at most, in Markdown or plain."""
    blanks = sum(map(len, _LEADING.findall(text)))
    return len(text.encode("utf-8", "surrogatepass")) + 5 * len(_LONGER.findall(text)) + blanks


def upto(text: str, room: int) -> str:
    """As much of the beginning as has room, ending with a whole letter or emoji."""
    if length(text) <= room:
        return text
    fits, over = 0, min(len(text), room + 1)
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if length(text[:middle]) <= room else (fits, middle)
    return cut(f"{text}…", fits + 1)[:-1]
