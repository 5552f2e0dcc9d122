"""The commands that Feishu offers when somebody types a slash."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.feishu import panel
from adapters.feishu.api import Api
from adapters.feishu.config import PanelCommand
from bot.feishupanel import commands
from bot.language import LANGUAGES
from commands.catalogue import VERBS
from support.feishu import FakeFeishu
from support.feishu.organisation import SCOPES
from tests.adapters.feishu.office import Core, config, running

PATH = "application/v7/app_slash_commands"
ASK = PanelCommand("request", {"zh-CN": "发起请求", "en": "ask for work"})
SEE = PanelCommand("status", {"zh-CN": "看进度", "en": "see"})


@asynccontextmanager
async def app(**fake):
    async with FakeFeishu(**fake) as feishu:
        api = Api(config(feishu))
        try:
            yield feishu, api
        finally:
            await api.close()
        assert feishu.violations == []


def shown(feishu):
    return {one["command"]: one["description"] for one in feishu.organisation.commands.values()}


def changes(feishu):
    return [call.name.split()[0] for call in feishu.calls(f"* {PATH}*") if not call.name.startswith("GET")]


async def test_each_command_is_there_in_both_languages():
    async with app() as (feishu, api):
        await panel.register(api, [ASK, SEE])
        assert shown(feishu) == {
            "request": {"default_value": "发起请求", "i18n": {"zh_cn": "发起请求", "en_us": "ask for work"}},
            "status": {"default_value": "看进度", "i18n": {"zh_cn": "看进度", "en_us": "see"}},
        }


async def test_a_second_start_changes_nothing_and_new_words_only_what_they_are_for():
    async with app() as (feishu, api):
        await panel.register(api, [ASK, SEE])
        await panel.register(api, [ASK, SEE])
        assert changes(feishu) == ["POST", "POST"]
        await panel.register(api, [ASK, replace(SEE, texts={"zh-CN": "看进度", "en": "see all"})])
        assert changes(feishu) == ["POST", "POST", "PATCH"]
        assert shown(feishu)["status"]["i18n"]["en_us"] == "see all"


async def test_what_somebody_else_registered_stays():
    async with app() as (feishu, api):
        theirs = [PanelCommand(f"other{n}", {"en": "x"}) for n in range(25)]
        await panel.register(api, theirs)
        await panel.register(api, [ASK])
        assert len(shown(feishu)) == 26 and "DELETE" not in changes(feishu)


@pytest.mark.parametrize("scope", ["application:app_slash_command:read", "application:app_slash_command:write"])
async def test_without_the_scope_it_is_said_once_and_nothing_else_happens(scope):
    async with app(scopes=SCOPES - {scope}) as (_, api):
        with capture_logs() as logs:
            await panel.register(api, [ASK, SEE])
        assert [line["event"] for line in logs] == ["panel_not_registered"]
        assert scope in logs[0]["fix"]


@pytest.mark.parametrize("kind", ["html", "ratelimit", "cut"])
async def test_a_feishu_in_trouble_is_no_reason_to_fail(kind):
    async with app() as (feishu, api):
        feishu.add_fault(kind, f"* {PATH}", times=None)
        with capture_logs() as logs:
            await panel.register(api, [ASK])
        assert [line["event"] for line in logs] == ["panel_not_registered"]


async def test_the_running_bot_registers_what_it_is_told():
    async with FakeFeishu(mode="webhook") as feishu, running(feishu, Core(), panel=(ASK,)):
        await feishu.wait_for(lambda: shown(feishu), what="a command in the panel")


# --- which commands ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_there_is_and_help_are_offered_in_all_languages(language):
    found = commands(language)
    assert {command.name for command in found} == {"help", *(verb.command for verb in VERBS)}
    assert all(set(command.texts) == set(LANGUAGES) for command in found)
    assert {next(iter(command.texts)) for command in found} == {language}
