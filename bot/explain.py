"""What pydantic found, in words for the person who wrote the file: what is wrong, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.environment import variable
from bot.schema import Spot, keys, spot
from bot.yamlfile import Document, Path, Problem

_EXPECTED = {
    "model_type": "must be a mapping (key: value)",
    "dict_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list ([a, b] or lines that begin with '-')",
    "string_type": "must be one value, not a list or a mapping",
    "int_type": "must be one value, not a list or a mapping",
    "bool_type": "must be one value, not a list or a mapping",
    "path_type": "must be one value, not a list or a mapping",
    "int_parsing": "is not a whole number",
    "bool_parsing": "is not true or false",
    "too_short": "must not be empty",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
}
LONGEST_QUOTE = 60


def problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    """Each finding with its place. What was already refused while reading is not told again."""
    details = error.errors(include_url=False, include_input=True)
    refused = {problem.path for problem in document.problems}
    # A list whose items are all wrong is not short as well.
    refused |= {found["loc"][:-1] for found in details if found["loc"] and isinstance(found["loc"][-1], int)}
    for found in details:
        path: Path = found["loc"]
        if path not in refused:
            unknown = found["type"] == "extra_forbidden"
            place = document.place_of_key(path) if unknown else document.place_of(path)
            yield Problem(place, path, _sentence(found, path))


def quoted(value: object) -> str:
    """A value as it was written, short and without control characters."""
    text = value if isinstance(value, str) else str(value)
    shown = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return '"' + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown) + '"'


def did_you_mean(value: str, known: list[str]) -> str:
    near = get_close_matches(value, known, n=1)
    return f"; did you mean {quoted(near[0])}?" if near else ""


def _sentence(found: ErrorDetails, path: Path) -> str:
    if found["type"] == "extra_forbidden":
        return _unknown_key(path)
    here = spot(path) or Spot(object)
    if found["type"] == "missing":
        return _missing(path, here)
    said = _what_is_wrong(found)
    if here.is_value and not here.is_secret and isinstance(found["input"], str) and not said.startswith("'"):
        said = f"{quoted(found['input'])} {said}"
    return f"{said}; allowed: {here.allowed}" if here.allowed else said


def _what_is_wrong(found: ErrorDetails) -> str:
    if found["type"] in _EXPECTED:
        return _EXPECTED[found["type"]]
    context = found.get("ctx", {})
    if found["type"] == "literal_error":
        return f"is not one of {context['expected']}"
    if found["type"] == "value_error":
        return str(context["error"])
    return "is not allowed"


def _missing(path: Path, here: Spot) -> str:
    if here.is_secret:
        return f"is missing; write it here, or set {variable(path)} or {variable(path)}_FILE"
    return f"is missing; allowed: {here.allowed}" if here.allowed else "is missing"


def _unknown_key(path: Path) -> str:
    """Never with its value: a misspelt key may well hold a secret."""
    here = spot(path[:-1])
    known = list(keys(here.section)) if here is not None and here.section is not None else []
    return f"unknown key{did_you_mean(str(path[-1]), known)}; known here: {', '.join(known)}"
