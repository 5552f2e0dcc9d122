"""Which record is shelved in which table."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.sql.schema import Table

from commands.domain.checkin import Checkin
from commands.domain.clocks import Clock
from commands.domain.escalation import Decision, Escalation
from commands.domain.minutes import Confirmation, Minutes
from commands.domain.proposal import Proposal
from commands.domain.request import Request
from commands.domain.task import Task
from storage.mapping import Mapper, mapper
from storage.tables.work import METADATA

RECORDS: Final[dict[type[Any], Table]] = {  # Any: records have nothing in common but `id` and `version`
    Request: METADATA.tables["request"],
    Task: METADATA.tables["task"],
    Proposal: METADATA.tables["proposal"],
    Escalation: METADATA.tables["escalation"],
    Decision: METADATA.tables["decision"],
    Minutes: METADATA.tables["minutes"],
    Confirmation: METADATA.tables["confirmation"],
    Checkin: METADATA.tables["checkin"],
    Clock: METADATA.tables["clock"],
}


def shelf(kind: type[Any], backend_name: str) -> Mapper[Any]:
    """How records of this type are written and read."""
    return mapper(kind, RECORDS[kind], backend_name)
