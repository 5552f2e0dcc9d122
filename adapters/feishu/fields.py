"""A field of a form: its name, what is wrong with it, and what to fill in.

Pages: …/feishu-cards/card-json-v2-components/interactive-components/input, single-select-dropdown-menu,
multi-select-dropdown-menu, single-select-user-picker, multi-select-user-picker, date-time-picker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from adapters.choices import MENUS, chosen, named, offered, typed
from adapters.feishu.elements import APART, Element, markdown, plain_text, small
from adapters.feishu.flow import USER, bold
from adapters.feishu.limits import HINT, INPUT, LABEL, OPTION, OPTION_VALUE, OPTIONS, PEOPLE, PLACEHOLDER
from adapters.feishu.parts import divided
from adapters.feishu.text import escape
from adapters.plain import clean, cut, one_line
from commands.chat import FieldKind, FormField, Option

Words = Callable[[str], str]

REQUIRED = "<font color='red'>&#42;</font>"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")


class Look(StrEnum):
    """How a field is filled in."""

    PEOPLE = "people"  # chosen by name and picture
    LIST = "list"
    CALENDAR = "calendar"
    TYPED = "typed"


def look(field: FormField, *, people: bool) -> Look:
    """The best there is for it. `people`: whether people may be offered by their ids."""
    if field.kind in MENUS:
        options = offered(field) if len(field.options) <= PEOPLE else []
        if people and 0 < len(options) <= PEOPLE and all(_is_known(option) for option in options):
            return Look.PEOPLE
        fits = all(_can_be_sent(option.value) for option in options)
        return Look.LIST if fits and 0 < len(options) <= OPTIONS else Look.TYPED
    is_moment = field.kind is FieldKind.DATETIME and (_moment(field) or not chosen(field))
    return Look.CALENDAR if is_moment else Look.TYPED


def inputs(field: FormField, words: Words, look: Look) -> Iterator[Element]:
    """Its label, what is wrong, the inputs, and what helps to fill them in."""
    yield markdown(_labelled(field, words)) | {"margin": APART}
    if error := clean(field.error).strip():
        yield small(f"⚠️ {error}", colour="red")
    match look:
        case Look.PEOPLE:
            yield _choice(field, _people(field), words)
        case Look.LIST:
            yield _choice(field, _list(field), words)
        case Look.CALENDAR:
            yield _choice(field, _calendar(field), words)
        case Look.TYPED:
            yield from _typed(field)
    if hint := _hint(field, words, look):
        yield small(hint, limit=HINT)


def _labelled(field: FormField, words: Words) -> str:
    label = bold(cut(one_line(field.label) or field.name, LABEL))
    if not field.required:
        return label
    usually = f"<font color='grey'>{escape(words('platform.usually_required'))}</font>"
    return f"{label} {usually if field.excusable else REQUIRED}"


def _can_be_sent(value: str) -> bool:
    return len(value) <= OPTION_VALUE and value.strip() != "" and clean(value) == value


def _is_known(option: Option) -> bool:
    return option.user is not None and USER.fullmatch(option.user) is not None


# --- to choose -----------------------------------------------------------------------------------


def _people(field: FormField) -> Element:
    """People by their open_id: the core knows whose it is."""
    users = {option.value: option.user or "" for option in offered(field)}
    ids = list(dict.fromkeys(users.values()))
    known = [users[value] for value in chosen(field)]
    kind = "multi_select_person" if field.kind is FieldKind.MULTISELECT else "select_person"
    return {"tag": kind, "options": [{"value": id} for id in ids]} | _chosen(field, known)


def _list(field: FormField) -> Element:
    kind = "multi_select_static" if field.kind is FieldKind.MULTISELECT else "select_static"
    options = [{"text": plain_text(_label(option), OPTION), "value": option.value} for option in offered(field)]
    return {"tag": kind, "options": options} | _chosen(field, list(chosen(field)))


def _label(option: Option) -> str:
    return one_line(option.label) or option.value


def _chosen(field: FormField, known: list[str]) -> Element:
    if not known:
        return {}
    return {"selected_values": known} if field.kind is FieldKind.MULTISELECT else {"initial_option": known[0]}


def _calendar(field: FormField) -> Element:
    """Gives back a moment with its zone: `2026-12-01 09:30 +0800`."""
    return {"tag": "picker_datetime"} | ({"initial_datetime": moment} if (moment := _moment(field)) else {})


def _moment(field: FormField) -> str:
    """What is known, as a calendar wants it; "" where it is no moment."""
    known = _MOMENT.fullmatch("".join(chosen(field)))
    return f"{known[1]} {known[2]}" if known else ""


def _choice(field: FormField, element: Element, words: Words) -> Element:
    return element | _named(field, field.name) | {"placeholder": plain_text(words("platform.choose"), PLACEHOLDER)}


# --- to type -------------------------------------------------------------------------------------


def _typed(field: FormField) -> Iterator[Element]:
    """A text, in as many inputs as it takes: nothing of what is known is lost."""
    known = typed(field) if field.kind in MENUS else clean("\n".join(chosen(field)))
    is_long = field.kind in (FieldKind.MULTILINE, FieldKind.MULTISELECT) or "\n" in known or len(known) > INPUT // 5
    for name, part in divided(field.name, known):
        yield _input(field, name, part, is_long=is_long)


def _input(field: FormField, name: str, known: str, *, is_long: bool) -> Element:
    found: Element = {"tag": "input"} | _named(field, name) | {"max_length": INPUT}
    if is_long:
        found |= {"input_type": "multiline_text", "rows": 3, "auto_resize": True, "max_rows": 8}
    return found | ({"default_value": known} if known else {})


def _named(field: FormField, name: str) -> Element:
    required = field.required and not field.excusable and name == field.name
    return {"name": name, "required": required, "width": "fill"}


# --- what helps ----------------------------------------------------------------------------------


def _hint(field: FormField, words: Words, look: Look) -> str:
    """How to write a moment is of no use beside a calendar; a name is written as the others are."""
    hint = "" if look is Look.CALENDAR else clean(field.hint).strip()
    if look is not Look.TYPED or field.kind not in MENUS:
        return hint
    how = words("platform.type_names" if field.kind is FieldKind.MULTISELECT else "platform.type_name")
    return "\n".join(part for part in (hint, how, named(field)) if part)
