"""A message that a platform had to cut, whole: built anew from what was owed, as it is now."""

from __future__ import annotations

from bot.core import Core
from commands.chat import Card, Click
from commands.errors import Refused
from commands.facts import decode
from commands.ports import Owed, OwedKind
from commands.registry import Context
from storage.unit_of_work import UnitOfWork


def whole_message(core: Core, uow: UnitOfWork, ctx: Context, click: Click) -> Card:
    """Everything that stands in the clicked message. Only what was sent to that chat, or to this person, is found.

    Raises `Refused` when the message is none of ours, or nothing of it is left to show.
    """
    places = (f"chat:{click.platform}:{click.chat}", f"person:{ctx.actor.person}")
    found = {_once(o): o for to in places for o in uow.outbox.standing_in(to, click.message)}
    reader = core.reader(ctx.directory, click.platform, person=ctx.actor.person)
    cards = []
    for owed in found.values():
        viewer = ctx.actor.person if owed.to.startswith("person:") else None
        view = core.cards[owed.view].view(ctx, owed.item, viewer, decode(owed.facts))
        if view is not None:
            cards.append(core.renderer.render(view, reader, ctx.now))
    if not cards:
        raise Refused("stale_button")
    return cards[0] if len(cards) == 1 else core.renderer.bundle(cards, reader, ctx.now)


def _once(owed: Owed) -> tuple[str, str]:
    """A card that was edited often is there once; each notice is one of its own."""
    return (owed.view, owed.item) if owed.kind is OwedKind.CARD else ("", owed.key)
