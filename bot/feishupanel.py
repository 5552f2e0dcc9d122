"""The commands that Feishu offers when somebody types a slash, from those there are, in both languages."""

from __future__ import annotations

from adapters.feishu.config import PanelCommand
from bot.language import LANGUAGES, catalogues
from commands.catalogue import VERBS

HELP = "help"


def commands(language: str) -> tuple[PanelCommand, ...]:
    """The words of `language` come first: they are shown to whoever has a third one."""
    names = dict.fromkeys((*(verb.command for verb in VERBS), HELP))
    tags = sorted(LANGUAGES, key=lambda tag: tag != language)
    return tuple(PanelCommand(name, {tag: catalogues()[tag][f"command.{name}.help"] for tag in tags}) for name in names)
