"""What every platform says of a card: its heading, its lines, what can be typed, what is not available."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.plain import clean, label_before, one_line
from commands.chat import Button, Card, Fact, RichText, Span, SpanKind, Tone

NOTHING = "–"
"""Platforms refuse an empty text."""

SIGNS = {Tone.INFO: "", Tone.SUCCESS: "✅ ", Tone.WARNING: "⚠️ ", Tone.DANGER: "❗ "}
"""Before the title: shape and colour differ, and a screen reader says each by name."""


def heading(card: Card) -> str:
    return SIGNS[card.tone] + (one_line(card.title) or NOTHING)


def body_lines(body: Sequence[RichText]) -> list[RichText]:
    """Cleaned; empty ones are left out."""
    cleaned = (tuple(span._replace(text=clean(span.text)) for span in line) for line in body)
    return [line for line in cleaned if any(span.text.strip() for span in line)]


def fact_lines(facts: Sequence[Fact]) -> list[RichText]:
    """`label: value` each. Further lines of a value are indented, so that none passes for a fact of its own."""
    return [(Span(label_before(fact.label), SpanKind.BOLD), *map(_indented, fact.value)) for fact in facts]


def typed_lines(buttons: Sequence[Button], title: str) -> list[RichText]:
    """What to type instead of pressing."""
    lines = [_typed(button) for button in buttons]
    return [(Span(title, SpanKind.BOLD),), *lines] if lines else []


def unavailable(buttons: Sequence[Button]) -> str:
    """The names of the buttons that cannot be pressed now."""
    return " · ".join(one_line(button.label) for button in buttons if not button.enabled)


def by_name(card: Card) -> Card:
    """The card with people by their names, and no mention."""
    return replace(
        card,
        body=tuple(map(_by_name, card.body)),
        facts=tuple(replace(fact, value=_by_name(fact.value)) for fact in card.facts),
        translations={tag: by_name(other) for tag, other in card.translations.items()},
    )


def _by_name(line: RichText) -> RichText:
    return tuple(span._replace(person=None, ping=False) for span in line)


def is_heading(line: RichText) -> bool:
    """A line that is bold as a whole stands apart from what is above it."""
    return all(span.kind is SpanKind.BOLD for span in line)


def _indented(span: Span) -> Span:
    return span._replace(text=clean(span.text).replace("\n", "\n\u2003"))


def _typed(button: Button) -> RichText:
    label = one_line(button.label)
    return (Span(f"· {label_before(label)}{one_line(button.twin)}" if button.twin else f"· {label}"),)
