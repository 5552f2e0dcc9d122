"""The names of commands follow from the config file."""

from __future__ import annotations

from bot.commandnames import commands_by_name, names_by_platform
from bot.settings import Settings

SLACK = {"bot_token": "xoxb-1", "app_token": "xapp-1"}


def settings(**slack):
    return Settings.model_validate({"platforms": {"slack": {**SLACK, **slack}}})


def test_on_slack_status_has_another_name_unless_told_otherwise():
    names = names_by_platform(settings())["slack"]
    assert names.said("/status me, /request, /help") == "/task-status me, /request, /liaison help"


def test_a_configured_name_is_said_and_read():
    configured = settings(commands={"status": "/wip", "all": "/collab"})
    assert names_by_platform(configured)["slack"].said("/status /help /liaison") == "/wip /collab help /collab"
    read = commands_by_name(configured)
    assert (read["wip"], read["collab"], read["request"]) == ("status", "", "request")


def test_without_slack_nothing_has_another_name():
    assert names_by_platform(Settings()) == commands_by_name(Settings()) == {}
