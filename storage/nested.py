"""Nested values ↔ JSON text, precomputed per type: dataclasses, enums, tuples, mappings, moments, days.

A field typed `Any` keeps moments and days (tagged), but tuples come back as lists and enums as their text.
A dataclass is read tolerantly: fields it no longer has are skipped, fields it did not have yet get their default.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Convert = Callable[[Any], Any]  # Any: this module is where types are taken apart
_PLAIN = (str, int, float, bool, NoneType)


def dumps(value: Any) -> str:
    return _dump(value) if value else _EMPTY.get(type(value)) or _dump(value)


_EMPTY: dict[type, str] = {tuple: "[]", dict: "{}"}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$at": _text(value)}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be stored: {value!r}")


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def _text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {moment!r}")
    return moment.astimezone(UTC).isoformat()


def loads_any(text: str) -> Any:
    """For `Any` fields. Only text that can hold a tag takes the slower way."""
    if text in ("{}", "[]"):
        return {} if text == "{}" else []
    return json.loads(text, object_hook=_untag) if '"$' in text else json.loads(text)


def _untag(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        if "$at" in found:
            return datetime.fromisoformat(found["$at"])
        if "$day" in found:
            return date.fromisoformat(found["$day"])
    return found


@cache
def loader(hint: Any) -> Callable[[str], Any]:
    """Reads the JSON text of a field with this type."""
    if _holds_any(hint):
        return loads_any
    build = builder(hint)

    def load(text: str) -> Any:
        if text == "[]":
            return ()
        found = json.loads(text)
        return found if build is None else build(found)

    return load


def _holds_any(hint: Any) -> bool:
    return hint is Any or any(_holds_any(part) for part in get_args(hint))


@cache
def builder(hint: Any) -> Convert | None:
    """From what JSON gives to the type; None when they are the same."""
    origin = get_origin(hint)
    if hint in _PLAIN:
        return None
    if origin in (Union, UnionType):
        return _optional(hint)
    if origin is tuple:
        return _tuple(get_args(hint))
    if origin is not None and issubclass(origin, Mapping):
        value = builder(get_args(hint)[1])
        return None if value is None else lambda found: {k: value(v) for k, v in found.items()}
    if issubclass(hint, datetime):
        return lambda found: datetime.fromisoformat(found["$at"])
    if issubclass(hint, date):
        return lambda found: date.fromisoformat(found["$day"])
    if issubclass(hint, Enum):
        of: Convert = hint
        return of
    return _dataclass(hint)


def _optional(hint: Any) -> Convert | None:
    (inner,) = (part for part in get_args(hint) if part is not NoneType)
    build = builder(inner)
    return None if build is None else lambda found: None if found is None else build(found)


def _tuple(parts: tuple[Any, ...]) -> Convert:
    if parts[-1] is not Ellipsis:
        builders = [builder(part) for part in parts]
        return lambda found: tuple(b(v) if b else v for b, v in zip(builders, found, strict=True))
    build = builder(parts[0])
    return tuple if build is None else lambda found: tuple(map(build, found))


def _dataclass(cls: Any) -> Convert:
    hints = get_type_hints(cls)
    builders = {f.name: builder(hints[f.name]) for f in fields(cls)}

    def build(found: dict[str, Any]) -> Any:
        known = {k: v for k, v in found.items() if k in builders}
        return cls(**{k: convert(v) if (convert := builders[k]) else v for k, v in known.items()})

    return build
