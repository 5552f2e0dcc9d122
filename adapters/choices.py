"""What a field offers and what is known of it, before a platform shows it as a menu or asks to type it."""

from __future__ import annotations

from collections import Counter

from adapters.plain import clean, one_line
from commands.chat import FieldKind, FormField, Option

MENUS = frozenset({FieldKind.SELECT, FieldKind.MULTISELECT, FieldKind.PERSON, FieldKind.DEPARTMENT})
_READABLE = 20


def chosen(field: FormField) -> tuple[str, ...]:
    """The values that are known, each once."""
    values = (field.value,) if isinstance(field.value, str) else field.value
    return tuple(dict.fromkeys(value for value in values if value))


def offered(field: FormField) -> list[Option]:
    """One option for each value. What is known and not on offer (any more) is shown all the same."""
    labels: dict[str, list[str]] = {}
    users: dict[str, str | None] = {}
    for option in field.options:
        said = labels.setdefault(option.value, [])
        said += [] if option.label in said else [option.label]
        users.setdefault(option.value, option.user)
    for value in chosen(field):
        labels.setdefault(value, [value])
    return [Option(value, " / ".join(said), users.get(value)) for value, said in labels.items() if value]


def typed(field: FormField) -> str:
    """What is known, as people would type it: by label, or by value where several have that label."""
    common = Counter(option.label for option in field.options)
    names = {option.value: option.label for option in field.options if common[option.label] == 1}
    return "\n".join(clean(names.get(value, value)) for value in chosen(field))


def named(field: FormField) -> str:
    """The labels of all options, for somebody who has to type one; of a list that nobody would read, none."""
    labels = [one_line(option.label) for option in field.options[: _READABLE + 1] if option.value]
    return " / ".join(labels) if len(labels) <= _READABLE else ""
