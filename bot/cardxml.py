"""From what a template wrote to a card.

The XML holds the template's own words only. Each value is one sign in it that stands for a slot, and is put in when
the XML has been read: by construction, nothing that people wrote is ever read as XML. The same template gives the
same XML again and again, so a layout is read once and filled many times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.etree import ElementTree

from markupsafe import Markup

from bot.language import harmless
from commands.chat import Card, Fact, Image, RichText, Span, SpanKind, Tone

Slot = str | RichText
"""A value: plain text, or a sentence with people in it."""

_FIRST = 0xE000  # private use: no text of a template may hold these signs, see `bot.cardrules`
MOST_SLOTS = 0xF8FF - _FIRST
SIGNS = re.compile("[\ue000-\uf8ff]")
_CACHED = 20_000
"""Signs of the longest XML whose layout is kept."""


class CardError(Exception):
    """A template gave something that is not a card."""


class TooLong(CardError):
    """The card, or the way to it."""


@cache
def sign(slot: int) -> Markup:
    """What stands in the XML for the slot of that number."""
    if slot >= MOST_SLOTS:
        raise TooLong(f"more than {MOST_SLOTS} values")
    return Markup(chr(_FIRST + slot))


def text_of_slot(slot: Slot) -> str:
    return slot if isinstance(slot, str) else "".join([span.text for span in slot])


def read_card(xml: str, slots: Sequence[Slot] = ()) -> Card:
    """The card of an XML: `card(tone)` with `title`, `p`, `field(label)`, `image(src, alt)`; inside lines `b` and
    `a(href)`. Anything else is an error of the template."""
    layout = _layout(xml) if len(xml) <= _CACHED else _layout.__wrapped__(xml)
    try:
        return layout.filled(slots)
    except IndexError:
        raise CardError("a sign of the private use area") from None


# --- a layout and its filling ------------------------------------------------------------------------

Plain = tuple[str | int, ...]
"""Words, and numbers of slots, of which only the text counts."""


@dataclass(frozen=True, slots=True)
class _Marked:
    """Bold words, or a link of the template's."""

    kind: SpanKind
    inside: Plain
    href: str | None = None

    def filled(self, slots: Sequence[Slot]) -> RichText:
        return (Span(_text(self.inside, slots), self.kind, href=self.href),)


Line = tuple[str | int | _Marked, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A card whose values are still numbers."""

    tone: Plain
    title: Plain
    body: tuple[Line, ...]
    facts: tuple[tuple[Plain, Line], ...]
    image: tuple[Plain, Plain] | None

    def filled(self, slots: Sequence[Slot]) -> Card:
        lines = [_trimmed(_spans(line, slots)) for line in self.body]
        return Card(
            _one_line(_text(self.title, slots)),
            _tone(_text(self.tone, slots)),
            tuple([line for line in lines if any([span.text for span in line])]),
            tuple([Fact(_text(label, slots), _trimmed(_spans(line, slots))) for label, line in self.facts]),
            (),
            Image(*(_text(part, slots) for part in self.image)) if self.image else None,
        )


def _text(parts: Plain, slots: Sequence[Slot]) -> str:
    return "".join([part if isinstance(part, str) else text_of_slot(slots[part]) for part in parts])


def _spans(line: Line, slots: Sequence[Slot]) -> list[Span]:
    """The spans of a line, neighbouring plain texts as one."""
    found: list[Span] = []
    text = ""
    for part in line:
        value = part.filled(slots) if isinstance(part, _Marked) else slots[part] if isinstance(part, int) else part
        if isinstance(value, str):
            text += value
            continue
        for span in value:
            if span.kind is SpanKind.TEXT:
                text += span.text
                continue
            if text:
                found.append(Span(text))
                text = ""
            found.append(span)
    if text:
        found.append(Span(text))
    return found


def _trimmed(line: list[Span]) -> RichText:
    """A line without the white space that the template's layout put around it."""
    if line:
        line[0] = _with(line[0], line[0].text.lstrip())
        line[-1] = _with(line[-1], line[-1].text.rstrip())
    return tuple(line)


def _with(span: Span, text: str) -> Span:
    return span if len(text) == len(span.text) else span._replace(text=text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tone(text: str) -> Tone:
    try:
        return Tone(text)
    except ValueError as error:
        raise CardError(str(error)) from None


# --- reading a layout --------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _layout(xml: str) -> _Layout:
    root = ElementTree.fromstring(harmless(xml))
    if root.tag != "card":
        raise CardError(f"expected <card>, found <{root.tag}>")
    title: Plain = ()
    body, facts, image = [], [], None
    for node in root:
        match node.tag:
            case "title":
                title = _plain(node)
            case "p":
                body.append(_line(node))
            case "field":
                facts.append((_attribute(node, "label"), _line(node)))
            case "image":
                image = _attribute(node, "src"), _attribute(node, "alt")
            case other:
                raise CardError(f"unknown element <{other}>")
    return _Layout(_parts(root.attrib.get("tone", "info")), title, tuple(body), tuple(facts), image)


def _attribute(node: ElementTree.Element, name: str) -> Plain:
    if name not in node.attrib:
        raise CardError(f"<{node.tag}> has no {name}")
    return _parts(node.attrib[name])


def _line(node: ElementTree.Element) -> Line:
    found: list[str | int | _Marked] = list(_parts(node.text))
    for child in node:
        found.append(_marked(child))
        found += _parts(child.tail)
    return tuple(found)


def _marked(node: ElementTree.Element) -> _Marked:
    match node.tag:
        case "b":
            return _Marked(SpanKind.BOLD, _plain(node))
        case "a" if "href" in node.attrib:
            return _Marked(SpanKind.LINK, _plain(node), node.attrib["href"])
        case "a":
            raise CardError("<a> has no href")
        case other:
            raise CardError(f"unknown element <{other}>")


def _plain(node: ElementTree.Element) -> Plain:
    """All words of an element, marks left out."""
    return _parts("".join(node.itertext()))


def _parts(text: str | None) -> Plain:
    return tuple(_pieces(text or ""))


def _pieces(text: str) -> Iterator[str | int]:
    at = 0
    for found in SIGNS.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield ord(found[0]) - _FIRST
        at = found.end()
    if at < len(text):
        yield text[at:]
