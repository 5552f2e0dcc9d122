"""How a value of a card must look: small checks that are put together into tables.

A check takes a value and where it stands, and raises `BadCard` for the first thing that Feishu would complain about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .errors import malformed

Check = Callable[[Any, str], None]


def anything(value: Any, at: str) -> None:
    """Not looked at here."""


def string(value: Any, at: str) -> None:
    if not isinstance(value, str):
        raise malformed("must be a string", at)


def flag(value: Any, at: str) -> None:
    if not isinstance(value, bool):
        raise malformed("must be a boolean", at)


def an_object(value: Any, at: str) -> None:
    if not isinstance(value, dict):
        raise malformed("must be an object", at)


def number(low: int, high: int) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise malformed(f"must be {low} to {high}", at)

    return check


def pattern(expression: str) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            raise malformed(f"invalid value {value!r}", at)

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str) -> None:
        if value not in allowed:
            raise malformed(f"invalid value {value!r}", at)

    return check


def many(item: Check, low: int = 0) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, list) or len(value) < low:
            raise malformed(f"must be a list of {low} or more", at)
        for index, one in enumerate(value):
            item(one, f"{at} -> [{index}]{_tag(one)}")

    return check


def mapping(item: Check, keys: Check = string) -> Check:
    def check(value: Any, at: str) -> None:
        an_object(value, at)
        for key, one in value.items():
            keys(key, at)
            item(one, f"{at} -> {key}")

    return check


def record(needs: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """An object with these properties and no others; Feishu refuses one that it does not know."""
    known = {**needs, **(may or {})}

    def check(value: Any, at: str) -> None:
        an_object(value, at)
        for key in value:
            if key not in known:
                raise malformed(f"unknown property, property: {key}", at)
        for key in needs:
            if key not in value:
                raise malformed(f"{key} is required", at)
        for key, one in value.items():
            known[key](one, f"{at} -> {key}")

    return check


def _tag(value: Any) -> str:
    return f"(tag: {value['tag']})" if isinstance(value, dict) and "tag" in value else ""
