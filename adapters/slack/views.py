"""Modals: forms, what was filled in, and notes. Pure.

https://docs.slack.dev/reference/views/modal-views/ and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from adapters.choices import MENUS
from adapters.plain import clean, one_line
from adapters.saying import NOTHING
from adapters.slack.blocks import Block, View, header, plain_text, sections
from adapters.slack.choices import weight
from adapters.slack.fields import PREFIX, VALUE, input_blocks
from adapters.slack.limits import HEADER, LISTS_BYTES, NOTE, SECTION, VIEW_BLOCKS, VIEW_BYTES, VIEW_TITLE
from adapters.slack.text import length, shorten
from commands.chat import Form

Words = Callable[[str], str]
Body = Mapping[str, Any]  # Any: JSON of a view, as Slack sends it; every part may be missing or forged


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form's modal knows: the form, and the chat it was asked for in."""

    form: str
    chat: str
    direct: bool


# --- out -----------------------------------------------------------------------------------------


def modal(form: Form, words: Words, *, chat: str, direct: bool) -> View:
    """The form. Where lists of options make it too large, the longest are typed; one that is too large all the same
    cannot be filled in on Slack, and says so."""
    view = _form(form, words, _listed(form), Opened(form.id, chat, direct))
    if _size(view) > VIEW_BYTES or len(view["blocks"]) > VIEW_BLOCKS:
        return note(form.title, words("platform.form_too_long"), words)
    return view


def note(title: str, text: str, words: Words) -> View:
    """A modal that only says something."""
    blocks = [*_whole_title(title), *sections(shorten(clean(text), NOTE))]
    return {
        "type": "modal",
        "title": plain_text(title, VIEW_TITLE),
        "close": plain_text(words("platform.close"), VIEW_TITLE),
        "blocks": blocks,
    }


def working(words: Words) -> View:
    """Shown while an answer takes longer than the acknowledgement may."""
    return note(words("platform.working"), words("platform.working_on_it"), words)


def _form(form: Form, words: Words, listed: set[str], opened: Opened) -> View:
    blocks = _whole_title(form.title)
    for field in form.fields:
        blocks += input_blocks(field, words, may_list=field.name in listed)
    told = {"form": opened.form, "chat": opened.chat, "direct": opened.direct}
    return {
        "type": "modal",
        "title": plain_text(form.title, VIEW_TITLE),
        "submit": plain_text(form.submit, VIEW_TITLE),
        "close": plain_text(words("platform.cancel"), VIEW_TITLE),
        "private_metadata": json.dumps(told),
        "blocks": blocks or list(sections(form.title)),
    }


def _whole_title(title: str) -> list[Block]:
    """The title again where the modal's own has no room for it."""
    title = one_line(title)
    if length(title) <= VIEW_TITLE:
        return []
    return [header(title)] if length(title) <= HEADER else list(sections(title))


def _listed(form: Form) -> set[str]:
    """The fields whose options are listed: as many as a view has room for, the shortest lists first."""
    menus = sorted((field for field in form.fields if field.kind in MENUS), key=weight)
    sizes = accumulate(weight(field) for field in menus)
    return {field.name for field, size in zip(menus, sizes, strict=True) if size <= LISTS_BYTES}


def _size(view: View) -> int:
    """Bytes, as the SDK writes it."""
    return len(json.dumps(view))


# --- back ----------------------------------------------------------------------------------------


def opened(view: Body) -> Opened | None:
    """None when it is no form of ours."""
    with suppress(ValueError, TypeError):
        match json.loads(view.get("private_metadata") or "null"):
            case {"form": str(form), "chat": str(chat), "direct": bool(direct)}:
                return Opened(form, chat, direct)
    return None


def values(view: Body) -> dict[str, str | list[str]]:
    """What was filled in, by field; a text that took several inputs is one again. Forged parts are left out."""
    found: dict[str, str | list[str]] = {}
    blocks = _mapping(_mapping(view.get("state")).get("values"))
    for _, name, block in sorted(_numbered(block) for block in blocks if str(block).startswith(PREFIX)):
        value = _value(_mapping(_mapping(blocks[block]).get(VALUE)))
        before = found.get(name, "")
        found[name] = before + value if isinstance(before, str) and isinstance(value, str) else value
    return found


def _numbered(block: str) -> tuple[int, str, str]:
    """`field:content:2` is the second part of `content`: JSON keeps no order."""
    name, _, number = block.removeprefix(PREFIX).partition(":")
    return (int(number) if number.isascii() and number.isdigit() else 1, name, block)


def errors(view: Body, problems: Mapping[str, str]) -> dict[str, str]:
    """What to show beside the inputs that the view has: block id → text. The other problems are left out."""
    blocks = view.get("blocks")
    listed = blocks if isinstance(blocks, list) else []
    inputs = {_mapping(block).get("block_id") for block in listed}
    beside = {f"{PREFIX}{name}": shorten(clean(text).strip() or NOTHING, SECTION) for name, text in problems.items()}
    return {block: text for block, text in beside.items() if block in inputs}


def _value(state: Body) -> str | list[str]:
    if "selected_options" in state:
        options = state["selected_options"]
        return [_option(option) for option in options if _option(option)] if isinstance(options, list) else []
    if "selected_option" in state:
        return _option(state["selected_option"])
    value = state.get("value")
    return value if isinstance(value, str) else ""


def _option(option: object) -> str:
    value = _mapping(option).get("value")
    return value if isinstance(value, str) else ""


def _mapping(part: object) -> Body:
    return part if isinstance(part, Mapping) else {}
