"""From what somebody typed to a verb with typed values, or to help, or to a refusal; never an exception."""

from __future__ import annotations

from commands.chat import Say
from commands.errors import Refused
from commands.filling import Filling
from commands.keyed import read_keys
from commands.line import Line
from commands.loose import read_loose
from commands.registry import Verb
from commands.route import find_verb
from commands.tokens import tokenize
from commands.typed import Call, Help, Setting

__all__ = ["Call", "Help", "Setting", "read"]

OPEN_QUOTE = "typing.open_quote"


def read(say: Say, setting: Setting) -> Call | Help | Refused:
    """What was meant. A refusal is returned, not raised: the words were not understood, nothing was forbidden."""
    if "\0" in say.text:
        return Refused("text.nul")
    scan = tokenize(say.text, setting.names.longest)
    line = Line(scan)
    route = find_verb(line, setting, say.command)
    if not isinstance(route, Verb):
        return route
    filling = Filling(line, route, setting)
    if no := read_keys(filling) or read_loose(filling):
        return no
    warnings = (OPEN_QUOTE,) if scan.open_quote else ()
    return Call(route, filling.values, filling.problems, filling.raw, warnings)
