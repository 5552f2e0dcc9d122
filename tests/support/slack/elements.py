"""Elements of Block Kit: what stands in blocks, which keys it has and how long they may be.

Sources: docs.slack.dev/reference/block-kit/block-elements and /composition-objects.
"""

from __future__ import annotations

from typing import Any

from .shapes import Check, also, by_type, flag, many, number, one_of, pattern, record, string

ID = string(255, least=1)
FLAG: Check = flag


def kind_of(name: str) -> dict[str, Check]:
    return {"type": one_of(name)}


# --- composition objects ----------------------------------------------------------------------------


def plain(limit: int) -> Check:
    return record(kind_of("plain_text") | {"text": string(limit, least=1)}, {"emoji": FLAG})


def text(limit: int) -> Check:
    mrkdwn = record(kind_of("mrkdwn") | {"text": string(limit, least=1)}, {"verbatim": FLAG})
    return by_type({"plain_text": plain(limit), "mrkdwn": mrkdwn})


def _option(words: Check) -> Check:
    return record({"text": words, "value": string(150, least=1)}, {"description": words})


def _distinct_options(element: Any, at: str, found: list[str]) -> None:
    """Two options with one value could not be told apart when one is chosen."""
    values = [option["value"] for option in offered(element)]
    if len(values) != len(set(values)):
        found.append(f"option values must be unique [json-pointer:{at}/options]")


def _initial_is_offered(element: Any, at: str, found: list[str]) -> None:
    """An initial option must be one of the options, in every property."""
    one = [element["initial_option"]] if "initial_option" in element else []
    for option in one + element.get("initial_options", []):
        if option not in offered(element):
            found.append(f"initial option must be one of the options [json-pointer:{at}]")


def offered(element: dict[str, Any]) -> list[dict[str, Any]]:
    """The options a person may choose from, in whatever groups."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


_SELECT_OPTION = _option(plain(75))
_CHOICE_OPTION = _option(text(75))
_GROUP = record({"label": plain(75), "options": many(_SELECT_OPTION, 1, 100)})
_CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_FILE = record({"id": string(255, least=1)})
PICTURE = {"image_url": string(3000, least=1), "slack_file": _FILE}


def one_source(image: Any, at: str, found: list[str]) -> None:
    if ("image_url" in image) == ("slack_file" in image):
        found.append(f"must have exactly one of image_url and slack_file [json-pointer:{at}]")


def _one_list(select: Any, at: str, found: list[str]) -> None:
    if ("options" in select) == ("option_groups" in select):
        found.append(f"must have exactly one of options and option_groups [json-pointer:{at}]")


# --- elements ---------------------------------------------------------------------------------------

_ACTION = {"action_id": ID}
_CONFIRMED = _ACTION | {"confirm": _CONFIRM}
_FIELD = _ACTION | {"focus_on_load": FLAG, "placeholder": plain(150)}
_OPTIONS = {"options": many(_SELECT_OPTION, 1, 100), "option_groups": many(_GROUP, 1, 100)}
_TYPED = {"dispatch_action_config": record({"trigger_actions_on": many(string(40), 1, 2)})}
_DECIMAL = pattern(r"-?\d+(\.\d+)?")


def _fits(field: Any, at: str, found: list[str]) -> None:
    value, least, most = field.get("initial_value", ""), field.get("min_length", 0), field.get("max_length", 3000)
    if value and not least <= len(value) <= most:
        found.append(f"initial_value must have {least} to {most} characters [json-pointer:{at}/initial_value]")


_BUTTON = record(
    kind_of("button") | {"text": plain(75)},
    _CONFIRMED
    | {"value": string(2000), "url": string(3000), "style": one_of("primary", "danger")}
    | {"accessibility_label": string(75)},
)
IMAGE = also(record(kind_of("image") | {"alt_text": string(2000, least=1)}, PICTURE), one_source)
_STATIC_SELECT = also(
    record(kind_of("static_select"), _FIELD | _CONFIRMED | _OPTIONS | {"initial_option": _SELECT_OPTION}),
    _one_list,
    _distinct_options,
    _initial_is_offered,
)
_MULTI_SELECT = also(
    record(
        kind_of("multi_static_select"),
        _FIELD
        | _CONFIRMED
        | _OPTIONS
        | {"initial_options": many(_SELECT_OPTION, 1, 100), "max_selected_items": number(1, 100)},
    ),
    _one_list,
    _distinct_options,
    _initial_is_offered,
)
_CHOICES = {"options": many(_CHOICE_OPTION, 1, 10)}
_BOXES = _CONFIRMED | {"focus_on_load": FLAG}
_RADIO = also(
    record(kind_of("radio_buttons") | _CHOICES, _BOXES | {"initial_option": _CHOICE_OPTION}),
    _distinct_options,
    _initial_is_offered,
)
_CHECKBOXES = also(
    record(kind_of("checkboxes") | _CHOICES, _BOXES | {"initial_options": many(_CHOICE_OPTION, 1, 10)}),
    _distinct_options,
    _initial_is_offered,
)
_OVERFLOW = record(kind_of("overflow") | {"options": many(_SELECT_OPTION, 1, 5)}, _CONFIRMED)
_TEXT_INPUT = also(
    record(
        kind_of("plain_text_input"),
        _FIELD
        | _TYPED
        | {"initial_value": string(3000), "multiline": FLAG}
        | {"min_length": number(0, 3000), "max_length": number(1, 3000)},
    ),
    _fits,
)
_NUMBER_INPUT = record(
    kind_of("number_input") | {"is_decimal_allowed": FLAG},
    _FIELD | _TYPED | {"initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
)
_DATE_TIME = record(
    kind_of("datetimepicker"),
    _CONFIRMED | {"focus_on_load": FLAG, "initial_date_time": number(1_000_000_000, 9_999_999_999)},
)
_DATE = record(kind_of("datepicker"), _FIELD | _CONFIRMED | {"initial_date": pattern(r"\d{4}-\d\d-\d\d")})
_TIME = record(
    kind_of("timepicker"), _FIELD | _CONFIRMED | {"initial_time": pattern(r"\d\d:\d\d"), "timezone": string(100)}
)
_USERS_SELECT = record(kind_of("users_select"), _FIELD | _CONFIRMED | {"initial_user": string(50, least=1)})
_MULTI_USERS = record(
    kind_of("multi_users_select"),
    _FIELD | _CONFIRMED | {"initial_users": many(string(50, least=1), 1, 100), "max_selected_items": number(1, 100)},
)

_CONTROLS = {
    "button": _BUTTON,
    "static_select": _STATIC_SELECT,
    "users_select": _USERS_SELECT,
    "overflow": _OVERFLOW,
    "radio_buttons": _RADIO,
    "checkboxes": _CHECKBOXES,
    "datepicker": _DATE,
    "timepicker": _TIME,
    "datetimepicker": _DATE_TIME,
}
ACTIONS = by_type(_CONTROLS)
ACCESSORY = by_type(
    {name: check for name, check in _CONTROLS.items() if name != "datetimepicker"}
    | {"image": IMAGE, "multi_static_select": _MULTI_SELECT, "multi_users_select": _MULTI_USERS}
)
INPUT = by_type(
    {name: check for name, check in _CONTROLS.items() if name not in {"button", "overflow"}}
    | {"plain_text_input": _TEXT_INPUT, "number_input": _NUMBER_INPUT}
    | {"multi_static_select": _MULTI_SELECT, "multi_users_select": _MULTI_USERS}
)
