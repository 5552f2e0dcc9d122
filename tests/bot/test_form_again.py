"""A form that was refused comes back whole, for platforms that do not keep it open."""

from __future__ import annotations

import pytest

from support.core import Town

RAISE = "/request @研发部 新品X性能数据 期望：下周三之前 验收标准：完整报告"


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path) as town:
        town.says("limin", RAISE)
        town.settle()
        yield town


def held(form):
    return {field.name: (field.value, field.error) for field in form.fields}


def test_what_was_filled_in_stays_right_or_wrong(town):
    asked = town.presses("zhangwei", "request.accept?id=R-1").form
    answer = town.sends("zhangwei", asked, due="31 Feb", owner="chenjing")
    assert answer.errors == {"due": answer.toast}
    again = held(answer.again)
    assert again["due"] == ("31 Feb", answer.toast)
    assert again["owner"] == ("chenjing", "")


def test_what_was_emptied_is_not_proposed_anew(town):
    asked = town.presses("zhangwei", "request.accept?id=R-1").form
    assert held(asked)["due"][0]
    assert held(town.sends("zhangwei", asked, due="").again)["due"] == ("", "请填写。")


def test_the_form_that_came_back_is_accepted_when_it_is_right(town):
    asked = town.presses("zhangwei", "request.accept?id=R-1").form
    again = town.sends("zhangwei", asked, due="31 Feb").again
    assert town.sends("zhangwei", again, due="9月30日").ok


def test_what_a_rule_refuses_leaves_the_form_as_it_was(town):
    asked = town.presses("zhangwei", "request.accept?id=R-1").form
    answer = town.sends("limin", asked, due="9月30日")
    assert not answer.ok and not answer.errors
    assert held(answer.again)["due"][0] == "2026-09-30T18:00"


def test_an_accepted_form_does_not_come_back(town):
    asked = town.presses("zhangwei", "request.accept?id=R-1").form
    assert town.sends("zhangwei", asked, due="9月30日").again is None


def test_a_form_of_nothing_that_there_is_does_not_come_back(town):
    answer = town.sends("zhangwei", "request.gone?id=R-1#sandbox:rd#n")
    assert not answer.ok and answer.again is None
