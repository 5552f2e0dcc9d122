"""Under each quorum: nobody gives a breach to another person or department alone who could not rule alone either."""

import pytest

from adapters.plain import card_text
from commands.domain.escalation import Escalation, EscalationState
from commands.domain.request import Request
from support.core import Town
from support.process import TOWN

BREACH = {
    "assign": "/escalate 裁决 E-1 指派 @陈静 请今天答复",
    "reroute": "/escalate 裁决 E-1 改派 @设计部 设计部有人手",
    "send_back": "/escalate 裁决 E-1 退回补充 为什么没有答复？",
}


@pytest.fixture
def town(tmp_path, request):
    """An urgent request that nobody answered is with leadership; 周强 and 刘洋 speak for its parties."""
    config = TOWN.read_text("utf-8").replace("quorum: any", f"quorum: {request.param}")
    with Town(tmp_path, config=config) as town:
        town.says("limin", "/request 紧急 @研发部 客户现场停机 期望 明天 交付标准：恢复")
        town.advance(hours=3)
        yield town
        town.check()


def acted(town):
    """Whether leadership's word has taken effect."""
    with town.store.read() as uow:
        request, matter = uow.get(Request, "R-1"), uow.get(Escalation, "E-1")
    return request.owner == "chenjing" or request.lead == "design" or matter.state is EscalationState.SENT_BACK


@pytest.mark.parametrize("option", BREACH)
@pytest.mark.parametrize("town", ["any"], indirect=True)
def test_any_member_alone(town, option):
    assert town.says("gaojie", BREACH[option]).ok
    assert acted(town)


@pytest.mark.parametrize("option", BREACH)
@pytest.mark.parametrize("town", ["majority"], indirect=True)
def test_one_of_two_is_no_majority_and_both_are(town, option):
    assert "满 2 票即生效" in town.says("gaojie", BREACH[option]).toast
    assert not acted(town)
    assert town.says("sunzong", BREACH[option]).ok
    assert acted(town)


@pytest.mark.parametrize("option", BREACH)
@pytest.mark.parametrize("town", ["chair"], indirect=True)
def test_a_member_is_heard_and_the_chair_decides(town, option):
    assert "由 孙总 裁定" in town.says("gaojie", BREACH[option]).toast
    assert not acted(town)
    assert town.says("sunzong", BREACH[option]).ok
    assert acted(town)


@pytest.mark.parametrize("option", BREACH)
@pytest.mark.parametrize("town", ["any", "majority", "chair"], indirect=True)
def test_a_member_who_speaks_for_a_party_abstains(town, option):
    for person in ("zhouqiang", "liuyang"):
        assert not town.says(person, BREACH[option]).ok
    assert not acted(town)


@pytest.mark.parametrize("town", ["majority"], indirect=True)
def test_votes_for_two_people_are_no_majority(town):
    town.says("gaojie", BREACH["assign"])
    assert "满 2 票即生效" in town.says("sunzong", "/escalate 裁决 E-1 指派 @张伟 你来答复").toast
    assert not acted(town)


@pytest.mark.parametrize("town", ["majority", "chair"], indirect=True)
def test_a_nudge_decides_nothing_and_needs_no_vote(town):
    assert "催办 张伟、陈静、刘洋" in town.says("gaojie", "/escalate 裁决 E-1 催办").toast
    assert "高洁 已于 9月23日 13:30 就 E-1 催办" in card_text(town.says("sunzong", "/escalate 裁决 E-1 催办").card)
