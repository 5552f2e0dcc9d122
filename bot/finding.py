"""What a check has to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    """It works, and somebody should look at it."""
    RED = "red"
    """Something does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `code` and `facts` name it for a catalogue, `message` and `fix` say it in English."""

    code: str
    level: Level
    message: str
    fix: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:  # Any: goes straight into JSON
        return asdict(self)


def green(code: str, message: str, **facts: str) -> Finding:
    return Finding(code, Level.GREEN, message, "", facts)


def yellow(code: str, message: str, fix: str, **facts: str) -> Finding:
    return Finding(code, Level.YELLOW, message, fix, facts)


def red(code: str, message: str, fix: str, **facts: str) -> Finding:
    return Finding(code, Level.RED, message, fix, facts)


def is_fine(findings: Iterable[Finding]) -> bool:
    """Whether nothing is red."""
    return all(finding.level is not Level.RED for finding in findings)
