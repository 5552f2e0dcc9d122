"""`liaison doctor`: gathers what the checks need, and prints what they found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing

from bot import __version__
from bot.calendarsource import calendar_builder
from bot.checkups import online
from bot.clock import SystemClock
from bot.config import Loaded
from bot.doctor import examine
from bot.finding import Finding, Level, is_fine
from bot.orgfile import directory
from bot.settings import Settings
from bot.templatecheck import problems
from commands.domain.people import Directory
from storage.errors import StorageError
from storage.migrate import Schema, check
from storage.store import Store

_SIGNS = {Level.GREEN: "ok     ", Level.YELLOW: "look   ", Level.RED: "BROKEN "}


def consult(loaded: Loaded, *, as_json: bool, offline: bool = False) -> bool:
    """Prints the findings; whether anything is red. `offline`: without asking the platforms."""
    now = SystemClock().now()
    stored = _stored_directory(loaded.settings)
    findings = examine(
        loaded.settings,
        now=now,
        warnings=loaded.warnings,
        calendars=calendar_builder(loaded.settings)((), now.date()),
        directory=stored,
        templates=lambda: problems(loaded.settings.templates.folder),
    )
    if not offline:
        findings += online(loaded.settings, stored or directory(loaded.settings.org, loaded.settings.admins))
    print(_envelope(findings) if as_json else _lines(findings))
    return not is_fine(findings)


def _stored_directory(settings: Settings) -> Directory | None:
    """What chat and file made of the organisation, where there is a database to ask."""
    try:
        if check(settings.database_url) is not Schema.AT_HEAD:
            return None
        with closing(Store(settings.database_url)) as store, store.read() as uow:
            return uow.directory if uow.directory.people else None
    except StorageError:
        return None  # told by the check of the database


def _envelope(findings: Sequence[Finding]) -> str:
    body = {"version": __version__, "ok": is_fine(findings), "findings": [finding.as_dict() for finding in findings]}
    return json.dumps(body, ensure_ascii=False, indent=2)


def _lines(findings: Sequence[Finding]) -> str:
    shown = [f"{_SIGNS[f.level]} {f.message}" + (f"\n        → {f.fix}" if f.fix else "") for f in findings]
    counts = ", ".join(f"{sum(f.level is level for f in findings)} {level}" for level in Level)
    return "\n".join([*shown, "", counts])
