"""`liaison manifest slack`: the app manifest, from the commands there are and the names they have."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from adapters.slack.adapter import PATH
from adapters.slack.manifest import SlashCommand, manifest
from bot.commandnames import UMBRELLA
from bot.exits import FINE, WRONG
from bot.language import LANGUAGES, catalogues
from bot.settings import Settings, SlackPlatform
from commands.catalogue import VERBS
from commands.lexicon import split_words

SHOWN_VERBS = 6
"""How many of a command's verbs its hint names: Slack shows one line."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prints the manifest and returns the exit code."""
    slack = settings.platforms.slack or SlackPlatform()
    url = arguments.url
    if url is None and slack.mode == "http":
        return _refuse("platforms.slack.mode is http: say --url https://… where Slack reaches the bot")
    if url is not None and not _is_public(url):
        return _refuse(f"--url: {url!r} is not an address that Slack sends to; write https://bot.example.com")
    if url is not None and slack.mode == "socket":
        print("note: with this manifest the bot needs platforms.slack.mode: http", file=sys.stderr)
    sys.stdout.write(written(slack, url))
    return FINE


def written(slack: SlackPlatform, url: str | None) -> str:
    """The manifest of an app with these names. `url` is the bot's own address, with or without the path."""
    names = slack.commands.model_dump()
    umbrella = names.pop(UMBRELLA)
    commands = [SlashCommand(name, _both(f"command.{ours}.help"), _hint(ours)) for ours, name in names.items()]
    every = " | ".join(names)
    commands.append(SlashCommand(umbrella, _both("command.all.help"), f"{every} … | {_words('typing.help')}"))
    about = _both("command.all.about")
    return manifest(name=_both("command.all.name", " "), about=about, commands=commands, request_url=_whole(url))


def _hint(command: str) -> str:
    verbs = (verb for verb in VERBS if verb.command == command and not verb.hidden)
    named = [_words(f"verb.{verb.id}") for _, verb in zip(range(SHOWN_VERBS), verbs, strict=False)]
    return " | ".join([*named, "…", _words("typing.help")])


def _words(key: str) -> str:
    """The word to type in each language: 受理 accept."""
    return " ".join(_each(split_words(catalogues()[tag].get(f"{key}.words", ""))[:1] for tag in LANGUAGES))


def _each(words: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from dict.fromkeys(word for found in words for word in found)


def _both(key: str, between: str = " / ") -> str:
    """The text in each language: Slack localises no manifest."""
    return between.join(dict.fromkeys(catalogues()[tag][key] for tag in LANGUAGES))


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment


def _whole(url: str | None) -> str | None:
    return url and url.rstrip("/").removesuffix(PATH) + PATH


def _refuse(text: str) -> int:
    print(f"liaison manifest: {text}", file=sys.stderr)
    return WRONG
