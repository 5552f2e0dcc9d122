"""Pressing and filling in: what a person does to the elements of a message or view, as Slack's client allows it."""

from __future__ import annotations

from typing import Any

from .elements import offered
from .errors import Impossible
from .markup import controls
from .records import Json

_ONE = {"static_select", "radio_buttons"}
_SEVERAL = {"multi_static_select", "checkboxes"}
# Of the elements without options: under which key the chosen value stands, and where it begins.
_SIMPLE = {
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
}


def action_of(
    blocks: list[Json], ts: str, *, action_id: str | None = None, label: str | None = None, value: Any = None
) -> Json:
    """The one button with this id, label or value is pressed; with a menu's `action_id` its `value` is chosen."""
    for block, element in controls(blocks):
        button = element["type"] == "button"
        wanted = {"action_id": action_id, "label": label, "value": value if button else None}
        shown = {**element, "label": element["text"]["text"] if button else None}
        if all(want is None or shown.get(key) == want for key, want in wanted.items()) and (button or action_id):
            action = {key: element[key] for key in ("type", "action_id", "text", "value", "url") if key in element}
            filled = {} if button else _chosen(element, value)
            return action | filled | {"block_id": block["block_id"], "action_ts": ts}
    there = [(e["action_id"], e.get("text", {}).get("text"), e.get("value")) for _, e in controls(blocks)]
    raise Impossible(f"no such button: {action_id=} {label=} {value=}; there are {there}")


def state_of(blocks: list[Json], values: Json, *, complete: bool) -> Json:
    """`view.state.values`. Values go by block or action id; what is not given keeps what it began with."""
    rest, state = dict(values), {}
    for block, element in controls(blocks):
        if element["type"] in {"button", "overflow"}:
            continue
        name = block["block_id"] if block["block_id"] in rest else element["action_id"]
        held = _chosen(element, rest.pop(name, None))
        if complete and block["type"] == "input" and not block.get("optional") and not any(held.values()):
            raise Impossible(f"required and empty: {block['label']['text']} ({block['block_id']})")
        state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    if rest:
        raise Impossible(f"no such fields: {sorted(rest)}; there are {sorted(state)}")
    return state


def _chosen(element: Json, value: Any) -> Json:
    """What an element holds: the value given, or what it began with."""
    kind = element["type"]
    if kind in _ONE:
        return {"selected_option": element.get("initial_option") if value is None else _option(element, value)}
    if kind in _SEVERAL:
        before = element.get("initial_options", [])
        return {"selected_options": before if value is None else [_option(element, one) for one in value]}
    if kind == "overflow":
        return {"selected_option": _option(element, value)}
    key, initial = _SIMPLE[kind]
    if value is None:
        return {key: element.get(initial)}
    return {key: _typed(element, value) if key == "value" else value}


def _option(element: Json, value: str) -> Json:
    for option in offered(element):
        if option["value"] == value:
            return option
    raise Impossible(f"not offered: {value!r}; there are {[option['value'] for option in offered(element)]}")


def _typed(element: Json, value: str) -> str | None:
    """An emptied field holds nothing."""
    if value == "":
        return None
    if element["type"] == "number_input":
        return _number(element, value)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not least <= len(value) <= most:
        raise Impossible(f"the client takes {least} to {most} characters, not {len(value)}")
    return value


def _number(element: Json, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        raise Impossible(f"not a number: {value!r}") from None
    low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
    if not low <= number <= high or (not element["is_decimal_allowed"] and "." in value):
        raise Impossible(f"the client does not take {value!r} here")
    return value
