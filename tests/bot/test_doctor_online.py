"""`liaison doctor` asks the platforms too, unless it is told not to."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager

import pytest

from bot.cli import main
from support.slack import FakeSlack

CONFIG = """
database: sqlite:///{folder}/liaison.db
platforms:
  slack: {{bot_token: {slack.bot_token}, app_token: {slack.app_token}, base_url: "{slack.base_url}"}}
org:
  people:
    - {{id: ann, name: 安, slack: {ann}}}
    - {{id: bob, name: 鲍, email: bob@example.com}}
    - {{id: eve, name: 伊, email: eve@example.com}}
  departments:
    - {{id: rd, name: 研发部, head: ann, liaisons: [ann], home: {{platform: slack, chat: {home}}}}}
    - {{id: market, name: 市场部, head: bob, liaisons: [bob], home: {{platform: slack, chat: {other}}}}}
  leadership: {{chair: eve, home: {{platform: slack, chat: {lead}}}}}
admins: [ann]
"""


@pytest.fixture
def doctor(tmp_path, capsys):
    """A workspace where one channel lacks the bot and one address is not known, looked over from outside."""

    @asynccontextmanager
    async def doctor():
        async with FakeSlack(wall=time.time) as slack:
            ann = await slack.create_user("ann")
            await slack.create_user("bob", email="bob@example.com")
            home, lead = await slack.create_channel("rd", [ann]), await slack.create_channel("lead", [ann])
            other = await slack.create_channel("market", [ann], bot=False)
            file = tmp_path / "config.yaml"
            file.write_text(CONFIG.format(folder=tmp_path, slack=slack, ann=ann, home=home, other=other, lead=lead))
            file.chmod(0o600)

            async def run(*words):
                code = await asyncio.to_thread(main, ["doctor", "--config", str(file), *words])
                return code, capsys.readouterr().out

            yield slack, run

    return doctor


async def test_it_says_what_is_wrong_on_slack_and_what_to_do(doctor):
    async with doctor() as (slack, run):
        code, said = await run("--json")
        found = {finding["code"]: finding for finding in json.loads(said)["findings"]}
        assert code == 1
        assert found["slack.chat.outside"]["level"] == "red"
        assert found["slack.chat.outside"]["message"].startswith("市场部: ")
        assert "/invite @" in found["slack.chat.outside"]["fix"]
        assert (found["slack.email.unknown"]["level"], found["slack.token"]["level"]) == ("yellow", "green")
        assert slack.bot_token not in said and slack.app_token not in said


async def test_once_it_is_mended_nothing_is_red(doctor):
    async with doctor() as (slack, run):
        market = next(id for id, channel in slack.workspace.channels.items() if channel.name == "market")
        await slack.set_membership(market, slack.bot_user)
        code, said = await run()
        assert (code, "BROKEN" in said) == (0, False)
        assert "channels: 3; the bot is in each" in said


async def test_offline_nobody_is_asked(doctor):
    async with doctor() as (slack, run):
        code, said = await run("--offline")
        assert (code, "Slack knows" in said) == (0, False)
        assert await slack.calls() == []


async def test_who_is_found_by_e_mail_counts_as_somebody_who_can_be_reached(doctor):
    async with doctor() as (_, run):
        _, said = await run("--offline")
        assert "no liaison can be reached" not in said and "the chair of the leadership" not in said
