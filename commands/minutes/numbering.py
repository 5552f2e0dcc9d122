"""Items keep their numbers from edition to edition, as far as their lines stay recognizable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from commands.domain.minutes import ItemKind, Minutes, MinutesItem

ALIKE = 0.6
"""From here on two lines are the same one, reworded (1.0: word for word)."""

COMPARED = 300
"""Signs of a line that are compared; keeps the time bounded."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it was written down, before it has a number. `lacks`: what an action has to have and this has not."""

    kind: ItemKind
    text: str
    owner: str | None = None
    due: datetime | None = None
    standard: str = ""
    raw: str = ""
    lacks: tuple[str, ...] = ()


def first(lines: Sequence[Line]) -> tuple[MinutesItem, ...]:
    """Numbered through from 1."""
    return tuple(_item(line, number, 1) for number, line in enumerate(lines, 1))


def next_edition(lines: Sequence[Line], minutes: Minutes) -> tuple[MinutesItem, ...]:
    """The items of the edition after the present one. A line that stands again, is alike, or takes the place of one
    in a list of the same length keeps its number; `since` is the edition that last changed it. New lines go on after
    the highest number that was ever used."""
    kept = _pairs(lines, minutes.items)
    last = max((item.number for edition in minutes.editions for item in edition), default=0)
    items = []
    for index, line in enumerate(lines):
        if old := kept.get(index):
            items.append(_kept(line, old, minutes.edition + 1))
        else:
            last += 1
            items.append(_item(line, last, minutes.edition + 1))
    return tuple(sorted(items, key=lambda item: item.number))


def _item(line: Line, number: int, since: int, ref: str | None = None) -> MinutesItem:
    return MinutesItem(
        number=number,
        kind=line.kind,
        text=line.text,
        owner=line.owner,
        due=line.due,
        standard=line.standard,
        since=since,
        ref=ref,
    )


def _kept(line: Line, old: MinutesItem, edition: int) -> MinutesItem:
    now = _item(line, old.number, old.since, old.ref)
    return old if now == old else _item(line, old.number, edition, old.ref)


def _pairs(lines: Sequence[Line], before: Sequence[MinutesItem]) -> dict[int, MinutesItem]:
    """Which earlier item each line is: the same words first, then the most alike, then the same place."""
    found: dict[int, MinutesItem] = {}
    for pairing in (_same_words, _alike, _same_place):
        for index, item in pairing(lines, before):
            if index not in found and item not in found.values():
                found[index] = item
    return found


def _same_words(lines: Sequence[Line], before: Sequence[MinutesItem]) -> Iterator[tuple[int, MinutesItem]]:
    for index, line in enumerate(lines):
        for item in before:
            if (line.kind, line.text) == (item.kind, item.text):
                yield index, item


def _alike(lines: Sequence[Line], before: Sequence[MinutesItem]) -> Iterator[tuple[int, MinutesItem]]:
    texts, known = {line.text for line in lines}, {item.text for item in before}
    new = [(index, line) for index, line in enumerate(lines) if line.text not in known]
    gone = [(at, item) for at, item in enumerate(before) if item.text not in texts]
    scored = (
        (_likeness(line.text, item.text), -abs(index - at), index, item)
        for index, line in new
        for at, item in gone
        if line.kind is item.kind
    )
    close = sorted((s for s in scored if s[0] >= ALIKE), key=lambda s: s[:2], reverse=True)
    yield from ((index, item) for _, _, index, item in close)


def _same_place(lines: Sequence[Line], before: Sequence[MinutesItem]) -> Iterator[tuple[int, MinutesItem]]:
    for kind in ItemKind:
        places = [index for index, line in enumerate(lines) if line.kind is kind]
        items = [item for item in before if item.kind is kind]
        if len(places) == len(items):
            yield from zip(places, items, strict=True)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one[:COMPARED], other[:COMPARED], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
