"""Lines of rich text: measured as a platform measures, shortened, and divided into parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from commands.chat import RichText, Span

Lines = Sequence[RichText]

_GOOD_PLACE = re.compile(r"\n|(?<=[。！？；，])|(?<=[.!?;,]) | ")
_LEAST = 60
"""Of a line that is cut, less than this is not worth showing."""
_NO_LETTER = 200
"""Longer than any letter or emoji with all that is joined to it; marks without end may be cut anywhere."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How a platform measures: `length` of a text, `beside` of what a span weighs without its words, so that thousands
    of small ones have an end too. `upto` is as much of the beginning as has room; a mention stays whole."""

    length: Callable[[str], int]
    upto: Callable[[str, int], str]
    beside: Callable[[Span], int]
    is_mention: Callable[[Span], bool]
    element: int

    def weight(self, lines: Lines) -> int:
        return sum(self._weight(span) for line in lines for span in line)

    def shortened(self, lines: Lines, room: int) -> list[RichText]:
        """What fits, and "…" where something is missing."""
        if self.weight(lines) <= room:
            return list(lines)
        kept, rest = self._first(lines, room - self.element - self.length("…"))
        if not rest:
            return kept
        if kept and _is_inside(lines, kept):
            return [*kept[:-1], (*kept[-1], Span("…"))]
        return [*kept, (Span("…"),)]

    def portions(self, lines: Lines, room: int) -> Iterator[list[RichText]]:
        """All of it, in parts that have room."""
        rest = list(lines)
        while rest:
            portion, rest = self._first(rest, room)
            yield portion

    def parts(self, text: str, room: int) -> Iterator[str]:
        """A text in parts, divided behind a line where one ends in reach. The first may be empty, others may not."""
        part = self._part(text, room)
        yield part
        while text := text[len(part) :]:
            part = self._part(text, room)
            yield part

    def _part(self, text: str, room: int) -> str:
        part = self.upto(text, room) or text[: room // 2]
        line_end = part.rfind("\n") + 1
        return part[:line_end] if len(part) < len(text) and line_end > room // 2 else part

    def _weight(self, span: Span) -> int:
        return self.beside(span) + (0 if self.is_mention(span) else self.length(span.text))

    def _first(self, lines: Lines, room: int) -> tuple[list[RichText], list[RichText]]:
        """The lines that fit, the last of them cut where that is worth it; and the rest. Never nothing."""
        kept: list[RichText] = []
        for at, line in enumerate(lines):
            if (heavy := self.weight([line])) <= room:
                kept.append(line)
                room -= heavy
                continue
            if kept and room < _LEAST + self.element:
                return kept, list(lines[at:])
            head, tail = self._split(line, room)
            return [*kept, *([head] if head else [])], [tail, *lines[at + 1 :]]
        return kept, []

    def _split(self, line: RichText, room: int) -> tuple[RichText, RichText]:
        head: list[Span] = []
        for at, span in enumerate(line):
            if self._weight(span) > room:
                text = self._head_of(span, room)
                front = (*head, span._replace(text=text)) if text else tuple(head)
                return front, (span._replace(text=span.text[len(text) :]), *line[at + 1 :])
            head.append(span)
            room -= self._weight(span)
        return line, ()

    def _head_of(self, span: Span, room: int) -> str:
        """A mention stays whole; other words end behind a line, a sentence or a word, if there is one in reach."""
        room -= self.beside(span)
        if room <= 0 or self.is_mention(span):
            return ""
        text = self.upto(span.text, room)
        if not text and room > _NO_LETTER:
            return span.text[: room // 2]
        reach = len(text) - len(text) // 4
        places = [place.end() for place in _GOOD_PLACE.finditer(text, reach)]
        return text[: places[-1]] if places else text


def _is_inside(lines: Lines, kept: Lines) -> bool:
    """Whether the last line that is kept was cut in the middle."""
    return kept[-1] != lines[len(kept) - 1]
