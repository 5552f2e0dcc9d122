"""Forms follow from a verb's input: one field per ask, labelled by the catalogue, filled with what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.plain import clean
from bot.language import Reader, Voice
from commands.chat import FieldKind, Form, FormField, Option
from commands.codes import encode_form
from commands.domain.due_date import Due
from commands.inputs import Ask, Kind
from commands.refusal import as_words
from commands.registry import Question, Verb
from commands.values import is_excused

_KINDS: Mapping[Kind, FieldKind] = {
    Kind.TEXT: FieldKind.TEXT,
    Kind.LINES: FieldKind.MULTILINE,
    Kind.REF: FieldKind.TEXT,
    Kind.PERSON: FieldKind.PERSON,
    Kind.PEOPLE: FieldKind.MULTISELECT,
    Kind.DEPARTMENT: FieldKind.DEPARTMENT,
    Kind.DEPARTMENTS: FieldKind.MULTISELECT,
    Kind.DUE: FieldKind.DATETIME,
    Kind.MOMENT: FieldKind.DATETIME,
    Kind.DAYS: FieldKind.TEXT,
    Kind.CHOICE: FieldKind.SELECT,
    Kind.CHOICES: FieldKind.MULTISELECT,
    Kind.NUMBER: FieldKind.NUMBER,
}


class FormMaker:
    """Makes forms for verbs."""

    def __init__(self, verbs: Mapping[str, Verb], fresh_id: Callable[[], str]) -> None:
        self._verbs = verbs
        self._fresh_id = fresh_id

    def form(self, question: Question, voice: Voice, *, chat: str) -> Form:
        """What is known and cannot be changed here (a reference) travels in the form's id, not as a field."""
        verb = self._verbs[question.verb]
        carried = {name: str(question.values[name]) for name, a in verb.asks.items() if _is_carried(name, a, question)}
        shown = {name: asked for name, asked in verb.asks.items() if name not in carried}
        fields = tuple(
            self._field(verb, name, asked, question, voice)
            for name, asked in shown.items()
            if name not in question.shape.without and (not asked.hidden or name in question.problems)
        )
        reader = voice.reader
        references = (value for name, value in carried.items() if verb.asks[name].kind is Kind.REF)
        title = voice.text(question.title) if question.title else self._title(verb, tuple(references), reader)
        submit = reader.text_of(f"verb.{verb.id}.submit") or reader.text_of("form.submit") or "OK"
        return Form(encode_form(verb.id, carried, chat, self._fresh_id()), title, fields, submit)

    def _title(self, verb: Verb, references: tuple[str, ...], reader: Reader) -> str:
        title = reader.text_of(f"verb.{verb.id}.title") or reader.text_of(f"verb.{verb.id}.label") or verb.name
        return " ".join((title, *references))

    def _field(self, verb: Verb, name: str, asked: Ask, question: Question, voice: Voice) -> FormField:
        problem, shape = question.problems.get(name), question.shape
        label = voice.text(shape.labels[name]) if name in shape.labels else None
        options = tuple(Option(value, voice.text(said)) for value, said in shape.choices.get(name, ()))
        return FormField(
            name=name,
            label=label or _about(verb.id, name, "label", voice.reader) or name,
            kind=_KINDS[asked.kind],
            required=name in shape.required or _is_wanted(asked, question),
            options=options or _options(verb.id, name, asked, voice.reader),
            value=_value(question.values.get(name), asked, voice.reader),
            hint=_about(verb.id, name, "hint", voice.reader) or "",
            error=voice.text(as_words(problem)) if problem else "",
            excusable=asked.optional_when is not None,
        )


def _is_carried(name: str, asked: Ask, question: Question) -> bool:
    if name in question.problems or not question.values.get(name):
        return False
    return asked.kind is Kind.REF or asked.hidden


def _is_wanted(asked: Ask, question: Question) -> bool:
    return (asked.required or asked.wanted) and not is_excused(asked, question.values)


def _about(verb: str, name: str, what: str, reader: Reader) -> str | None:
    return reader.text_of(f"field.{verb}.{name}.{what}") or reader.text_of(f"field.{name}.{what}")


def _choice(verb: str, name: str, choice: str, reader: Reader) -> str | None:
    own = reader.text_of(f"choice.{verb}.{name}.{choice}.label")
    return own or reader.text_of(f"choice.{name}.{choice}.label")


def _options(verb: str, name: str, asked: Ask, reader: Reader) -> tuple[Option, ...]:
    match asked.kind:
        case Kind.PERSON | Kind.PEOPLE:
            return tuple(
                Option(p.id, clean(p.name), reader.identity(p.id)) for p in reader.directory.people.values() if p.active
            )
        case Kind.DEPARTMENT | Kind.DEPARTMENTS:
            return tuple(Option(d.id, clean(d.name)) for d in reader.directory.departments.values())
        case _:
            labels = ((c, _choice(verb, name, c, reader)) for c in asked.choices)
            return tuple(Option(choice, label or choice) for choice, label in labels)


def _value(value: Any, asked: Ask, reader: Reader) -> str | tuple[str, ...]:  # Any: as the field's kind says
    """A typed value as the field shows it; moments as local ISO, which every picker takes."""
    match value:
        case None:
            return () if _KINDS[asked.kind] is FieldKind.MULTISELECT else ""
        case Due():
            return _local(value.moment, reader)
        case datetime():
            return _local(value, reader)
        case tuple() if asked.kind is Kind.DAYS:
            return " - ".join(day.isoformat() for day in value if isinstance(day, date))
        case tuple():
            return tuple(clean(str(v)) for v in value)
        case _:
            return clean(str(value))


def _local(moment: datetime, reader: Reader) -> str:
    return moment.astimezone(ZoneInfo(reader.zone)).strftime("%Y-%m-%dT%H:%M")
