"""Forms as cards with a form container: how they look, and what comes back.

https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-components/containers/form-container
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from adapters.choices import MENUS, offered
from adapters.feishu import values
from adapters.feishu.elements import Payload, button, card, row
from adapters.feishu.fields import PART, Shown, can_be_list, inputs, is_people
from adapters.feishu.limits import CARD_BYTES, ELEMENTS, LISTS_BYTES, OPTIONS, TITLE
from adapters.feishu.render import closed
from adapters.feishu.text import size
from adapters.plain import cut, one_line
from commands.chat import Form, FormField, Tone

Words = Callable[[str], str]


def form(
    form: Form, words: Words, *, chat: str, direct: bool, owner: str, attempt: int = 0, people: bool = True
) -> Payload:
    """The form. Where lists of options make it too large, the longest are typed; one that is too large all the same
    cannot be filled in on Feishu, and says so. `people`: with pictures of people to choose from, else by name."""
    title = cut(one_line(form.title), TITLE)
    about = values.Form(form.id, chat, direct, owner, attempt, title)
    found = _form(form, words, about, people=people)
    if size(found) > CARD_BYTES or count(found) > ELEMENTS:
        return closed(form.title, words("platform.form_too_long"), words, tone=Tone.WARNING)
    return found


def _form(form: Form, words: Words, about: values.Form, *, people: bool) -> Payload:
    shown = _shown(form, people=people)
    fields = [element for field in form.fields for element in inputs(field, words, shown[field.name])]
    submit = button(form.submit, values.form(about), style="primary")
    submit |= {"name": "submit" + PART, "form_action_type": "submit"}
    cancel = button(words("platform.cancel"), values.closing(about)) | {"name": "cancel" + PART}
    container = {"tag": "form", "name": "form", "vertical_spacing": "4px"}
    return card(form.title, [container | {"elements": [*fields, *row([submit, cancel])]}])


def _shown(form: Form, *, people: bool) -> dict[str, Shown]:
    """Options are listed as long as there is room, the shortest lists first."""
    shown = {field.name: Shown(as_list=False, as_people=people and is_people(field)) for field in form.fields}
    menus = sorted((f for f in form.fields if f.kind in MENUS and can_be_list(f)), key=lambda f: len(f.options))
    bytes_of = accumulate(_weight(field, shown[field.name]) for field in menus)
    counts = accumulate(0 if shown[field.name].as_people else len(offered(field)) for field in menus)
    for field, bytes_, number in zip(menus, bytes_of, counts, strict=True):
        fits = bytes_ <= LISTS_BYTES and number <= OPTIONS
        shown[field.name] = Shown(as_list=fits, as_people=fits and shown[field.name].as_people)
    return shown


def _weight(field: FormField, shown: Shown) -> int:
    if shown.as_people:
        return sum(30 + len(option.user or "") for option in field.options)
    return sum(100 + size(option.label) + size(option.value) for option in offered(field))


def count(payload: Any) -> int:  # Any: JSON
    """Elements and texts, as Feishu counts them."""
    if isinstance(payload, Mapping):
        return ("tag" in payload) + sum(count(part) for key, part in payload.items() if key != "value")
    return sum(map(count, payload)) if isinstance(payload, list) else 0


# --- back ----------------------------------------------------------------------------------------


def filled(form_value: object) -> dict[str, str | list[str]]:
    """What was filled in, by field; a text that took several inputs is one again. What is empty comes as nothing, "",
    or [], and is left out; so are forged parts."""
    found: dict[str, str | list[str]] = {}
    held = form_value if isinstance(form_value, Mapping) else {}
    for name, _, part in sorted(_numbered(held)):
        value = held[part]
        if isinstance(value, str) and value:
            before = found.get(name, "")
            found[name] = before + value if isinstance(before, str) else value
        elif isinstance(value, list) and (listed := [one for one in value if isinstance(one, str) and one]):
            found[name] = listed
    return found


def _numbered(held: Mapping[Any, Any]) -> Iterator[tuple[str, int, str]]:
    """`content__2` is the second part of `content`: JSON keeps no order."""
    for part in (part for part in held if isinstance(part, str)):
        name, mark, number = part.rpartition(PART)
        if mark and number.isascii() and number.isdigit():
            yield name, int(number), part
        else:
            yield part, 1, part
