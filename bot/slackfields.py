"""The words of the section `platforms.slack`, read into values: tokens of the right kind, addresses that fit.

A token's beginning says what it is (https://docs.slack.dev/authentication/tokens/); the wrong one of the four that an
app has is the commonest mistake, and Slack only says `invalid_auth` or `not_allowed_token_type` to it.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from bot.fieldtypes import read_secret, reader

KINDS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe-": "a refresh token; switch token rotation off in the app's settings",
    "xoxe.": "a token of token rotation; switch that off in the app's settings",
    "xoxc-": "a token of a browser's session",
    "xoxs-": "a token of a browser's session",
    "xoxa-": "a workspace token of the old kind",
}
BOT_TOKEN = "OAuth & Permissions → Bot User OAuth Token"
APP_TOKEN = "Basic Information → App-Level Tokens, with the scope connections:write"
SIGNING_SECRET = "Basic Information → App Credentials → Signing Secret"


def read_bot_token(text: str) -> SecretStr:
    return _token(text, "xoxb-", BOT_TOKEN)


def read_app_token(text: str) -> SecretStr:
    return _token(text, "xapp-", APP_TOKEN)


def read_signing_secret(text: str) -> SecretStr:
    secret = read_secret(text)
    if kind := _kind(secret.get_secret_value()):
        raise ValueError(f"is {kind}, not the signing secret; that is in {SIGNING_SECRET}")
    return secret


def read_proxy(text: str) -> SecretStr:
    """A secret, since it may hold a password."""
    url = read_secret(text)
    if not re.match(r"https?://[^\s/]", url.get_secret_value()):
        raise ValueError("is not a proxy this bot can use; write http://proxy.example.com:3128")
    return url


def _token(text: str, beginning: str, where: str) -> SecretStr:
    secret = read_secret(text)
    if not secret.get_secret_value().startswith(beginning):
        kind = _kind(secret.get_secret_value())
        wrong = f"is {kind}" if kind else "is not this token"
        raise ValueError(f"{wrong}; it begins with {beginning} and is in {where}")
    return secret


def _kind(secret: str) -> str:
    return KINDS.get(secret[:5], "")


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


BotToken = Annotated[SecretStr, reader(read_bot_token)]
AppToken = Annotated[SecretStr, reader(read_app_token)]
SigningSecret = Annotated[SecretStr, reader(read_signing_secret)]
Proxy = Annotated[SecretStr, reader(read_proxy)]
ApiUrl = Annotated[
    str,
    Field(
        pattern=r"^https?://[^\s/]\S*/api/?$",
        description="https://slack.com/api/, or https://slack-gov.com/api/ for GovSlack",
    ),
    AfterValidator(_with_slash),
]
SlashCommand = Annotated[
    str,
    Field(
        pattern=r"^/[a-z0-9-]{1,31}$",
        description="a slash, then small letters, digits and '-', at most 32 signs",
    ),
]
