"""What every platform keeps, kept by Feishu; how it starts, and what an operator sees."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.base import Target
from adapters.feishu import FeishuAdapter
from support.feishu import FakeFeishu
from tests.adapters.contract import AdapterContract, Platform
from tests.adapters.feishu.office import Core, around, config, running


@pytest.fixture
async def platform(webhook):
    feishu = webhook.feishu

    async def shown(target):
        there = feishu.messages(target.chat or target.user)
        return ["\n".join([message.words, *message.buttons]) for message in there]

    async def delete(message):
        feishu.delete_message(message)

    async def refuse():
        feishu.set_user("ann", available=False)

    return Platform(
        adapter=webhook.adapter,
        group=Target(chat=webhook.place),
        person=Target(user=webhook.ann),
        nowhere=Target(chat="oc_" + "f" * 32),
        shown=shown,
        delete=delete,
        refuse=refuse,
    )


class TestContract(AdapterContract):
    pass


async def test_it_starts_when_feishu_answers():
    async with FakeFeishu(mode="webhook") as feishu:
        feishu.add_fault("status", "GET bot/v3/info", times=1, code=503)
        with capture_logs() as logs:
            async with running(feishu, Core()) as adapter:
                assert adapter.health().ok
        assert [one["event"] for one in logs][:2] == ["feishu_not_ready", "feishu_ready"]


async def test_a_wrong_secret_is_said_and_is_not_in_the_log():
    async with FakeFeishu(mode="webhook") as feishu:
        feishu.api.app_secret = "renewed"
        adapter = FeishuAdapter(config(feishu), around())
        with capture_logs() as logs:
            task = asyncio.create_task(adapter.run(Core()))
            async with asyncio.timeout(5):
                while adapter.health().detail == "starting":
                    await asyncio.sleep(0)
            detail = adapter.health().detail
            task.cancel()
            await asyncio.wait([task])
        assert "10014" in detail
        assert feishu.app_secret not in f"{detail}{logs}"


async def test_health_says_when_feishu_last_spoke(webhook):
    assert webhook.adapter.health().last_event is None
    await webhook.feishu.say(webhook.ann, "ann", "x")
    assert webhook.adapter.health().last_event is not None


async def test_it_is_not_ready_when_it_has_stopped(webhook):
    async with running(webhook.feishu, Core()) as second:
        assert second.health().ok
    assert not second.health().ok


async def test_two_processes_share_one_app():
    """Feishu gives each event to one of its connections; both answer."""
    async with FakeFeishu() as feishu:
        ann, core = feishu.create_user("ann"), Core()
        async with running(feishu, core), running(feishu, core):
            await feishu.wait_connections(2)
            for words in ("a", "b", "c"):
                assert (await feishu.say(ann, "ann", words)).status == "acked"
            await feishu.wait_messages("ann", 3)
        assert sorted(event.text for event in core.events) == ["a", "b", "c"]
        assert not feishu.violations
