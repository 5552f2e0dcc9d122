"""The words of each language, and how facts read in it: moments in the reader's zone, people by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import structlog

from adapters.plain import clean, cut
from bot.commandnames import CommandNames
from commands.chat import RichText, Span, SpanKind
from commands.domain.duration import Duration, Unit
from commands.domain.people import Directory
from commands.inputs import Kind
from commands.words import Dept, Shown, Typed, Who, Words

log = structlog.get_logger("language")

LANGUAGES = ("zh-CN", "en")
FALLBACK = "en"
_PLACEHOLDER = re.compile(r"\{(\w+(?:!s)?)\}")
_ENTRY = re.compile(r'^(msgid|msgstr) "(.*)"$')
_CONTINUED = re.compile(r'^"(.*)"$')
_EMPTY: tuple[Shown, ...] = (None, "", ())
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
LONGEST_FACT = 20_000
"""Signs of one text in a card: what a field takes at most (`commands.values`)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their language and zone, the platform and what commands are called there, and the directory that
    knows the names of people."""

    language: str
    zone: str
    platform: str
    directory: Directory
    commands: CommandNames = CommandNames()

    def text_of(self, key: str, counted: str = "") -> str | None:
        """The text of a key as it reads on this platform; None where no language has it."""
        found = text_of(self.language, key, counted)
        return found and self.commands.said(found)

    def person_name(self, id: str) -> str:
        known = self.directory.people.get(id)
        return known.name if known else id

    def department_name(self, id: str) -> str:
        known = self.directory.departments.get(id)
        return known.name if known else id

    def name_of(self, kind: Kind, id: str) -> str:
        """The name behind the id in a field of that kind."""
        match kind:
            case Kind.PERSON:
                return clean(self.person_name(id))
            case Kind.DEPARTMENT:
                return clean(self.department_name(id))
            case _:
                return id

    def identity(self, id: str) -> str | None:
        """The person's own id on the platform of this reader."""
        known = self.directory.people.get(id)
        return known.identities.get(self.platform) if known else None


# --- catalogues --------------------------------------------------------------------------------------


@cache
def catalogues() -> Mapping[str, Mapping[str, str]]:
    """All texts by language and key, from every .po file of a language's folder."""
    return {tag: dict(_texts(tag)) for tag in LANGUAGES}


def _texts(tag: str) -> Iterator[tuple[str, str]]:
    folder = files("templates") / "locale" / tag
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".po"):
            yield from read_po(file.read_text(encoding="utf-8"))


def read_po(text: str) -> Iterator[tuple[str, str]]:
    """The entries of a gettext catalogue without plurals or contexts: what ours are made of. The format is
    https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html; a full reader takes longer to import
    than all of this takes to run."""
    parts: dict[str, str] = {}
    current = ""
    for line in (*text.splitlines(), 'msgid ""'):
        if entry := _ENTRY.match(line):
            current = entry[1]
            if current == "msgid":
                if parts.get("msgid") and "msgstr" in parts:
                    yield parts["msgid"], parts["msgstr"]
                parts = {}
            parts[current] = _unescaped(entry[2])
        elif (more := _CONTINUED.match(line)) and current:
            parts[current] += _unescaped(more[1])


def _unescaped(text: str) -> str:
    return re.sub(r'\\[nt"\\]', lambda m: _ESCAPES[m[0]], text)


def text_of(language: str, key: str, counted: str = "") -> str | None:
    """The text of a key, in its form for one or for other numbers where the language has one; another language's
    where it is missing, None where no language has it."""
    known = catalogues()
    for tag in (language, FALLBACK, *LANGUAGES):
        texts = known.get(tag, {})
        found = texts.get(f"{key}.{counted}", texts.get(key)) if counted else texts.get(key)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[tuple[str, str], ...]:
    """A text as (literal, name of the fact that follows) pairs."""
    found, at = [], 0
    for match in _PLACEHOLDER.finditer(text):
        found.append((text[at : match.start()], match[1]))
        at = match.end()
    return (*found, (text[at:], ""))


def harmless(text: str) -> str:
    """`clean`, for texts that mostly are: where all can be printed, nothing is a control, a bidi override or half a
    character. A tenth of the time."""
    return text if text.isprintable() or text.replace("\n", "").isprintable() else clean(text)


@lru_cache(maxsize=256)
def _missing(language: str, key: str) -> str:
    log.error("missing_text", language=language, key=key)
    return key


def _is_empty(line: str, facts: Mapping[str, Shown]) -> bool:
    """Whether a line would name facts and all of them are missing."""
    named = [name.removesuffix("!s") for _, name in pieces(line) if name]
    return bool(named) and all(facts.get(name) in _EMPTY for name in named)


# --- facts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """Says words and facts to one reader, at a moment (which decides whether a year has to be named). `longest`: signs
    of a text before it is cut, visibly."""

    reader: Reader
    now: datetime
    longest: int = LONGEST_FACT

    def words(self, said: Words) -> RichText:
        """A sentence of the catalogues with its facts as spans; user text stays a span of its own. Of a text with
        several lines, a line whose facts are all empty is left out."""
        text = self._text(said.key, said.facts)
        if "\n" not in text:
            return self._line(text, said.facts, is_first=True)
        lines = text.split("\n")
        shown = [line for line in lines if not _is_empty(line, said.facts)]
        return tuple(span for n, line in enumerate(shown) for span in self._line(line, said.facts, is_first=n == 0))

    def _line(self, text: str, facts: Mapping[str, Shown], *, is_first: bool) -> RichText:
        """No blank follows a wide bracket: 9月30日 18:00（周三）前."""
        text = text if is_first else f"\n{text}"
        spans: list[Span] = []
        for literal, name in pieces(text):
            follows_bracket = bool(spans) and spans[-1].text.endswith("）")
            if between := literal.removeprefix(" ") if follows_bracket else literal:
                spans.append(Span(between))
            if name:
                spans.extend(self._placed(name, facts))
        return tuple(spans)

    def _placed(self, name: str, facts: Mapping[str, Shown]) -> RichText:
        """A fact in its place; `{due!s}` is a moment without its weekday, for sentences."""
        value = facts.get(name.removesuffix("!s"))
        if name.endswith("!s") and isinstance(value, datetime):
            return (Span(self.short_moment(value)),)
        return self.fact(value)

    def fixed(self, key: str) -> str:
        """A text without facts."""
        text = self._text(key, {})
        return text if "{" not in text and "\n" not in text else self.text(Words(key))

    def text(self, said: Words) -> str:
        return "".join(span.text for span in self.words(said))

    def fact(self, value: Shown) -> RichText:
        """A fact as this reader reads it."""
        shown = self.shown(value)
        return (Span(shown),) if isinstance(shown, str) else shown

    def shown(self, value: Shown) -> str | RichText:
        """The same, as a text where it is nothing but text."""
        match value:
            case Words():
                return self.words(value)
            case Who():
                return (self._who(value),)
            case Dept():
                return self.literal(self.reader.department_name(value.id))
            case Typed():
                return self.literal(self.reader.commands.typed(value.line))
            case tuple():
                return tuple(self._list(value))
            case _:
                return self.literal(value) if type(value) is str else self._scalar(value)

    def moment(self, at: datetime) -> str:
        """A moment in the reader's zone, with its weekday."""
        local = at.astimezone(self._zone)
        return f"{self._clock(local)}{self._in_brackets(local)}"

    def period(self, start: datetime, end: datetime) -> str:
        """Two moments; the day is said once where it is the same."""
        first, last = start.astimezone(self._zone), end.astimezone(self._zone)
        if first.date() != last.date():
            return f"{self.moment(start)} – {self.moment(end)}"
        return f"{self._clock(first)}–{last.hour:02}:{last.minute:02}{self._in_brackets(first)}"

    def short_moment(self, at: datetime) -> str:
        """A moment in the reader's zone."""
        return self._clock(at.astimezone(self._zone))

    def day(self, day: date) -> str:
        return f"{self._named_day(day)}{self._in_brackets(day)}"

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.reader.zone)

    def _clock(self, local: datetime) -> str:
        return f"{self._named_day(local)} {local.hour:02}:{local.minute:02}"

    def _text(self, key: str, facts: Mapping[str, Shown]) -> str:
        counted = ("one" if facts["n"] == 1 else "other") if "n" in facts else ""
        found = self.reader.text_of(key, counted)
        return found if found is not None else _missing(self.reader.language, key)

    def _scalar(self, value: Shown) -> str:
        match value:
            case None | "":
                return "—" if value is None else ""
            case StrEnum():
                key = f"state.{type(value).__name__.lower()}.{value}"
                return text_of(self.reader.language, key) or str(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case timedelta():
                return self._span(value)
            case Duration():
                return self._limit(value)
            case bool():
                return text_of(self.reader.language, f"state.bool.{str(value).lower()}") or str(value)
            case _:
                return self.literal(str(value))

    def literal(self, text: str) -> str:
        """What somebody wrote, harmless and not too long."""
        return harmless(cut(text, self.longest))

    def _who(self, who: Who) -> Span:
        name = self.literal(self.reader.person_name(who.id))
        if who.acting_for:
            other = self.literal(self.reader.person_name(who.acting_for))
            name = f"{name}（代 {other}）" if self.reader.language == "zh-CN" else f"{name} (for {other})"
        return Span(name, SpanKind.PERSON, self.reader.identity(who.id), who.ping)

    def _list(self, values: Sequence[Shown]) -> Iterator[Span]:
        between = "、" if self.reader.language == "zh-CN" else ", "
        if not values:
            yield Span("—")
        for index, value in enumerate(values):
            if index:
                yield Span(between)
            yield from self.fact(value)

    def _span(self, span: timedelta) -> str:
        minutes = int(abs(span).total_seconds() // 60)
        hours, rest = divmod(minutes, 60)
        zh = self.reader.language == "zh-CN"
        parts = [f"{hours} 小时" if zh else f"{hours} h"] if hours else []
        if rest or not hours:
            parts.append(f"{rest} 分钟" if zh else f"{rest} min")
        return " ".join(parts)

    def _limit(self, limit: Duration) -> str:
        zh = self.reader.language == "zh-CN"
        amount = f"{limit.amount:g}"
        match limit.unit:
            case Unit.DAYS:
                return f"{amount} 个工作日" if zh else f"{amount} working day{'' if limit.amount == 1 else 's'}"
            case Unit.HOURS:
                return f"{amount} 个工作小时" if zh else f"{amount} working hour{'' if limit.amount == 1 else 's'}"
            case Unit.WALL:
                return self._span(timedelta(seconds=limit.amount))

    def _named_day(self, day: date) -> str:
        """The year is named where it is not the present one."""
        year = "" if day.year == self.now.astimezone(self._zone).year else day.year
        if self.reader.language == "zh-CN":
            return f"{year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
        return f"{day.day} {day:%b} {year}".rstrip()

    def _in_brackets(self, day: date) -> str:
        if self.reader.language == "zh-CN":
            return f"（周{'一二三四五六日'[day.weekday()]}）"
        return f" ({day:%a})"
