"""What docs/slack.md promises: with the config of the page, and e-mail addresses for people, the first request works."""

from __future__ import annotations

import re

import pytest

from support.process import ROOT, Process
from support.slack import FakeSlack

CLOCK = '  sandbox: {clock: manual, start: "2026-09-23T08:30:00Z"}\n'
"""A working hour in Berlin and in Shanghai: nothing waits for the morning."""
PAGES = {
    "slack.md": ("ann", "bob", "eve", "new @R&D performance data of product X by next Wednesday"),
    "slack.zh-CN.md": ("li.min", "zhang.wei", "sunzong", "发起 @研发部 新品X性能数据 期望 下周三之前"),
}


def config(page: str, slack: FakeSlack, ids: dict[str, str]) -> str:
    """The page's, with this workspace's tokens and ids in it."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found and all(line in text for line in [f"/request {PAGES[page][3]}"])
    shown = found[1].replace("xoxb-…", slack.bot_token).replace("xapp-…", slack.app_token)
    shown = shown.replace("  slack:\n", f"{CLOCK}  slack:\n    base_url: {slack.base_url}\n")
    for written, id in ids.items():
        assert written in shown
        shown = shown.replace(written, id)
    return shown


@pytest.mark.parametrize("page", PAGES)
async def test_the_first_request_of_the_page(page, tmp_path):
    asks, answers, rules, line = PAGES[page]
    async with FakeSlack() as slack:
        me = await slack.create_user("me", email=f"{asks}@example.com")
        lead = await slack.create_user("lead", email=f"{answers.title()}@example.com")
        chair = await slack.create_user(rules)
        names = ("market", "rd", "leaders")
        places = {name: await slack.create_channel(name, [me, lead, chair]) for name in names}
        ids = {
            "U012ABCDEF": chair,
            **dict(zip(("C0MARKET12", "C0RESEARCH", "C0LEADERS1"), places.values(), strict=True)),
        }
        process = Process(tmp_path, config=config(page, slack, ids), needs=["bot.slack"])
        process.begin()
        try:
            await slack.wait_connections(1, timeout=30)
            wanted = {f"{name}@example.com" for name in (asks, answers)}
            await slack.wait_for(
                lambda: wanted <= {call.args.get("email") for call in slack.api.calls if call.ok},
                15,
                "a look for people",
            )
            assert (await slack.slash(me, places["market"], "/request", line)).status == "acked"
            form = await slack.wait_view(me)
            standard = next(
                block["block_id"] for block in form.view["blocks"] if "standard" in block.get("block_id", "")
            )
            await slack.submit(me, {standard: "raw data of three rounds"})
            for place in (places["market"], places["rd"], await slack.dm(lead)):
                (card,) = await slack.wait_messages(place, 1, contains="R-1")
                assert card.buttons
            assert slack.violations == []
        finally:
            process.close()
