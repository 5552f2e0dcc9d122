"""What the section `platforms.slack` says about itself: which secrets its mode needs, which names it may take."""

from __future__ import annotations

from collections.abc import Iterator

from bot.environment import variable
from bot.explain import quoted
from bot.settings import SlackCommands
from bot.slackfields import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.yamlfile import Path, Tree

SECTION: Path = ("platforms", "slack")
RESERVED = frozenset(
    {
        *("away", "archive", "call", "collapse", "dm", "dnd", "expand", "feed", "invite", "join", "kick", "leave"),
        *("me", "msg", "mute", "open", "pro", "remind", "remove", "rename", "search", "shortcuts", "shrug", "star"),
        *("status", "topic", "unarchive", "who"),
    }
)
"""Slack's own commands. It refuses the whole manifest for /status ("the slash command has an invalid name"); of the
others a workspace's own would win or lose by chance."""

Finding = tuple[Path, str]


def missing_secrets(section: Tree) -> Iterator[Finding]:
    """What the bot cannot start without, in this mode."""
    mode = section.get("mode", "socket") if isinstance(section, dict) else "socket"
    yield from _wanted(section, "bot_token", f"it begins with xoxb- and is in {BOT_TOKEN}")
    if mode == "socket":
        yield from _wanted(section, "app_token", f"mode socket needs it; it begins with xapp- and is in {APP_TOKEN}")
    if mode == "http":
        yield from _wanted(section, "signing_secret", f"mode http needs it; it is in {SIGNING_SECRET}")


def _wanted(section: Tree, key: str, why: str) -> Iterator[Finding]:
    path = (*SECTION, key)
    if not isinstance(section, dict) or not section.get(key):
        yield path, f"is missing: {why}; write it here, or set {variable(path)} or {variable(path)}_FILE"


def names(section: Tree) -> Iterator[Finding]:
    """Every command has a name of its own that is not Slack's, nor that of another command."""
    given = section.get("commands") if isinstance(section, dict) else None
    if not isinstance(given, dict):
        return
    usual = {command: str(field.default) for command, field in SlackCommands.model_fields.items()}
    taken: dict[str, str] = {name: command for command, name in usual.items() if command not in given}
    for command, name in given.items():
        path = (*SECTION, "commands", command)
        if not isinstance(name, str) or command not in usual:
            continue
        bare = name.removeprefix("/")
        if bare in RESERVED:
            yield path, f"{quoted(name)} is a command of Slack's own; choose another, such as {quoted(f'/task-{bare}')}"
        elif bare == "help" or (bare in (*usual, "liaison") and bare != command and usual[command] != name):
            yield path, f"{quoted(name)} means something else when it is typed to the bot; choose another"
        elif taken.setdefault(name, command) != command:
            yield path, f"{quoted(name)} is the name of {taken[name]} already; each command has its own"
