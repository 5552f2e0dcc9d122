"""One field's words to its typed value, the same for a typed line and for a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.domain.due_date import NotADate, read_date_range, read_due
from commands.domain.moment import NotAMoment, read_moment
from commands.domain.numerals import read_whole
from commands.errors import Refused
from commands.inputs import Ask, Kind
from commands.lexicon import fold, starts_with_word
from commands.tokens import clean, shadow
from commands.typed import Setting
from commands.words import words

LONGEST_TEXT = 2_000
LONGEST_LINES = 20_000

MANY = frozenset({Kind.PEOPLE, Kind.DEPARTMENTS, Kind.CHOICES})
"""Kinds that hold several values."""
PROSE = frozenset({Kind.TEXT, Kind.LINES})
DATED = frozenset({Kind.DUE, Kind.DAYS, Kind.MOMENT})

_REFERENCE = re.compile(r"#?([rtemkd])\s?[-–—]?\s?([0-9]{1,9})")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)? ?(z|[+-]\d{2}:?\d{2})?(?:\[[^\]]*\])?")
_UNITS = re.compile(r"\s*(分|星|颗星|个工作日|天|points?|stars?|days?|wd|%)$")
_SEPARATORS = re.compile(r"[,，、;；\n|]+")


def read_value(setting: Setting, verb: str, name: str, asked: Ask, text: str) -> Any:  # Any: as the kind says
    """The value that the words mean, or Refused with the reason. `name` is the field's."""
    text = refuse_nul(text)
    reader = _READERS.get(asked.kind)
    if reader:
        return reader(setting, asked, text)
    if asked.kind is Kind.CHOICE:
        return _choice(setting, verb, name, asked, text)
    return _many(setting, verb, name, asked, _SEPARATORS.split(text))


def read_values(setting: Setting, verb: str, name: str, asked: Ask, texts: Sequence[str]) -> Any:  # Any: see above
    """The same for a form's list of words."""
    if asked.kind in MANY:
        parts = _SEPARATORS.split(texts[0]) if len(texts) == 1 else texts
        return _many(setting, verb, name, asked, [refuse_nul(part) for part in parts])
    if len(texts) > 1:
        raise Refused("field.twice", field=words(f"field.{name}.label"))
    return read_value(setting, verb, name, asked, texts[0])


def refuse_nul(text: str) -> str:
    """Clean text. NUL is refused: PostgreSQL cannot store it, and no keyboard has it."""
    if "\0" in text:
        raise Refused("text.nul")
    return clean(text).strip()


def is_missing(value: Any) -> bool:  # Any: a typed value of any kind
    return value is None or value in ("", (), [])


ANYTHING = "*"
"""In `Ask.optional_when`: the other field has any value at all."""


def is_excused(asked: Ask, values: Mapping[str, Any]) -> bool:  # Any: see above
    """Whether a required field need not be given, because of what another one holds."""
    if asked.optional_when is None:
        return False
    names, value = asked.optional_when
    held = [values.get(name) for name in names.split("|")]
    if value == ANYTHING:
        return any(not is_missing(each) for each in held)
    return any(each == value or (isinstance(each, tuple) and value in each) for each in held)


# --- kinds ---------------------------------------------------------------------------------------


def _text(setting: Setting, asked: Ask, text: str) -> str:
    return _short_enough(" ".join(text.split()), LONGEST_TEXT)


def _lines(setting: Setting, asked: Ask, text: str) -> str:
    return _short_enough(text, LONGEST_LINES)


def _short_enough(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused("field.text.too_long", count=len(text), limit=limit)
    return text


def _ref(setting: Setting, asked: Ask, text: str) -> str:
    found = _REFERENCE.fullmatch(shadow(text))
    if not found:
        raise Refused("field.ref.unreadable", word=_quoted(text), letters=_letters(asked))
    letter = found[1].upper()
    if asked.refs and letter not in asked.refs:
        raise Refused("field.ref.kind", word=f"{letter}-{int(found[2])}", letters=_letters(asked))
    return f"{letter}-{int(found[2])}"


def _letters(asked: Ask) -> str:
    return ", ".join(f"{letter}-1" for letter in asked.refs or ("R",))


def _person(setting: Setting, asked: Ask, text: str) -> str:
    if setting.me and fold(text).removeprefix("@") in setting.lexicon.mine:
        return setting.me
    known = setting.directory.person_at(setting.platform, _platform_id(text))
    return known.id if known else setting.names.person(_quoted(text))


def _department(setting: Setting, asked: Ask, text: str) -> str:
    known = setting.directory.person_at(setting.platform, _platform_id(text))
    return setting.names.department_of(known.id) if known else setting.names.department(_quoted(text))


def _platform_id(text: str) -> str:
    return text.removeprefix("<@").removesuffix(">").partition("|")[0]


def _number(setting: Setting, asked: Ask, text: str) -> int:
    word = _UNITS.sub("", shadow(text).strip())
    try:
        return read_whole(word.removesuffix(".0"))
    except ValueError:
        raise Refused("field.number.unreadable", word=_quoted(text)) from None


def _due(setting: Setting, asked: Ask, text: str) -> Any:  # Any: a Due
    return _dated("due", text, lambda words: read_due(words, setting.now, setting.calendar), setting)


def _days(setting: Setting, asked: Ask, text: str) -> Any:  # Any: first and last day
    return _dated("days", text, lambda words: read_date_range(words, setting.now, setting.calendar), setting)


def _moment(setting: Setting, asked: Ask, text: str) -> datetime:
    return read_span(setting, text)[0]


def read_span(setting: Setting, text: str) -> tuple[datetime, datetime | None]:
    """A moment, and the end if the words give a span (`29 Sep 14:00-15:00`)."""
    span: tuple[datetime, datetime | None] = _dated(
        "moment", text, lambda words: read_moment(words, setting.now, setting.calendar), setting
    )
    return span


def _dated(kind: str, text: str, read: Callable[[str], Any], setting: Setting) -> Any:  # Any: what `read` gives
    if len(text) > 100:
        raise Refused(f"field.{kind}.unreadable", word=_quoted(text))
    try:
        return read(_without_offset(text, setting))
    except NotADate as no:
        raise Refused(f"field.{kind}.{no.code}", word=_quoted(text)) from None
    except NotAMoment as no:
        raise Refused(f"field.{kind}.{no.code}", word=_quoted(text)) from None


def _without_offset(text: str, setting: Setting) -> str:
    """A form's ISO moment as the local time that people would have typed."""
    found = _ISO.fullmatch(shadow(text).strip())
    if not found:
        return text
    day, clock, offset = found.groups()
    if not offset:
        return f"{day} {clock}"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{offset.upper()}")
        return setting.calendar.local(moment).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return text


def _choice(setting: Setting, verb: str, name: str, asked: Ask, text: str) -> str:
    found = setting.lexicon.choice(verb, name, text)
    if found is None and text in asked.choices:
        found = text
    if found is None and asked.of_department:
        found = _of_department(setting, verb, name, text)
    if found is None:
        labels = tuple(words(f"choice.{name}.{value}.label") for value in asked.choices)
        raise Refused("field.choice.unknown", word=_quoted(text), choices=labels)
    return found


def _of_department(setting: Setting, verb: str, name: str, text: str) -> str | None:
    """`支持市场部`, `support market`: the choice and the department it names; None where it is no such choice."""
    openings = setting.lexicon.openings[verb, name]
    word = starts_with_word(fold(text), openings)
    rest = text[len(word) :].strip(" :：")
    return f"{openings[word]}:{setting.names.department(rest)}" if word and rest else None


def _many(setting: Setting, verb: str, name: str, asked: Ask, texts: Sequence[str]) -> tuple[str, ...]:
    one = {Kind.PEOPLE: _person, Kind.DEPARTMENTS: _department}.get(asked.kind)
    words = [text.strip() for text in texts if text.strip()]
    if one:
        return tuple(dict.fromkeys(one(setting, asked, word) for word in words))
    return tuple(dict.fromkeys(_choice(setting, verb, name, asked, word) for word in words))


def _quoted(text: str) -> str:
    """What was typed, short enough to be repeated in a refusal."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


_READERS: dict[Kind, Callable[[Setting, Ask, str], Any]] = {  # Any: as the kind says
    Kind.TEXT: _text,
    Kind.LINES: _lines,
    Kind.REF: _ref,
    Kind.PERSON: _person,
    Kind.DEPARTMENT: _department,
    Kind.NUMBER: _number,
    Kind.DUE: _due,
    Kind.DAYS: _days,
    Kind.MOMENT: _moment,
}
