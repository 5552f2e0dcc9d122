"""The section `platforms.slack`: the wrong token, a missing secret, a name that is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError
from bot.settings import SlackPlatform

TOKENS = "bot_token: xoxb-1, app_token: xapp-1"


def load(folder: Path, section: str, env: dict[str, str] | None = None, **how: bool) -> SlackPlatform:
    file = folder / "config.yaml"
    file.write_text(f"platforms:\n  slack: {{{section}}}\n", encoding="utf-8")
    found = config.load(file, env or {}, **how).settings.platforms.slack
    assert found
    return found


def errors(folder: Path, section: str, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, section, env)
    return [str(problem).removeprefix(f"{folder}/config.yaml:") for problem in caught.value.problems]


def test_two_tokens_are_enough_for_a_socket(tmp_path: Path) -> None:
    slack = load(tmp_path, TOKENS)
    assert (slack.mode, slack.base_url, slack.proxy) == ("socket", "https://slack.com/api/", None)
    assert slack.commands.status == "/task-status"


WRONG = [
    ("bot_token: xoxp-1, app_token: xapp-1", "bot_token: is a user token; it begins with xoxb- and is in OAuth"),
    ("bot_token: xapp-1, app_token: xapp-1", "bot_token: is an app-level token; it begins with xoxb-"),
    ("bot_token: xoxe.xoxb-1, app_token: xapp-1", "bot_token: is a token of token rotation; switch that off"),
    ("bot_token: secret, app_token: xapp-1", "bot_token: is not this token; it begins with xoxb-"),
    ("bot_token: xoxb-1, app_token: xoxb-1", "app_token: is a bot token; it begins with xapp- and is in Basic"),
    ("mode: http, bot_token: xoxb-1, signing_secret: xoxb-1", "signing_secret: is a bot token, not the signing secret"),
    ("mode: http, bot_token: xoxb-1", "signing_secret: is missing: mode http needs it; it is in Basic Information"),
    ("bot_token: xoxb-1", "app_token: is missing: mode socket needs it; it begins with xapp-"),
    ("app_token: xapp-1", "bot_token: is missing: it begins with xoxb- and is in OAuth & Permissions"),
    (
        f"{TOKENS}, base_url: https://slack.com",
        'base_url: "https://slack.com" is not allowed; allowed: https://slack.com/api/',
    ),
    (
        f"{TOKENS}, proxy: socks5://p:1080",
        "proxy: is not a proxy this bot can use; write http://proxy.example.com:3128",
    ),
    (f"{TOKENS}, mode: webhook", "mode: \"webhook\" is not one of 'socket' or 'http'"),
    (
        f"{TOKENS}, commands: {{status: /status}}",
        'commands.status: "/status" is a command of Slack\'s own; choose another',
    ),
    (f"{TOKENS}, commands: {{all: /who}}", 'commands.all: "/who" is a command of Slack\'s own'),
    (
        f"{TOKENS}, commands: {{all: /request}}",
        'commands.all: "/request" means something else when it is typed to the bot',
    ),
    (f"{TOKENS}, commands: {{request: /help}}", 'commands.request: "/help" means something else'),
    (
        f"{TOKENS}, commands: {{request: /ask, escalate: /ask}}",
        'commands.escalate: "/ask" is the name of request already',
    ),
    (
        f"{TOKENS}, commands: {{request: /task-status}}",
        'commands.request: "/task-status" is the name of status already',
    ),
    (f"{TOKENS}, commands: {{request: /Ask}}", 'commands.request: "/Ask" is not allowed; allowed: a slash, then small'),
    (f"{TOKENS}, commands: {{request: /ask_for}}", 'commands.request: "/ask_for" is not allowed'),
    (f"{TOKENS}, commands: {{request: /{'a' * 32}}}", "commands.request: "),
    (f"{TOKENS}, commands: {{request: 请求}}", "commands.request: "),
    (f"{TOKENS}, commands: {{help: /h}}", "commands.help: unknown key"),
]


@pytest.mark.parametrize(("section", "said"), WRONG, ids=[section for section, _ in WRONG])
def test_a_mistake_is_named_with_its_place_and_the_way_out(tmp_path: Path, section: str, said: str) -> None:
    (found,) = errors(tmp_path, section)
    place, _, text = found.partition(": ")
    assert place.startswith("2:")
    assert text.startswith(f"platforms.slack.{said}")


def test_everything_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    assert len(errors(tmp_path, "enabled: true")) == 2


RIGHT = [
    f"{TOKENS}, commands: {{status: /status-of-work}}",
    f"{TOKENS}, commands: {{request: /{'a' * 31}}}",
    f"{TOKENS}, commands: {{request: /ask, escalate: /request-help, all: /bot}}",
    "mode: http, bot_token: xoxb-1, signing_secret: 5ec4e7",
    f"{TOKENS}, proxy: 'http://me:hunter2@proxy:3128'",
]


@pytest.mark.parametrize("section", RIGHT)
def test_what_fits_is_taken(tmp_path: Path, section: str) -> None:
    assert load(tmp_path, section)


def test_the_address_of_govslack_may_lack_its_last_slash(tmp_path: Path) -> None:
    assert load(tmp_path, f"{TOKENS}, base_url: https://slack-gov.com/api").base_url == "https://slack-gov.com/api/"


def test_secrets_come_from_files_as_everywhere(tmp_path: Path) -> None:
    env = {}
    for key, value in {"BOT_TOKEN": "xoxb-1\n", "APP_TOKEN": "xapp-1", "PROXY": "http://p:1"}.items():
        (tmp_path / key).write_text(value)
        env[f"LIAISON_PLATFORMS__SLACK__{key}_FILE"] = str(tmp_path / key)
    slack = load(tmp_path, "mode: socket", env)
    assert slack.bot_token and slack.bot_token.get_secret_value() == "xoxb-1"
    assert slack.proxy and slack.proxy.get_secret_value() == "http://p:1"


def test_a_proxys_password_is_a_secret(tmp_path: Path) -> None:
    slack = load(tmp_path, f"{TOKENS}, proxy: 'http://me:hunter2@proxy:3128'")
    assert "hunter2" not in f"{slack!r} {slack.model_dump_json()}"


def test_a_platform_that_is_switched_off_needs_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("platforms: {sandbox: {}, slack: {enabled: false}}\n")
    assert config.load(file, {}).settings.platforms.slack


def test_an_unfinished_one_needs_none_but_what_is_there_must_be_right(tmp_path: Path) -> None:
    assert load(tmp_path, "commands: {status: /wip}", unfinished=True).commands.status == "/wip"
    with pytest.raises(ConfigError, match="a user token"):
        load(tmp_path, "bot_token: xoxp-1", unfinished=True)


def test_a_manual_clock_beside_another_platform_is_worth_a_word(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"platforms: {{sandbox: {{clock: manual}}, slack: {{{TOKENS}}}}}\n")
    file.chmod(0o600)
    (warning,) = config.load(file, {}).warnings
    assert "a manual clock stands still on the other platforms as well" in warning
