"""A field of a form: its name, what is wrong with it, and what to fill in.

Pages: …/feishu-cards/card-json-v2-components/interactive-components/input, single-select-dropdown-menu,
multi-select-dropdown-menu, single-select-user-picker, multi-select-user-picker, date-time-picker. What they hold comes
back by their `name`: `content`, and `content__2` … where one input is too short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from adapters.choices import MENUS, chosen, named, offered, typed
from adapters.feishu.elements import Element, markdown, plain_text, small
from adapters.feishu.flow import USER, bold
from adapters.feishu.limits import HINT, INPUT, LABEL, OPTION, OPTION_VALUE, PEOPLE, PLACEHOLDER
from adapters.plain import clean, cut, one_line
from commands.chat import FieldKind, FormField, Option

Words = Callable[[str], str]

PART = "__"
"""Between a field's name and the number of a further input."""
REQUIRED = "<font color='red'>&#42;</font>"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Shown:
    """How a field may be shown. `as_list`: its options as a list; `as_people`: people with their pictures."""

    as_list: bool = True
    as_people: bool = True


def inputs(field: FormField, words: Words, shown: Shown) -> Iterator[Element]:
    """Its label, what is wrong, the inputs, and what helps to fill them in."""
    wanted = field.required and not field.excusable
    label = bold(cut(one_line(field.label) or field.name, LABEL))
    yield markdown(f"{label} {REQUIRED}" if wanted else label) | {"margin": "8px 0px 0px 0px"}
    if error := clean(field.error).strip():
        yield small(f"⚠️ {error}", colour="red")
    if shown.as_people and is_people(field):
        yield _menu(field, _people(field), words)
    elif shown.as_list and can_be_list(field):
        yield _menu(field, _list(field), words)
    elif field.kind is FieldKind.DATETIME and (not chosen(field) or _moment(field)):
        yield _picker(field, words)
        field = _without_hint(field)
    else:
        yield from _typed(field)
    if hint := _hint(field, words, shown):
        yield small(hint, limit=HINT)


def is_people(field: FormField) -> bool:
    """Whether everybody on offer, and everybody chosen, is known on Feishu."""
    options = offered(field)
    return 0 < len(options) <= PEOPLE and all(_is_known(option) for option in options)


def can_be_list(field: FormField) -> bool:
    options = offered(field) if field.kind in MENUS else []
    return bool(options) and all(len(option.value) <= OPTION_VALUE and option.value.strip() for option in options)


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


def _menu(field: FormField, menu: Element, words: Words) -> Element:
    return menu | _named(field) | {"placeholder": plain_text(words("platform.choose"), PLACEHOLDER)}


def _picker(field: FormField, words: Words) -> Element:
    """Gives back a moment with its zone: `2026-12-01 09:30 +0800`."""
    known = {"initial_datetime": moment} if (moment := _moment(field)) else {}
    asked = {"placeholder": plain_text(words("platform.choose"), PLACEHOLDER)}
    return {"tag": "picker_datetime"} | known | _named(field) | asked


def _moment(field: FormField) -> str:
    """What is known, as a picker wants it; "" where it is no moment."""
    known = _MOMENT.fullmatch("".join(chosen(field)))
    return f"{known[1]} {known[2]}" if known else ""


# --- to type -------------------------------------------------------------------------------------


def _typed(field: FormField) -> Iterator[Element]:
    """A text, in as many inputs as it takes: nothing of what is known is lost."""
    known = typed(field) if field.kind in MENUS else clean("\n".join(chosen(field)))
    is_long = field.kind in (FieldKind.MULTILINE, FieldKind.MULTISELECT) or "\n" in known or len(known) > INPUT // 5
    for number, part in enumerate(_parts(known), 1):
        yield _input(field, part, number, is_long=is_long)


def _parts(text: str) -> Iterator[str]:
    """Divided behind a line where one ends in reach."""
    while len(text) > INPUT:
        part = cut(text, INPUT)[:-1] or text[:INPUT]
        line_end = part.rfind("\n") + 1
        part = part[:line_end] if line_end > INPUT // 2 else part
        yield part
        text = text[len(part) :]
    yield text


def _input(field: FormField, known: str, number: int, *, is_long: bool) -> Element:
    found: Element = {"tag": "input"} | _named(field, number) | {"max_length": INPUT}
    if is_long:
        found |= {"input_type": "multiline_text", "rows": 3, "auto_resize": True, "max_rows": 8}
    return found | ({"default_value": known} if known else {})


def _named(field: FormField, number: int = 1) -> Element:
    name = field.name if number == 1 else f"{field.name}{PART}{number}"
    required = field.required and not field.excusable and number == 1
    return {"name": name, "required": required, "width": "fill"}


# --- what helps ----------------------------------------------------------------------------------


def _hint(field: FormField, words: Words, shown: Shown) -> str:
    usually = words("platform.usually_required") if field.required and field.excusable else ""
    how = ""
    if (
        field.kind in MENUS
        and not (shown.as_people and is_people(field))
        and not (shown.as_list and can_be_list(field))
    ):
        several = field.kind is FieldKind.MULTISELECT
        how = "\n".join((words("platform.type_names" if several else "platform.type_name"), named(field))).strip()
    return "\n".join(part for part in (usually, field.hint, how) if part)


def _without_hint(field: FormField) -> FormField:
    """Hints of moments say how to type them."""
    return replace(field, hint="")
