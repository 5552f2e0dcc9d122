"""The vocabulary that all platforms share: what people do in a chat, and what the bot shows them.

User text is always data here. A `Card` holds rich text as spans, never markup, so that the only place
where text meets a platform's markup is that platform's renderer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Self

# --- where ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A chat on a platform, by the platform's own id. `str()` gives the stored form `platform:chat`."""

    platform: str
    chat: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.chat}"

    @classmethod
    def parse(cls, text: str) -> Self:
        platform, _, chat = text.partition(":")
        return cls(platform, chat)


# --- what people do --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody typed something meant for the bot.

    `key` is the platform's stable id of this event (the same on redelivery). In `text` a mention is either
    plain (`@研发部`) or, where the platform gives an id, `<@id>`; the bot's own mention has been removed.

    `command` is set when the platform itself split a slash command off: the product's own name for it (`status`,
    whatever it is called there), "" for the one command that takes all others (`/liaison status me`).
    """

    key: str
    platform: str
    user: str
    chat: str
    direct: bool
    text: str
    command: str | None = None


SHOW_ALL = "all"
"""The button that a platform adds to a message it had to cut: the answer's card is the whole of it."""


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody pressed a button. `button` is a `Button.id`, opaque to the adapter, or `SHOW_ALL`."""

    key: str
    platform: str
    user: str
    chat: str
    direct: bool
    message: str
    button: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Somebody sent a form. `form` is a `Form.id`; values are texts, or lists of texts for multi-selects."""

    key: str
    platform: str
    user: str
    chat: str
    direct: bool
    form: str
    values: Mapping[str, str | Sequence[str]]


Event = Say | Click | Submit


# --- what the bot shows ----------------------------------------------------------------------------


class Tone(StrEnum):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class SpanKind(StrEnum):
    TEXT = "text"
    BOLD = "bold"
    PERSON = "person"
    LINK = "link"


class Span(NamedTuple):
    """A piece of rich text. `person` is the core's person id; `ping` says that this mention should notify."""

    text: str
    kind: SpanKind = SpanKind.TEXT
    person: str | None = None
    ping: bool = False
    href: str | None = None


RichText = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of a card."""

    label: str
    value: RichText


@dataclass(frozen=True, slots=True)
class Confirm:
    """The question asked before a button acts."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Button:
    """`id` is what comes back in a `Click`; `twin` is what to type instead (`/request accept R-1`);
    `description` is the accessible name, unique in a chat ("受理 R-1"), where `label` may be short."""

    id: str
    label: str
    style: str = "default"  # default | primary | danger
    enabled: bool = True
    twin: str = ""
    description: str = ""
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by name (the core keeps the bytes) with the words that replace it."""

    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that one message shows, already in the reader's language and zone.

    `translations`: where people of several languages read it, the same card in each of them, this one's too, by
    language tag; only for platforms that show everybody their own.
    """

    title: str
    tone: Tone = Tone.INFO
    body: tuple[RichText, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    image: Image | None = None
    item: str | None = None  # the record shown, e.g. "R-1"
    is_question: bool = False  # one of its buttons answers it, and the others have no meaning then
    urgent: bool = False  # worth calling a person to it, where a platform can do more than notify
    translations: Mapping[str, Card] = field(default_factory=dict, hash=False)

    @property
    def mentions(self) -> tuple[str, ...]:
        """People this card pings, each once, in order."""
        spans = [s for line in self.body for s in line] + [s for f in self.facts for s in f.value]
        return tuple(dict.fromkeys(s.person for s in spans if s.ping and s.person))


class FieldKind(StrEnum):
    TEXT = "text"
    MULTILINE = "multiline"
    SELECT = "select"
    MULTISELECT = "multiselect"
    PERSON = "person"
    DEPARTMENT = "department"
    DATETIME = "datetime"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Option:
    """`user`: of an option that is a person, their own id on the reader's platform, where it is known."""

    value: str
    label: str
    user: str | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    """`excusable`: another field may make it not required, so a platform must let it through empty; the core says when
    it is missing after all."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    options: tuple[Option, ...] = ()
    value: str | tuple[str, ...] = ""
    hint: str = ""
    error: str = ""
    excusable: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A question with fields. `id` is opaque and carries what the core needs to go on."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    submit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform shows at once to the person who acted, and to nobody else.

    `errors` are per form field (the form stays open); `card` is a private message (a plain one in a
    one-to-one chat). What others must see goes through the outbox, never through here. `repeated`: the event came
    before, and this is what was answered then. `busy`: nothing was done, and the same may well work in a moment.
    `again`: a form that was refused, with everything that was filled in and what is wrong with it, for a platform that
    does not keep it open.
    """

    ok: bool = True
    toast: str | None = None
    card: Card | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False
    busy: bool = False
    again: Form | None = None


def plain(line: RichText) -> str:
    """The words of a line of rich text, without any mark."""
    return "".join(span.text for span in line)
