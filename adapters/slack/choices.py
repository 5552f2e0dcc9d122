"""Lists to choose from: what Slack can show as a menu, and what has to be typed instead.

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/ and
https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element/
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from adapters.choices import chosen, offered
from adapters.plain import one_line
from adapters.saying import NOTHING
from adapters.slack.blocks import Block, plain_text
from adapters.slack.limits import OPTION, OPTION_VALUE, OPTIONS
from adapters.slack.text import length, shorten, upto
from commands.chat import FieldKind, FormField, Option

_OPTION_BYTES = 80


def can_be_menu(field: FormField) -> bool:
    options = offered(field)
    fits = all(length(option.value) <= OPTION_VALUE and option.value.strip() for option in options)
    return 0 < len(options) <= OPTIONS * OPTIONS and fits and len(chosen(field)) <= OPTIONS


def menu(field: FormField, placeholder: Block) -> Block:
    """A select or multi-select, with what is known chosen."""
    written = {option.value: _written(option) for option in offered(field)}
    known = [written[value] for value in chosen(field)]
    lists = _lists(list(written.values())) | {"action_id": "value", "placeholder": placeholder}
    if field.kind is FieldKind.MULTISELECT:
        return {"type": "multi_static_select"} | lists | ({"initial_options": known} if known else {})
    return {"type": "static_select"} | lists | ({"initial_option": known[0]} if known else {})


def weight(field: FormField) -> int:
    """About how many bytes its menu takes, as `json.dumps` writes it."""
    return sum(_OPTION_BYTES + 6 * len(option.label) + len(option.value) for option in field.options)


@lru_cache(maxsize=4096)
def _written(option: Option) -> Block:
    """A long label goes on in small letters below. Kept, as each form about people lists all of them."""
    label = one_line(option.label) or one_line(option.value)
    if length(label) <= OPTION:
        return {"text": plain_text(label, OPTION), "value": option.value}
    head = upto(label, OPTION - 1).rstrip() or NOTHING
    rest = label[len(head) :].strip() or NOTHING
    return {"text": plain_text(f"{head}…", OPTION), "value": option.value, "description": plain_text(rest, OPTION)}


def _lists(options: Sequence[Block]) -> Block:
    """At most 100 in a list; more of them in groups that are named by their first and last."""
    if len(options) <= OPTIONS:
        return {"options": list(options)}
    parts = [options[at : at + OPTIONS] for at in range(0, len(options), OPTIONS)]
    return {"option_groups": [{"label": _span(part), "options": list(part)} for part in parts]}


def _span(part: Sequence[Block]) -> Block:
    first, last = (shorten(option["text"]["text"], OPTION // 2 - 1) for option in (part[0], part[-1]))
    return plain_text(f"{first} – {last}", OPTION)
