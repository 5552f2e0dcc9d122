"""The directory: seeded from the config file, changed in chat. `source` (file | chat) says who wrote a row last;
what was changed in chat wins over the file until an import is told otherwise."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

from storage.tables import base as _base
from storage.types import Json, Seq

METADATA = _base.METADATA


class PersonRow(SQLModel, table=True):
    __tablename__ = "person"
    seq: Seq
    id: str = Field(unique=True)
    name: str
    email: str | None = None
    language: str | None = None
    own_language: str | None = None  # chosen in chat, or told by a platform: goes before the file's
    timezone: str | None = None
    active: bool
    source: str


class IdentityRow(SQLModel, table=True):
    """Who somebody is on a platform; unique, so two people can never be the same user. `source`: file | email."""

    __tablename__ = "identity"
    platform: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    person: str = Field(index=True)
    source: str


class DepartmentRow(SQLModel, table=True):
    __tablename__ = "department"
    seq: Seq
    id: str = Field(unique=True)
    name: str
    head: str | None = None
    liaisons: Json
    aliases: Json
    calendar: str
    home: str | None = None
    active: bool
    source: str


class LeadershipRow(SQLModel, table=True):
    """One row, id "leadership"."""

    __tablename__ = "leadership"
    seq: Seq
    id: str = Field(unique=True)
    name: str
    chair: str | None = None
    deputies: Json
    members: Json
    quorum: str
    home: str | None = None
    source: str


class ProjectRow(SQLModel, table=True):
    __tablename__ = "project"
    seq: Seq
    id: str = Field(unique=True)
    name: str
    manager: str | None = None
    departments: Json
    chats: Json
    active: bool
    source: str


class RoleRow(SQLModel, table=True):
    """Who is in the PMO, who is an administrator: role is pmo | admin."""

    __tablename__ = "role"
    role: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    rank: int
    source: str


class LeaveRow(SQLModel, table=True):
    __tablename__ = "leave"
    seq: Seq
    id: str = Field(unique=True)
    person: str = Field(index=True)
    start: date
    end: date
    deputy: str | None = None


class BindingRow(SQLModel, table=True):
    __tablename__ = "binding"
    seq: Seq
    address: str = Field(unique=True)
    kind: str
    target: str
    language: str | None = None
    active: bool
    lost: str | None = None
    source: str


class CalendarDayRow(SQLModel, table=True):
    __tablename__ = "calendar_day"
    calendar: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    works: bool
    note: str
