"""The manifest keeps Slack's rules, whatever it is made of."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML

from adapters.slack.manifest import SlashCommand, manifest
from adapters.slack.scopes import BOT, EVENTS
from bot.settings import SlackPlatform
from bot.slackmanifest import written
from support.slack.workspace import EVENTS as HEARD
from support.slack.workspace import SCOPES

URL = "https://bot.example.com/slack/events"
NEEDED_BY_EVENT = {"app_mention": "app_mentions:read", "message.im": "im:history", "app_home_opened": None}
"""https://docs.slack.dev/reference/events/"""


def read(text):
    return YAML(typ="safe").load(text)


def ours(url=None, **commands):
    return read(written(SlackPlatform(commands=commands), url))


def made(**changed):
    command = SlashCommand("/request", "ask", "[title]")
    return manifest(**{"name": "Liaison", "about": "asks", "commands": [command], **changed})


@pytest.mark.parametrize("url", [None, URL])
def test_it_keeps_slacks_rules(url):
    found = ours(url)
    about, features = found["display_information"], found["features"]
    assert 0 < len(about["name"]) <= 35 and 0 < len(about["description"]) <= 140
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    commands = features["slash_commands"]
    assert len({command["command"] for command in commands}) == len(commands) <= 50
    for command in commands:
        assert re.fullmatch(r"/[a-z0-9-]{1,31}", command["command"])
        assert 0 < len(command["description"]) <= 2000 and 0 < len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is True
    scopes, settings = found["oauth_config"]["scopes"]["bot"], found["settings"]
    assert {NEEDED_BY_EVENT[event] for event in settings["event_subscriptions"]["bot_events"]} - {None} <= set(scopes)
    assert (settings["org_deploy_enabled"], settings["token_rotation_enabled"]) == (False, False)
    assert settings["interactivity"]["is_enabled"] is True


def test_over_a_socket_it_names_no_address():
    found = ours()
    assert found["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(found)


def test_over_http_every_way_in_has_the_address():
    found = ours("https://bot.example.com")
    settings = found["settings"]
    assert settings["socket_mode_enabled"] is False
    assert {command["url"] for command in found["features"]["slash_commands"]} == {URL}
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == URL


@pytest.mark.parametrize(
    "url", ["https://bot.example.com", "https://bot.example.com/", "https://bot.example.com/slack/events", f"{URL}/"]
)
def test_the_path_may_be_said_or_not(url):
    assert ours(url)["settings"]["interactivity"]["request_url"] == URL


def test_an_address_may_have_a_path_in_front():
    assert ours("https://example.com/bots")["settings"]["interactivity"]["request_url"].endswith("/bots/slack/events")


def test_commands_have_the_names_of_the_config():
    names = {command["command"] for command in ours(status="/wip", all="/collab")["features"]["slash_commands"]}
    assert names == {"/request", "/wip", "/escalate", "/minutes", "/collab"}


def test_whoever_reads_one_language_understands_it():
    for command in ours()["features"]["slash_commands"]:
        for text in (command["description"], command["usage_hint"]):
            assert re.search("[\u4e00-\u9fff]", text) and re.search("[a-z]{4}", text)


def test_the_fake_slack_gives_what_the_manifest_asks_for():
    """A method that needs another scope fails in the adapter's tests."""
    assert (set(BOT), set(EVENTS)) == (SCOPES, HEARD)


@pytest.mark.parametrize("scope", BOT)
def test_each_scope_says_what_it_is_for(scope):
    assert re.search(rf"- {re.escape(scope)} +# {re.escape(BOT[scope])}$", made(), re.MULTILINE)


@pytest.mark.parametrize("text", ['"quoted" \\ and: #hash', "- a\n- b", "{x}", "yes", "😀 é\u2028\u0007", "<!channel>"])
def test_any_text_stays_text(text):
    found = read(made(about=text, commands=[SlashCommand("/request", text, text)]))
    shown = found["display_information"]["description"]
    assert shown.split() == " ".join(text.replace("\u0007", "\ufffd").split()).split()
    assert set(found) == {"display_information", "features", "oauth_config", "settings"}


def test_what_is_too_long_is_shortened():
    long = "长" * 5000
    found = read(made(name=long, about=long, commands=[SlashCommand("/request", long, long)] * 60))
    commands = found["features"]["slash_commands"]
    lengths = [len(commands[0]["description"]), len(commands[0]["usage_hint"])]
    assert (len(commands), *lengths) == (50, 2000, 1000)
    assert [len(text) for text in found["display_information"].values()] == [35, 140]
