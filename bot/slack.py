"""Slack as this bot's platform: names of commands from the settings, words from the catalogues, people from the
directory."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from adapters.slack import SlackAdapter, SlackConfig, Surroundings
from bot.bot import Bot
from bot.clock import chance
from bot.language import text_of
from bot.people import Newcomers
from bot.settings import Settings, SlackPlatform
from commands.chat import Address

PLATFORM = "slack"
UMBRELLA = "all"


def build(settings: Settings, bot: Bot) -> SlackAdapter:
    """The adapter, with its journal beside the database."""
    slack = settings.platforms.slack
    assert slack is not None  # it is switched on
    around = Surroundings(
        now=bot.core.clock.now,
        chance=chance,
        words_of_person=lambda user: _words(bot, _language_of_person(bot, user)),
        words_of_chat=lambda chat: _words(bot, _language_of_chat(bot, chat)),
        journal=settings.journal(PLATFORM),
        introductions=Newcomers(bot.core, PLATFORM),
    )
    return SlackAdapter(config(slack), around)


def config(slack: SlackPlatform) -> SlackConfig:
    """The settings as the adapter wants them."""
    return SlackConfig(
        bot_token=_secret(slack.bot_token),
        app_token=_secret(slack.app_token),
        signing_secret=_secret(slack.signing_secret),
        mode=slack.mode,
        base_url=slack.base_url,
        proxy=_secret(slack.proxy) or None,
        commands=commands(slack),
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def commands(slack: SlackPlatform) -> dict[str, str]:
    """Slash command → the core's command; "" for the one that takes them all."""
    named = slack.commands.model_dump()
    return {str(typed): "" if name == UMBRELLA else name for name, typed in named.items()}


def _words(bot: Bot, language: str) -> Callable[[str], str]:
    said = bot.core.commands_on(PLATFORM).said
    return lambda key: said(text_of(language, key) or key)


def _language_of_person(bot: Bot, user: str) -> str:
    person = bot.core.directory.person_at(PLATFORM, user)
    return (person.language if person else None) or bot.core.language


def _language_of_chat(bot: Bot, chat: str) -> str:
    binding = bot.core.directory.bindings.get(str(Address(PLATFORM, chat)))
    return (binding.language if binding else None) or bot.core.language
