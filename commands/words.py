"""What the core wants to say, before it has a language: a key of the catalogues and facts of known kinds.

The renderer decides how each kind of fact reads: a moment in the reader's zone, a person by name, user text
as plain text. So the core never builds a sentence, and user text never meets a format string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from commands.domain.duration import Duration


@dataclass(frozen=True, slots=True)
class Who:
    """A person, shown by name; `ping` makes it a mention that notifies, `acting_for` shows "代 X"."""

    id: str
    ping: bool = False
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Dept:
    """A department, shown by name."""

    id: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A line to type, such as `/request accept R-1`: shown with the command's name on the reader's platform."""

    line: str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of the catalogues with its facts."""

    key: str
    facts: Mapping[str, Shown] = field(default_factory=dict)


Shown = (
    str
    | int
    | float
    | bool
    | None
    | datetime
    | date
    | timedelta
    | Duration
    | Who
    | Dept
    | Typed
    | Words
    | tuple["Shown", ...]
)
"""A fact that can be shown. `str` is user text or a reference, always literal; a tuple is a list, joined as
the language does; a `timedelta` is a span of working or waiting time; `None` shows as a dash."""


def words(key: str, **facts: Shown) -> Words:
    return Words(key, facts)
