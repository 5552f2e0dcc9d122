"""The due actions in the database tell what became of them."""

from datetime import timedelta

import pytest

from support.core import Town


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        town.says("limin", "/request @研发部 新品X性能数据 期望 9月30日 交付标准：完整报告")
        town.settle()
        yield town


def timers(town):
    with town.store.read() as uow:
        rows = uow.link.query("SELECT key, state, done_at FROM timer WHERE key LIKE '%:R-1:%'", ())
    return {key: (state, done_at is not None) for key, state, done_at in rows}


def test_a_step_that_fired_is_done_and_the_next_one_is_open(town):
    town.to(town.clock.now() + timedelta(hours=5))
    assert timers(town) == {"C1:R-1:1:50": ("done", True), "C1:R-1:1:75": ("open", False)}


def test_a_step_that_was_not_needed_any_more_is_cancelled(town):
    town.says("zhangwei", "/request 受理 R-1 9月30日")
    town.advance(hours=8)
    assert timers(town) == {"C1:R-1:1:50": ("cancelled", False)}


def test_a_step_that_ends_its_own_clock_is_done(town):
    town.says("zhangwei", "/request 不受理 R-1 本月测试资源已满，无法安排人手")
    town.advance(days=7)
    assert timers(town)["declined:R-1:1:breach"] == ("done", True)
