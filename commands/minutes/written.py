"""The lines of minutes as people write them: decisions, and actions with who does it by when and to which standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from commands.domain.due_date import NotADate, read_due
from commands.domain.minutes import ItemKind, Line, Minutes, MinutesItem
from commands.registry import Context

_NUMBER = re.compile(r"^\s*(?:[-*·•]|\(?\d{1,2}[.、)）:：])\s*")
_STANDARD = re.compile(r"[；;,，]?\s*(?:标准|交付标准|standard)\s*[:：=]\s*(.+)$", re.IGNORECASE)
_LONGEST_DATE = 4  # words of a line that a date may take


def lines_of(kind: ItemKind, text: str) -> Iterator[Line]:
    """One item per line; numbering that people typed is dropped."""
    for raw in text.splitlines():
        line = _NUMBER.sub("", raw).strip()
        if line:
            yield Line(kind, line)


def actions_of(ctx: Context, text: str) -> Iterator[Line]:
    """Actions: `整理价格表 @李敏 10月12日；标准：含税`. What is not there stays open, nothing is guessed."""
    for line in lines_of(ItemKind.ACTION, text):
        yield action(ctx, line.text)


def action(ctx: Context, text: str) -> Line:
    standard = ""
    if found := _STANDARD.search(text):
        standard, text = found[1].strip(), text[: found.start()].strip()
    owner, text = _owner(ctx, text)
    due, text = _due(ctx, text)
    return Line(ItemKind.ACTION, text or "—", owner, due, standard)


def as_text(minutes: Minutes, kind: ItemKind, ctx: Context) -> str:
    """The items of a kind as they would be typed again, for the form of the next edition."""
    return "\n".join(_typed(ctx, item) for item in minutes.items if item.kind is kind)


def _typed(ctx: Context, item: MinutesItem) -> str:
    parts = [item.text]
    if item.owner:
        parts.append("@" + ctx.directory.names((item.owner,))[0])
    if item.due:
        parts.append(ctx.calendar.local(item.due).strftime("%Y-%m-%d %H:%M"))
    typed = " ".join(parts)
    return f"{typed}；标准：{item.standard}" if item.standard else typed


def _owner(ctx: Context, text: str) -> tuple[str | None, str]:
    """The person named in the line: after an @ anywhere, or by plain name where that stands alone."""
    people = sorted(ctx.directory.people.values(), key=lambda p: -len(p.name))
    for person in people:
        if f"@{person.name}" in text:
            return person.id, _without(text, f"@{person.name}")
    words = text.split()
    for person in people:
        if person.name in words:
            words.remove(person.name)
            return person.id, " ".join(words)
    return None, text


def _due(ctx: Context, text: str) -> tuple[datetime | None, str]:
    """The date in the line: the longest run of its words that reads as one."""
    words = text.split()
    for length in range(min(_LONGEST_DATE, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            run = " ".join(words[start : start + length])
            try:
                due = read_due(run, ctx.now, ctx.calendar).moment
            except NotADate:
                continue
            return due, " ".join((*words[:start], *words[start + length :]))
    return None, text


def _without(text: str, part: str) -> str:
    return " ".join(text.replace(part, " ", 1).split())
