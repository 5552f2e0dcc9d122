"""Which schema this program was written for. Alone here, so that a start does not import alembic to know it."""

from __future__ import annotations

from typing import Final

from storage.link import Link
from storage.sql import Sql

HEAD: Final = "0001"
KNOWN: Final = frozenset({"0001"})  # every revision that was ever released: what `upgrade` can start from
_REVISION = Sql("SELECT version_num FROM alembic_version")


def schema_is_ours(link: Link) -> bool:
    return link.one(_REVISION) == (HEAD,)
