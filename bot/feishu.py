"""Feishu as this bot's platform: words from the catalogues, people and groups from the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pydantic import SecretStr

from adapters.feishu import FeishuAdapter, FeishuConfig, Surroundings
from bot.bot import Bot
from bot.clock import SystemClock, chance
from bot.feishupanel import commands
from bot.language import text_of
from bot.people import Newcomers
from bot.presence import Memberships
from bot.settings import FeishuPlatform, Settings
from commands.chat import Address

PLATFORM = "feishu"


def build(settings: Settings, bot: Bot) -> FeishuAdapter:
    """The adapter, with its journal beside the database."""
    feishu = settings.platforms.feishu
    assert feishu is not None  # it is switched on
    around = Surroundings(
        now=bot.core.clock.now,
        real_now=SystemClock().now,
        chance=chance,
        words_of_person=lambda user: _words(bot, _language_of_person(bot, user)),
        words_of_chat=lambda chat: _words(bot, _language_of_chat(bot, chat)),
        journal=settings.journal(PLATFORM),
        introductions=Newcomers(bot.core, PLATFORM, tells_language=False),
        presence=Memberships(bot.core, PLATFORM),
        words_in=lambda language: _words(bot, language),
    )
    return FeishuAdapter(replace(config(feishu), panel=commands(settings.language)), around)


def config(feishu: FeishuPlatform) -> FeishuConfig:
    """The settings as the adapter wants them."""
    return FeishuConfig(
        app_id=feishu.app_id or "",
        app_secret=_secret(feishu.app_secret),
        mode=feishu.mode,
        domain=str(feishu.domain).rstrip("/"),
        encrypt_key=_secret(feishu.encrypt_key),
        verification_token=_secret(feishu.verification_token),
        proxy=_secret(feishu.proxy) or None,
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _words(bot: Bot, language: str) -> Callable[[str], str]:
    said = bot.core.commands_on(PLATFORM).said
    return lambda key: said(text_of(language, key) or key)


def _language_of_person(bot: Bot, user: str) -> str:
    person = bot.core.directory.person_at(PLATFORM, user)
    return (person.language if person else None) or bot.core.language


def _language_of_chat(bot: Bot, chat: str) -> str:
    binding = bot.core.directory.bindings.get(str(Address(PLATFORM, chat)))
    return (binding.language if binding else None) or bot.core.language
