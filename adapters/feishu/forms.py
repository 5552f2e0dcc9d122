"""Forms as cards with a form container: how they look, and what comes back.

https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-components/containers/form-container
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.choices import offered
from adapters.feishu import values
from adapters.feishu.elements import Payload, button, card, row, small
from adapters.feishu.fields import Look, inputs, look
from adapters.feishu.limits import CARD_BYTES, ELEMENTS, LISTS_BYTES, OPTIONS, TITLE
from adapters.feishu.parts import MARK, joined
from adapters.feishu.render import closed
from adapters.feishu.text import size
from adapters.plain import cut, one_line
from adapters.saying import heading
from commands.chat import Card, Form, Option, Tone

Words = Callable[[str], str]


def form(
    form: Form,
    words: Words,
    *,
    chat: str,
    direct: bool,
    owner: str,
    wrong: str = "",
    people: bool = True,
) -> Payload:
    """The form. Where lists of options make it too large, the longest are typed; one that is too large all the same
    cannot be filled in on Feishu, and says so. `wrong`: what is not right about it as a whole. `people`: with pictures
    of people to choose from, else by name."""
    title = cut(one_line(form.title), TITLE)
    about = values.Form(form.id, chat, direct, owner, title)
    for room in LISTS_BYTES:
        found = _form(form, words, about, _looks(form, people=people, room=room), wrong)
        if size(found) <= CARD_BYTES and count(found) <= ELEMENTS:
            return found
    return closed(form.title, words("platform.form_too_long"), words, tone=Tone.WARNING)


def _form(form: Form, words: Words, about: values.Form, looks: Mapping[str, Look], wrong: str) -> Payload:
    tone = Tone.WARNING if wrong or any(field.error for field in form.fields) else Tone.INFO
    above = [small(f"⚠️ {wrong}", colour="red")] if wrong else []
    fields = [element for field in form.fields for element in inputs(field, words, looks[field.name])]
    submit = button(form.submit, values.form(about), style="primary")
    submit |= {"name": "submit" + MARK, "form_action_type": "submit"}
    cancel = button(words("platform.cancel"), values.closing(about)) | {"name": "cancel" + MARK}
    container = {"tag": "form", "name": "form" + MARK, "vertical_spacing": "4px"}
    elements = [*above, *fields, *row([submit, cancel])]
    return card(heading(Card(form.title, tone)), [container | {"elements": elements}], tone=tone)


def _looks(form: Form, *, people: bool, room: int) -> dict[str, Look]:
    """Options are listed as long as there is room (bytes), the shortest lists first; the others are typed."""
    looks = {field.name: look(field, people=people) for field in form.fields}
    listed = [field for field in form.fields if looks[field.name] in (Look.LIST, Look.PEOPLE)]
    texts = OPTIONS
    for field in sorted(listed, key=lambda field: len(field.options)):
        options = offered(field)
        room -= sum(_weight(option, looks[field.name]) for option in options)
        texts -= len(options) if looks[field.name] is Look.LIST else 0
        if room < 0 or texts < 0:
            looks[field.name] = Look.TYPED
    return looks


def _weight(option: Option, look: Look) -> int:
    if look is Look.PEOPLE:
        return 30 + len(option.user or "")
    return 100 + size(option.label) + size(option.value)


def count(payload: Any) -> int:  # Any: JSON
    """Elements and texts, as Feishu counts them."""
    if isinstance(payload, Mapping):
        return ("tag" in payload) + sum(count(part) for key, part in payload.items() if key != "value")
    return sum(map(count, payload)) if isinstance(payload, list) else 0


# --- back ----------------------------------------------------------------------------------------


def filled(form_value: object) -> dict[str, str | list[str]]:
    """What was filled in, by field. What is empty comes as nothing, "", or [], and is left out; so are forged parts."""
    held = form_value if isinstance(form_value, Mapping) else {}
    given = [(name, value) for name, value in held.items() if isinstance(name, str) and value]
    texts = joined((name, value) for name, value in given if isinstance(value, str))
    lists = {name: chosen for name, value in given if isinstance(value, list) and (chosen := _texts(value))}
    return {**texts, **lists}


def _texts(value: list[object]) -> list[str]:
    return [one for one in value if isinstance(one, str) and one]
