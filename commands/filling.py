"""The values, problems and words of one call, while its line is being read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.errors import Refused
from commands.inputs import Ask, Kind
from commands.line import Line
from commands.names import Target
from commands.registry import Verb
from commands.tokens import Token, TokenKind
from commands.typed import Setting
from commands.values import MANY, is_excused, read_span, read_value

LONGEST_RUN = 8
MOST_TRIES = 120
"""Words that are tried as a value of one line; after that a text is prose. Keeps the time linear."""

LONGEST_LIST = 2_000
"""Signs of a list that are repeated to whoever wrote it."""

_SAYS_WHAT_IT_IS_NOT = ("unreadable", "unknown", "nobody")
"""Refusals that only say that the words are something else; any other is a value that is wrong."""


class Filling:
    """What is known of each field so far, and the trying of pieces as values."""

    def __init__(self, line: Line, verb: Verb, setting: Setting) -> None:
        self.line = line
        self.verb = verb
        self.setting = setting
        self.words = setting.lexicon.fields.get(verb.id, {})
        self.values: dict[str, Any] = {}  # Any: typed as the field's kind says
        self.problems: dict[str, Refused] = {}
        self.raw: dict[str, str] = {}
        self.tries = 0
        self.guesses = 0
        self._readings: dict[tuple[str, str], Any] = {}  # Any: a value, or the refusal

    def ask(self, name: str) -> Ask:
        return self.verb.asks[name]

    def is_open(self, name: str) -> bool:
        return name not in self.raw

    def open_of(self, *kinds: Kind) -> Iterator[str]:
        for name, asked in self.verb.asks.items():
            if asked.kind in kinds and self.is_open(name):
                yield name

    def needs(self, name: str) -> bool:
        asked = self.ask(name)
        return asked.required and not is_excused(asked, self.values)

    def put(self, name: str, text: str) -> None:
        """A value, or the problem with it. After a problem, further values of a list only lengthen its words."""
        raw = self.raw.get(name)
        self.raw[name] = text if not raw else f"{raw}, {text}" if len(raw) < LONGEST_LIST else raw
        if name in self.problems:
            return
        value = self._reading(name, text)
        if isinstance(value, Refused):
            self.problems[name] = value
        else:
            self.set(name, value)

    def _reading(self, name: str, text: str) -> Any:  # Any: see above
        """What the words mean in a field, or the refusal. What was tried is not read again when it is given."""
        key = (name, text)
        if key not in self._readings:
            try:
                self._readings[key] = read_value(self.setting, self.verb.id, name, self.ask(name), text)
            except Refused as problem:
                self._readings[key] = problem
        return self._readings[key]

    def set(self, name: str, value: Any) -> None:  # Any: see above
        if self.ask(name).kind in MANY:
            value = tuple(dict.fromkeys((*self.values.get(name, ()), *value)))
        self.values[name] = value

    def longest(self, name: str, at: int, stop: int | None = None, *, most: int = LONGEST_RUN) -> int:
        """Where the longest run of pieces from here on ends that is a value of the field; 0 if none is."""
        return next((end for end in self._ends(at, stop, most) if self.problem(name, at, end) is None), 0)

    def wrong(self, name: str, at: int, stop: int | None = None) -> int:
        """The same for a value that was understood and is not allowed, such as a day that is over."""
        for end in self._ends(at, stop, LONGEST_RUN):
            problem = self.problem(name, at, end)
            if problem and not problem.code.endswith(_SAYS_WHAT_IT_IS_NOT):
                return end
        return 0

    def _ends(self, at: int, stop: int | None, most: int) -> Iterator[int]:
        last = at
        limit = min(at + most, len(self.line) if stop is None else stop)
        while last < limit and self.line.kind(last) not in (None, TokenKind.BREAK, TokenKind.REST):
            last += 1
        yield from range(last, at, -1)

    def problem(self, name: str, at: int, end: int) -> Refused | None:
        """None if the pieces are a value."""
        if self.tries >= MOST_TRIES:
            return Refused("field.unreadable")
        self.tries += 1
        value = self._reading(name, self.said(at, end))
        return value if isinstance(value, Refused) else None

    def said(self, at: int, end: int) -> str:
        token = self.line.tokens[at]
        if end - at == 1 and token.kind is TokenKind.MENTION:
            return f"<@{token.id}>" if token.id and self.by_id(token) else token.text or token.id
        return self.line.between(at, end)

    def by_id(self, token: Token) -> Target | None:
        person = self.setting.directory.person_at(self.setting.platform, token.id) if token.id else None
        return Target("person", person.id) if person else None

    def give(self, name: str, at: int, end: int) -> None:
        said = self.said(at, end)
        self.line.take(at, end)
        if self.ask(name).kind is Kind.MOMENT and self._give_span(name, said):
            return
        self.put(name, said)

    def _give_span(self, name: str, said: str) -> bool:
        """`14:00-15:00` fills the next moment too."""
        others = [other for other in self.open_of(Kind.MOMENT) if other != name]
        try:
            start, end = read_span(self.setting, said)
        except Refused:
            return False
        if end is None or not others:
            return False
        for field, value in ((name, start), (others[0], end)):
            self.raw[field], self.values[field] = said, value
        return True
