"""A text that is longer than an input takes: in several inputs, and one again.

A client may trim what is typed, so that a line's end between two inputs stands in the name of the second: `content`,
`content__2` (a new line), `content__3x` (the line goes on).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from adapters.feishu.limits import INPUT
from adapters.plain import cut

MARK = "__"
_NAME = re.compile(r"(.+)__([0-9]{1,3})(x?)", re.DOTALL)
_FULL = INPUT * 3 // 4
"""Behind an input that is so full comes another one, for what is still to be said."""


def divided(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The inputs by name, with what each holds. Divided between lines where a line ends in reach."""
    number, mark = 1, ""
    while len(text) > INPUT:
        part = cut(text, INPUT)[:-1] or text[:INPUT]
        line_end = part.rfind("\n")
        goes_on = line_end < INPUT // 2
        yield name + mark, part if goes_on else part[:line_end]
        text = text[len(part) :] if goes_on else text[line_end + 1 :]
        number += 1
        mark = f"{MARK}{number}x" if goes_on else f"{MARK}{number}"
    yield name + mark, text
    if len(text) > _FULL:
        yield f"{name}{MARK}{number + 1}", ""


def joined(parts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The texts by the name of their field. JSON keeps no order."""
    found: dict[str, str] = {}
    for name, _, goes_on, text in sorted((*_read(name), text) for name, text in parts):
        between = "" if goes_on or name not in found else "\n"
        found[name] = found.get(name, "") + between + text
    return found


def _read(name: str) -> tuple[str, int, bool]:
    """Field, number, and whether it goes on with the line before it."""
    read = _NAME.fullmatch(name)
    return (read[1], int(read[2]), read[3] == "x") if read else (name, 1, False)
