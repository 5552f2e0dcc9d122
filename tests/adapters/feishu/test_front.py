"""Everything that comes from Feishu is acknowledged in time, done once, and answered to the person alone."""

from __future__ import annotations


async def test_a_mention_reaches_the_core_with_its_person_chat_and_words(desk):
    said = await desk.feishu.say(desk.ann, desk.place, f"@bot /request @研发部 <@{desk.bob}> 数据")
    assert said.status == "acked"
    await desk.feishu.wait_messages("ann", 1, contains="好的")
    (event,) = desk.core.events
    assert (event.platform, event.user, event.chat, event.direct) == ("feishu", desk.ann, desk.place, False)
    assert event.text == f"/request @研发部 <@{desk.bob}> 数据"
