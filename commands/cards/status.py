"""Cards and notices around people, chats and calendars: the rules of a group, leaves, calendars that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands.chat import Tone
from commands.registry import Action, Context, View
from commands.words import Dept, Shown, Words, words

COMMANDS = ("request", "status", "escalate", "minutes")
EXAMPLES = ("request.new", "status.here", "escalate.dispute", "minutes.new")
"""One example of each command, so that a group knows what it can type."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a command does, and a line to copy: keys of the catalogues."""

    does: Words
    line: Words


def rules(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """What this group is for and what can be typed in it. Gone when it was unbound meanwhile."""
    binding = ctx.directory.bindings.get(item)
    if binding is None or not binding.active:
        return None
    examples = tuple(
        Example(words(f"command.{verb.partition('.')[0]}.help"), words(f"verb.{verb}.example")) for verb in EXAMPLES
    )
    return View(
        "status_rules",
        {
            "title": words(f"rules.title.{binding.kind}", name=_name(ctx, binding.kind, binding.target)),
            "examples": examples,
        },
        (Action("request.new", style="primary"), Action("status.here")),
        item=item,
    )


def _name(ctx: Context, kind: str, target: str) -> Shown:
    if kind == "department":
        return Dept(target)
    if kind == "project" and target in ctx.directory.projects:
        return ctx.directory.projects[target].name
    return ctx.directory.leadership.name or target


def leave_entered(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To deputy and head. The deputy reads what is theirs now."""
    known = {name: facts.get(name) for name in ("person", "days", "gap", "deputy")}
    deputy = facts.get("deputy")
    if deputy is not None and reader == deputy.id:
        return _notice(
            facts,
            words("leave.notice.deputy", **known),
            words("leave.notice.deputy_line", **known),
            (Action("status.me"),),
        )
    key = "nobody" if facts.get("gap") else "head_line" if deputy else "no_deputy"
    line = words(f"leave.notice.{key}", **known)
    return _notice(facts, words("leave.notice.head", **known), line)


def leave_ended(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    known = {name: facts.get(name) for name in ("person", "days")}
    return _notice(facts, words("leave.notice.ended", **known), words("leave.notice.ended_line", **known))


def leave_gap(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To administrators: for some days a department will have nobody who answers."""
    known = {name: facts.get(name) for name in ("person", "days", "gap", "department")}
    return _notice(facts, words("leave.gap", **known), words("leave.gap_line", **known), tone=Tone.WARNING)


def calendar_ends(ctx: Context, item: str, reader: str | None, facts: Mapping[str, Any]) -> View | None:
    """To administrators and PMO: after that day holidays are guessed."""
    known = {name: facts.get(name) for name in ("calendars", "last")}
    key = "calendar.notice.line" if facts.get("last") else "calendar.notice.unknown"
    actions = (Action("status.doctor"),)
    return _notice(facts, words("calendar.notice.title", **known), words(key, **known), actions, Tone.WARNING)


def _notice(
    facts: Mapping[str, Any], title: Words, line: Words, actions: tuple[Action, ...] = (), tone: Tone = Tone.INFO
) -> View:
    late: tuple[Words, ...] = ()
    if planned := facts.get("planned_at"):
        late = (words("notice.late", at=planned),)
    return View("notice", {"title": title, "lines": (line, *late), "facts": ()}, actions, tone=tone)
