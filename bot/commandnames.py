"""What the commands are called on a platform: on Slack `/status` is Slack's own, so ours has another name there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from bot.settings import Settings

HELP, UMBRELLA = "help", "all"
_COMMAND = re.compile(r"(?<![\w./-])/([a-z]+)(?![\w-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class CommandNames:
    """Pairs of our name and the platform's, without the slash: `("status", "task-status")`. Others keep theirs."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Self:
        return cls(tuple((ours, theirs) for ours, theirs in names.items() if ours != theirs))

    def said(self, text: str) -> str:
        """A text of the catalogues: each command in it under its name here."""
        return _said(text, self.pairs) if self.pairs else text

    def typed(self, line: str) -> str:
        """A line to type: only its first word is a command, and what follows may be somebody's own text."""
        command, blank, rest = line.partition(" ")
        return f"{self.said(command)}{blank}{rest}"


@lru_cache(maxsize=4096)
def _said(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    names = dict(pairs)
    return _COMMAND.sub(lambda found: f"/{names.get(found[1], found[1])}", text)


def names_by_platform(settings: Settings) -> Mapping[str, CommandNames]:
    """How the commands are written on each platform that calls them something else."""
    configured = _on_slack(settings)
    if not configured:
        return {}
    umbrella = configured.pop(UMBRELLA)
    names = {**configured, "liaison": umbrella, HELP: f"{umbrella} {HELP}"}
    return {"slack": CommandNames.of(names)}


def commands_by_name(settings: Settings) -> Mapping[str, str]:
    """The other way round, for reading: a configured name and the command it stands for, "" for all of them."""
    return {name: "" if command == UMBRELLA else command for command, name in _on_slack(settings).items()}


def _on_slack(settings: Settings) -> dict[str, str]:
    slack = settings.platforms.slack
    return {command: name.removeprefix("/") for command, name in slack.commands.model_dump().items()} if slack else {}
