"""One metadata for all tables, with names for every constraint: a migration cannot drop what has no name."""

from __future__ import annotations

from sqlalchemy import Index, TextClause
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = SQLModel.metadata


def partial_index(name: str, *columns: str, where: TextClause) -> Index:
    """An index of some rows. Named as `sqlite_where=…, postgresql_where=…`, the condition would import all drivers'
    dialects at every start; `name_conditions` tells it to the one that creates the tables."""
    return Index(name, *columns, info={"where": where})


def name_conditions(dialect: str) -> None:
    """Has to be called before tables are created."""
    for table in METADATA.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_kwargs[f"{dialect}_where"] = index.info["where"]
