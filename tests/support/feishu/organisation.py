"""The organisation: who and what is there, what moves, and who waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar

from .cards import taken
from .errors import Impossible, Refusal
from .markup import Json
from .records import Chat, Department, Message, User, Violation

T = TypeVar("T")
Emit = Callable[[str, Json], None]

_SCOPES = """im:message im:message:send_as_bot im:message.group_at_msg:readonly im:message.p2p_msg:readonly im:chat:readonly
im:chat.members:read im:resource im:message.urgent im:message.reactions:write_only contact:contact.base:readonly
contact:user.base:readonly contact:user.id:readonly contact:user.email:readonly contact:user.department:readonly
contact:department.base:readonly contact:department.organize:readonly application:app_slash_command:read
application:app_slash_command:write application:application:self_manage"""
SCOPES = frozenset(_SCOPES.split())


class Organisation:
    """`wall` gives the seconds since 1970, which people and the platform go by; limits go by the event loop's."""

    def __init__(self, *, scopes: set[str], wall: Callable[[], float]) -> None:
        self.scopes, self.wall = scopes, wall
        self.base, self.tenant, self.bot, self.bot_name = "", "t_fake", "ou_" + "b" * 32, "接口人"
        self.users: dict[str, User] = {}
        self.chats: dict[str, Chat] = {}
        self.departments: dict[str, Department] = {}
        self.messages: dict[str, Message] = {}
        self.by_uuid: dict[str, Message] = {}
        self.images: dict[str, bytes] = {}
        self.commands: dict[str, Json] = {}
        self.bot_status: int | None = 2  # enabled; None: the app has no bot
        self.about_app: Json = {"status": 1}  # what the app may see of itself
        self.sees_root = True  # the contact range holds everybody
        self.violations: list[Violation] = []
        self.emit: Emit = lambda event_type, event: None
        self._count = self._stamp = 0
        self._waiting: set[asyncio.Event] = set()

    # --- names and moments ---

    def id(self, prefix: str, length: int = 32) -> str:
        self._count += 1
        return f"{prefix}{self._count:0{length}x}"

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def stamp(self) -> int:
        """Milliseconds since 1970; no two messages have the same."""
        self._stamp = max(self._stamp + 1, int(self.wall() * 1000))
        return self._stamp

    # --- who and where ---

    def person(self, ref: object) -> User:
        """By open_id, name or e-mail."""
        for user in self.users.values():
            if ref in {user.id, user.name, user.email} and ref:
                return user
        raise Impossible(f"nobody is called {ref!r}")

    def place(self, ref: object) -> Chat:
        """By chat_id or name; a person's is the one-to-one chat."""
        for chat in self.chats.values():
            if ref in {chat.id, chat.name}:
                return chat
        return self.direct(self.person(ref).id)

    def direct(self, user: str) -> Chat:
        for chat in self.chats.values():
            if chat.user == user:
                return chat
        chat = Chat(self.id("oc_"), f"dm:{self.users[user].name}", [user], user=user)
        self.chats[chat.id] = chat
        return chat

    def known(self, id: str) -> bool:
        """Whether an open_id may stand in a card: open_ids of another app may not."""
        return id in self.users or id == self.bot

    # --- messages ---

    def card(self, content: object) -> Json:
        """The card in a message's content, checked. Raises `Refusal`."""
        card = taken(content, person=self.known, image=self.images.__contains__)
        config = card.get("config", {})
        if not config.get("update_multi"):
            self.violate("no_update_multi", "such a card cannot be changed later")
        if config.get("enable_forward", True):
            self.violate("may_be_forwarded", "somebody could carry the buttons elsewhere")
        return card

    def post(
        self, chat: Chat, kind: str, content: Json, *, author: str = "", parent: str = "", uuid: str = ""
    ) -> Message:
        root = self.messages[parent].root or parent if parent else ""
        order = len(self.messages)
        message = Message(
            self.id("om_"), chat.id, kind, content, author, self.stamp(), order, parent=parent, root=root, uuid=uuid
        )
        self.messages[message.id] = message
        if uuid:
            self.by_uuid[uuid] = message
        self.changed()
        return message

    def rewrite(self, message: Message, card: Json) -> None:
        message.versions.append(message.content)
        message.content = card
        self.changed()

    # --- watching ---

    def violate(self, kind: str, detail: object = "") -> None:
        self.violations.append(Violation(kind, detail if isinstance(detail, str) else json.dumps(detail, default=str)))
        self.changed()

    def changed(self) -> None:
        """Lets everybody who waits look again."""
        for waiting in self._waiting:
            waiting.set()

    async def wait_for(self, look: Callable[[], T | None], timeout: float = 5.0, what: str = "") -> T:
        """What `look` gives once that is true; it is asked again whenever something happened here."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(timeout):
                while not (seen := look()):
                    await woken.wait()
                    woken.clear()
                return seen
        except TimeoutError:
            raise AssertionError(f"waited {timeout:g} s in vain for {what or 'it'}, saw {look()!r}") from None
        finally:
            self._waiting.discard(woken)

    def need(self, *scopes: str) -> None:
        """Refuses unless the app was given one of these scopes."""
        if scopes and not self.scopes & set(scopes):
            violations = [{"type": "action_scope_required", "subject": scope} for scope in scopes]
            text = f"Access denied. One of the following scopes is required: [{', '.join(scopes)}]"
            raise Refusal(99991672, text, permission_violations=violations)
