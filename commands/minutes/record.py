"""Minutes as the verbs need them: loaded, with their sides, their answers, and the places that show them."""

from __future__ import annotations

from commands import tell
from commands.domain.minutes import Confirmation, Minutes
from commands.domain.permissions import Sides
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


def round_item(minutes: Minutes) -> str:
    """What the confirmation clock of the present edition runs on."""
    return f"{minutes.id}/{minutes.edition}"


def refresh(ctx: Context, minutes: Minutes) -> None:
    tell.show(ctx, minutes.id, "minutes")
