"""The app manifest: everything that has to be set in Slack's app settings, as one file to paste.

Its keys and limits: https://docs.slack.dev/reference/app-manifest/. It is written as text, because each scope is
explained beside it; a string in JSON's spelling is one in YAML's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.plain import cut, one_line
from adapters.slack.scopes import BOT, EVENTS

LONGEST_NAME, LONGEST_ABOUT = 35, 140
LONGEST_COMMAND = 32
"""Characters, with the slash."""
LONGEST_DESCRIPTION, LONGEST_HINT = 2000, 1000
MOST_COMMANDS = 50
BOT_NAME = "liaison"
"""Of the bot user: small letters, digits, '-', '_' and '.' are allowed."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """`name` with its slash; Slack shows the hint behind it while somebody types."""

    name: str
    description: str
    hint: str


def manifest(*, name: str, about: str, commands: Sequence[SlashCommand], request_url: str | None = None) -> str:
    """The manifest as YAML. With a `request_url` Slack sends requests there; without one the bot connects by Socket
    Mode. What is too long is shortened, visibly."""
    return "\n".join(_lines(name, about, commands, request_url)) + "\n"


def _lines(name: str, about: str, commands: Sequence[SlashCommand], url: str | None) -> Iterator[str]:
    yield "display_information:"
    yield f"  name: {_text(name, LONGEST_NAME)}"
    yield f"  description: {_text(about, LONGEST_ABOUT)}"
    yield "features:"
    yield f"  bot_user: {{display_name: {BOT_NAME}, always_online: true}}"
    yield "  app_home: {home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false}"
    yield "  slash_commands:"
    for command in commands[:MOST_COMMANDS]:
        yield from _command(command, url)
    yield "oauth_config:"
    yield "  scopes:"
    yield "    bot:"
    yield from (f"      - {scope:<20} # {why}" for scope, why in BOT.items())
    yield "settings:"
    yield "  event_subscriptions:"
    yield from _request_url("    ", url)
    yield "    bot_events:"
    yield from (f"      - {event:<20} # {why}" for event, why in EVENTS.items())
    yield "  interactivity:"
    yield "    is_enabled: true"
    yield from _request_url("    ", url)
    yield f"  socket_mode_enabled: {'false' if url else 'true'}"
    yield "  org_deploy_enabled: false"
    yield "  token_rotation_enabled: false"


def _command(command: SlashCommand, url: str | None) -> Iterator[str]:
    yield f"    - command: {command.name}"
    yield from (f"      url: {_text(url, 3000)}" for _ in [0] if url)
    yield f"      description: {_text(command.description, LONGEST_DESCRIPTION)}"
    yield f"      usage_hint: {_text(command.hint, LONGEST_HINT)}"
    yield "      should_escape: true # mentions come as ids, which cannot be mistaken"


def _request_url(indent: str, url: str | None) -> Iterator[str]:
    if url:
        yield f"{indent}request_url: {_text(url, 3000)}"


def _text(text: str, longest: int) -> str:
    return json.dumps(cut(one_line(text), longest), ensure_ascii=False)
