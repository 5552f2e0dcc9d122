"""Draws the pictures of docs/feishu.md: cards as the tests keep them, about as Feishu's client shows them.

`python docs/pictures/feishu.py` from the root of the checkout, in the environment that `make test` made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from take import CHROMIUM, LARGEST, ROOT

Element = Mapping[str, Any]
CARDS = ROOT / "tests" / "adapters" / "feishu" / "golden"
SHOWN = {
    "zh-CN": {"request.raised": "群聊", "form.accept": "与机器人的单聊", "escalation.breach": "领导小组的群"},
    "en": {"request.raised": "a group", "form.accept": "one-to-one", "escalation.breach": "the leadership group"},
}
HEADERS = {"blue": "#e1eaff", "green": "#d9f5d6", "orange": "#feead2", "red": "#fde2e2"}
BUTTONS = {"primary_filled": "#fff;background:#3370ff;border-color:#3370ff", "danger": "#f54a45;border-color:#f54a45"}
STYLE = """
main { padding: 12px 20px 20px; display: flex; gap: 20px; width: max-content; background: #f2f3f5; color: #1f2329;
       font: 14px/22px "Noto Sans CJK SC", "PingFang SC", sans-serif }
.where { margin: 0 0 4px; font-size: 12px; color: #646a73 }
.card { width: 330px; background: #fff; border: 1px solid #dee0e3; border-radius: 8px; overflow: hidden }
.head { padding: 10px 12px; font-size: 16px; font-weight: bold; line-height: 24px }
.body { padding: 8px 12px 12px; display: flex; flex-direction: column; gap: 4px; overflow-wrap: anywhere }
.input { border: 1px solid #d0d3d6; border-radius: 6px; padding: 4px 10px; color: #8f959e }
.row { display: flex; flex-wrap: wrap; gap: 8px }
.button { border: 1px solid #d0d3d6; border-radius: 6px; padding: 3px 11px }
"""


def drawn(title: str, card: tuple[Element, ...]) -> str:
    frame, *elements = card
    header = frame["header"]
    head = f'<div class="head" style="background:{HEADERS[header["template"]]}">{_words(header["title"])}</div>'
    body = "".join(f'<div style="margin:{each.get("margin", "0")}">{_element(each)}</div>' for each in elements)
    return (
        f'<div><p class="where">{escape(title)}</p><div class="card">{head}<div class="body">{body}</div></div></div>'
    )


def _element(element: Element) -> str:
    """What is not known here is an error: it would be missing in the picture."""
    return KINDS[element["tag"]](element)


def _words(text: Element) -> str:
    return escape(text["content"]).replace("\n", "<br>")


def _markdown(element: Element) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", element["content"])
    return re.sub(r"<font color='(\w+)'>(.*?)</font>", r'<span style="color:\1">\2</span>', text).replace("\n", "<br>")


def _row(element: Element) -> str:
    inside = "".join(_element(each) for column in element["columns"] for each in column["elements"])
    return f'<div class="row">{inside}</div>'


def _button(element: Element) -> str:
    return f'<div class="button" style="color:{BUTTONS.get(element["type"], "")}">{_words(element["text"])}</div>'


def _chosen(element: Element) -> str:
    return f'<div class="input">{element.get("initial_datetime") or _words(element["placeholder"])}</div>'


KINDS: dict[str, Callable[[Element], str]] = {
    "div": lambda element: _words(element["text"]),
    "markdown": _markdown,
    "column_set": _row,
    "button": _button,
    "picker_datetime": _chosen,
    "select_person": _chosen,
}


def take(language: str, file: Path) -> None:
    cards = json.loads((CARDS / f"{language}.json").read_text("utf-8"))
    page = "".join(drawn(where, cards[name]) for name, where in SHOWN[language].items())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page(viewport={"width": 1100, "height": 600}, device_scale_factor=1.5)
        tab.set_content(f'<meta charset="utf-8"><style>{STYLE}</style><main>{page}</main>')
        tab.locator("main").screenshot(path=file)
        chromium.close()
    size = file.stat().st_size
    assert size < LARGEST, f"{file.name} has {size} bytes"
    print(f"{file.relative_to(ROOT)}: {size} bytes")


if __name__ == "__main__":
    for language in SHOWN:
        take(language, Path(__file__).with_name(f"feishu.{language}.png"))
