"""What every platform has to keep, as tests that a platform's own tests call with a description of itself.

@pytest.fixture
def platform(...): return Platform(adapter=…, group=Target(chat="…"), person=Target(user="…"), …)

class TestContract(AdapterContract): pass
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from adapters.base import Adapter, Forbidden, Gone, Health, Limits, Target
from commands.chat import Button, Card, Fact, Span, Tone

CARD = Card(
    title="R-1 新品X性能数据",
    tone=Tone.WARNING,
    body=((Span("请于 9月24日 10:30 前答复 <b>&amp; *_`"),),),
    facts=(Fact("牵头部门", (Span("研发部"),)),),
    buttons=(Button("accept:R-1", "受理", style="primary", twin="/request accept R-1", description="受理 R-1"),),
    item="R-1",
)
LATER = Card(title="R-1 新品X性能数据", tone=Tone.SUCCESS, body=((Span("张伟 已受理"),),), item="R-1")


@dataclass
class Platform:
    """`shown` gives what a target reads now, as texts, in order; `delete` takes a message away behind the bot's
    back; `refuse` makes the person refuse the bot. None where a platform (or its fake) has no such thing."""

    adapter: Adapter
    group: Target
    person: Target
    nowhere: Target
    shown: Callable[[Target], Awaitable[list[str]]]
    delete: Callable[[str], Awaitable[None]] | None = None
    refuse: Callable[[], Awaitable[None]] | None = None


class AdapterContract:
    """Needs a fixture `platform` that gives a `Platform`."""

    async def test_it_names_itself_and_its_limits(self, platform):
        assert platform.adapter.name
        assert isinstance(platform.adapter.limits, Limits)
        assert isinstance(platform.adapter.health(), Health)
        assert isinstance(list(platform.adapter.routes()), list)

    @pytest.mark.parametrize("where", ["group", "person"])
    async def test_a_card_is_posted_where_it_should_be(self, platform, where):
        target = getattr(platform, where)
        message = await platform.adapter.post(target, CARD, key="k1")
        (text,) = await platform.shown(target)
        assert message
        for words in ("R-1 新品X性能数据", "请于 9月24日 10:30 前答复", "牵头部门", "研发部", "受理"):
            assert words in text

    async def test_text_stays_text(self, platform):
        await platform.adapter.post(platform.group, CARD, key="k1")
        (text,) = await platform.shown(platform.group)
        assert "<b>&amp; *_`" in text

    async def test_a_key_that_is_tried_again_posts_once(self, platform):
        first = await platform.adapter.post(platform.group, CARD, key="k1")
        again = await platform.adapter.post(platform.group, CARD, key="k1", again=True)
        other = await platform.adapter.post(platform.group, CARD, key="k2")
        assert first == again != other
        assert len(await platform.shown(platform.group)) == 2

    async def test_an_edit_replaces_in_place(self, platform):
        first = await platform.adapter.post(platform.group, CARD, key="k1")
        await platform.adapter.post(platform.group, CARD, key="k2")
        await platform.adapter.edit(platform.group, first, LATER)
        before, after = await platform.shown(platform.group)
        assert "张伟 已受理" in before and "请于" not in before
        assert "请于" in after

    async def test_a_deleted_message_is_gone(self, platform):
        if platform.delete is None:
            pytest.skip(f"nobody deletes messages on {platform.adapter.name}")
        message = await platform.adapter.post(platform.group, CARD, key="k1")
        await platform.delete(message)
        with pytest.raises(Gone):
            await platform.adapter.edit(platform.group, message, LATER)

    async def test_nowhere_is_gone(self, platform):
        with pytest.raises(Gone):
            await platform.adapter.post(platform.nowhere, CARD, key="k1")

    async def test_a_refusal_says_what_to_do(self, platform):
        if platform.refuse is None:
            pytest.skip(f"nobody refuses the bot on {platform.adapter.name}")
        await platform.refuse()
        with pytest.raises(Forbidden) as refused:
            await platform.adapter.post(platform.person, CARD, key="k1")
        assert refused.value.fix
