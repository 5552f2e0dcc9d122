"""Cards that are there: which card of which record, where, under the platform's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

from commands.ports import Owed, Posted
from storage.link import Link
from storage.mapping import Mapper, mapper
from storage.sql import Sql, column_list
from storage.tables.machinery import METADATA

_POSTED: Final = METADATA.tables["posted"]
_COLUMNS: Final = tuple(f.name for f in fields(Posted))
_POST = Sql(
    'INSERT INTO posted (item, view, "to", platform, chat, message, posted_at, content) '
    "VALUES (:item, :view, :to, :platform, :chat, :message, :posted_at, :content) "
    'ON CONFLICT (item, view, "to") DO UPDATE SET platform = excluded.platform, chat = excluded.chat, '
    "message = excluded.message, content = excluded.content, posted_at = CASE WHEN posted.message = excluded.message "
    "AND posted.platform = excluded.platform THEN posted.posted_at ELSE excluded.posted_at END"
)
_UNPOST = Sql('DELETE FROM posted WHERE item = :item AND view = :view AND "to" = :to')
_CARD_OWED = "SELECT \"to\" FROM outbox WHERE item = :item AND view = :view AND kind = 'card' AND state = "
_PLACES = Sql(
    'SELECT "to" FROM posted WHERE item = :item AND view = :view '
    f"UNION {_CARD_OWED}'pending' UNION {_CARD_OWED}'sending' ORDER BY 1"
)
_BETWEEN = Sql(
    f"SELECT {column_list(_COLUMNS)} FROM posted "
    "WHERE platform = :platform AND posted_at > :since AND posted_at <= :until "
    "AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.key = :unless || posted.message) ORDER BY seq"
)
_CONTENT = Sql('SELECT content FROM posted WHERE item = :item AND view = :view AND "to" = :to')


class PostedCards:
    """The posted cards, inside one transaction."""

    __slots__ = ("_link", "_mapper")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._mapper: Mapper[Posted] = mapper(Posted, _POSTED, link.backend.name)

    def between(self, platform: str, since: datetime, until: datetime, *, unless: str) -> Sequence[Posted]:
        """The cards that were posted there in that time and are there still, but for those about whose message
        something is owed, or was, under the key `unless` + its id."""
        rows = self._link.rows(_BETWEEN, platform=platform, since=since, until=until, unless=unless)
        return [self._mapper.record(row) for row in rows]

    def post(self, owed: Owed, *, platform: str, chat: str, message: str, now: datetime, content: str = "") -> None:
        """An edit of the message that is there leaves the moment at which it was posted."""
        self._link.run(
            _POST, item=owed.item, view=owed.view, to=owed.to, platform=platform, chat=chat, message=message,
            posted_at=now, content=content,
        )  # fmt: skip

    def unpost(self, owed: Owed) -> None:
        """The posted card cannot be edited any more; the next state is a new message."""
        self._link.run(_UNPOST, item=owed.item, view=owed.view, to=owed.to)

    def of(self, item: str, view: str | None = None) -> Sequence[Posted]:
        wanted = [value for value in (item, view) if value is not None]
        where = " AND ".join(f"{name} = {self._link.backend.placeholder}" for name in ("item", "view")[: len(wanted)])
        text = f"SELECT {column_list(self._mapper.columns)} FROM posted WHERE {where} ORDER BY seq"
        return [self._mapper.record(row) for row in self._link.query(text, wanted)]

    def places(self, item: str, view: str) -> Sequence[str]:
        """Every target where this card is, or is about to be."""
        return [row[0] for row in self._link.rows(_PLACES, item=item, view=view)]

    def content(self, owed: Owed) -> str:
        """The digest of what the posted card shows; "" when there is none or it is not known."""
        row = self._link.one(_CONTENT, item=owed.item, view=owed.view, to=owed.to)
        return row[0] if row else ""
