"""`liaison org import feishu`: the organisation from a platform's directory, shown as a difference, then written.

What is written is the config file; the directory of a bot that has run already takes it over at the next start, where
nobody has changed it in chat (`bot/org.py` for the rest).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence

from adapters.base import SendError
from adapters.roster import DirectoryClosed, Roster
from bot import config
from bot.clock import SystemClock
from bot.config import Loaded
from bot.exits import FAILED, FINE, WRONG
from bot.orgchange import Change, Kind, Value
from bot.orgplan import NotThere, Wish, plan
from bot.orgwrite import write
from bot.settings import Settings

Read = Callable[[Settings], Coroutine[None, None, Roster]]


def run(platform: str, loaded: Loaded, *, departments: str = "", dry_run: bool = False) -> int:
    """Shows what differs and, unless `dry_run`, writes it. Returns the exit code."""
    if loaded.file == config.example():
        return _refuse("there is no config file to write into; make one first: liaison init")
    try:
        roster = asyncio.run(READERS[platform](loaded.settings))
        changes = plan(loaded.settings.org, roster, read_wishes(departments))
    except DirectoryClosed as error:
        return _failed(f"{error}; {error.fix}")
    except SendError as error:
        return _failed(str(error))
    except NotThere as error:
        return _refuse(str(error))
    print("\n".join(_shown(roster, changes)))
    if dry_run or all(change.kind is Kind.GONE for change in changes):
        return FINE
    kept = write(loaded.file, changes, now=SystemClock().now())
    print(f"{loaded.file} is written; as it was before: {kept}")
    print("Next: name the liaisons in it, then restart the bot. What was changed in chat stays as it is there;")
    print(f"      liaison org import {loaded.file.name} lets the file win")
    return FINE


def read_wishes(departments: str) -> list[Wish]:
    """`market=市场部,研发部`: the id that a department shall have here, and its name or id there."""
    parts = [part.strip() for part in departments.split(",") if part.strip()]
    split = [(id.strip(), there.strip()) if there else ("", id) for id, _, there in (p.partition("=") for p in parts)]
    return [Wish(there, id) for id, there in split]


# --- what is shown -------------------------------------------------------------------------------


def _shown(roster: Roster, changes: Sequence[Change]) -> Iterator[str]:
    yield from (f"note: {note}" for note in roster.notes)
    for section in ("departments", "people"):
        if some := [change for change in changes if change.section == section]:
            yield section
            yield from (f"  {_line(change, roster.platform)}" for change in some)
    counts = [f"{sum(change.kind is kind for change in changes)} {word}" for kind, word in WORDS.items()]
    yield ", ".join(counts) if changes else "nothing differs"


WORDS = {Kind.ADDED: "new", Kind.CHANGED: "changed", Kind.GONE: "not there any more (they stay in the file)"}


def _line(change: Change, platform: str) -> str:
    what = f"{change.kind} {change.id} {change.name}".rstrip()
    if change.kind is Kind.GONE:
        return f"{what}: {platform} does not show it any more"
    values = [
        each for key in change.values if key not in ("id", "name") or change.before for each in _value(change, key)
    ]
    note = f" ({change.note})" if change.note else ""
    return f"{what}: {', '.join(values)}{note}"


def _value(change: Change, key: str) -> Iterator[str]:
    new = _said(change.values[key])
    before = change.before.get(key)
    yield f"{key} {before or '–'} → {new}" if change.before else f"{key} {new}"


def _said(value: Value) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"


# --- who is asked --------------------------------------------------------------------------------


async def _feishu(settings: Settings) -> Roster:
    from adapters.feishu.api import Api
    from adapters.feishu.directory import Directory
    from bot.feishu import config

    feishu = settings.platforms.feishu
    if feishu is None or not feishu.app_id or not feishu.app_secret:
        raise DirectoryClosed(
            "platforms.feishu lacks app_id or app_secret", "write them into the config file, or run liaison init"
        )
    api = Api(config(feishu))
    try:
        return await Directory(api).roster()
    finally:
        await api.close()


READERS: Mapping[str, Read] = {"feishu": _feishu}
"""The platforms whose directory can be read."""


def _refuse(text: str) -> int:
    print(f"liaison org import: {text}", file=sys.stderr)
    return WRONG


def _failed(text: str) -> int:
    print(f"liaison org import: {text}", file=sys.stderr)
    return FAILED
