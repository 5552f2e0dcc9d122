"""Takes the pictures of the README: the real bot on a small town, moved to a telling moment, in a real browser.

`python docs/pictures/take.py` from the root of the checkout, in the environment that `make test` made.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.sync_api import sync_playwright  # noqa: E402

from support.process import TOWN, Process  # noqa: E402

CHROMIUM = os.environ.get("LIAISON_CHROMIUM", "/usr/bin/chromium")
LARGEST = 300_000
HEIGHT = {"zh-CN": 1010, "en": 1060}
"""So that the whole story is on the picture."""
IN_ENGLISH = {
    "language: zh-CN": "language: en",
    "李敏": "Mina Li",
    "周强": "Joe Zhou",
    "张伟": "David Zhang",
    "陈静": "Grace Chen",
    "刘洋": "Leo Liu",
    "王磊": "Ray Wang",
    "赵颖": "Yvonne Zhao",
    "何平": "Peter He",
    "孙总": "Susan Sun",
    "高洁": "Jenny Gao",
    "市场部": "Marketing",
    "研发部": "Development",
    "设计部": "Design",
    "领导小组": "Leadership",
    "新品X": "Product X",
    ", aliases: [Market]": "",
    ", aliases: [Design]": "",
}


@dataclass(frozen=True)
class Scene:
    """What is said in one language."""

    language: str
    town: str
    urgent: str
    asked: str


SCENES = (
    Scene(
        "zh-CN",
        TOWN.read_text("utf-8"),
        "/request 紧急 @研发部 客户现场停机",
        "/escalate 裁决 E-1 指派 张伟 立即到场处理",
    ),
    Scene(
        "en",
        "",
        "/request urgent @Development Line down at the customer's site",
        "/escalate rule E-1 assign David Zhang has to go there at once",
    ),
)


def english(town: str) -> str:
    for ours, theirs in IN_ENGLISH.items():
        town = town.replace(ours, theirs)
    return town


def take(scene: Scene, folder: Path) -> None:
    process = Process(folder, config=scene.town or english(TOWN.read_text("utf-8")))
    chat = process.start()
    try:
        chat.to("09-23 14:10")
        chat.limin.says(scene.urgent)
        chat.to("09-23 16:12")
        chat.limin.says(scene.asked)
        _shoot(chat.base, scene.language, Path(__file__).with_name(f"sandbox.{scene.language}.png"))
    finally:
        process.stop()


def _shoot(url: str, language: str, file: Path) -> None:
    remembered = {"person": "limin", "chat": "newx", "tour": "seen", "language": language}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context = chromium.new_context(
            viewport={"width": 1240, "height": HEIGHT[language]}, device_scale_factor=1.5, locale=language
        )
        for name, value in remembered.items():
            context.add_init_script(f"localStorage.setItem('liaison.{name}', '{value}')")
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector("body[data-ready]")
        page.screenshot(path=file)
        chromium.close()
    size = file.stat().st_size
    assert size < LARGEST, f"{file.name} has {size} bytes"
    print(f"{file.relative_to(ROOT)}: {size} bytes")


if __name__ == "__main__":
    for scene in SCENES:
        with tempfile.TemporaryDirectory() as folder:
            take(scene, Path(folder))
