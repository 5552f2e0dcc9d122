"""Column types that keep their promise on both databases: moments are UTC, nested values are JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine
from sqlmodel import Field

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970: whole, sortable, eight bytes. Refuses a moment without a zone."""
    return (aware(moment) - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {moment!r}")
    return moment


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, microseconds since 1970 on SQLite."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return aware(value) if dialect.name == "postgresql" else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else from_micros(value)


class Nested(TypeDecorator[str]):
    """Nested values as JSON text. `storage.mapping` writes and reads them; a row shows the text."""

    impl = Text
    cache_ok = True


SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER becomes SQLite's own row number

Seq = Annotated[int | None, Field(default=None, primary_key=True, sa_type=SEQUENCE)]
# A field that is given a `Field(…)` of its own loses the type of these: indexes go into __table_args__.
At = Annotated[datetime, Field(sa_type=Moment)]
AtOrNone = Annotated[datetime | None, Field(default=None, sa_type=Moment, nullable=True)]
Big = Annotated[int, Field(sa_type=BigInteger)]
Json = Annotated[str, Field(sa_type=Nested)]
