"""The elements of card JSON 2.0 that a card of ours may have, and their properties.

Source: open.feishu.cn/document/feishu-cards/card-json-v2-components, a page each.
"""

from __future__ import annotations

from typing import Any

from .errors import BadCard, malformed
from .shapes import Check, an_object, anything, flag, many, mapping, number, one_of, pattern, record, string

LANGUAGES = one_of("zh_cn", "en_us", "ja_jp", "zh_hk", "zh_tw", "ko_kr")
_NAMES = "neutral|grey|black|white|blue|wathet|turquoise|indigo|green|lime|yellow|orange|red|carmine|purple|violet"
COLOUR = pattern(rf"default|bg-white|(?:{_NAMES})(-\d{{2,3}})?|rgba?\([\d., %]+\)")  # never #rrggbb
ID = pattern(r"[A-Za-z][A-Za-z0-9_]{0,19}")
SPACE = pattern(r"(-?\d+px)( -?\d+px){0,3}|small|medium|large|extra_large")
_ALIGN = one_of("left", "center", "right")
_VERTICAL = one_of("top", "center", "bottom")
_SIZE = string  # a name such as heading, normal, notation; or one of config.style


def _kind(name: str) -> dict[str, Check]:
    return {"tag": one_of(name)}


ICON = record({"tag": one_of("standard_icon", "custom_icon")}, dict.fromkeys(("token", "color", "img_key"), string))
_TRANSLATED = {"i18n_content": mapping(string, LANGUAGES)}


def text(*tags: str) -> Check:
    """A text object: `plain_text`, where nothing is markup, or `lark_md`."""
    may = {"text_size": _SIZE, "text_color": COLOUR, "text_align": _ALIGN, "lines": number(1, 1000), "icon": ICON}
    return record({"tag": one_of(*tags), "content": string}, {**may, **_TRANSLATED, "element_id": ID})


PLAIN, EITHER = text("plain_text"), text("plain_text", "lark_md")


def _callback_or_link(value: Any, at: str) -> None:
    """The value of a callback is an object here: of a string, SDKs make nothing."""
    an_object(value, at)
    urls = dict.fromkeys(("android_url", "ios_url", "pc_url"), string)
    kinds = {
        "callback": record({"type": string, "value": an_object}),
        "open_url": record({"type": string, "default_url": pattern(r"(https?|lark)://\S+")}, urls),
    }
    kind = str(value.get("type"))
    if kind not in kinds:
        raise malformed(f"unknown behavior type {kind}", at)
    kinds[kind](value, at)


_COMMON = {"element_id": ID, "margin": SPACE}
LAYOUT = {
    "direction": one_of("vertical", "horizontal"),
    "padding": SPACE,
    "horizontal_spacing": SPACE,
    "vertical_spacing": SPACE,
    "horizontal_align": _ALIGN,
    "vertical_align": _VERTICAL,
}
_CONFIRM = record({"title": PLAIN, "text": PLAIN})
_ACTS = {"behaviors": many(_callback_or_link), "confirm": _CONFIRM, "disabled": flag, "hover_tips": PLAIN}
_FIELD = {
    **_COMMON,
    **_ACTS,
    "disabled_tips": PLAIN,
    "name": string,
    "required": flag,
    "width": pattern(r"default|auto|fill|\d+px"),
    "placeholder": PLAIN,
}


def _below(value: Any, at: str) -> None:
    """Elements inside of elements."""
    many(element)(value, at)


def _column(value: Any, at: str) -> None:
    _COLUMN(value, at)


_COLUMN = record(
    _kind("column"),
    {**_COMMON, **LAYOUT, "elements": _below, "background_style": COLOUR, "weight": number(1, 5)}
    | {"width": pattern(r"auto|weighted|\d+px")},
)
_OPTION = record({"text": PLAIN, "value": pattern(r"(?s).+")}, {"icon": ICON})
_PERSON = record({"value": string})
_SELECT = {**_FIELD, "type": one_of("default", "text")}


def _offers(value: Any, at: str) -> None:
    """Options of one select: at least one, no value twice, and what is selected is among them."""
    offered = [option["value"] for option in value.get("options", [])]
    if len(set(offered)) < len(offered):
        raise malformed("duplicate option value", at)
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("selected_values", [])
    for one in chosen:
        if one not in offered and (offered or "person" not in value["tag"]):
            raise malformed(f"{one} is not an option", at)


def _select(name: str, option: Check, more: dict[str, Check], least: int) -> Check:
    options = many(option, least)
    shape = record({**_kind(name), **({"options": options} if least else {})}, {**_SELECT, "options": options, **more})

    def check(value: Any, at: str) -> None:
        shape(value, at)
        _offers(value, at)

    return check


_HEADER = record({"title": text("plain_text", "lark_md", "markdown")}, {
    "background_color": COLOUR,
    "vertical_align": _VERTICAL,
    "padding": SPACE,
    "position": one_of("top", "bottom"),
    "width": string,
    "icon": ICON,
    "icon_position": one_of("left", "right", "follow_text"),
    "icon_expanded_angle": number(-180, 180),
})  # fmt: skip
_BORDER = record({}, {"color": COLOUR, "corner_radius": string})
_PICKER = {**_FIELD, "value": an_object}
_BUTTONS = "default primary danger text primary_text danger_text primary_filled danger_filled laser"
_SIZES = {"size": one_of("tiny", "small", "medium", "large"), "icon": ICON}

ELEMENTS: dict[str, Check] = {
    "markdown": record(
        _kind("markdown") | {"content": string},
        {**_COMMON, **_TRANSLATED, "text_size": _SIZE, "text_align": _ALIGN, "icon": ICON},
    ),
    "div": record(_kind("div") | {"text": EITHER}, {**_COMMON, "icon": ICON, "width": string}),
    "hr": record(_kind("hr"), _COMMON),
    "img": record(
        _kind("img") | {"img_key": string, "alt": PLAIN},
        {**_COMMON, "title": PLAIN, "corner_radius": string, "scale_type": one_of("crop_center", "crop_top", "fit_horizontal")}
        | {"size": string, "transparent": flag, "preview": flag},
    ),
    "column_set": record(
        _kind("column_set") | {"columns": many(_column)},
        {**_COMMON, "flex_mode": one_of("none", "stretch", "flow", "bisect", "trisect"), "background_style": COLOUR}
        | {"horizontal_spacing": SPACE, "horizontal_align": _ALIGN},
    ),
    "collapsible_panel": record(
        _kind("collapsible_panel") | {"header": _HEADER, "elements": _below},
        {**_COMMON, **LAYOUT, "expanded": flag, "background_color": COLOUR, "border": _BORDER},
    ),
    "interactive_container": record(
        _kind("interactive_container") | {"elements": _below},
        {**_COMMON, **LAYOUT, **_ACTS, "disabled_tips": PLAIN, "width": string, "height": string, "has_border": flag}
        | {"background_style": COLOUR, "border_color": COLOUR, "corner_radius": string},
    ),
    "form": record(_kind("form") | {"elements": _below}, {**_COMMON, **LAYOUT, "name": string}),
    "button": record(
        _kind("button") | {"text": EITHER},
        {**_FIELD, **_SIZES, "type": one_of(*_BUTTONS.split()), "form_action_type": one_of("submit", "reset")},
    ),
    "input": record(_kind("input"), {
        **_FIELD,
        "default_value": string,
        "max_length": number(1, 1000),
        "input_type": one_of("text", "multiline_text", "password"),
        "show_icon": flag,
        "rows": number(1, 100),
        "auto_resize": flag,
        "max_rows": number(1, 100),
        "label": PLAIN,
        "label_position": one_of("top", "left"),
    }),
    "select_static": _select("select_static", _OPTION, {"initial_option": string}, 1),
    "multi_select_static": _select("multi_select_static", _OPTION, {"selected_values": many(string)}, 1),
    "select_person": _select("select_person", _PERSON, {"initial_option": string}, 0),
    "multi_select_person": _select("multi_select_person", _PERSON, {"selected_values": many(string)}, 0),
    "date_picker": record(_kind("date_picker"), {**_PICKER, "initial_date": pattern(r"\d{4}-\d\d-\d\d")}),
    "picker_time": record(_kind("picker_time"), {**_PICKER, "initial_time": pattern(r"\d\d:\d\d")}),
    "picker_datetime": record(
        _kind("picker_datetime"), {**_PICKER, "initial_datetime": pattern(r"\d{4}-\d\d-\d\d \d\d:\d\d")}
    ),
    "overflow": record(
        _kind("overflow") | {"options": many(record({"text": PLAIN}, {"value": string, "multi_url": anything}), 1)},
        _FIELD,
    ),
}  # fmt: skip
FIELDS = {name for name in ELEMENTS if "select" in name or "picker" in name} | {"input"}
CONTAINERS = {"column_set", "form", "interactive_container", "collapsible_panel"}


def element(value: Any, at: str) -> None:
    """Any element that may stand in a list of elements."""
    tag = str(value.get("tag")) if isinstance(value, dict) else ""
    if tag in {"action", "note"}:
        raise BadCard(200861, "cards of schema V2 no longer support this capability", f"unsupported tag {tag}")
    if tag not in ELEMENTS:
        raise malformed(f"type of element is not supported tag: {tag}", at)
    ELEMENTS[tag](value, at)
