"""What a verb asks for. One dataclass per verb gives the typed grammar, the form and the help text.

The wording (label, hint, the words people may type for a field or a choice) lives in the catalogues under
`field.<name>.*` and `choice.<name>.<value>.*`, so a language is one file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field holds, and as which Python value it arrives in the input."""

    TEXT = "text"  # str, one line
    LINES = "lines"  # str, several lines
    REF = "ref"  # str, "R-12"
    PERSON = "person"  # str | None, a person's id
    PEOPLE = "people"  # tuple[str, ...]
    DEPARTMENT = "department"  # str | None, a department's id
    DEPARTMENTS = "departments"  # tuple[str, ...]
    DUE = "due"  # commands.domain.due_date.Due | None, always in the future
    MOMENT = "moment"  # datetime | None, past allowed (a meeting that was held)
    DAYS = "days"  # tuple[date, date] | None, first and last day
    CHOICE = "choice"  # str, one of `choices`
    CHOICES = "choices"  # tuple[str, ...]
    NUMBER = "number"  # int | None


@dataclass(frozen=True, slots=True)
class Ask:
    """How one field is asked for. `main`: takes the words that belong to no other field. `bare`: a choice's word
    may stand alone ("紧急"). `hidden`: comes with a button, in no form unless it is wrong. `wanted`: a form marks
    it as required, though a line may say it within another field. `optional_when`: not required when the named field
    has the named value. `refs`: the letters a reference may start with. `of_department`: choices that end with the
    name of a department ("支持市场部"), and arrive as `support:market`."""

    kind: Kind
    required: bool = False
    main: bool = False
    bare: bool = False
    hidden: bool = False
    wanted: bool = False
    refs: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    optional_when: tuple[str, str] | None = None
    of_department: tuple[str, ...] = ()


_EMPTY: dict[Kind, Any] = {
    Kind.TEXT: "",
    Kind.LINES: "",
    Kind.REF: "",
    Kind.PEOPLE: (),
    Kind.DEPARTMENTS: (),
    Kind.CHOICE: "",
    Kind.CHOICES: (),
}


def ask(kind: Kind, *, default: Any = None, **how: Any) -> Any:  # Any: stands in for a dataclass field
    """Declares a field of an input: `title: str = ask(Kind.TEXT, required=True, main=True)`."""
    value = _EMPTY.get(kind) if default is None else default
    return dataclasses.field(default=value, metadata={"ask": Ask(kind, **how)})


def asks(input_type: type[Any]) -> Mapping[str, Ask]:
    """The fields of an input in their order."""
    return {f.name: f.metadata["ask"] for f in dataclasses.fields(input_type)}
