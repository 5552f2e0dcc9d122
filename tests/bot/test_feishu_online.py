"""What the command line asks Feishu: `liaison doctor`, and `liaison org import feishu`."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from bot import config
from bot.cli import main
from support.feishu import FakeFeishu

CONFIG = """
database: sqlite:///{folder}/liaison.db
platforms:
  feishu: {{app_id: {feishu.app_id}, app_secret: {feishu.app_secret}, domain: "{feishu.domain}"}}
org:
  people:
    - {{id: ann, name: 安, feishu: {ann}}}
    - {{id: bob, name: 鲍, email: bob@example.com}}   # by e-mail
    - {{id: eve, name: 伊, email: eve@example.com}}
    - {{id: joe, name: 乔, sandbox: joe}}
  departments:
    - {{id: rd, name: 研发部, head: ann, liaisons: [ann], home: {{platform: feishu, chat: {home}}}}}
  leadership: {{chair: eve, home: {{platform: feishu, chat: {lead}}}}}
admins: [ann]
"""


@pytest.fixture
def organisation(tmp_path, capsys):
    """One group lacks the bot, one address is not known; there is a department that the file does not know."""

    @asynccontextmanager
    async def organisation():
        async with FakeFeishu() as feishu:
            rd, market = feishu.create_department("研发部"), feishu.create_department("市场部", called="Marketing")
            ann = feishu.create_user("安", email="ann@example.com", departments=[rd])
            bob = feishu.create_user("鲍", email="bob@example.com", departments=[market])
            feishu.organisation.departments[market].leader = bob
            home, lead = feishu.create_group("rd", bot=False), feishu.create_group("lead")
            file = tmp_path / "config.yaml"
            text = CONFIG.format(folder=tmp_path, feishu=feishu, ann=ann, home=home, lead=lead)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o600)

            async def run(*words):
                code = await asyncio.to_thread(main, [*words, "--config", str(file)])
                said = capsys.readouterr()
                return code, said.out + said.err

            yield feishu, file, run

    return organisation


async def test_the_doctor_says_what_is_wrong_on_feishu_and_what_to_do(organisation):
    async with organisation() as (feishu, _, run):
        code, said = await run("doctor", "--json")
        found = {finding["code"]: finding for finding in json.loads(said)["findings"]}
        assert code == 1
        assert found["feishu.chat.outside"]["message"].startswith("研发部: ")
        assert (found["feishu.email.unknown"]["level"], found["feishu.app"]["level"]) == ("yellow", "green")
        assert found["feishu.people.strangers"]["message"].endswith(": 乔")
        assert feishu.app_secret not in said


async def test_offline_nobody_is_asked(organisation):
    async with organisation() as (feishu, _, run):
        _, said = await run("doctor", "--offline")
        assert "Feishu knows" not in said and "no liaison can be reached" not in said
        assert feishu.calls() == []


async def test_a_dry_run_shows_the_difference_and_writes_nothing(organisation):
    async with organisation() as (_, file, run):
        before = file.read_bytes()
        code, said = await run("org", "import", "feishu", "--dry-run")
        assert code == 0 and file.read_bytes() == before
        assert "+ marketing 市场部: head bob, liaisons [bob]" in said
        assert "~ rd 研发部: feishu – → od-" in said
        assert "~ bob 鲍: feishu – → ou_" in said and "(found by e-mail)" in said
        assert "~ ann 安: email – → ann@example.com" in said
        assert len(list(file.parent.glob("*.bak"))) == 0


async def test_the_directory_is_written_into_the_file_and_then_nothing_differs(organisation):
    async with organisation() as (_, file, run):
        code, said = await run("org", "import", "feishu")
        assert (code, len(list(file.parent.glob("*.bak")))) == (0, 1)
        org = config.load(file, {}).settings.org
        assert [department.id for department in org.departments] == ["rd", "marketing"]
        assert "# by e-mail" in file.read_text("utf-8")
        code, said = await run("org", "import", "feishu")
        assert (code, said.strip()) == (0, "nothing differs")


async def test_some_departments_may_be_chosen(organisation):
    async with organisation() as (_, file, run):
        assert (await run("org", "import", "feishu", "--departments", "mk=市场部"))[0] == 0
        assert [department.id for department in config.load(file, {}).settings.org.departments] == ["rd", "mk"]
        code, said = await run("org", "import", "feishu", "--departments", "财务部")
        assert code == 2 and "no department 财务部" in said


async def test_a_directory_that_is_closed_is_told_with_the_way_out(organisation):
    async with organisation() as (feishu, _, run):
        feishu.set_scopes({"im:message"})
        code, said = await run("org", "import", "feishu")
        assert code == 1 and "contact:contact.base:readonly" in said
        assert feishu.app_secret not in said


async def test_without_an_app_the_file_is_named(tmp_path, capsys):
    file = tmp_path / "config.yaml"
    file.write_text("platforms: {sandbox: {}}\n")
    assert await asyncio.to_thread(main, ["org", "import", "feishu", "--config", str(file)]) == 1
    assert "app_id" in capsys.readouterr().err
