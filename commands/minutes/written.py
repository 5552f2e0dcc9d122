"""The lines of minutes as people write them: decisions, and actions with who does it by when and to which standard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.domain.due_date import NotADate, read_due
from commands.domain.minutes import ItemKind, Minutes, MinutesItem
from commands.domain.people import Person
from commands.errors import Refused
from commands.minutes.numbering import Line
from commands.registry import Context
from commands.words import words

_NUMBER = re.compile(r"^\s*(?:[-*·•](?!\d)|[（(]?\d{1,3}(?:[.、)）]|[:：])(?!\d))\s*")
_STANDARD = re.compile(r"[；;,，。.]?\s*(?:交付标准|标准|standard)\s*[:：=]\s*(.+)$", re.IGNORECASE)
_LABEL = re.compile(r"(?:负责人|责任人|owner|截止日期|截止时间|截止|due|期限)\s*[:：=]\s*", re.IGNORECASE)
_EMPTY = re.compile(r"[（(【\[][\s,，、;；|]*[)）】\]]")
_BETWEEN = re.compile(r"[\s,，;；、|（）()【】\[\]]+")
_DATE_INSIDE = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2})?|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?(?: ?\d{1,2}:\d{2})?"
    r"|(?:下下|下|本|这)?(?:周|星期|礼拜)[一二三四五六日天](?!报|会|例)|今天|明天|后天|月底|月末"
)
_LONGEST_DATE = 6
"""Words of a line that a date may take."""
_AT_MOST = 40
"""Words of a line among which a date is looked for, from its end."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the minutes say already: a line or a date that stands there is taken as it is, even when it has passed."""

    lines: Mapping[str, MinutesItem]
    dates: Mapping[str, datetime]
    participants: tuple[str, ...] = ()


def lines_of(kind: ItemKind, text: str) -> Iterator[Line]:
    """One item per line; numbering that people typed is dropped."""
    for raw in text.splitlines():
        line = _NUMBER.sub("", raw).strip()
        if line:
            yield Line(kind, line, raw=line)


def actions_of(ctx: Context, text: str, minutes: Minutes) -> Iterator[Line]:
    """Actions: `整理价格表 @李敏 10月12日；标准：含税`. What is not there is noted, nothing is guessed."""
    known = _known(ctx, minutes)
    for line in lines_of(ItemKind.ACTION, text):
        yield _again(known.lines[line.text]) if line.text in known.lines else action(ctx, line.text, known)


def action(ctx: Context, raw: str, known: Known) -> Line:
    """One action: the owner after an @ or by plain name, the date anywhere, the standard at the end."""
    standard, text = "", raw
    if found := _STANDARD.search(text):
        standard, text = found[1].strip(), text[: found.start()].strip()
    text = _LABEL.sub(" ", text.replace("＠", "@"))
    lacks = []
    owner, text = _owner(ctx, text, known.participants)
    if isinstance(owner, tuple):
        lacks.append("one_owner" if owner else "owner")
    due, text = _due(ctx, text, known.dates)
    if isinstance(due, str):
        lacks.append(due)
    text = " ".join(_EMPTY.sub(" ", text).split()).strip(" ,，;；。、|：:")
    return Line(
        ItemKind.ACTION,
        text or raw,
        owner if isinstance(owner, str) else None,
        due if isinstance(due, datetime) else None,
        standard,
        raw=raw,
        lacks=(*(() if text else ("text",)), *lacks),
    )


def require_complete(lines: Sequence[Line]) -> None:
    """An action without an owner or a date is nobody's. The refusal quotes the line and says what is missing."""
    for line in lines:
        if line.lacks:
            missing = tuple(words(f"minutes.lacks.{what}") for what in line.lacks)
            raise Refused("minutes.action_incomplete", field="actions", line=line.raw[:80], missing=missing)


def as_text(minutes: Minutes, kind: ItemKind, ctx: Context) -> str:
    """The items of a kind as they would be typed again, for the form of the next edition."""
    return "\n".join(_typed(ctx, item) for item in minutes.items if item.kind is kind)


# --- what stands there already -----------------------------------------------------------------------


def _known(ctx: Context, minutes: Minutes) -> Known:
    actions = [item for item in minutes.items if item.kind is ItemKind.ACTION and item.owner and item.due]
    return Known(
        lines={_typed(ctx, item): item for item in actions},
        dates={_typed_date(ctx, item.due): item.due for item in actions if item.due},
        participants=(*minutes.participants, minutes.host, minutes.recorder),
    )


def _again(item: MinutesItem) -> Line:
    return Line(item.kind, item.text, item.owner, item.due, item.standard)


def _typed(ctx: Context, item: MinutesItem) -> str:
    parts = [item.text]
    if item.owner:
        parts.append("@" + _called(ctx, item.owner))
    if item.due:
        parts.append(_typed_date(ctx, item.due))
    typed = " ".join(parts)
    return f"{typed}；标准：{item.standard}" if item.standard else typed


def _typed_date(ctx: Context, due: datetime) -> str:
    return ctx.calendar.local(due).strftime("%Y-%m-%d %H:%M")


def _called(ctx: Context, person: str) -> str:
    """By name, or by id where several have that name."""
    known = ctx.directory.people.get(person)
    alike = [p for p in ctx.directory.people.values() if known and p.name == known.name]
    return known.name if known and len(alike) == 1 else person


# --- who ---------------------------------------------------------------------------------------------


def _owner(ctx: Context, text: str, near: tuple[str, ...]) -> tuple[str | tuple[str, ...], str]:
    """The person named in the line: the first after an @, else the first plain name that stands alone. A tuple when
    it is nobody, or several of that name; those at the meeting come first."""
    people = [p for p in ctx.directory.people.values() if p.active]
    for found in (_mentioned(people, text), _named(people, text)):
        if found:
            name, start, length = found
            alike = tuple(p.id for p in people if name in (p.name.casefold(), p.id.casefold()))
            present = tuple(p for p in alike if p in near)
            chosen = alike if len(alike) == 1 else present or alike
            if len(chosen) > 1:
                return chosen, text
            return chosen[0], f"{text[:start]} {text[start + length :]}"
    return (), text


def _mentioned(people: Iterable[Person], text: str) -> tuple[str, int, int] | None:
    folded = text.casefold()
    names = {name.casefold() for p in people for name in (p.name, p.id)}
    places = ((folded.find(f"@{name}"), -len(name), name) for name in names)
    first = min((place for place in places if place[0] >= 0), default=None)
    return (first[2], first[0], len(first[2]) + 1) if first else None


def _named(people: Iterable[Person], text: str) -> tuple[str, int, int] | None:
    folded = text.casefold()
    between = r"(?:^|(?<=[\s,，;；、|（）()【】\[\]：:]))"
    after = r"(?=$|[\s,，;；、|（）()【】\[\]：:])"
    places = []
    for name in {p.name.casefold() for p in people}:
        if found := re.search(f"{between}{re.escape(name)}{after}", folded):
            places.append((found.start(), -len(name), name))
    if not places:
        places = [(0, -len(name), name) for name in {p.name.casefold() for p in people} if _leads(folded, name)]
    first = min(places, default=None)
    return (first[2], first[0], len(first[2])) if first else None


def _leads(text: str, name: str) -> bool:
    """`张伟完成样机`: a Chinese name may run into what its bearer does."""
    return not name.isascii() and len(name) > 1 and text.startswith(name)


# --- by when -----------------------------------------------------------------------------------------


def _due(ctx: Context, text: str, known: Mapping[str, datetime]) -> tuple[datetime | str, str]:
    """The date in the line: the last run of words that reads as one, else one inside a word. A word instead says
    what is wrong: "due" when there is none, "past" when it is over."""
    over = False
    for start, end in _runs(text):
        due = _read(ctx, text[start:end], known)
        if isinstance(due, datetime):
            return due, f"{text[:start].rstrip()} {text[end:].lstrip()}"
        over = over or due == "past"
    return "past" if over else "due", text


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Places of the line that may be a date: runs of whole words, long ones and late ones first; then parts."""
    pieces: list[tuple[int, int]] = []
    at = 0
    for gap in (*_BETWEEN.finditer(text), None):
        end = gap.start() if gap else len(text)
        if end > at:
            pieces.append((at, end))
        at = gap.end() if gap else end
    pieces = pieces[-_AT_MOST:]
    for length in range(min(_LONGEST_DATE, len(pieces)), 0, -1):
        for first in range(len(pieces) - length, -1, -1):
            yield pieces[first][0], pieces[first + length - 1][1]
    yield from reversed([found.span() for found in _DATE_INSIDE.finditer(text)])


def _read(ctx: Context, said: str, known: Mapping[str, datetime]) -> datetime | str:
    if said in known:
        return known[said]
    try:
        return read_due(said, ctx.now, ctx.calendar).moment
    except NotADate as why:
        return why.code
