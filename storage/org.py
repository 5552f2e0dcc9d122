"""Changes of the directory: what people do in chat, and what the config file brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from commands.domain.people import ChatBinding, Leave
from commands.ports import CalendarDay
from storage.directory import BINDING, LEAVE, shelf
from storage.link import Link
from storage.mapping import mapper
from storage.sql import Sql
from storage.tables.org import METADATA

_DAY: Final = METADATA.tables["calendar_day"]
_END_LEAVE = Sql('UPDATE "leave" SET "end" = :end_day WHERE id = :id')
_BIND = Sql(
    "INSERT INTO binding (address, kind, target, language, active, source) "
    "VALUES (:address, :kind, :target, :language, :active, :source) ON CONFLICT (address) DO UPDATE SET "
    "kind = excluded.kind, target = excluded.target, language = excluded.language, active = excluded.active, "
    "source = excluded.source"
)
_UNBIND = Sql("UPDATE binding SET active = false, source = 'chat' WHERE address = :address")
_LOST = Sql("UPDATE binding SET lost = :why WHERE address = :address")
_LANGUAGE = Sql("UPDATE person SET own_language = :language WHERE id = :person")
_DECLARE = Sql(
    "INSERT INTO calendar_day (calendar, day, works, note) VALUES (:calendar, :day, :works, :note) "
    "ON CONFLICT (calendar, day) DO UPDATE SET works = excluded.works, note = excluded.note"
)


def add_leave(link: Link, leave: Leave) -> None:
    found = shelf(link, Leave, LEAVE)
    link.execute(found.insert, found.values(leave))


def end_leave(link: Link, id: str, end: date) -> None:
    link.run(_END_LEAVE, end_day=link.backend.encode_day(end), id=id)


def bind(link: Link, binding: ChatBinding, *, source: str) -> None:
    found = shelf(link, ChatBinding, BINDING)
    values = dict(zip(found.columns, found.values(binding), strict=True))
    link.run(_BIND, **values, source=source)


def unbind(link: Link, address: str) -> None:
    """The row stays, inactive, so that the file does not bind it again at the next start."""
    link.run(_UNBIND, address=address)


def mark_lost(link: Link, address: str, why: str | None) -> None:
    """Not a word of the file's nor of the chat's: who wrote the row last stays."""
    link.run(_LOST, address=address, why=why)


def set_language(link: Link, person: str, language: str) -> None:
    link.run(_LANGUAGE, language=language, person=person)


def declare_day(link: Link, day: CalendarDay) -> None:
    encoded = link.backend.encode_day(day.day)
    link.run(_DECLARE, calendar=day.calendar, day=encoded, works=day.works, note=day.note)


def declared_days(link: Link) -> Sequence[CalendarDay]:
    found = mapper(CalendarDay, _DAY, link.backend.name)
    rows = link.query("SELECT calendar, day, works, note FROM calendar_day ORDER BY calendar, day", ())
    return [found.record(row) for row in rows]
