"""What there is in an organisation on Feishu: people, departments, chats, messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import markup
from .markup import Json


@dataclass
class User:
    """`id` is the open_id. `available`: within the app's range; `language` is that of the client."""

    id: str
    user_id: str
    union_id: str
    name: str
    email: str = ""
    mobile: str = ""
    departments: list[str] = field(default_factory=list)
    leader: str = ""
    language: str = "zh_cn"
    available: bool = True
    resigned: bool = False
    blocked: bool = False  # has muted the bot

    def ids(self) -> Json:
        return {"open_id": self.id, "user_id": self.user_id, "union_id": self.union_id}


@dataclass
class Department:
    id: str
    department_id: str
    name: str
    parent: str = "0"
    leader: str = ""
    called: str = ""  # its English name


@dataclass
class Chat:
    """`user` is the person of a one-to-one chat. `silenced`: only some may speak, and the bot is not one of them."""

    id: str
    name: str
    members: list[str]
    user: str | None = None
    bot: bool = True
    dissolved: bool = False
    silenced: bool = False

    @property
    def direct(self) -> bool:
        return self.user is not None


@dataclass
class Message:
    """`author` is empty for the app's own. `content` is what was sent, parsed; `at` is in milliseconds since 1970.
    `waiting`: so many clicks on it are not answered yet."""

    id: str
    chat: str
    kind: str
    content: Json
    author: str
    at: int
    order: int
    parent: str = ""
    root: str = ""
    uuid: str = ""
    versions: list[Json] = field(default_factory=list)
    gone: bool = False
    urgent: list[str] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    waiting: int = 0

    @property
    def moment(self) -> float:
        """In seconds since 1970."""
        return self.at / 1000

    @property
    def edited(self) -> bool:
        return bool(self.versions)

    @property
    def card(self) -> Json | None:
        return self.content if self.kind == "interactive" else None

    def read(self, language: str = "") -> str:
        """What somebody reads, line by line, the title first; `language` is that of their client."""
        return markup.written(self.kind, self.content, language)

    @property
    def words(self) -> str:
        return self.read()

    @property
    def text(self) -> str:
        return self.words

    @property
    def buttons(self) -> list[str]:
        """The labels of what can be pressed."""
        return [markup.label(one) for one in markup.buttons(self.content) if not one.get("disabled")]

    @property
    def mentions(self) -> list[str]:
        """Who is notified by it; `all` for everybody."""
        return markup.mentions(self.kind, self.content)

    @property
    def at_all(self) -> bool:
        return "all" in self.mentions

    @property
    def links(self) -> list[str]:
        return markup.links(self.kind, self.content)


@dataclass(frozen=True)
class Violation:
    """Something Feishu lets pass or shows to the person as an error, and that we do not want."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"
