"""A chat platform with a memory: what was said, who may see it, what was edited, who has read it.

It lives in an SQLite file of its own, so the chat is still there after a restart of the bot, as on a real
platform. Two processes may share the file. Every change raises `revision`, which is what live pages wait for.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from adapters.base import Forbidden, Gone

BOT = "bot"
"""The author of what the bot says; no person may have this id."""

Json = Mapping[str, object]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    card TEXT, visible_to TEXT, mentions TEXT NOT NULL, posted_at TEXT NOT NULL, edited_at TEXT,
    deleted INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS message_revision ON message (revision);
CREATE TABLE IF NOT EXISTS send_key (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocked (person TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (person TEXT, chat TEXT, seq INTEGER NOT NULL, PRIMARY KEY (person, chat));
CREATE TABLE IF NOT EXISTS form (id TEXT, person TEXT, chat TEXT NOT NULL, fields TEXT NOT NULL,
    PRIMARY KEY (id, person));
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS world (id TEXT NOT NULL);
"""
# A world made anew must not repeat the event keys of the one before it: the bot would take them for redeliveries.
_NAME_ONCE = "INSERT INTO world SELECT lower(hex(randomblob(6))) WHERE NOT EXISTS (SELECT 1 FROM world)"


def direct_chat(person: str) -> str:
    """The id of a person's one-to-one chat with the bot."""
    return f"dm:{person}"


def is_direct(chat: str) -> bool:
    return chat.startswith("dm:")


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a chat. `visible_to` is None when every member may read it; `card` is as the page gets it."""

    seq: int
    chat: str
    author: str
    text: str
    posted_at: datetime
    card: Json | None = None
    visible_to: tuple[str, ...] | None = None
    mentions: tuple[str, ...] = ()
    edited_at: datetime | None = None
    revision: int = 0

    @property
    def id(self) -> str:
        return f"m-{self.seq}"

    def is_visible_to(self, person: str) -> bool:
        return self.visible_to is None or person in self.visible_to


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that a person was shown: where, and by field name its kind and what it was filled with."""

    chat: str
    fields: Mapping[str, str]
    values: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


class World:
    """Calls are short and may come from any thread. Raises the send errors that a real platform would."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}{_NAME_ONCE};COMMIT")
        self.id: str = self._one("SELECT id FROM world")[0]

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # --- messages ---

    def post(self, message: Message, *, key: str | None = None) -> Message:
        """Adds a message and returns it with its number. A `key` seen before returns what it made the first time
        and adds nothing. Raises `Forbidden` when the bot writes to a person who blocked it."""
        with self._change() as revision:
            known = self._posted_with(key)
            if known is not None:
                return known
            self._refuse_if_blocked(message)
            added = self._insert(message, revision)
            self._db.execute("INSERT INTO send_key SELECT ?, ? WHERE ? IS NOT NULL", (key, added.seq, key))
            return added

    def edit(self, id: str, *, chat: str, text: str, card: Json | None, mentions: Sequence[str], at: datetime) -> None:
        """Replaces what a message of the bot shows; its place stays. The same content again changes nothing.
        Raises `Gone` when there is no such message of the bot in that chat any more."""
        with self._change() as revision:
            old = self.find(id)
            if old is None or old.author != BOT or old.chat != chat:
                raise Gone(f"no message {id} of the bot in {chat}")
            if (old.text, _dump(old.card)) == (text, _dump(card)):
                return
            self._db.execute(
                "UPDATE message SET text=?, card=?, mentions=?, edited_at=?, revision=? WHERE seq=?",
                (text, _dump(card), _dump(list(mentions)), _moment(at), revision, old.seq),
            )

    def delete(self, id: str) -> None:
        """Takes a message away for everybody; the bot can no longer edit it."""
        with self._change() as revision:
            self._db.execute("UPDATE message SET deleted=1, revision=? WHERE seq=?", (revision, _number(id)))

    def find(self, id: str) -> Message | None:
        """The message as it stands now; None when it was deleted or never was."""
        rows = self._all("SELECT * FROM message WHERE seq=? AND NOT deleted", (_number(id),))
        return _message(rows[0]) if rows else None

    def messages(self, chat: str | None = None, *, after: int = 0, changed_after: int = 0) -> list[Message]:
        """What stands in a chat (or in all), in order: numbers above `after`, changed after that revision."""
        rows = self._all(
            "SELECT * FROM message WHERE NOT deleted AND seq > ? AND revision > ? AND chat = coalesce(?, chat) "
            "ORDER BY seq",
            (after, changed_after, chat),
        )
        return [_message(row) for row in rows]

    def deleted(self, *, changed_after: int = 0) -> list[str]:
        """The ids of messages taken away after that revision."""
        rows = self._all("SELECT seq FROM message WHERE deleted AND revision > ?", (changed_after,))
        return [f"m-{row['seq']}" for row in rows]

    @property
    def revision(self) -> int:
        """Rises at every change, whichever process made it."""
        return self._count("revision")

    # --- people ---

    def set_blocked(self, person: str, blocked: bool) -> None:
        """Whether this person refuses messages of the bot in the one-to-one chat."""
        with self._change():
            self._db.execute("DELETE FROM blocked WHERE person=?", (person,))
            self._db.execute("INSERT INTO blocked SELECT ? WHERE ?", (person, blocked))

    def blocked(self) -> set[str]:
        return {row["person"] for row in self._all("SELECT person FROM blocked")}

    def mark_read(self, person: str, chat: str, seq: int) -> None:
        """This person has read the chat up to this number; a mark never moves back."""
        if seq <= self.marks().get((person, chat), 0):
            return
        with self._change():
            self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (person, chat, seq))

    def marks(self) -> dict[tuple[str, str], int]:
        """How far each person has read each chat."""
        return {(row["person"], row["chat"]): row["seq"] for row in self._all("SELECT * FROM seen")}

    # --- acts ---

    def next_act(self) -> int:
        """A number that was never given before in this world."""
        with self._transaction():
            return self._raise("act")

    def remember_form(self, id: str, person: str, form: OpenForm) -> None:
        """Notes that this person was shown this form, so that only they can send it and we know from where."""
        with self._transaction():
            row = (id, person, form.chat, _dump({"fields": form.fields, "values": form.values}))
            self._db.execute("INSERT OR REPLACE INTO form VALUES (?, ?, ?, ?)", row)

    def open_form(self, id: str, person: str) -> OpenForm | None:
        """What was noted about a form; None when this person was never shown it."""
        rows = self._all("SELECT chat, fields FROM form WHERE id=? AND person=?", (id, person))
        if not rows:
            return None
        shown = json.loads(rows[0]["fields"])
        return OpenForm(rows[0]["chat"], shown["fields"], shown["values"])

    # --- rows ---

    def _posted_with(self, key: str | None) -> Message | None:
        rows = self._all("SELECT m.* FROM send_key JOIN message m USING (seq) WHERE key=?", (key,))
        return _message(rows[0]) if rows else None

    def _refuse_if_blocked(self, message: Message) -> None:
        person = message.chat.removeprefix("dm:")
        if message.author == BOT and is_direct(message.chat) and person in self.blocked():
            raise Forbidden(f"{person} has blocked the bot", fix=f"{person} has to allow the bot again in the sandbox")

    def _insert(self, message: Message, revision: int) -> Message:
        cursor = self._db.execute(
            "INSERT INTO message (chat, author, text, card, visible_to, mentions, posted_at, revision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                message.chat,
                message.author,
                message.text,
                _dump(message.card),
                _dump(message.visible_to),
                _dump(list(message.mentions)),
                _moment(message.posted_at),
                revision,
            ),
        )
        return replace(message, seq=cursor.lastrowid or 0, revision=revision)

    @contextmanager
    def _change(self) -> Iterator[int]:
        """A transaction; the new revision counts only if something in it was written."""
        with self._transaction():
            revision = self._raise("revision")
            before = self._db.total_changes
            yield revision
            if self._db.total_changes == before:
                self._db.execute("UPDATE counter SET value = value - 1 WHERE name = 'revision'")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _raise(self, counter: str) -> int:
        self._db.execute(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", (counter,)
        )
        return self._count(counter)

    def _count(self, counter: str) -> int:
        rows = self._all("SELECT value FROM counter WHERE name=?", (counter,))
        return int(rows[0]["value"]) if rows else 0

    def _one(self, sql: str) -> sqlite3.Row:
        return self._all(sql)[0]

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            cursor = self._db.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(sql, values).fetchall()


def _message(row: sqlite3.Row) -> Message:
    return Message(
        seq=row["seq"],
        chat=row["chat"],
        author=row["author"],
        text=row["text"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        card=json.loads(row["card"]) if row["card"] else None,
        visible_to=tuple(json.loads(row["visible_to"])) if row["visible_to"] else None,
        mentions=tuple(json.loads(row["mentions"])),
        edited_at=datetime.fromisoformat(row["edited_at"]) if row["edited_at"] else None,
        revision=row["revision"],
    )


def _dump(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _number(id: str) -> int:
    """The number in a message id; 0, which no message has, for anything else."""
    digits = id.removeprefix("m-")
    return int(digits) if id.startswith("m-") and digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
