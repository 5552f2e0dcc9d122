"""Run by alembic. The connection and its open transaction come from `storage.migrate`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables.every import METADATA
from storage.types import Moment, Nested


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A revision names no type of the program's: they may change, what was released may not."""
    if kind == "type" and isinstance(item, Moment):
        return 'sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")'
    if kind == "type" and isinstance(item, Nested):
        return "sa.Text()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
context.run_migrations()
