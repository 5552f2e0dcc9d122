"""Several notices in one message: each with its title, its lines and its buttons, which name their record.

A message has an end on every platform. The newest notices are shown whole, older ones by their title alone, and it is
said where the whole list is. A button that two notices share is there once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from adapters.plain import label_before
from bot.language import Voice
from commands.chat import Button, Card, Image, RichText, Span, SpanKind, Tone, plain
from commands.words import Words

WHOLE, TITLES = 10, 40
"""So many notices are shown whole, and so many more by their title."""
LONGEST = 6_000
"""Signs of those that are shown whole."""
_WEIGHT = (Tone.INFO, Tone.SUCCESS, Tone.WARNING, Tone.DANGER)


def bundled(cards: Sequence[Card], voice: Voice) -> Card:
    """One card for several, the oldest first."""
    whole = _newest_that_fit(cards)
    older = cards[: len(cards) - len(whole)]
    pictures = [card.image for card in whole if card.image]
    body = [line for card in whole for line in _lines(card)]
    body += [(Span(image.alt),) for image in pictures[1:]]
    return Card(
        title=voice.text(Words("bundle.title", {"n": len(cards)})),
        tone=max((card.tone for card in cards), key=_WEIGHT.index),
        body=(*_in_short(older, voice), *body),
        buttons=_buttons(whole),
        image=_first(pictures),
    )


def _newest_that_fit(cards: Sequence[Card]) -> Sequence[Card]:
    """At least the newest one, however long it is."""
    lengths = list(accumulate(_length(card) for card in reversed(cards)))[:WHOLE]
    fitting = sum(length <= LONGEST for length in lengths)
    return cards[-max(fitting, 1) :]


def _length(card: Card) -> int:
    return len(card.title) + sum(len(plain(line)) for line in _lines(card))


def _in_short(cards: Sequence[Card], voice: Voice) -> tuple[RichText, ...]:
    if not cards:
        return ()
    said = (Span(voice.text(Words("bundle.short", {"n": len(cards)}))),)
    return (said, *((Span(card.title, SpanKind.BOLD),) for card in cards[-TITLES:]))


def _lines(card: Card) -> tuple[RichText, ...]:
    facts = ((Span(label_before(fact.label)), *fact.value) for fact in card.facts)
    return ((Span(card.title, SpanKind.BOLD),), *card.body, *facts)


def _buttons(cards: Sequence[Card]) -> tuple[Button, ...]:
    """Each once: two reminders of one record have the same ones."""
    found = {b.id: replace(b, label=b.description or b.label) for card in cards for b in card.buttons}
    return tuple(found.values())


def _first(pictures: Sequence[Image]) -> Image | None:
    return pictures[0] if pictures else None
