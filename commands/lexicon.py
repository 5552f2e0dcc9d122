"""The words that people may type, from all languages at once: whoever writes English may say 受理, and back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from commands.inputs import Ask
from commands.registry import Verb

Catalogues = Mapping[str, Mapping[str, str]]
Table = Mapping[str, str]
"""A folded word, and what it means."""


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """One spelling for comparing: half-width, without case, single blanks, `-` and `_` alike."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", "-")
    return " ".join(folded.split())


def split_words(text: str) -> tuple[str, ...]:
    """The words of a `*.words` entry: separated by `|` where words have blanks, else by blanks."""
    parts = text.split("|") if "|" in text else text.split()
    return tuple(part.strip() for part in parts if part.strip())


def starts_with_word(text: str, table: Iterable[str]) -> str:
    """The longest word of the table that the folded text begins with, or "": `受理r-1` begins with 受理, and
    `newsletter` does not begin with `new`."""
    found = ""
    for word in table:
        if len(word) > len(found) and text.startswith(word) and not _runs_on(text, len(word)):
            found = word
    return found


def ends_with_word(text: str, table: Iterable[str]) -> str:
    """The longest Chinese word of the table, of two signs or more, that the folded text ends with, or ""."""
    fits = (w for w in table if len(w) > 1 and not w.isascii() and text.endswith(w))
    return max(fits, key=len, default="")


def _runs_on(text: str, at: int) -> bool:
    joint = text[at - 1 : at + 1]
    return len(joint) == 2 and joint.isascii() and joint.isalnum()


@dataclass(frozen=True)
class Lexicon:
    """`commands` maps words to commands, `verbs` a command to its words, `fields` a verb's id to its words, and
    `choices` a verb's id and field to theirs; `openings` are those with which a department's name makes a choice.
    `helps`, `mine` and `umbrellas` are words for help, for oneself and for the command that takes all others
    (`/liaison`). `called` are the names that platforms give to commands, "" for the one that takes all others; they
    are commands only where a slash says so."""

    languages: Catalogues
    commands: Table
    verbs: Mapping[str, Table]
    fields: Mapping[str, Table]
    choices: Mapping[tuple[str, str], Table]
    helps: frozenset[str] = frozenset({"help", "?"})
    mine: frozenset[str] = frozenset({"me"})
    umbrellas: frozenset[str] = frozenset({"liaison"})
    openings: Mapping[tuple[str, str], Table] = field(default_factory=dict)
    called: Table = field(default_factory=dict)
    _first: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def build(cls, catalogues: Catalogues, verbs: Iterable[Verb], *, called: Table | None = None) -> Lexicon:
        """Reads `*.words` of every language. Raises ValueError when a word would mean two things."""
        verbs = tuple(verbs)
        read = _Reader(catalogues)
        names = dict.fromkeys(verb.command for verb in verbs)
        return cls(
            languages=catalogues,
            commands=read.table("the commands", [(n, (f"command.{n}.words",)) for n in names]),
            verbs={name: _verb_words(read, name, verbs) for name in names},
            fields={verb.id: _field_words(read, verb) for verb in verbs},
            choices={
                (verb.id, name): _choice_words(read, verb, name, asked)
                for verb in verbs
                for name, asked in verb.asks.items()
                if asked.choices
            },
            openings={
                (verb.id, name): read.table(
                    f"{verb.id}, field {name}",
                    [(value, _choice_keys(verb.id, name, value, "words")) for value in asked.of_department],
                )
                for verb in verbs
                for name, asked in verb.asks.items()
                if asked.of_department
            },
            helps=frozenset({"help", "?", *read.words("typing.help.words")}),
            mine=frozenset({"me", *read.words("typing.me.words")}),
            umbrellas=frozenset({"liaison", *read.words("typing.all.words")}),
            called={fold(name): command for name, command in (called or {}).items()},
        )

    def command(self, word: str) -> str | None:
        return self.commands.get(fold(word))

    def command_called(self, word: str) -> str:
        """A word behind a slash, with a platform's own name for a command as ours; "" for the one that takes all."""
        return self.called.get(fold(word), word)

    def verb(self, command: str, word: str) -> str | None:
        """The verb's id, e.g. "request.accept"."""
        return self.verbs.get(command, {}).get(fold(word))

    def field(self, verb: str, word: str) -> str | None:
        return self.fields.get(verb, {}).get(fold(word))

    def choice(self, verb: str, field: str, word: str) -> str | None:
        return self.choices.get((verb, field), {}).get(fold(word))

    def first(self, language: str, *keys: str) -> str:
        """The word to show in a language for the first of the keys that has one; "" if none has."""
        known = (language, keys[0])
        if known not in self._first:
            texts = (self.text(language, key) for key in keys)
            self._first[known] = next((split_words(t)[0] for t in texts if t and split_words(t)), "")
        return self._first[known]

    def text(self, language: str, key: str) -> str:
        """A text of a language's catalogue, "" if it has none."""
        return self.languages.get(language, {}).get(key, "")


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or "". Short Chinese words may differ in one sign."""
    folded = fold(word)[:40]
    if len(folded) < 2:
        return ""
    candidates = list(known)
    if not folded.isascii():
        candidates = [w for w in candidates if len(w) == len(folded) and not w.isascii()]
        return _best(folded, candidates, 0.5)
    return _best(folded, [w for w in candidates if w.isascii()], 0.74)


def _best(word: str, candidates: list[str], at_least: float) -> str:
    found = get_close_matches(word, candidates, n=3, cutoff=at_least)
    return max(found, key=lambda w: (SequenceMatcher(None, word, w).ratio(), w[:1] == word[:1]), default="")


# --- building ------------------------------------------------------------------------------------


class _Reader:
    """Reads words of all languages, and finds those that mean two things."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def words(self, *keys: str) -> tuple[str, ...]:
        """The folded words of each language, from the first of the keys that the language has."""
        found: dict[str, None] = {}
        for texts in self._catalogues.values():
            text = next((texts[key] for key in keys if texts.get(key)), "")
            found.update(dict.fromkeys(fold(word) for word in split_words(text)))
        return tuple(found)

    def table(self, where: str, entries: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
        """Words to meanings; a meaning's own name is always one of its words."""
        entries = tuple(entries)
        table = {fold(meaning.rpartition(".")[2]): meaning for meaning, _ in entries}
        for meaning, keys in entries:
            for word in self.words(*keys):
                other = table.setdefault(word, meaning)
                if other != meaning:
                    raise ValueError(f"In {where} the word '{word}' means both {other} and {meaning}.")
        return table

    def labels(self, table: dict[str, str], entries: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
        """Labels can be typed too, as they stand in forms, where they do not clash with words."""
        for meaning, keys in entries:
            for texts in self._catalogues.values():
                label = next((texts[key] for key in keys if texts.get(key)), "")
                if label:
                    table.setdefault(fold(label), meaning)
        return table


def _verb_words(read: _Reader, command: str, verbs: tuple[Verb, ...]) -> dict[str, str]:
    mine = [(verb.id, (f"verb.{verb.id}.words",)) for verb in verbs if verb.command == command]
    return read.table(f"/{command}", mine)


def _field_words(read: _Reader, verb: Verb) -> dict[str, str]:
    """Hidden fields have no words but their own name (a typed twin may carry them: `--version 3`) and those that the
    catalogue has for this verb alone."""
    names = [
        name for name, asked in verb.asks.items() if not asked.hidden or read.words(f"field.{verb.id}.{name}.words")
    ]
    hidden = {fold(name): name for name, asked in verb.asks.items() if asked.hidden}
    table = read.table(verb.id, [(name, _field_keys(verb.id, name, "words")) for name in names])
    labelled = read.labels(table, [(name, _field_keys(verb.id, name, "label")) for name in names])
    return {**hidden, **labelled}


def _choice_words(read: _Reader, verb: Verb, name: str, asked: Ask) -> dict[str, str]:
    def keys(what: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(value, _choice_keys(verb.id, name, value, what)) for value in asked.choices]

    return read.labels(read.table(f"{verb.id}, field {name}", keys("words")), keys("label"))


def _choice_keys(verb: str, name: str, value: str, what: str) -> tuple[str, ...]:
    return (f"choice.{verb}.{name}.{value}.{what}", f"choice.{name}.{value}.{what}")


def _field_keys(verb: str, name: str, what: str) -> tuple[str, ...]:
    return (f"field.{verb}.{name}.{what}", f"field.{name}.{what}")
