"""Writes changes of the organisation into the config file: comments stay, a copy is kept, and nothing is written that
the bot could not read afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import config
from bot.config import ConfigError
from bot.orgchange import Change, Kind
from bot.yamledit import Edited


def write(file: Path, changes: Iterable[Change], *, now: datetime) -> Path:
    """Puts the changes into the file and returns its copy as it was before. Raises `ConfigError`, with nothing
    written, where the whole would not be a valid config any more."""
    file = file.resolve()  # a link stays one
    text = written(file.read_bytes().decode("utf-8"), changes)
    unfinished = file.with_name(f"{file.name}.part")
    try:
        _copy_rights(file, unfinished)
        unfinished.write_bytes(text.encode("utf-8"))
        _check(unfinished, file)
        kept = file.with_name(f"{file.name}.{now:%Y%m%d-%H%M%S}.bak")
        _copy_rights(file, kept)
        shutil.copyfile(file, kept)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return kept


def _check(unfinished: Path, file: Path) -> None:
    """Raises `ConfigError` under the name of the file that it was to become."""
    try:
        config.load(unfinished, unfinished=True)
    except ConfigError as error:
        place, shown = f"{file} (nothing is written)", str(file)
        problems = [
            replace(p, place=replace(p.place, source=place), text=p.text.replace(str(unfinished), shown))
            for p in error.problems
        ]
        raise ConfigError(problems) from None


def written(text: str, changes: Iterable[Change]) -> str:
    """A config file's text with the changes in it."""
    changes = list(changes)
    edited = Edited(text)
    for change in changes:
        if change.kind is Kind.CHANGED and change.place is not None:
            edited.set(("org", change.section, change.place), change.values)
    for section in ("people", "departments"):
        if new := [c.values for c in changes if c.kind is Kind.ADDED and c.section == section]:
            edited = Edited(edited.after)
            edited.append("org", section, new)
    return edited.after


def _copy_rights(file: Path, new: Path) -> None:
    """The file may hold secrets: its copy is for nobody else either, from the first moment."""
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    shutil.copymode(file, new)
