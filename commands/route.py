"""Which verb a line is for. The first word decides; where it is missing, what stands there instead does.

Without a verb: prose is a new request, a reference is shown (or disputed, after /escalate), and `/status` alone
means here. A first word that is nearly a verb is asked about only where it cannot be prose: before a reference, or
alone. `/request declne R-1` gets a suggestion, `/request listing of prices` is a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commands.errors import Refused
from commands.inputs import Ask, Kind
from commands.lexicon import closest, ends_with_word, starts_with_word
from commands.line import Line
from commands.registry import Verb
from commands.tokens import Token, TokenKind
from commands.typed import Help, Setting
from commands.words import Typed


@dataclass(frozen=True, slots=True)
class Default:
    """The verbs of a command that need not be typed: after the bare command, before a reference, a mention, or
    prose. "" where there is none, and help is shown."""

    bare: str = ""
    reference: str = ""
    mention: str = ""
    prose: str = ""


DEFAULTS = {
    "request": Default(reference="show", mention="new", prose="new"),
    "status": Default(bare="here", reference="show", mention="dept"),
    "escalate": Default(reference="dispute", mention="dispute", prose="dispute"),
    "minutes": Default(reference="show"),
}
SHOWING = ("request.show", "escalate.show", "minutes.show", "status.show")
"""What a reference alone, without any command, may mean: the first that takes its letter."""
NO_TYPOS = frozenset({"关于", "有关", "对于", "参考"})
"""How prose about a reference begins, though it looks like a verb (关闭) with one wrong sign."""

_HOME_OF = {"R": "request", "T": "request", "E": "escalate", "M": "minutes"}

Route = Verb | Help | Refused
_SIGNS = frozenset("/?!.")


def find_verb(line: Line, setting: Setting, command: str | None) -> Route:
    """The verb, whose words are then taken from the line. `command`: split off by the platform already."""
    route = _Router(line, setting)
    if command is not None:
        return route.named(command.removeprefix("/"))
    return route.line_alone()


class _Router:
    def __init__(self, line: Line, setting: Setting) -> None:
        self.line = line
        self.setting = setting
        self.lexicon = setting.lexicon

    # --- the command ---

    def named(self, word: str) -> Route:
        """The platform, or a leading slash, says that this word is a command."""
        word = self.lexicon.command_called(word)
        if word.casefold() in self.lexicon.umbrellas or not word:
            return self.line_alone()
        if word in self.lexicon.helps:
            return self._help("")
        command = self.lexicon.command(word)
        if command:
            return self._in_command(command)
        near = closest(word, self.lexicon.commands)
        return (
            Refused("unknown_command", word=word[:60], suggestion=Typed(f"/{near}"))
            if near
            else Help(unknown=f"/{word[:60]}")
        )

    def line_alone(self) -> Route:
        """No command split off: a slash, a command's word, a verb's word, a reference, or help."""
        at = self.line.first()
        word = self.line.word(at)
        if word.startswith("/") and word.lstrip("/") not in ("", *self.lexicon.helps):
            return self._slash(at, word.lstrip("/"))
        if not word and at >= len(self.line):
            return Help()
        if word.lstrip("/") in self.lexicon.helps or word.strip("/") == "":
            return self._helped(at, word)
        if self.lexicon.command(word):
            self.line.take(at, at + 1)
            return self.named(word)
        return self._no_command(at)

    def _helped(self, at: int, word: str) -> Route:
        if not word:
            return self._no_command(at)
        self.line.take(at, at + 1)
        return self._help("")

    def _slash(self, at: int, word: str) -> Route:
        """`/request`, and `/请求受理` without a blank."""
        if not self.lexicon.command(word) and word not in self.lexicon.umbrellas:
            known = starts_with_word(word, self.lexicon.commands)
            if known and not known.isascii():
                self._cut(at, len(self.line.tokens[at].text) - len(word) + len(known))
                return self.named(known)
        self.line.take(at, at + 1)
        return self.named(word)

    def _cut(self, at: int, length: int) -> None:
        """Takes the beginning of a word and leaves the rest of it."""
        token = self.line.tokens[at]
        middle = token.start + length
        rest = Token(token.kind, token.text[length:], middle, token.end)
        self.line.replace(at, Token(TokenKind.WORD, token.text[:length], token.start, middle), rest)
        self.line.take(at, at + 1)

    # --- the verb ---

    def _in_command(self, command: str) -> Route:
        default = DEFAULTS.get(command, Default())
        at = self.line.first()
        if at >= len(self.line):
            return self._known(f"{command}.{default.bare}") or Help(command)
        if self.line.word(at).lstrip("-") in ("h", *self.lexicon.helps):
            self.line.take(at, at + 1)
            return self._help(command)
        verb = self._spoken(command, at) or self._after_reference(command, at) or self._glued(command, at)
        if verb:
            return verb
        if typo := self._typo(at, self.lexicon.verbs.get(command, {})):
            return Refused("unknown_verb", word=self.line.word(at)[:60], suggestion=typo, command=command)
        return self._default(command, default, at)

    def _default(self, command: str, default: Default, at: int) -> Route:
        kind = self.line.kind(at)
        if kind is TokenKind.REF and self._refers(command, at):
            return self._by_reference(command, default, self.line.tokens[at].text)
        if kind is TokenKind.MENTION and default.mention:
            return self._known(f"{command}.{default.mention}") or Help(command)
        if found := self._known(f"{command}.{default.prose}"):
            return found
        word = self.line.word(at)[:60]
        suggestion = closest(word, self.lexicon.verbs.get(command, {}))
        if suggestion:
            return Refused("unknown_verb", word=word, suggestion=suggestion, command=command)
        return Help(command, unknown=self.line.rest()[:60])

    def _by_reference(self, command: str, default: Default, ref: str) -> Route:
        """What the command does with a reference of this letter; else which command is there for it."""
        verbs = (self._known(f"{command}.{name}") for name in (default.reference, "show"))
        found = next((verb for verb in verbs if verb and takes(verb, ref)), None)
        if found or not default.reference:
            return found or Help(command)
        return Refused("reference.elsewhere", ref=ref, command=Typed(f"/{_HOME_OF.get(ref[:1], 'status')} {ref}"))

    def _refers(self, command: str, at: int) -> bool:
        """Whether a reference is one: `M3 chips` is prose after /request, `R3` is not."""
        token = self.line.tokens[at]
        shown = self._known(f"{command}.{DEFAULTS.get(command, Default()).reference}")
        alone = len(list(self.line.free())) == 1
        return token.sure or alone or (shown is not None and takes(shown, token.text, strict=True))

    def _spoken(self, command: str, at: int) -> Route | None:
        """The verb's own word, or words, come first."""
        for count in (3, 2, 1):
            phrase = self.line.phrase(at, count)
            found = phrase and self._known(self.lexicon.verb(command, phrase) or "")
            if found and not self._is_prose(found, command, at + count):
                self.line.take(at, at + count)
                return self._or_help(found)
        return None

    def _or_help(self, verb: Verb) -> Route:
        left = list(self.line.free())
        if len(left) == 1 and self.line.word(left[0]).lstrip("-") in self.lexicon.helps:
            return Help(verb.id)
        return verb

    def _is_prose(self, verb: Verb, command: str, after: int) -> bool:
        """`/request list prices of …` is a request: a verb that has no place for words cannot be meant there."""
        prose = self._known(f"{command}.{DEFAULTS.get(command, Default()).prose}")
        if prose is None or prose is verb or any(a.kind in (Kind.TEXT, Kind.LINES) for a in verb.asks.values()):
            return False
        words = [at for at in self.line.free(TokenKind.WORD) if at >= after]
        return len(words) > 2 and not any(True for _ in self.line.free(TokenKind.REF))

    def _after_reference(self, command: str, at: int) -> Route | None:
        """`R-1 受理`, `R-1受理`: the verb stands behind what it is about."""
        if self.line.kind(at) is not TokenKind.REF:
            return None
        for count in (3, 2, 1):
            found = self._known(self.lexicon.verb(command, self.line.phrase(at + 1, count)) or "")
            if found and takes(found, self.line.tokens[at].text):
                self.line.take(at + 1, at + 1 + count)
                return found
        return None

    def _glued(self, command: str, at: int) -> Route | None:
        """`请受理R-1`, and, where prose is not expected, `日报今天完成了A`."""
        word, table = self.line.word(at), self.lexicon.verbs.get(command, {})
        if not word or word.isascii():
            return None
        behind = self.line.tokens[at + 1] if self.line.kind(at + 1) is TokenKind.REF else None
        ending = self._known(table.get(ends_with_word(word, table), ""))
        if behind and behind.glued and ending and takes(ending, behind.text):
            self.line.take(at, at + 1)
            return ending
        start = starts_with_word(word, table)
        if start and not start.isascii() and not DEFAULTS.get(command, Default()).prose:
            self._cut(at, len(start))
            return self._known(table[start])
        return None

    def _typo(self, at: int, table: Mapping[str, str]) -> str:
        """The verb's word that was nearly typed, where it cannot be prose: before a reference, or alone."""
        word = self.line.word(at)
        alone = len(list(self.line.free())) == 1
        before_reference = self.line.kind(at + 1) is TokenKind.REF and not self._runs_on(at + 2)
        if not word or word in NO_TYPOS or not (alone or before_reference):
            return ""
        return closest(word, table)

    def _runs_on(self, at: int) -> bool:
        """`R-1的数据`: the sentence goes on without a blank."""
        return self.line.kind(at) is TokenKind.WORD and self.line.tokens[at].glued

    # --- without a command ---

    def _no_command(self, at: int) -> Route:
        for command in self._by_letter():
            found = self._spoken(command, at) or self._after_reference(command, at) or self._by_ending(command, at)
            if found:
                return found
        if self.line.kind(at) is TokenKind.REF:
            return self._shown(self.line.tokens[at].text)
        every = {word: id for table in self.lexicon.verbs.values() for word, id in table.items()}
        if typo := self._typo(at, {**every, **self.lexicon.commands}):
            return Refused("unknown_verb", word=self.line.word(at)[:60], suggestion=typo, command="")
        return Help(unknown=self.line.rest()[:60])

    def _by_ending(self, command: str, at: int) -> Route | None:
        behind = self.line.kind(at + 1) is TokenKind.REF
        return self._glued(command, at) if behind else None

    def _by_letter(self) -> Iterator[str]:
        """The commands, those first whose verbs take the first reference of the line."""
        ref = next((self.line.tokens[at].text for at in self.line.free(TokenKind.REF)), "")
        named = {"R": "request", "T": "request", "E": "escalate", "D": "escalate", "M": "minutes"}
        first = named.get(ref[:1], "")
        yield from sorted(self.lexicon.verbs, key=lambda command: command != first)

    def _shown(self, ref: str) -> Route:
        shows = (self._known(id) for id in SHOWING)
        return next((verb for verb in shows if verb and takes(verb, ref)), Help(unknown=ref))

    # --- help ---

    def _help(self, command: str) -> Help:
        """`/help`, `/help request`, `/help accept`, `/request help accept`."""
        word = self.line.phrase(self.line.first(), 1).lstrip("/")
        if not command and (named := self.lexicon.command(self.lexicon.command_called(word))):
            self.line.take(self.line.first(), self.line.first() + 1)
            return self._help(named)
        for name in [command] if command else list(self.lexicon.verbs):
            if id := self.lexicon.verb(name, word):
                return Help(id)
        return Help(command, unknown=word[:60])

    def _known(self, id: str) -> Verb | None:
        return self.setting.verbs.get(id)


def takes(verb: Verb, ref: str, *, strict: bool = False) -> bool:
    """Whether the verb has a field for this reference. `strict`: one that names its letter."""
    return any(fits(asked, ref) and (asked.refs or not strict) for asked in verb.asks.values())


def fits(asked: Ask, ref: str) -> bool:
    return asked.kind is Kind.REF and (not asked.refs or ref[:1] in asked.refs)
