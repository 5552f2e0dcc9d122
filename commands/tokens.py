"""What was typed, in pieces: words, quotes, mentions, references and keys, whatever signs a keyboard gave them.

Every piece knows its place in the text, so that what turns out to be prose is kept in its own spelling.
Nothing here refuses: each text has a reading, found in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-")
_SHADOW = {**_HALF, **_DASHES, 0x3000: " ", 0xFE56: "?", 0xFE55: ":", 0x2236: ":"}

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNENCODABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")

READ_CLOSELY = 24_000
"""What stands after this many characters is one piece of prose: longer than any text that is accepted."""
MOST_PIECES = 3_000
"""The same after this many pieces, so that 100,000 quotes cost no more than a long letter."""


def clean(text: str) -> str:
    """The same words without what could break a store or lie about their order (RELIABILITY.md, case 32)."""
    if text.isprintable():
        return text  # nothing of the kind is; most texts end here
    text = _BIDI.sub("", _LINE_ENDS.sub("\n", text))
    return _UNENCODABLE.sub("\ufffd", _CONTROLS.sub("\ufffd", text))


def shadow(text: str) -> str:
    """Half-width, lower case, sign by sign: places in it are places in the text."""
    half = text.translate(_SHADOW)
    lower = half.lower()
    if len(lower) == len(half):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in half)


class TokenKind(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    MENTION = "mention"
    REF = "ref"
    KEY = "key"
    """A word before a colon or an equals sign, or after dashes: perhaps a field."""
    BREAK = "break"
    """The end of a line."""
    REST = "rest"
    """What was not read closely."""


class Token(NamedTuple):
    """`text` is the word in its own spelling, the quote's inside, the mentioned name, or the reference in its
    one spelling "R-12". `id` is a platform's own id of a mention. `glued`: nothing separates it from the piece
    before. `sure`: a reference with its dash, a key that cannot be prose (`--due`)."""

    kind: TokenKind
    text: str
    start: int
    end: int
    glued: bool = False
    id: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """A cleaned text and its pieces. `open_quote`: a quote was never closed and runs to the end."""

    text: str
    low: str
    tokens: tuple[Token, ...]
    open_quote: bool = False


Longest = Callable[[str, int], int]
"""Given the shadow of a text and a place, how many signs of a known name begin there."""


def tokenize(text: str, longest_name: Longest = lambda low, at: 0) -> Scan:
    """Reads `text`, which need not be clean."""
    return _Scanner(clean(text), longest_name).scan()


# --- reading -------------------------------------------------------------------------------------

_QUOTES = {'"': '"”“″', "“": '"”“', "”": '"”“', "″": '"”″', "‘": "’", "「": "」", "『": "』", "«": "»", "〝": "〞"}
_SINGLE = "'"
_CLOSING_SINGLE = re.compile(r"['’](?![a-z0-9])")

_STOPS = r"\s\u200b-\u200d\u2060\ufeff、。"
_LATIN = (
    r"(?:[a-z0-9_.+%/#&*$\\|~^!?(){}\[\]>`-]|<(?!@)|(?<=[0-9])[:,](?=[0-9])"
    r"|(?<=[a-zà-ÿ])['’](?=[a-zà-ÿ])|(?<=[a-z0-9])@(?=[a-z0-9]))"
)
_OTHER = rf"[^\x00-\x7f{_STOPS}“”″「」『』«»〝〞‘]"
_REF = r"#?(?P<letter>[rtemkd])(?:(?P<dash>\s?[-–—]\s?)|)(?P<number>[0-9]{1,9})(?![a-z0-9_]|[.:/-][a-z0-9])"
_NO_REF = r"(?<![a-z0-9_./-])#?[rtemkd](?:\s?[-–—]\s?)?[0-9]{1,9}(?![a-z0-9_]|[.:/-][a-z0-9])"

_BREAK = re.compile(r"\s*\n\s*")
_GAP = re.compile(r"(?:[^\S\n]|[\u200b-\u200d\u2060\ufeff、;,])+")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"'，。；、）」』”】》]+", re.IGNORECASE)
_PLATFORM_MENTION = re.compile(r"<@([^>|\s]{1,80})(?:\|([^>\n]{0,80}))?>")
_AT_NAME = re.compile(rf"(?:(?![,;:<>@(){{}}\[\]!?，；：！？（）]){_OTHER}|[a-z0-9_.&'-])+")
_REFERENCE = re.compile(rf"(?<![a-z0-9_./-]){_REF}")
_DASH_KEY = re.compile(r"(?:-{2,3}|[—–]{1,2})(?=[^\W\d_])([^\s:=,;\"“”「」『』]{1,40})(?:\s?[:=])?")
_WORD = re.compile(rf"(?:{_OTHER}|(?!{_NO_REF}){_LATIN})++")
_COLON = re.compile(r"[^\S\n]?[:=](?!//)")


class _Scanner:
    def __init__(self, text: str, longest_name: Longest) -> None:
        self.text = text
        self.low = shadow(text)
        self.longest_name = longest_name
        self.tokens: list[Token] = []
        self.at = 0
        self.glued = False
        self.open_quote = False

    def scan(self) -> Scan:
        end = min(len(self.text), READ_CLOSELY)
        while self.at < end and len(self.tokens) < MOST_PIECES:
            if not (self._gap() or self._special() or self._word()):
                self._sign()
        if self.at < len(self.text):
            self._add(TokenKind.REST, self.text[self.at :], len(self.text))
        return Scan(self.text, self.low, tuple(self.tokens), self.open_quote)

    def _gap(self) -> bool:
        if found := _BREAK.match(self.low, self.at):
            self._add(TokenKind.BREAK, "\n", found.end())
        elif found := _GAP.match(self.low, self.at):
            self.at = found.end()
        else:
            return False
        self.glued = False
        return True

    def _special(self) -> bool:
        """A piece that its first sign announces."""
        sign = self.low[self.at]
        if sign == "@" or (sign == "<" and self.low.startswith("<@", self.at)):
            return self._mention()
        if sign in _QUOTES or sign == _SINGLE:
            return self._quote(sign)
        if sign in "-—–" and not self.glued:
            return self._dash_key()
        if sign in "#rtemkd" and self._reference():
            return True
        if found := _URL.match(self.text, self.at):
            return self._add(TokenKind.WORD, self.text[self.at : found.end()], found.end())
        return False

    def _mention(self) -> bool:
        if found := _PLATFORM_MENTION.match(self.low, self.at):
            start, end = found.span(1)
            return self._add(TokenKind.MENTION, found[2] or "", found.end(), id=self.text[start:end])
        start = self.at + 1
        end = start + self.longest_name(self.low, start)
        if end == start and (found := _AT_NAME.match(self.low, start)):
            end = found.end()
        return end > start and self._add(TokenKind.MENTION, self.text[start:end], end)

    def _quote(self, sign: str) -> bool:
        inside = self.at + 1
        before = self.low[self.at - 1] if self.at else " "
        if sign in "\"'”″" and before.isascii() and before.isalnum():
            return False  # 27" and don't
        end = self._closing(sign, inside)
        if end < 0 and sign in "'‘”″":
            return False  # 'tis, or a closing quote that nothing opened
        self.open_quote = self.open_quote or end < 0
        stop = end if end >= 0 else len(self.text)
        return self._add(TokenKind.QUOTED, self.text[inside:stop].strip(), min(stop + 1, len(self.text)))

    def _closing(self, sign: str, inside: int) -> int:
        if sign in "'‘":
            found = _CLOSING_SINGLE.search(self.low, inside)
            return found.start() if found else -1
        places = (self.low.find(mark, inside) for mark in _QUOTES[sign])
        return min((place for place in places if place >= 0), default=-1)

    def _dash_key(self) -> bool:
        found = _DASH_KEY.match(self.low, self.at)
        if not found:
            return False
        start, end = found.span(1)
        return self._add(TokenKind.KEY, self.text[start:end], found.end(), sure=True)

    def _reference(self) -> bool:
        found = _REFERENCE.match(self.low, self.at)
        if not found:
            return False
        name = f"{found['letter'].upper()}-{int(found['number'])}"
        return self._add(TokenKind.REF, name, found.end(), sure=bool(found["dash"]))

    def _word(self) -> bool:
        found = _WORD.match(self.low, self.at)
        if not found:
            return False
        word = self.text[self.at : found.end()]
        colon = _COLON.match(self.low, found.end())
        if colon and len(word) <= 40 and not word[:1].isdigit():
            return self._add(TokenKind.KEY, word, colon.end())
        return self._add(TokenKind.WORD, word, found.end())

    def _sign(self) -> None:
        self._add(TokenKind.WORD, self.text[self.at], self.at + 1)

    def _add(self, kind: TokenKind, text: str, end: int, *, id: str = "", sure: bool = False) -> bool:
        self.tokens.append(Token(kind, text, self.at, end, self.glued, id, sure))
        self.at = end
        self.glued = True
        return True
