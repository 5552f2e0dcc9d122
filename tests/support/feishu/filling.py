"""Filling in a form as Feishu's client does, and what the app gets of it.

Source: open.feishu.cn/document/feishu-cards/card-callback-communication (form_value).
"""

from __future__ import annotations

import re
from typing import Any

from . import markup
from .elements import FIELDS
from .errors import Impossible
from .markup import Json
from .organisation import Organisation

UNFILLED = {"missing", "blank", "typed"}
_INITIAL = {
    "input": "default_value",
    "date_picker": "initial_date",
    "picker_time": "initial_time",
    "picker_datetime": "initial_datetime",
}
_PICKED = {
    "date_picker": r"\d{4}-\d\d-\d\d",
    "picker_time": r"\d\d:\d\d",
    "picker_datetime": r"\d{4}-\d\d-\d\d \d\d:\d\d",
}


def form_value(feishu: Organisation, form: Json, values: Json, *, unfilled: str = "missing") -> Json:
    """By the names of the fields; what is not given keeps what it began with. Raises `Impossible`.

    `unfilled`: an empty field is missing, "" ("blank"), or "" or [] by its kind ("typed").
    """
    assert unfilled in UNFILLED, unfilled
    rest, filled = dict(values), {}
    for field in fields(form):
        held = _held(feishu, field, rest.pop(field["name"], None))
        if held:
            filled[field["name"]] = held
        elif field.get("required"):
            raise Impossible(f"required and empty: {field['name']}")
        elif unfilled != "missing":
            filled[field["name"]] = [] if unfilled == "typed" and field["tag"].startswith("multi") else ""
    if rest:
        raise Impossible(f"no such fields: {sorted(rest)}; there are {sorted(one['name'] for one in fields(form))}")
    return filled


def fields(form: Json) -> list[Json]:
    return [one for one, _ in markup.within(form["elements"], []) if one["tag"] in FIELDS]


def initial(field: Json) -> Any:
    """What a field shows before anybody touches it."""
    if field["tag"].startswith("multi"):
        return field.get("selected_values", [])
    return field.get(_INITIAL.get(field["tag"], "initial_option"), "")


def _held(feishu: Organisation, field: Json, value: Any) -> Any:
    if value is None:
        value = initial(field)
    if field.get("disabled") or value in ("", []):
        return value
    kind = field["tag"]
    if kind.startswith("multi"):
        if isinstance(value, str):
            raise Impossible(f"{field['name']} takes several: {value!r}")
        return [_option(feishu, field, one) for one in value]
    if "select" in kind:
        return _option(feishu, field, value)
    return _typed(field, value) if kind == "input" else _picked(kind, value)


def _option(feishu: Organisation, field: Json, value: str) -> str:
    if "person" in field["tag"]:
        value = feishu.person(value).id
    offered = [option["value"] for option in field.get("options", [])]
    if value not in offered and (offered or "person" not in field["tag"]):
        raise Impossible(f"not offered: {value!r}; there are {offered}")
    return value


def _typed(field: Json, value: str) -> str:
    if len(value) > field.get("max_length", 1000):
        raise Impossible(f"the client takes {field.get('max_length', 1000)} characters, not {len(value)}")
    if "\n" in value and field.get("input_type") != "multiline_text":
        raise Impossible("a single line takes no line break")
    return value


def _picked(kind: str, value: str) -> str:
    """`2026-12-01 09:30`, to which the client adds its zone."""
    if not re.fullmatch(_PICKED[kind], value):
        raise Impossible(f"nobody can pick {value!r}")
    return f"{value} +0800"


def errors(card: Json) -> dict[str, str]:
    """What stands in red above a field, by the field's name."""
    found, last = {}, ""
    for one, above in markup.elements(card):
        if one["tag"] == "div" and one["text"].get("text_color") == "red":
            last = str(one["text"]["content"])
        elif one["tag"] in FIELDS and any(outer["tag"] == "form" for outer in above):
            found |= {one["name"]: last} if last else {}
            last = ""
    return found
