"""What there is in a workspace: users, channels, messages, modals, and the short-lived ids that the app may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import markup

Json = dict[str, Any]


class Row:
    """Something to look at. `row["ts"]` reads as `row.ts`: the emulator of the platform notes gives dictionaries."""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass
class User(Row):
    id: str
    team_id: str
    name: str
    real_name: str
    locale: str
    email: str
    deleted: bool = False
    is_bot: bool = False


@dataclass
class Channel(Row):
    """A conversation. `user` is the person of a direct message."""

    id: str
    name: str
    members: list[str]
    private: bool = False
    archived: bool = False
    user: str | None = None

    @property
    def direct(self) -> bool:
        return self.user is not None

    @property
    def kind(self) -> str:
        """How scopes and events call it."""
        return "im" if self.direct else "group" if self.private else "channel"


@dataclass
class Posted(Row):
    """A message. `user` is set for one that only this person sees; `history` holds earlier contents."""

    channel: str
    message: Json
    user: str | None = None
    mentions: list[str] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def id(self) -> str:
        """As the adapter calls it."""
        return f"{self.channel}:{self.ts}"

    @property
    def moment(self) -> float:
        return float(self.ts)

    @property
    def edited(self) -> bool:
        return "edited" in self.message

    @property
    def text(self) -> str:
        return str(self.message.get("text", ""))

    @property
    def words(self) -> str:
        """Text and blocks, to look for words in."""
        return markup.written(self.message)

    @property
    def buttons(self) -> list[str]:
        """The labels of what can be pressed."""
        return [e["text"]["text"] for e in markup.elements(self.message.get("blocks", [])) if e["type"] == "button"]


@dataclass
class Screen(Row):
    """A modal on somebody's screen. `history` holds the views it showed before."""

    user: str
    view: Json
    history: list[Json] = field(default_factory=list)


@dataclass
class Trigger:
    """A `trigger_id`. Its three seconds begin when it is sent to the app."""

    user: str
    began: float
    view: str | None = None
    used: bool = False


@dataclass
class Hook:
    """A `response_url`. `ts` is the message whose button made it."""

    user: str
    channel: str
    began: float
    ts: str | None = None
    uses: int = 0


@dataclass
class File(Row):
    id: str
    name: str
    length: int
    data: bytes | None = None
    complete: bool = False
    title: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Violation(Row):
    """Something Slack lets pass or shows to the person as an error, and that we do not want."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"
