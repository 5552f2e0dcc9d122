"""How a JSON value must look: small checks that are put together into tables.

A check takes a value, the JSON pointer to it and a list, and adds to the list what Slack would complain about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str, list[str]], None]


def string(limit: int, *, least: int = 0) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, str):
            found.append(f"must provide a string [json-pointer:{at}]")
        elif len(value) < least:
            found.append(f"must be more than {least - 1} characters [json-pointer:{at}]")
        elif len(value) > limit:
            found.append(f"must be less than {limit + 1} characters [json-pointer:{at}]")

    return check


def number(low: int, high: int) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            found.append(f"must be a number from {low} to {high} [json-pointer:{at}]")

    return check


def pattern(expression: str) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            found.append(f"does not match {expression} [json-pointer:{at}]")

    return check


def flag(value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, bool):
        found.append(f"must provide a boolean [json-pointer:{at}]")


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if value not in allowed:
            found.append(f"must be a valid enum value [json-pointer:{at}]")

    return check


def many(item: Check, low: int, high: int) -> Check:
    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, list):
            found.append(f"must provide an array [json-pointer:{at}]")
            return
        if len(value) > high:
            found.append(f"no more than {high} items allowed [json-pointer:{at}]")
        if len(value) < low:
            found.append(f"no fewer than {low} items allowed [json-pointer:{at}]")
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", found)

    return check


def record(needs: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others; Slack refuses a property that it does not know."""
    known = {**needs, **(may or {})}

    def check(value: Any, at: str, found: list[str]) -> None:
        if not isinstance(value, dict):
            found.append(f"must provide an object [json-pointer:{at}]")
            return
        found.extend(f"missing required field: {key} [json-pointer:{at}]" for key in needs if key not in value)
        for key, one in value.items():
            if key in known:
                known[key](one, f"{at}/{key}", found)
            else:
                found.append(f"invalid additional property: {key} [json-pointer:{at}]")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check holds; the types that are missing here are not supported there."""

    def check(value: Any, at: str, found: list[str]) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else type(value).__name__
        if kind in kinds:
            kinds[kind](value, at, found)
        else:
            found.append(f"unsupported type: {kind} [json-pointer:{at}/type]")

    return check


def also(check: Check, *more: Check) -> Check:
    """The first check; where it finds nothing, the others, which may then rely on the value's form."""

    def both(value: Any, at: str, found: list[str]) -> None:
        before = len(found)
        check(value, at, found)
        if len(found) == before:
            for one in more:
                one(value, at, found)

    return both
