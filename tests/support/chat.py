"""A chat for tests that reads like a chat: `chat.limin.says("/request …")`, `chat.zhangwei.clicks("受理", "R-1")`,
`chat.to("09-24 10:30")`, `chat.sees("dm:zhangwei", "待答复")`. It speaks the sandbox's HTTP API to whatever serves it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
YEAR = 2026


@dataclass
class Message:
    """One message as a person sees it."""

    raw: dict

    @property
    def id(self) -> str:
        return self.raw["id"]

    @property
    def text(self) -> str:
        return self.raw["text"]

    @property
    def at(self) -> str:
        """`09-24 10:30`, in the town's zone."""
        return datetime.fromisoformat(self.raw["posted_at"]).astimezone(CHINA).strftime("%m-%d %H:%M")

    @property
    def title(self) -> str:
        return self.raw["card"]["title"] if self.raw["card"] else ""

    @property
    def buttons(self) -> list[str]:
        return [b["label"] for b in self.raw["card"]["buttons"]] if self.raw["card"] else []

    def __contains__(self, words: str) -> bool:
        return words in self.text


@dataclass
class Form:
    """A form somebody was shown."""

    chat: Chat
    person: str
    raw: dict

    @property
    def fields(self) -> dict[str, dict]:
        return {f["name"]: f for f in self.raw["fields"]}

    @property
    def missing(self) -> list[str]:
        """The required fields that nobody has filled in yet."""
        return [f["name"] for f in self.raw["fields"] if f["required"] and not f["value"]]

    def submit(self, **values) -> Answer:
        filled = {f["name"]: f["value"] for f in self.raw["fields"]}
        body = {"form": self.raw["id"], "person": self.person, "values": {**filled, **values}}
        return Answer(self.chat, self.person, self.chat.call("/api/submit", body))


@dataclass
class Answer:
    """What the person who acted got back at once."""

    chat: Chat
    person: str
    raw: dict

    @property
    def ok(self) -> bool:
        return self.raw.get("ok", True)

    @property
    def toast(self) -> str:
        return self.raw.get("toast") or ""

    @property
    def errors(self) -> dict[str, str]:
        return self.raw.get("errors", {})

    @property
    def form(self) -> Form:
        assert self.raw.get("form"), f"no form was opened: {self.raw}"
        return Form(self.chat, self.person, self.raw["form"])

    @property
    def has_form(self) -> bool:
        return bool(self.raw.get("form"))

    def submit(self, **values) -> Answer:
        return self.form.submit(**values)


@dataclass
class Person:
    chat: Chat
    id: str

    @property
    def direct(self) -> str:
        return f"dm:{self.id}"

    def says(self, text: str, chat: str | None = None, **more) -> Answer:
        """Types something: in the project's chat, unless said otherwise."""
        body = {"chat": chat or self.chat.place, "person": self.id, "text": text, **more}
        return Answer(self.chat, self.id, self.chat.call("/api/say", body))

    def clicks(self, label: str, about: str, chat: str | None = None) -> Answer:
        """Presses a button of the newest message about something: in one's own chat, or in `chat`."""
        message = self.chat.newest(chat or self.direct, about, button=label)
        return self.presses(message, label)

    def presses(self, message: Message, label: str) -> Answer:
        button = next(b for b in message.raw["card"]["buttons"] if b["label"] == label)
        return self.sends(message, button["id"])

    def sends(self, message: Message, button: str) -> Answer:
        """Presses a button by its id, also one that an old screen still shows."""
        body = {"message": message.id, "person": self.id, "button": button}
        return Answer(self.chat, self.id, self.chat.call("/api/click", body))

    def hears(self, chat: str) -> list[Message]:
        """The bot's answers to this person alone in a group."""
        return [m for m in self.chat.messages(chat) if m.raw["visible_to"] == [self.id]]


@dataclass
class Chat:
    """The whole town. `news()` gives what is new or changed since it was last asked."""

    base: str
    place: str = "newx"
    _seen: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        if name.startswith("_"):
            raise AttributeError(name)
        return Person(self, name)

    def call(self, path: str, body: dict | None = None, *, expect: int = 200) -> dict:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, content = answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            status, content = error.code, json.load(error)
        assert status == expect, f"{path}: {status} {content}"
        return content

    # --- time ---

    def to(self, when: str) -> None:
        """Moves to `09-24 10:30` of the stories' year, in the town's zone."""
        local = datetime.strptime(f"{YEAR}-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
        self.call("/api/clock", {"to": local.isoformat()})

    def advance(self, length: str) -> None:
        self.call("/api/clock", {"advance": length})

    # --- looking ---

    def messages(self, chat: str) -> list[Message]:
        found = self.call(f"/api/messages?chat={chat}&after=0")["messages"]
        return [Message(m) for m in found]

    def bot_messages(self, chat: str, about: str = "") -> list[Message]:
        return [m for m in self.messages(chat) if m.raw["author"] == "bot" and about in m.text]

    def newest(self, chat: str, about: str, button: str | None = None) -> Message:
        found = [m for m in self.bot_messages(chat, about) if button is None or button in m.buttons]
        assert found, f"nothing about {about!r} with {button!r} in {chat}: {[m.text for m in self.messages(chat)]}"
        return found[-1]

    def card(self, chat: str, item: str) -> Message:
        """The one card of a record in a chat."""
        found = [m for m in self.bot_messages(chat) if m.title.startswith(f"{item} ") and m.raw["visible_to"] is None]
        cards = [m for m in found if m.raw["card"].get("item") == item]
        assert cards, f"no card of {item} in {chat}"
        return cards[0]

    def news(self, *chats: str) -> dict[str, list[Message]]:
        """Per chat, the bot's public messages that are new since the last call (all chats unless named)."""
        known = [c["id"] for c in self.call("/api/state")["chats"]]
        fresh: dict[str, list[Message]] = {}
        for chat in chats or known:
            for message in self.bot_messages(chat):
                if message.id not in self._seen:
                    self._seen[message.id] = chat
                    if message.raw["visible_to"] is None:
                        fresh.setdefault(chat, []).append(message)
        return fresh
