"""A field of a form as input blocks: `field:<name>`, and `field:<name>:2` … where one input is too short.

https://docs.slack.dev/reference/block-kit/blocks/input-block/

A date is typed, not picked: people say "next Wednesday" or "in 3 days", a picker demands a minute and shows it in the
zone of Slack's settings, and the core reads whatever somebody types, also what this shows (2026-09-30 18:00).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from adapters.choices import MENUS, chosen, named, typed
from adapters.plain import clean, label_before, one_line
from adapters.slack.blocks import Block, context, plain_text
from adapters.slack.choices import can_be_menu, menu
from adapters.slack.flow import FLOW
from adapters.slack.limits import INPUT, LABEL, PLACEHOLDER
from adapters.slack.text import upto
from commands.chat import FieldKind, FormField

Words = Callable[[str], str]

PREFIX = "field:"
VALUE = "value"
"""The action id of every input."""

_NUMBER = re.compile(r"-?[0-9]{1,15}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")


def input_blocks(field: FormField, words: Words, *, may_list: bool = True) -> Iterator[Block]:
    """What is wrong with it, above; then the input. `may_list`: whether its options may be listed."""
    if field.required and field.excusable:  # Slack writes "(optional)" beside it
        field = replace(field, hint="\n".join(filter(None, (words("platform.usually_required"), field.hint))))
    if error := clean(field.error).strip():
        yield context(f"⚠️ {label_before(field.label)}{error}")
    if field.kind in MENUS and may_list and can_be_menu(field):
        yield _input(field, menu(field, plain_text(words("platform.choose"), PLACEHOLDER)), field.hint)
    elif field.kind is FieldKind.NUMBER and (not field.value or _NUMBER.fullmatch(_text(field))):
        yield _input(field, _number(_text(field)), field.hint)
    else:
        yield from _typed(field, _hint(field, words))


def _typed(field: FormField, hint: str) -> Iterator[Block]:
    """A text, in as many inputs as it takes: nothing of what is known is lost."""
    parts = list(FLOW.parts(_text(field), INPUT))
    for number, part in enumerate(parts, 1):
        several = f" {number}/{len(parts)}" if len(parts) > 1 else ""
        is_last = number == len(parts)
        yield _input(field, _text_input(field, part), hint if is_last else "", number, several)


def _text(field: FormField) -> str:
    """What is known, as it would be typed."""
    if field.kind in MENUS:
        return typed(field)
    known = clean("\n".join(chosen(field)))
    return _MOMENT.sub(r"\1 \2", known) if field.kind is FieldKind.DATETIME else known


def _hint(field: FormField, words: Words) -> str:
    if field.kind not in MENUS:
        return field.hint
    several = field.kind is FieldKind.MULTISELECT
    how = words("platform.type_names") if several else words("platform.type_name")
    return "\n".join(part for part in (field.hint, how, named(field)) if part)


def _text_input(field: FormField, known: str) -> Block:
    is_long = field.kind in (FieldKind.MULTILINE, FieldKind.MULTISELECT) or "\n" in known or len(known) > INPUT // 10
    found: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": is_long, "max_length": INPUT}
    return found | ({"initial_value": known} if known else {})


def _number(known: str) -> Block:
    found: Block = {"type": "number_input", "action_id": VALUE, "is_decimal_allowed": False}
    return found | ({"initial_value": known} if known else {})


def _input(field: FormField, element: Block, hint: str, number: int = 1, several: str = "") -> Block:
    label = one_line(field.label) or field.name
    found: Block = {
        "type": "input",
        "block_id": f"{PREFIX}{field.name}" + (f":{number}" if number > 1 else ""),
        "label": plain_text(upto(label, LABEL - len(several)) + several, LABEL),
        "element": element,
        "optional": not field.required or field.excusable or number > 1,  # Slack lets nothing required be empty
    }
    return found | ({"hint": plain_text(hint, LABEL, lines=True)} if hint.strip() else {})
