"""What a card template may not hold: checked while Jinja reads it, so that a wrong one does not compile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from bot.cardxml import SIGNS

STATEMENTS = frozenset({"for", "if", "elif", "else", "endfor", "endif", "set", "endset", "macro", "endmacro"})
"""A template is one file that escapes always: no `include`, no `extends`, no switch for escaping."""
ATTRIBUTES = frozenset({"label", "alt", "src", "tone"})
"""Where a value may be printed. Not in `href`: user text cannot become a link."""

_NAME = re.compile(r"[\w:-]+")
_LAST_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*$")


class Guard(Extension):
    """Follows the XML while Jinja reads the template, and knows for each printed value where it stands."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        place = _Place(stream)
        for token in stream:
            if token.type == "data":
                place.read(token)
            elif token.type == "block_begin":
                place.check_statement(stream.current)
            elif token.type == "variable_begin" and place.needs_plain_text(token):
                yield token
                yield Token(token.lineno, "lparen", "(")
                continue
            elif token.type == "variable_end" and place.quote:
                for kind, sign in (("rparen", ")"), ("pipe", "|"), ("name", "plain_text")):
                    yield Token(token.lineno, kind, sign)
            yield token


class _Place:
    """Where in the XML the reading stands: between tags, in a tag, or in a quoted attribute of it."""

    def __init__(self, stream: TokenStream) -> None:
        self._stream = stream
        self._tag: str | None = None
        self.quote = ""

    def read(self, token: Token) -> None:
        if SIGNS.search(token.value):
            self._fail(token, "signs of the private use area (U+E000 to U+F8FF) have no place in a card")
        for sign in token.value:
            if self._tag is None:
                self._tag = "" if sign == "<" else None
            elif self.quote:
                self.quote = "" if sign == self.quote else self.quote
            elif sign == ">":
                self._check_tag(token)
                self._tag = None
            else:
                self.quote = sign if sign in "\"'" else ""
                self._tag += sign
                if self._tag[0] in "!?":
                    self._fail(token, "comments, declarations and CDATA have no place in a card")

    def needs_plain_text(self, token: Token) -> bool:
        """Whether the value that begins here stands in an attribute. Refuses it where no value may stand."""
        if self._tag is None:
            return False
        if not self.quote:
            self._fail(token, "a value stands in an element or in a quoted attribute")
        attribute = _LAST_ATTRIBUTE.search(self._tag[:-1])
        if attribute is None or attribute[1] not in ATTRIBUTES:
            self._fail(token, f"a value may only be printed in {', '.join(sorted(ATTRIBUTES))}")
        return True

    def check_statement(self, token: Token) -> None:
        if token.value not in STATEMENTS:
            self._fail(token, f"'{token.value}' is not for card templates")

    def _check_tag(self, token: Token) -> None:
        name = _NAME.match(self._tag or "")
        if name and name[0] == "at":
            self._fail(token, "people are mentioned with who()")

    def _fail(self, token: Token, message: str) -> None:
        raise TemplateSyntaxError(message, token.lineno, self._stream.name, self._stream.filename)
