"""A message for one person alone: tried until it is there, and there once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.feishu.inbound import Back
from adapters.feishu.lines import open_lines
from adapters.feishu.private import TRIES, Private
from adapters.feishu.render import note
from support.feishu import FakeFeishu
from tests.adapters.feishu.office import config


class Bench:
    """Nobody waits here; the pauses are written down."""

    def __init__(self, feishu):
        self.feishu = feishu
        self.lines = open_lines(config(feishu), None)
        self.paused = []
        self.private = Private(self.lines.posting, sleep=self.sleep)
        self.ann = feishu.create_user("ann")
        self.place = feishu.create_group("newx", [self.ann])
        said = feishu.people.say(self.ann, self.place, "@bot x")
        self.back = Back(self.ann, self.place, False, said.message.id)

    async def sleep(self, seconds):
        self.paused.append(seconds)

    async def say(self, back=None):
        payload, aside = note("只给您看", str), note("有一条结果", str)
        return await self.private.say(back or self.back, payload, key="k", aside=aside)


@pytest.fixture
async def bench():
    async with FakeFeishu(mode="webhook") as feishu:
        bench = Bench(feishu)
        yield bench
        await bench.lines.close()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut"},
        {"kind": "cut", "when": "after"},
        {"kind": "html", "code": 502, "when": "after"},
        {"kind": "status", "code": 500, "when": "after"},
        {"kind": "error", "code": 230049},
        {"kind": "error", "code": 11232},
        {"kind": "ratelimit"},
        {"kind": "chatlimit"},
    ],
    ids=lambda fault: "-".join(str(part) for part in fault.values()),
)
async def test_whatever_happens_to_a_try_the_message_is_there_once(bench, fault):
    bench.feishu.add_fault(method="POST im/v1/messages", **fault)
    assert await bench.say()
    (message,) = bench.feishu.messages("ann")
    assert "只给您看" in message.words
    assert len(bench.paused) == 1


async def test_a_token_that_was_revoked_is_renewed_without_a_pause(bench):
    assert await bench.say()
    bench.feishu.revoke_tokens()
    assert await bench.say(replace(bench.back, user=bench.ann))
    assert bench.paused == []


@pytest.mark.parametrize("state", [{"available": False}, {"blocked": True}, {"resigned": True}])
async def test_who_cannot_be_written_to_is_told_in_the_group_that_there_is_something(bench, state):
    bench.feishu.set_user("ann", **state)
    assert not await bench.say()
    (reply,) = bench.feishu.messages(bench.place)
    assert "有一条结果" in reply.words and "只给您看" not in reply.words


async def test_in_the_one_to_one_chat_there_is_no_other_way(bench):
    bench.feishu.set_user("ann", available=False)
    assert not await bench.say(replace(bench.back, direct=True))
    assert not bench.feishu.messages(bench.place)


async def test_a_platform_that_is_away_for_too_long_is_given_up(bench):
    bench.feishu.add_fault("ratelimit", "POST im/v1/messages", times=None)
    assert not await bench.say()
    assert len(bench.paused) == TRIES - 1
    assert 300 < sum(bench.paused) < 1_200
