"""Chats in which the bot cannot speak any more: marked, told to the administrators once, and back by themselves."""

from __future__ import annotations

from datetime import timedelta

from commands import tell, trace
from commands.domain.people import Directory
from commands.ports import Priority
from commands.registry import Context
from commands.words import Dept, Shown, words

LONGEST = 300
"""Letters of a platform's reason that are kept."""
CAUGHT_UP = timedelta(days=14)
"""How old a card may be that a chat gets after all: what is older is asked for, where somebody still wants it."""


def described(directory: Directory, address: str) -> Shown:
    """The chat by what it is for, with its address; by its address alone where it is for nothing."""
    purpose = purpose_of(directory, address)
    return words("chat.of", purpose=purpose, address=address) if purpose else address


def purpose_of(directory: Directory, address: str) -> Shown:
    """The department, project or group whose chat it is; None where it is nobody's."""
    binding = directory.bindings.get(address)
    if binding is None or not binding.active:
        return None
    if binding.target in directory.departments:
        return Dept(binding.target)
    project = directory.projects.get(binding.target)
    if project is not None:
        return project.name
    return directory.leadership.name or None if binding.kind == "leadership" else None


def lost(ctx: Context, address: str, why: str, fix: str) -> None:
    """A message could not be posted there for good. `fix` is what an administrator can do, "" where the platform names
    nothing. Told once a day: a chat that can be heard and not spoken in is found and lost again and again."""
    why = why[:LONGEST]
    binding = ctx.directory.bindings.get(address)
    if binding is not None and binding.lost:
        return
    if binding is not None:
        ctx.uow.mark_lost(address, why)
        trace.record(ctx, "chat.lost", address, result="failed", why=why, kind=binding.kind, target=binding.target)
    tell.notify(
        ctx,
        "chat_lost",
        address,
        ctx.directory.admins,
        step=f"{ctx.calendar.local(ctx.real_now):%Y-%m-%d}",
        urgent=True,
        priority=Priority.ESCALATION,
        error=why,
        fix=fix,
    )


def found(ctx: Context, address: str) -> None:
    """Something arrived there, or was heard from there."""
    binding = ctx.directory.bindings.get(address)
    if binding is None or not binding.lost:
        return
    ctx.uow.mark_lost(address, None)
    trace.record(ctx, "chat.found", address, why=binding.lost, kind=binding.kind, target=binding.target)


def catch_up(ctx: Context, address: str) -> None:
    """The bot came into the chat: what could not be shown there while it was out is shown as it is now. Not whenever
    something is heard there: a chat may be heard in which nothing can be said."""
    place = tell.to_chat(address)
    for item, view in ctx.uow.undelivered(place, ctx.real_now - CAUGHT_UP):
        tell.show(ctx, item, view, chats=[address])
