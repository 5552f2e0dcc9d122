"""From a call to the verb's input, or to the form that asks for what is missing; and back from a form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from commands.errors import Refused
from commands.registry import Context, Question, Shape, Verb
from commands.typed import Call, Setting
from commands.values import PROSE, is_excused, is_missing, read_values

Given = Mapping[str, str | Sequence[str] | None]


def complete(call: Call, ctx: Context) -> Any:  # Any: the verb's own input dataclass, or a Question
    """The verb's input if everything required is there and everything given could be read; else the Question
    whose form shows what is known already, what `prefill` proposes, and what is wrong."""
    if not call.problems and not missing(call.verb, call.values):
        return call.verb.input(**call.values)
    return ask_for(call, ctx)


def ask_for(call: Call, ctx: Context) -> Question:
    """The form for a call, whether or not anything is missing (a button such as "edit")."""
    known = {**_unread_prose(call), **call.values}
    proposed = call.verb.prefill(ctx, known) if call.verb.prefill else {}
    shape = call.verb.shape(ctx, known) if call.verb.shape else Shape()
    return Question(call.verb.id, {**proposed, **known}, call.problems, shape=shape)


def ask_again(call: Call, ctx: Context, problems: Mapping[str, Refused]) -> Question:
    """The same form once more: what could not be read stays as it was written, and nothing is proposed anew."""
    known = {**call.raw, **call.values}
    shape = call.verb.shape(ctx, call.values) if call.verb.shape else Shape()
    return Question(call.verb.id, known, {**call.problems, **problems}, shape=shape)


def missing(verb: Verb, values: Mapping[str, Any]) -> tuple[str, ...]:  # Any: typed values by field name
    """The required fields that have no value, in the form's order."""
    held = {**_defaults(verb), **values}
    return tuple(
        name
        for name, asked in verb.asks.items()
        if asked.required and is_missing(held.get(name)) and not is_excused(asked, held)
    )


def read_args(verb: Verb, given: Given, setting: Setting) -> Call:
    """What a button carries, or a part of a form: what is not given is not there, and no problem yet."""
    values: dict[str, Any] = {}  # Any: typed as the field's kind says
    problems: dict[str, Refused] = {}
    raw = {name: texts for name, texts in ((n, _texts(value)) for n, value in given.items()) if texts}
    for name, texts in raw.items():
        try:
            values[name] = _read(verb, name, texts, setting)
        except Refused as problem:
            problems[name] = problem
    return Call(verb, values, problems, {name: ", ".join(texts) for name, texts in raw.items()})


def read_submit(verb: Verb, given: Given, setting: Setting) -> Call:
    """A whole form: what is required and empty is a problem of that field."""
    call = read_args(verb, given, setting)
    empty = {n: Refused("field.missing") for n in missing(verb, call.values) if n not in call.problems}
    return dataclasses.replace(call, problems={**call.problems, **empty})


def _read(verb: Verb, name: str, texts: Sequence[str], setting: Setting) -> Any:  # Any: see above
    if name not in verb.asks:
        raise Refused("field.unknown", word=name[:60])
    return read_values(setting, verb.id, name, verb.asks[name], texts)


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """The words of a field; none for "", [], None and blanks alike."""
    if value is None:
        return ()
    parts = (value,) if isinstance(value, str) else tuple(value)
    return tuple(part for part in parts if part.strip())


def _unread_prose(call: Call) -> dict[str, str]:
    """A text with a problem (too long) stays in the form: nobody should have to write it again."""
    asks = call.verb.asks
    return {
        name: call.raw[name] for name in call.problems if name in asks and asks[name].kind in PROSE and name in call.raw
    }


def _defaults(verb: Verb) -> dict[str, Any]:  # Any: see above
    return {f.name: f.default for f in dataclasses.fields(verb.input) if f.default is not dataclasses.MISSING}
