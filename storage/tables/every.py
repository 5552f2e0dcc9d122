"""All tables, in the order in which they are created, copied and compared."""

from __future__ import annotations

from typing import Final

from sqlalchemy.sql.schema import Table

from storage.tables import machinery, org, work
from storage.tables.base import METADATA

_ROWS: Final = [row for module in (work, org, machinery) for row in vars(module).values() if hasattr(row, "__table__")]
TABLES: Final[tuple[Table, ...]] = tuple(dict.fromkeys(row.__table__ for row in _ROWS))

__all__ = ["METADATA", "TABLES"]
