"""From the rest of a line to a verb's fields: keys first, then what has a place of its own, then prose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.errors import Refused
from commands.inputs import Ask, Kind
from commands.lexicon import closest, ends_with_word, fold, starts_with_word
from commands.line import Line
from commands.names import Target
from commands.registry import Verb
from commands.route import fits
from commands.tokens import Token, TokenKind
from commands.typed import Setting
from commands.values import DATED, LONGEST_TEXT, MANY, PROSE, read_span, read_value

LONGEST_RUN = 8
MOST_TRIES = 120
"""Words that are tried as a value of one line; after that a text is prose. Keeps the time linear."""

_LISTING = "、,，;；"
_SAYS_WHY = ("unreadable", "unknown")
"""Refusals that only say that the words are something else; any other is a value that is wrong."""


class Filling:
    """The values, problems and words of one call, while the line is being read."""

    def __init__(self, line: Line, verb: Verb, setting: Setting) -> None:
        self.line = line
        self.verb = verb
        self.setting = setting
        self.words = setting.lexicon.fields.get(verb.id, {})
        self.values: dict[str, Any] = {}  # Any: typed as the field's kind says
        self.problems: dict[str, Refused] = {}
        self.raw: dict[str, str] = {}
        self.tries = 0

    def fill(self) -> Refused | None:
        """Reads everything; refuses the whole line only for a key that means nothing."""
        self._split_glued_keys()
        if no := self._keys():
            return no
        self._named()
        self._choices()
        self._mentions()
        self._references()
        self._numbers()
        self._closing_date()
        return self._prose()

    # --- what is known of a field ---

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
        """A value, or the problem with it."""
        self.raw[name] = text if not self.raw.get(name) else f"{self.raw[name]}, {text}"
        try:
            value = read_value(self.setting, self.verb.id, name, self.ask(name), text)
        except Refused as problem:
            self.problems[name] = problem
        else:
            self.set(name, value)

    def set(self, name: str, value: Any) -> None:  # Any: see above
        if self.ask(name).kind in MANY:
            value = tuple(dict.fromkeys((*self.values.get(name, ()), *value)))
        self.values[name] = value

    # --- keys ---

    def _split_glued_keys(self) -> None:
        """`性能数据截止：下周五`: a date's key may end a word, if a date follows."""
        dated = [w for w, name in self.words.items() if self.ask(name).kind in DATED]
        at = 0
        while at < len(self.line):
            token = self.line.tokens[at]
            if self.line.kind(at) is TokenKind.KEY and not token.sure and fold(token.text) not in self.words:
                ending = ends_with_word(fold(token.text), dated)
                cut = token.start + len(token.text) - len(ending)
                if ending and cut > token.start and self._longest(self.words[ending], at + 1):
                    self.line.replace(
                        at,
                        Token(TokenKind.WORD, self.line.text[token.start : cut], token.start, cut, token.glued),
                        Token(TokenKind.KEY, ending, cut, token.end),
                    )
            at += 1

    def _keys(self) -> Refused | None:
        for at in range(len(self.line)):
            if self.line.kind(at) is not TokenKind.KEY:
                continue
            token = self.line.tokens[at]
            start, name = self._key_at(at)
            if name is None:
                if no := self._unknown_key(at, token):
                    return no
            elif not self.is_open(name) and self.ask(name).kind not in MANY:
                if self.ask(name).kind not in PROSE:
                    self.problems[name] = Refused("field.twice", field=name)
            else:
                self.line.take(start, at + 1)
                self._keyed(name, at + 1)
        return None

    def _key_at(self, at: int) -> tuple[int, str | None]:
        """The field of a key, whose name may have begun some words before (`delivery standard: …`)."""
        key = fold(self.line.tokens[at].text)
        for back in (2, 1):
            before = self.line.phrase(at - back, back) if at >= back else ""
            if before and (name := self.words.get(f"{before} {key}")):
                return at - back, name
        return at, self.words.get(key)

    def _unknown_key(self, at: int, token: Token) -> Refused | None:
        word = fold(token.text)
        if token.sure and self._is_choice(word):
            self.line.replace(at, Token(TokenKind.WORD, token.text, token.start, token.end))
            return None
        near = closest(word, self.words)
        likely = bool(near) and (word.isascii() or near[0] == word[0]) and not token.glued
        dashed = token.sure and self.line.text[token.start] == "-"
        if dashed or likely:
            return Refused("unknown_key", word=token.text[:60], suggestion=near, verb=self.verb.id)
        return None

    def _is_choice(self, word: str) -> bool:
        names = (name for name, asked in self.verb.asks.items() if asked.bare)
        return any(self.setting.lexicon.choice(self.verb.id, name, word) for name in names)

    def _keyed(self, name: str, at: int) -> None:
        kind = self.ask(name).kind
        stop = self._stop(name, at)
        if at >= stop:
            return
        if kind in PROSE:
            self.put(name, self.line.take(at, stop))
        elif kind in MANY:
            self._listed(name, at, stop)
        else:
            end = self._longest(name, at, stop) or self._wrong(name, at, stop) or at + 1
            self._give(name, at, end)

    def _stop(self, name: str, at: int) -> int:
        """Where a keyed value ends at the latest: the next key; the end of the line, unless it may have several."""
        kind = self.ask(name).kind
        quoted = self.line.kind(at) is TokenKind.QUOTED
        if quoted and not (at + 1 < len(self.line) and self.line.tokens[at + 1].glued):
            return at + 1
        for place in range(at, len(self.line)):
            found = self.line.kind(place)
            if found is None or (found is TokenKind.KEY and self._starts_field(place)):
                return place - self._words_before(place)
            if found is TokenKind.BREAK and kind is not Kind.LINES:
                return place
            if found is TokenKind.MENTION and kind is Kind.TEXT and self._wants_mention(place):
                return place
        return len(self.line)

    def _starts_field(self, at: int) -> bool:
        name = self._key_at(at)[1]
        return self.line.tokens[at].sure or (name is not None and self.is_open(name))

    def _words_before(self, at: int) -> int:
        return at - self._key_at(at)[0] if self.line.kind(at) is TokenKind.KEY else 0

    def _wants_mention(self, at: int) -> bool:
        wanted = self.open_of(Kind.PERSON, Kind.DEPARTMENT)
        return not self.line.tokens[at].glued and any(self.needs(name) for name in wanted)

    def _listed(self, name: str, at: int, stop: int) -> None:
        """`参会：张伟、王磊 陈静`: as long as there are values; after a comma there must be one."""
        while at < stop:
            if end := self._longest(name, at, stop, most=3):
                self._give(name, at, end)
            elif self.is_open(name) or self.line.kind(at) is TokenKind.MENTION or self._comma_before(at):
                self._give(name, at, end := at + 1)
            else:
                return
            at = end

    def _comma_before(self, at: int) -> bool:
        between = self.line.text[self.line.tokens[at - 1].end : self.line.tokens[at].start]
        return any(sign in between for sign in _LISTING)

    # --- values by trying ---

    def _longest(self, name: str, at: int, stop: int | None = None, *, most: int = LONGEST_RUN) -> int:
        """Where the longest run of pieces from here on ends that is a value of the field; 0 if none is."""
        return next((end for end in self._ends(at, stop, most) if self._problem(name, at, end) is None), 0)

    def _wrong(self, name: str, at: int, stop: int | None = None) -> int:
        """The same for a value that was understood and is not allowed, such as a day that is over."""
        for end in self._ends(at, stop, LONGEST_RUN):
            problem = self._problem(name, at, end)
            if problem and not problem.code.endswith(_SAYS_WHY):
                return end
        return 0

    def _ends(self, at: int, stop: int | None, most: int) -> Iterator[int]:
        last = at
        limit = min(at + most, len(self.line) if stop is None else stop)
        while last < limit and self.line.kind(last) not in (None, TokenKind.BREAK, TokenKind.REST):
            last += 1
        yield from range(last, at, -1)

    def _problem(self, name: str, at: int, end: int) -> Refused | None:
        """None if the pieces are a value."""
        if self.tries >= MOST_TRIES:
            return Refused("field.unreadable")
        self.tries += 1
        try:
            read_value(self.setting, self.verb.id, name, self.ask(name), self._said(at, end))
        except Refused as problem:
            return problem
        return None

    def _said(self, at: int, end: int) -> str:
        token = self.line.tokens[at]
        if end - at == 1 and token.kind is TokenKind.MENTION:
            return f"<@{token.id}>" if token.id and self._by_id(token) else token.text or token.id
        return self.line.between(at, end)

    def _give(self, name: str, at: int, end: int) -> None:
        said = self._said(at, end)
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

    # --- without a key ---

    def _named(self) -> None:
        """A field's word without a colon, if a value of its kind follows: `期望 下周三之前`, `by 30 Sep`."""
        at = 0
        while at < len(self.line) and self.tries < MOST_TRIES:
            if self.line.kind(at) is TokenKind.WORD and not self._spelled_out(at):
                self._grown_together(at)
            at += 1

    def _spelled_out(self, at: int) -> bool:
        for count in (3, 2, 1):
            name = self.words.get(self.line.phrase(at, count))
            if name is None or self.ask(name).kind in PROSE or not self.is_open(name):
                continue
            start = at + count
            end = self._longest(name, start) or (self._wrong(name, start) if self.ask(name).kind in DATED else 0)
            if end:
                self.line.take(at, start)
                self._give(name, start, end)
                return True
        return False

    def _grown_together(self, at: int) -> None:
        """`期望下周三之前`, in one word."""
        token = self.line.tokens[at]
        word = starts_with_word(fold(token.text), self.words)
        if not word or word.isascii() or len(token.text) <= len(word):
            return
        name = self.words[word]
        if self.ask(name).kind in PROSE or not self.is_open(name):
            return
        cut = token.start + len(word)
        rest = Token(TokenKind.WORD, self.line.text[cut : token.end], cut, token.end)
        self.line.replace(at, Token(TokenKind.WORD, word, token.start, cut, token.glued), rest)
        if end := self._longest(name, at + 1):
            self.line.take(at, at + 1)
            self._give(name, at + 1, end)
        else:
            self.line.tokens[at : at + 2] = [token]
            self.line.used[at : at + 2] = [False]

    def _choices(self) -> None:
        bare = [name for name, asked in self.verb.asks.items() if asked.bare]
        for at in self.line.free(TokenKind.WORD):
            for name in bare:
                if self.is_open(name) and self.setting.lexicon.choice(self.verb.id, name, self.line.word(at)):
                    self.put(name, self.line.word(at))
                    self.line.take(at, at + 1)
                    break

    def _mentions(self) -> None:
        for at in self.line.free(TokenKind.MENTION):
            token = self.line.tokens[at]
            targets = self._targets(token)
            name = self._place_for(targets)
            if name:
                self._mention(name, targets, token)
                self.line.take(at, at + 1)

    def _targets(self, token: Token) -> tuple[Target, ...]:
        known = self._by_id(token)
        if known:
            return (known,)
        if self.setting.me and fold(token.text) in self.setting.lexicon.mine:
            return (Target("person", self.setting.me),)
        return self.setting.names.meant(token.text or token.id)

    def _by_id(self, token: Token) -> Target | None:
        person = self.setting.directory.person_at(self.setting.platform, token.id) if token.id else None
        return Target("person", person.id) if person else None

    def _place_for(self, targets: tuple[Target, ...]) -> str | None:
        """The field that a mention fills: a person's first for a person, a department's for a department."""
        person, department = (Kind.PERSON, Kind.PEOPLE), (Kind.DEPARTMENT, Kind.DEPARTMENTS)
        kinds = department if any(t.kind == "department" for t in targets) else (*person, *department)
        for kind in kinds:
            for name, asked in self.verb.asks.items():
                if asked.kind is kind and (self.is_open(name) or kind in MANY):
                    return name
        return None

    def _mention(self, name: str, targets: tuple[Target, ...], token: Token) -> None:
        said = token.text or token.id
        if len(targets) != 1:
            self.put(name, said)
            return
        wants_department = self.ask(name).kind in (Kind.DEPARTMENT, Kind.DEPARTMENTS)
        self.raw[name] = said
        try:
            same = (targets[0].kind == "department") == wants_department
            found = targets[0].id if same else self.setting.names.department_of(targets[0].id)
        except Refused as problem:
            self.problems[name] = problem
        else:
            self.set(name, (found,) if self.ask(name).kind in MANY else found)

    def _references(self) -> None:
        for at in self.line.free(TokenKind.REF):
            ref = self.line.tokens[at].text
            name = next((n for n in self.open_of(Kind.REF) if fits(self.ask(n), ref)), None)
            if name:
                self.put(name, ref)
                self.line.take(at, at + 1)
        self._misplaced_reference()

    def _misplaced_reference(self) -> None:
        """A request's number where minutes are wanted is a problem of that field, not prose."""
        missing = next((name for name in self.open_of(Kind.REF) if self.needs(name)), None)
        at = next((at for at in self.line.free(TokenKind.REF) if self.line.tokens[at].sure), None)
        if missing and at is not None:
            self.put(missing, self.line.tokens[at].text)
            self.line.take(at, at + 1)

    def _numbers(self) -> None:
        """A number at either end of what is left: inside it belongs to the sentence."""
        for name in self.open_of(Kind.NUMBER):
            left = list(self.line.free())
            for at in dict.fromkeys(left[:1] + left[-1:]):
                if self.line.kind(at) is TokenKind.WORD and self._problem(name, at, at + 1) is None:
                    self._give(name, at, at + 1)
                    break

    def _closing_date(self) -> None:
        """`accept R-1 30 Sep`: a required date may stand at the very end, if all of it is one."""
        name = next((n for n in self.open_of(Kind.DUE) if self.needs(n)), None)
        left = list(self.line.free())
        if name is None or not left:
            return
        for at in left[-LONGEST_RUN:]:
            row = range(at, left[-1] + 1)
            if all(self.line.kind(i) is TokenKind.WORD for i in row) and self._problem(name, at, row.stop) is None:
                self._give(name, at, row.stop)
                return

    # --- prose ---

    def _prose(self) -> Refused | None:
        text = self.line.rest()
        if not text:
            return None
        main = self._main()
        if main is None:
            suggestion = closest(text.split()[0], self.words)
            return Refused("unknown_word", word=text[:60], suggestion=suggestion, verb=self.verb.id)
        head, rest = self._divided(main, text)
        self.put(main, head)
        if rest:
            self.put(next(self.open_of(Kind.LINES)), rest)
        return None

    def _main(self) -> str | None:
        """The field for prose: `main`, else the first text that is open."""
        texts = [name for name in self.open_of(*PROSE) if not self.ask(name).hidden]
        return next((name for name in texts if self.ask(name).main), next(iter(texts), None))

    def _divided(self, main: str, text: str) -> tuple[str, str]:
        """A title is one line; further lines are the first longer text there is, so that nothing is lost."""
        head, _, rest = text.partition("\n")
        longer = next((name for name in self.open_of(Kind.LINES) if not self.ask(name).hidden), None)
        if self.ask(main).kind is Kind.LINES or longer is None:
            return text, ""
        if len(head) > LONGEST_TEXT and not rest:
            return text, ""
        return head.rstrip(), rest.strip()


def is_excused(asked: Ask, values: dict[str, Any] | Any) -> bool:  # Any: typed values by field name
    """Whether a required field need not be given, because of what another holds."""
    if asked.optional_when is None:
        return False
    name, value = asked.optional_when
    return bool(values.get(name) == value)
