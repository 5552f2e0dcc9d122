"""What a rule says when the answer is no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Raised by a rule; the person is told why, and nothing is stored but the refusal.

    `code` names the sentence `refused.<code>` in the catalogues; `params` are its facts (person ids, dates,
    references: the catalogue's writer decides how they are shown).
    """

    def __init__(self, code: str, **params: Any) -> None:  # Any: facts of many types, only ever shown
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class Invalid(Exception):
    """One or more fields of an input cannot be read: `problems` maps a field's name to the refusal of its value."""

    def __init__(self, problems: dict[str, Refused]) -> None:
        super().__init__(", ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = problems


class Conflict(Exception):
    """The record changed under us: somebody else was faster. The command is run again on the new state."""
