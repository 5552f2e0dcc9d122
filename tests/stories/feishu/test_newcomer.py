"""What docs/feishu.md promises, in both languages: with the config of the page, and e-mail addresses for people, groups
are bound by a message and the first request works, through the real process and the long connection."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from support.feishu import FakeFeishu
from support.feishu.filling import fields
from support.feishu.townspeople import form_of
from support.process import ROOT, Process


class Page(NamedTuple):
    """What is typed there, and read."""

    bot: str
    bind: str
    units: dict[str, str]
    bound: str
    form: str


CLOCK = '  sandbox: {clock: manual, start: "2026-09-23T08:30:00Z"}\n'
"""A working hour in Berlin and in Shanghai: nothing waits for the morning."""
PAGES = {
    "feishu.zh-CN.md": Page(
        "@接口人",
        "状态 绑定群",
        {"market": "市场部", "rd": "研发部", "leaders": "领导小组"},
        bound="已绑定{}",
        form="发起协作请求",
    ),
    "feishu.md": Page(
        "@Liaison",
        "status bind",
        {"market": "Marketing", "rd": "R&D", "leaders": "Leadership"},
        bound="now belongs to {}",
        form="New request",
    ),
}


def config(page: str, feishu: FakeFeishu, chair: str) -> str:
    """The page's, with this app's id and secret in it."""
    found = re.search(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found
    shown = found[1]
    ours = {"app_id: cli_a1b2c3": f"app_id: {feishu.app_id}", "app_secret: …": f"app_secret: {feishu.app_secret}"}
    for written, meant in {**ours, "feishu: ou_…": f"feishu: {chair}"}.items():
        assert shown.count(written) == 1
        shown = shown.replace(written, meant)
    return shown.replace("  feishu:\n", f"{CLOCK}  feishu:\n    domain: {feishu.domain}\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
async def test_the_first_request_of_the_page(name, tmp_path):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    bot, bind, units, bound, asked = PAGES[name]
    (line,) = re.findall(rf"^    {bot} (/request .+)$", page, re.MULTILINE)
    async with FakeFeishu() as feishu:
        asks = feishu.create_user("李敏", email="Li.Min@example.com")
        leads = feishu.create_user("张伟", email="zhang.wei@example.com")
        chair = feishu.create_user("孙总")
        places = {unit: feishu.create_group(unit, [asks, leads, chair]) for unit in units}
        process = Process(tmp_path, config=config(page, feishu, chair), needs=["bot.feishu"])
        process.begin()
        try:
            await feishu.wait_connections(timeout=30)
            await feishu.wait_calls("POST contact/v3/users/batch_get_id", ok=True, timeout=15)
            for unit, place in places.items():
                await feishu.say(asks, place, f"@bot {bind} {units[unit]}")
                await feishu.wait_messages(asks, contains=bound.format(units[unit]), timeout=15)
            for shown in ("rd", "leaders"):
                assert f"{bot} {bind} {units[shown]}" in page
            await feishu.say(asks, places["market"], f"@bot {line}")
            (form,) = await feishu.wait_messages(asks, contains=asked, timeout=15)
            (standard,) = [field["name"] for field in fields(form_of(form.content)) if "standard" in field["name"]]
            await feishu.submit(asks, form.id, {standard: "raw data of three rounds"})
            for place in (places["market"], places["rd"], leads):
                (card,) = await feishu.wait_messages(place, contains="R-1", timeout=15)
                assert card.buttons
            assert feishu.violations == [] and feishu.unanswered() == []
        finally:
            process.close()
