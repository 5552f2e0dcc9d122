"""Events that were answered: a repetition gets the same answer and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.errors import AlreadySeen
from storage.link import Link
from storage.nested import dumps, loads_any
from storage.sql import Sql

_ANSWER = Sql("SELECT answer FROM inbox WHERE key = :key")
_REMEMBER = Sql("INSERT INTO inbox (key, at, answer) VALUES (:key, :at, :answer) ON CONFLICT (key) DO NOTHING")
_FORGET = Sql("DELETE FROM inbox WHERE key IN (SELECT key FROM inbox WHERE at < :moment ORDER BY at LIMIT :most)")


class Inbox:
    """The keys of inbound events."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def seen(self, key: str) -> Mapping[str, Any] | None:
        """The answer that was given, or None if the event is new."""
        row = self._link.one(_ANSWER, key=key)
        return None if row is None else loads_any(row[0])

    def remember(self, key: str, answer: Mapping[str, Any], now: datetime) -> None:
        """Raises `AlreadySeen` when another transaction was faster; it waits for that one to end first."""
        if not self._link.changed(_REMEMBER, key=key, at=now, answer=dumps(answer)):
            raise AlreadySeen(key)

    def forget_before(self, moment: datetime, limit: int = 1000) -> int:
        """Forgets the oldest keys; returns how many went. No platform repeats an event after a week."""
        return self._link.changed(_FORGET, moment=moment, most=limit)
