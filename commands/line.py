"""A typed line while it is being read: its pieces, and which of them have found their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commands.lexicon import fold
from commands.tokens import Scan, Token, TokenKind

_EDGES = " \t\n\u3000\u00a0\u200b\u2060\ufeff，、；,;：:"
_ONLY_SIGNS = re.compile(r"[\s.。,，!！…、;；:：~～-]*")
_TRAILING_BLANKS = re.compile(r"[^\S\n]+(?=\n)")


LONGEST_WORD = 40


class Line:
    """`tokens` may be split while reading; `used` says of each whether a verb or a field has taken it."""

    def __init__(self, scan: Scan) -> None:
        self.text = scan.text
        self.tokens: list[Token] = list(scan.tokens)
        self.used = [False] * len(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def kind(self, at: int) -> TokenKind | None:
        """The kind of a piece that is still free; None for one that is taken, or past the end."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) and not self.used[at] else None

    def word(self, at: int) -> str:
        """A free word (or what looks like a key), folded and without closing signs; else ""."""
        kind = self.kind(at)
        if kind is not TokenKind.WORD and kind is not TokenKind.KEY:
            return ""
        text = self.tokens[at].text
        if len(text) > LONGEST_WORD:
            return text  # nothing that means something is that long, and it should not fill the cache of `fold`
        return fold(text).rstrip("!.。,~…") or text

    def phrase(self, at: int, count: int) -> str:
        """Some free words in a row, folded; "" if there are fewer."""
        words = []
        for place in range(at, at + count):
            word = self.word(place)
            if not word:
                return ""
            words.append(word)
        return " ".join(words)

    def free(self, kind: TokenKind | None = None) -> Iterator[int]:
        """Places of the free pieces of a kind, line ends left out."""
        for at, token in enumerate(self.tokens):
            if not self.used[at] and token.kind is not TokenKind.BREAK and kind in (None, token.kind):
                yield at

    def first(self) -> int:
        """The place of the first free piece; the length if there is none."""
        return next(self.free(), len(self.tokens))

    def take(self, start: int, stop: int) -> str:
        """Marks pieces as used and gives their text as it was spelled."""
        for at in range(start, stop):
            self.used[at] = True
        return self.between(start, stop)

    def between(self, start: int, stop: int) -> str:
        """The text of some pieces in a row; a quote that stands alone loses its marks."""
        if stop <= start:
            return ""
        if stop - start == 1 and self.tokens[start].kind is TokenKind.QUOTED:
            return self.tokens[start].text
        return self.text[self.tokens[start].start : self.tokens[stop - 1].end].strip(_EDGES)

    def replace(self, at: int, *pieces: Token) -> None:
        """Puts smaller pieces in the place of one."""
        self.tokens[at : at + 1] = pieces
        self.used[at : at + 1] = [False] * len(pieces)

    def rest(self) -> str:
        """Everything that nobody took, in its own spelling; "" if that is only signs."""
        runs = [
            self.between(start, stop) if stop - start == 1 else self._raw(start, stop) for start, stop in self._runs()
        ]
        text = _TRAILING_BLANKS.sub("", " ".join(run for run in runs if run)).strip(_EDGES)
        return "" if _ONLY_SIGNS.fullmatch(text) else text

    def _raw(self, start: int, stop: int) -> str:
        text = self.text[self.tokens[start].start : self.tokens[stop - 1].end]
        return text if "\n" in text else text.strip(_EDGES)

    def _runs(self) -> Iterator[tuple[int, int]]:
        start = None
        for at, used in enumerate([*self.used, True]):
            if used and start is not None:
                yield start, at
                start = None
            elif not used and start is None:
                start = at
