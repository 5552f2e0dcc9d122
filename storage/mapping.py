"""Row ↔ dataclass, one way for every type: the converters of a type's fields are worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache, cached_property
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from sqlalchemy.sql.schema import Table

from storage.backend import BACKENDS, Backend
from storage.nested import dumps, loader
from storage.sql import Prepared, column_list, insert_into, update_version

T = TypeVar("T")
Convert = Callable[[Any], Any]  # Any: a field's value, or the driver's


class Mapper(Generic[T]):
    """Writes and reads one type of record in one table of one database.

    `extra` names columns that the table has beside the fields; their values follow the fields' on insert.
    """

    def __init__(self, cls: type[T], table: Table, backend: Backend, extra: tuple[str, ...] = ()) -> None:
        self.cls = cls
        self.table = table
        self.backend = backend
        self.columns = tuple(f.name for f in fields(cls))  # type: ignore[arg-type]  # T is a dataclass
        hints = get_type_hints(cls)
        pairs = [_converters(_required(hints[name]), backend) for name in self.columns]
        self._out = [(i, out) for i, (out, _) in enumerate(pairs) if out]
        self._in = [(i, into) for i, (_, into) in enumerate(pairs) if into]
        self._take = attrgetter(*self.columns)
        self.encoders = {self.columns[i]: out for i, out in self._out}
        self.insert = insert_into(table, self.columns + extra, backend)

    def values(self, record: T) -> list[Any]:
        """The fields as the driver takes them, in the order of `columns`."""
        found = list(self._take(record))
        for i, convert in self._out:
            if found[i] is not None:
                found[i] = convert(found[i])
        return found

    def record(self, row: Sequence[Any]) -> T:
        """The record of a row that begins with `columns`."""
        found = list(row[: len(self.columns)])
        for i, convert in self._in:
            if found[i] is not None:
                found[i] = convert(found[i])
        return self.cls(**dict(zip(self.columns, found, strict=True)))

    @cached_property
    def select(self) -> str:
        return f"SELECT {column_list(self.columns)} FROM {self.table.name}"

    @cached_property
    def get(self) -> Prepared:
        p = self.backend.placeholder
        return Prepared(f"{self.select} WHERE id = {p}{self.backend.lock}", ("id",))

    @cached_property
    def peek(self) -> Prepared:
        return Prepared(f"{self.select} WHERE id = {self.backend.placeholder}", ("id",))

    @cached_property
    def update(self) -> Prepared:
        return update_version(self.table, self.columns, self.backend)

    def find(self, where: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """A SELECT of records whose fields equal `where`, a tuple meaning one of; oldest first."""
        terms: list[str] = []
        values: list[Any] = []
        for name, wanted in where.items():
            if name not in self.columns:
                raise TypeError(f"{self.cls.__name__} has no field {name}")
            terms.append(self._term(name, wanted, values))
        condition = f" WHERE {' AND '.join(terms)}" if terms else ""
        return f"{self.select}{condition} ORDER BY seq", values

    def _term(self, name: str, wanted: Any, values: list[Any]) -> str:
        if wanted is None:
            return f'"{name}" IS NULL'
        if not isinstance(wanted, tuple):
            values.append(self._encoded(name, wanted))
            return f'"{name}" = {self.backend.placeholder}'
        if not wanted:
            return "1 = 0"
        given = [self._encoded(name, value) for value in wanted if value is not None]
        values.extend(given)
        term = f'"{name}" IN ({", ".join([self.backend.placeholder] * len(given))})' if given else "1 = 0"
        return f'({term} OR "{name}" IS NULL)' if None in wanted else term

    def _encoded(self, name: str, value: Any) -> Any:
        convert = self.encoders.get(name)
        return convert(value) if convert else value


def _required(hint: Any) -> Any:
    """The type behind `X | None`."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint


@cache
def _converters(hint: Any, backend: Backend) -> tuple[Convert | None, Convert | None]:
    """To the driver and back; None where nothing is to be done."""
    if hint is str or hint is int:
        return None, None
    if hint is bool:
        return None, backend.decode_flag
    if get_origin(hint) is not None:
        return dumps, loader(hint)
    if issubclass(hint, Enum):
        return (lambda value: getattr(value, "value", value)), hint
    if issubclass(hint, datetime):
        return backend.encode_moment, backend.decode_moment
    if issubclass(hint, date):
        return backend.encode_day, backend.decode_day
    return dumps, loader(hint)


_MAPPERS: dict[tuple[type[Any], str], Mapper[Any]] = {}


def mapper(cls: type[T], table: Table, backend_name: str, extra: tuple[str, ...] = ()) -> Mapper[T]:
    """The one mapper of a type. A type lives in one table, so type and database name it."""
    found = _MAPPERS.get((cls, backend_name))
    if found is None:
        found = _MAPPERS[cls, backend_name] = Mapper(cls, table, BACKENDS[backend_name], extra)
    return found
