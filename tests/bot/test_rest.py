"""Told to stop, the bot finishes what it has in hand and begins nothing new."""

import asyncio

import pytest

from bot.wiring import make_scheduler
from support.core import Town

RAISE = "/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告"


class Slow:
    """A platform that answers when it is told to."""

    def __init__(self, adapter):
        self._adapter = adapter
        self.asked, self.answer = asyncio.Event(), asyncio.Event()
        self.keys = []

    def __getattr__(self, name):
        return getattr(self._adapter, name)

    async def post(self, target, card, *, key, again=False):
        self.keys.append(key)
        self.asked.set()
        await self.answer.wait()
        return await self._adapter.post(target, card, key=key, again=again)


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        yield town


@pytest.fixture
def slow(town):
    town.bot.adapters["sandbox"] = Slow(town.bot.adapters["sandbox"])
    town.says("limin", RAISE)
    return town.bot.adapters["sandbox"]


def states(town):
    with town.store.read() as uow:
        return uow.outbox.states()


def test_a_message_on_its_way_is_ticked_off(town, slow):
    async def stop_while_sending():
        cycle = asyncio.create_task(town.bot.cycle())
        await slow.asked.wait()
        resting = asyncio.create_task(town.bot.rest(within=30))
        slow.answer.set()
        await resting
        found = states(town)
        assert await cycle == len(slow.keys)
        return found

    found = town.run(stop_while_sending())
    assert slow.keys
    assert found.pop("sent") == len(slow.keys)
    assert set(found) == {"pending"}  # what had not begun to leave is as if it had never been in hand


def test_a_platform_that_does_not_answer_holds_the_stop_up_no_longer_than_it_may(town, slow):
    async def stop_while_sending():
        cycle = asyncio.create_task(town.bot.cycle())
        await slow.asked.wait()
        await town.bot.rest(within=0)
        assert not cycle.done()
        cycle.cancel()
        await asyncio.wait([cycle])

    town.run(stop_while_sending())
    assert set(states(town)) == {"sending"}


def test_nothing_new_is_begun(town):
    town.says("limin", RAISE)
    town.run(town.bot.rest(within=30))
    before = town.clock.now()
    town.settle()
    town.advance(hours=8)
    assert set(states(town)) == {"pending"}
    assert town.clock.now() < before.replace(hour=9)  # 17:00 in the town: the rest of the way is for the next start


def test_being_cut_off_is_no_failure_of_a_job(town):
    async def cut_off():
        job = make_scheduler(town.bot).get_job("tick")
        running = asyncio.create_task(job.func(*job.args))
        assert await asyncio.wait([running], timeout=0) == (set(), {running})
        running.cancel()
        await running  # raises nothing that would be logged as an error
        return running.cancelled(), running.exception()

    assert town.run(cut_off()) == (False, None)
