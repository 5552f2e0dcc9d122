"""Minutes as the verbs need them: loaded, with their sides, their answers, their rounds, and the places that show
them."""

from __future__ import annotations

from datetime import datetime

from commands import clockwork, tell
from commands.domain import minutes as rules
from commands.domain.clocks import Clock, ClockKind, ClockState
from commands.domain.minutes import Confirmation, Minutes
from commands.domain.permissions import Sides, require
from commands.errors import Refused
from commands.registry import Context


def get(ctx: Context, id: str) -> Minutes:
    found = ctx.uow.get(Minutes, id)
    if found is None:
        raise Refused("unknown_reference", id=id)
    return found


def sides(minutes: Minutes) -> Sides:
    return Sides(
        host=minutes.host,
        recorder=minutes.recorder,
        participants=minutes.participants,
        project=minutes.project,
    )


def require_right(ctx: Context, action: str, minutes: Minutes) -> None:
    day = ctx.calendar.local(ctx.now).date()
    require(action, ctx.directory, ctx.me, sides(minutes), day)


def require_sight(ctx: Context, minutes: Minutes) -> None:
    """Whoever can type in a group that shows them sees them there anyway; elsewhere only who has to do with them."""
    if ctx.actor.direct or ctx.actor.address not in chats(ctx, minutes):
        require_right(ctx, "audit", minutes)


def chats(ctx: Context, minutes: Minutes) -> tuple[str, ...]:
    """Where everybody reads them: where the meeting was announced, and in the project's chats."""
    project = ctx.directory.chats_of_project(minutes.project) if minutes.project else ()
    return tuple(dict.fromkeys(chat for chat in (minutes.chat, *project) if chat))


def answers(ctx: Context, minutes: Minutes) -> list[Confirmation]:
    """Everybody's answer, in the order in which the participants were named."""
    found = {c.person: c for c in ctx.uow.find(Confirmation, minutes=minutes.id)}
    return [found[p] for p in minutes.participants if p in found]


def answer_of(ctx: Context, minutes: Minutes, person: str) -> Confirmation:
    """The person's own answer, locked. Only who was asked has one."""
    found = ctx.uow.get(Confirmation, f"{minutes.id}/{person}")
    if found is None:
        raise Refused("minutes.not_participant", id=minutes.id, who=minutes.participants)
    return found


def manager(ctx: Context, minutes: Minutes) -> str | None:
    project = ctx.directory.projects.get(minutes.project or "")
    return project.manager if project else None


ANY = "any"
"""The edition of a form that was opened before it was known which minutes it is about."""


def edition_seen(said: str) -> int | None:
    """The edition that a button or a form carries; None when it says nothing."""
    return int(said) if said.isdecimal() else None


def require_current(minutes: Minutes, edition: int | None, item: int | None = None) -> None:
    """An answer is about the edition that was read. One from an old screen is taken only for an item that has not
    changed since; otherwise it is said what has."""
    if edition is None or edition >= minutes.edition:
        return
    changed = rules.changed_since(minutes, edition)
    if item is None or item in changed:
        raise Refused("minutes.stale", id=minutes.id, edition=minutes.edition, items=changed)


# --- rounds: the confirmation clocks (C7) --------------------------------------------------------------


def round_item(minutes: Minutes) -> str:
    """What the confirmation clock of the present edition runs on."""
    return f"{minutes.id}/{minutes.edition}"


def own_round_item(answer: Confirmation) -> str:
    """What the clock of somebody who was reached only later runs on."""
    return f"{answer.minutes}/{answer.edition}/{answer.person}"


def rounds(ctx: Context, minutes: Minutes) -> dict[str, Clock]:
    """The confirmation clocks that have not ended, by what they run on; the newest last."""
    shared = tuple(f"{minutes.id}/{edition}" for edition in range(1, minutes.edition + 1))
    own = tuple(f"{item}/{person}" for item in shared for person in minutes.participants)
    live = (ClockState.RUNNING, ClockState.PAUSED)
    found = ctx.uow.find(Clock, kind=ClockKind.CONFIRMATION, item=(*shared, *own), state=live) if shared else []
    return {clock.item: clock for clock in found}


def answer_by(ctx: Context, minutes: Minutes, answer: Confirmation | None = None) -> datetime | None:
    """By when an answer is awaited: from this person, else from the last who are asked. None: no limit runs."""
    running = rounds(ctx, minutes)
    mine = [own_round_item(answer), f"{minutes.id}/{answer.edition}"] if answer else None
    items = list(reversed(running)) if mine is None else mine
    clock = next((running[item] for item in items if item in running), None)
    return clockwork.due_at(ctx, clock.kind, clock.item) if clock else None


def refresh(ctx: Context, minutes: Minutes) -> None:
    tell.show(ctx, minutes.id, "minutes")
