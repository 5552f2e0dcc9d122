"""The table of the Web API: what each method needs and takes, and what Slack does before it looks at the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from .errors import Refusal
from .records import Channel, Json
from .workspace import Workspace

Handler = Callable[[Workspace, Json], Json]
METHODS: dict[str, Method] = {}


@dataclass(frozen=True)
class Method:
    """`scopes`: one of them is enough. `tier`: how often a minute (docs.slack.dev/apis/web-api/rate-limits).
    `writes`: takes a JSON body; a reading method ignores one."""

    name: str
    scopes: tuple[str, ...]
    needs: tuple[str, ...]
    takes: frozenset[str]
    tier: int | None
    writes: bool
    run: Handler


def method(
    name: str, *, scopes: str = "", needs: str = "", takes: str = "", tier: int | None = None, writes: bool = False
) -> Callable[[Handler], Handler]:
    """Registers a function as a method of the Web API."""

    def register(run: Handler) -> Handler:
        required = tuple(needs.split())
        taken = frozenset({*required, *takes.split(), "team_id"})  # bolt adds team_id to every call
        METHODS[name] = Method(name, tuple(scopes.split()), required, taken, tier, writes, run)
        return run

    return register


def call(slack: Workspace, name: str, arguments: Json) -> Json:
    """Runs a method for the app. Raises `Refusal`."""
    if name not in METHODS:
        raise Refusal("unknown_method", req_method=name)
    asked = METHODS[name]
    slack.need(*asked.scopes)
    for needed in asked.needs:
        if arguments.get(needed) in (None, ""):
            raise Refusal("invalid_arguments", f"missing required field: {needed}")
    for given in arguments.keys() - asked.takes:
        slack.violate("unknown_argument", f"{name}({given})")
    return {"ok": True, **asked.run(slack, arguments)}


def parsed(arguments: Json, key: str, error: str) -> object:
    """An object or list, which may also come as JSON in a string. Raises `Refusal`."""
    value = arguments.get(key)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refusal(error) from None


def truth(value: object) -> bool:
    """A flag as the SDK writes it into a form."""
    return str(value).lower() in {"1", "true"}


def visible(slack: Workspace, id: object) -> Channel:
    """A channel that the app may know of: a private one only as its member. Raises `Refusal`."""
    channel = slack.channels.get(str(id))
    if channel is None or (channel.private and slack.bot_user not in channel.members):
        raise Refusal("channel_not_found")
    return channel


def page(rows: list[Json], arguments: Json, *, default: int = 100) -> tuple[list[Json], Json]:
    """One page of a listing and what tells about the next (docs.slack.dev/apis/web-api/pagination)."""
    limit, cursor = str(arguments.get("limit") or default), str(arguments.get("cursor") or "at:0")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        raise Refusal("invalid_limit")
    if not cursor.startswith("at:"):
        raise Refusal("invalid_cursor")
    begin, end = int(cursor[3:]), int(cursor[3:]) + int(limit)
    return rows[begin:end], {"response_metadata": {"next_cursor": f"at:{end}" if end < len(rows) else ""}}
