"""A refusal as something to say: its code is the key, its facts get their kinds back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from commands.errors import Refused
from commands.facts import encode
from commands.words import Dept, Shown, Who, Words, words

_PEOPLE = frozenset({"who", "person", "people", "abstaining", "by", "chair"})
_DEPARTMENTS = frozenset({"department", "lead", "to"})


def as_words(refused: Refused) -> Words:
    """The sentence `refused.<code>`."""
    return words(f"refused.{refused.code}", **{name: _fact(name, value) for name, value in refused.params.items()})


def facts_said(refused: Refused) -> Mapping[str, Any]:
    """The facts of the sentence as the trace keeps them, so that it can be said again in any language."""
    return encode({name: _named(value) for name, value in as_words(refused).facts.items()})


def _named(value: Shown) -> Shown:
    """A state by its name: as JSON it would be a bare code."""
    return words(f"state.{type(value).__name__.lower()}.{value}") if isinstance(value, StrEnum) else value


def _fact(name: str, value: Shown) -> Shown:
    if name in _PEOPLE:
        return tuple(_who(v) for v in value) if isinstance(value, tuple) else _who(value)
    if name in _DEPARTMENTS:
        return Dept(value) if isinstance(value, str) and value else value
    if name == "action" and isinstance(value, str):
        return words(f"verb.{value}.label" if "." in value else f"action.{value}")
    if name == "kind" and isinstance(value, str):
        return words(f"proposal.kind.{value}")
    return value


def _who(value: Shown) -> Shown:
    return Who(value) if isinstance(value, str) and value else value
