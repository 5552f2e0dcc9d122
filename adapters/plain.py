"""Cards and forms as plain text: for mail, for platforms without cards, for forms that are filled in by typing.

Also the one place that makes foreign text harmless (`clean`) and shortens it (`cut`), for all renderers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from commands.chat import Button, Card, Fact, Form, FormField, plain

# C0 and C1 controls but tab and newline; they break XML, terminals and JSON logs.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Embeddings, overrides and isolates: they make text read differently from what it says ("Trojan source").
# The plain direction marks U+200E and U+200F stay: Hebrew and Arabic names need them, and they move nothing.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Half a character: JSON can carry it, UTF-8 (a database, a socket) refuses it. U+FFFE and U+FFFF: XML refuses them.
_UNENCODABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_WIDE_LABEL = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60][)\\]）】]?$")


def clean(text: str) -> str:
    """The same words without anything that could break a store or lie about its order: one kind of line end,
    no control character but tab and newline, no bidi override, no half character."""
    text = _LINE_ENDS.sub("\n", text)
    return _UNENCODABLE.sub("\ufffd", _BIDI.sub("", _CONTROLS.sub("\ufffd", text)))


def one_line(text: str) -> str:
    """`clean`, and on one line: for titles, labels and everything else that must not grow lines."""
    return " ".join(clean(text).split())


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last of them "…" where something is missing; never half an emoji or letter."""
    if len(text) <= limit:
        return text
    end = max(limit - 1, 0)
    while end > 0 and _continues(text, end):
        end -= 1
    return text[:end] + "…" if limit > 0 else ""


def card_text(card: Card) -> str:
    """Everything a card says, as lines: title, body, `label：value`, and how to type what its buttons do."""
    return "\n".join(_card_lines(card))


def form_text(form: Form) -> str:
    """A form as a block to copy and fill in: a `label: value` line per field. What only explains a field stands
    above its line after "# ", so that a reader of the filled-in block can skip it."""
    lines = [one_line(form.title)]
    for field in form.fields:
        lines += [f"# {note}" for note in _notes(field)]
        lines.append(f"{one_line(field.label)}: {_filled(field)}".rstrip())
    return "\n".join(lines)


def _card_lines(card: Card) -> Iterator[str]:
    yield one_line(card.title)
    for line in card.body:
        yield clean(plain(line))
    for fact in card.facts:
        yield _fact_line(fact)
    if card.image:
        yield f"[{one_line(card.image.alt)}]"
    for button in card.buttons:
        if button.enabled and button.twin:
            yield _twin_line(button)


def _fact_line(fact: Fact) -> str:
    """A value of several lines is indented: otherwise its second line could pass for a fact of its own."""
    return label_before(fact.label) + clean(plain(fact.value)).replace("\n", "\n  ")


def label_before(label: str) -> str:
    """A label with its colon: the wide one after Chinese, the narrow one and a space after everything else."""
    label = one_line(label)
    return f"{label}：" if _WIDE_LABEL.search(label) else f"{label}: "


def _twin_line(button: Button) -> str:
    return f"· {label_before(button.label)}{one_line(button.twin)}"


def _notes(field: FormField) -> Iterator[str]:
    words = " / ".join(one_line(option.label) for option in field.options)
    text = " · ".join(part for part in (words, one_line(field.hint)) if part)
    if text or field.required:
        yield f"* {text}".rstrip() if field.required else text
    if field.error:
        yield f"! {one_line(field.error)}"


def _filled(field: FormField) -> str:
    values = (field.value,) if isinstance(field.value, str) else field.value
    labels = {option.value: option.label for option in field.options}
    return ", ".join(one_line(labels.get(value, value)) for value in values if value)


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it (UAX #29, as far as chat text needs it)."""
    here, before = text[at], text[at - 1]
    if before == "\u200d" or here == "\u200d":
        return True
    if unicodedata.category(here) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    return _is_flag_half(here) and _flag_halves_before(text, at) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and _is_flag_half(text[at - count - 1]):
        count += 1
    return count
