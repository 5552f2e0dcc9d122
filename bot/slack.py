"""Slack as this bot's platform: names of commands from the settings, words from the catalogues, people from the
directory."""

from __future__ import annotations

from collections.abc import Callable

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
        words_of_person=lambda user: _words(_language_of_person(bot, user)),
        words_of_chat=lambda chat: _words(_language_of_chat(bot, chat)),
        journal=settings.journal(PLATFORM),
        introductions=Newcomers(bot.core, PLATFORM),
    )
    return SlackAdapter(config(slack), around)


def config(slack: SlackPlatform) -> SlackConfig:
    """The settings as the adapter wants them."""
    return SlackConfig(
        bot_token=slack.bot_token.get_secret_value(),
        app_token=slack.app_token.get_secret_value() if slack.app_token else "",
        signing_secret=slack.signing_secret.get_secret_value() if slack.signing_secret else "",
        mode=slack.mode,
        base_url=slack.base_url,
        commands=commands(slack),
    )


def commands(slack: SlackPlatform) -> dict[str, str]:
    """Slash command → the core's command; "" for the one that takes them all."""
    named = slack.commands.model_dump()
    return {str(typed): "" if name == UMBRELLA else name for name, typed in named.items()}


def _words(language: str) -> Callable[[str], str]:
    return lambda key: text_of(language, key) or key


def _language_of_person(bot: Bot, user: str) -> str:
    person = bot.core.directory.person_at(PLATFORM, user)
    return (person.language if person else None) or bot.core.language


def _language_of_chat(bot: Bot, chat: str) -> str:
    binding = bot.core.directory.bindings.get(str(Address(PLATFORM, chat)))
    return (binding.language if binding else None) or bot.core.language
