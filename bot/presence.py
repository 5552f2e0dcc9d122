"""In which groups the bot is: what a platform tells of it becomes the mark in the group's binding."""

from __future__ import annotations

from bot.core import Core
from commands import lostchats
from commands.chat import Address
from commands.registry import Actor, Context
from storage.unit_of_work import UnitOfWork


class Memberships:
    """`adapters.base.Presence` for one platform."""

    def __init__(self, core: Core, platform: str) -> None:
        self._core = core
        self._platform = platform

    async def entered(self, chat: str) -> None:
        await self._core.store.run(self._entered, str(Address(self._platform, chat)))

    async def left(self, chat: str, why: str, fix: str) -> None:
        await self._core.store.run(self._left, str(Address(self._platform, chat)), why, fix)

    def _entered(self, uow: UnitOfWork, address: str) -> None:
        ctx = self._context(uow)
        lostchats.found(ctx, address)
        lostchats.catch_up(ctx, address)

    def _left(self, uow: UnitOfWork, address: str, why: str, fix: str) -> None:
        """A group that is nobody's may go without anybody being told."""
        ctx = self._context(uow)
        binding = ctx.directory.bindings.get(address)
        if binding is not None and binding.active:
            lostchats.lost(ctx, address, why, fix)

    def _context(self, uow: UnitOfWork) -> Context:
        return self._core.context(uow, Actor(None, self._platform), self._core.clock.now())
