"""Help, from the same verbs and asks that reading uses, so that it cannot describe what does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commands.inputs import Ask
from commands.lexicon import Lexicon, split_words
from commands.registry import Verb, View
from commands.typed import Help
from commands.words import Typed, Words, words


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A command or a verb: what to type, other words for it, what it does, an example."""

    type: Typed
    label: Words
    also: tuple[str, ...]
    does: Words
    example: Words | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """What a verb can be given. `key`: the word before the colon, "" for what is simply written."""

    key: str
    label: Words
    required: bool
    main: bool
    choices: tuple[Words, ...] = ()
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A completion: the text to insert, and what to show beside it."""

    insert: str
    label: str
    help: str


def help_view(topic: Help, lexicon: Lexicon, verbs: Mapping[str, Verb], language: str) -> View:
    """The page of a verb, of a command, or of everything. Facts: `title` and, if something was not understood,
    `unknown` are Words; `rows` are HelpRows, `fields` FieldRows; `more` is what to type for the next page."""
    page = _Page(lexicon, verbs, language)
    rows: tuple[HelpRow, ...]
    fields: tuple[FieldRow, ...] = ()
    if topic.topic in verbs:
        rows, fields, title = (
            (page.row(verbs[topic.topic]),),
            page.fields(verbs[topic.topic]),
            page.verb_title(topic.topic),
        )
    elif topic.topic in page.commands:
        rows, fields, title = page.verbs(topic.topic), (), words("help.title.command", command=Typed(f"/{topic.topic}"))
    else:
        rows, fields, title = page.all_commands(), (), words("help.title")
    unknown = words("help.unknown", word=topic.unknown) if topic.unknown else None
    facts = {"title": title, "unknown": unknown, "rows": rows, "fields": fields, "more": page.more(topic.topic)}
    return View("help", facts)


def hints(lexicon: Lexicon, verbs: Mapping[str, Verb], language: str) -> list[Hint]:
    """What a chat page may offer while somebody types: the commands, then every verb that help shows."""
    page = _Page(lexicon, verbs, language)
    commands = [
        Hint(
            f"/{name} ", lexicon.text(language, f"command.{name}.label"), lexicon.text(language, f"command.{name}.help")
        )
        for name in page.commands
    ]
    shown = [v for v in verbs.values() if not v.hidden]
    return commands + [
        Hint(
            f"{page.typed(v).line} ",
            lexicon.text(language, f"verb.{v.id}.label"),
            lexicon.text(language, f"verb.{v.id}.help"),
        )
        for v in shown
    ]


class _Page:
    def __init__(self, lexicon: Lexicon, verbs: Mapping[str, Verb], language: str) -> None:
        self.lexicon = lexicon
        self.table = verbs
        self.language = language
        self.commands = tuple(dict.fromkeys(verb.command for verb in verbs.values()))

    def typed(self, verb: Verb) -> Typed:
        word = self.lexicon.first(self.language, f"verb.{verb.id}.words") or verb.name
        return Typed(f"/{verb.command} {word}")

    def row(self, verb: Verb) -> HelpRow:
        key = f"verb.{verb.id}"
        return HelpRow(
            self.typed(verb),
            words(f"{key}.label"),
            self._others(f"{key}.words"),
            words(f"{key}.help"),
            words(f"{key}.example"),
        )

    def verbs(self, command: str) -> tuple[HelpRow, ...]:
        return tuple(self.row(v) for v in self.table.values() if v.command == command and not v.hidden)

    def all_commands(self) -> tuple[HelpRow, ...]:
        return tuple(
            HelpRow(
                Typed(f"/{n}"),
                words(f"command.{n}.label"),
                tuple(w for w in self._others(f"command.{n}.words", n) if "-" not in w),  # task-status is Slack's
                words(f"command.{n}.help"),
            )
            for n in self.commands
        )

    def fields(self, verb: Verb) -> tuple[FieldRow, ...]:
        return tuple(self._field(verb, name, asked) for name, asked in verb.asks.items() if not asked.hidden)

    def verb_title(self, id: str) -> Words:
        verb = self.table[id]
        return words("help.title.verb", command=Typed(f"/{verb.command}"), verb=words(f"verb.{id}.label"))

    def more(self, topic: str) -> tuple[Typed, ...]:
        if topic in self.table:
            return ()
        if topic in self.commands:
            first = next(v for v in self.table.values() if v.command == topic)
            return (Typed(f"{self.typed(first).line} {self._help_word()}"),)
        return tuple(Typed(f"/{name} {self._help_word()}") for name in self.commands)

    def _help_word(self) -> str:
        return self.lexicon.first(self.language, "typing.help.words") or "help"

    def _field(self, verb: Verb, name: str, asked: Ask) -> FieldRow:
        key = self.lexicon.first(self.language, f"field.{verb.id}.{name}.words", f"field.{name}.words") or name
        labels = tuple(
            self._words(f"choice.{verb.id}.{name}.{c}.label", f"choice.{name}.{c}.label") for c in asked.choices
        )
        label = self._words(f"field.{verb.id}.{name}.label", f"field.{name}.label")
        hint = self._words(f"field.{verb.id}.{name}.hint", f"field.{name}.hint")
        known = self.lexicon.text(self.language, hint.key)
        return FieldRow(key, label, asked.required, asked.main, labels, hint if known else None)

    def _words(self, specific: str, general: str) -> Words:
        return words(specific if self.lexicon.text(self.language, specific) else general)

    def _others(self, key: str, shown: str = "") -> tuple[str, ...]:
        """The words of all languages but the one that is shown: who reads English may still type 受理."""
        mine = self.lexicon.first(self.language, key)
        every = [w for language in self.lexicon.languages for w in split_words(self.lexicon.text(language, key))]
        return tuple(w for w in dict.fromkeys(every) if w not in (shown or mine, ""))
