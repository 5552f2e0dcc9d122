"""A refusal as something to say: its code is the key, its facts get their kinds back."""

from __future__ import annotations

from commands.errors import Refused
from commands.words import Dept, Shown, Who, Words, words

_PEOPLE = frozenset({"who", "person", "people", "abstaining", "by"})
_DEPARTMENTS = frozenset({"department", "lead", "to"})


def as_words(refused: Refused) -> Words:
    """The sentence `refused.<code>`."""
    return words(f"refused.{refused.code}", **{name: _fact(name, value) for name, value in refused.params.items()})


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
