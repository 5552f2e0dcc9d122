"""The town of the stories on Feishu, behind the real lark-oapi (`support/town.py` says what holds for every platform).

async with feishu_town(tmp_path, "websocket") as town:
    await town.limin.types("/request", "@研发部 新品X性能数据 期望 下周三之前")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.feishu.posting import uuid_of
from support.town import Running, Settled, Town, running

from .errors import Impossible
from .fake import FakeFeishu
from .records import Message
from .settled import config, settle
from .townspeople import Person

PATH = "/feishu/events"


class FeishuTown(Town):
    def __init__(self, feishu: FakeFeishu, settled: Settled, running: Running) -> None:
        super().__init__(settled, running.bot, running.clock)
        self.feishu = feishu
        self.asked_at: dict[str, int] = {}  # by person, how many messages there were before their last act but a form

    def __getattr__(self, name: str) -> Person:
        if name not in self.settled.people:
            raise AttributeError(name)
        return Person(self, name)

    # --- looking ---

    def place(self, name: str) -> str:
        return self.feishu.organisation.place(name.removeprefix("dm:")).id

    def messages(self, place: str, about: str = "") -> list[Message]:
        return self.feishu.messages(self.place(place), contains=about)

    def owed(self, message: Message) -> str:
        with self.bot.core.store.read() as uow:
            keys = uow.link.query("SELECT key FROM outbox", ())
        return {uuid_of(key): str(key) for (key,) in keys}.get(message.uuid, "")

    def newest(self, place: str, about: str, button: str) -> Message:
        """The newest message about something that has a button."""
        found = [one for one in self.messages(place, about) if button in one.buttons]
        if not found:
            there = [one.words for one in self.messages(place)]
            raise Impossible(f"nothing about {about!r} with {button!r} in {place}: {there}")
        return found[-1]

    # --- what must hold at the end ---

    async def check(self) -> None:
        """Besides, every message is there once, answers too, every event was acknowledged, and Feishu had nothing to complain about."""
        await super().check()
        await self.feishu.wait_answered()
        ours = [one for one in self.feishu.organisation.messages.values() if not one.author]
        assert [one.words for one in ours if one.at_all] == []
        keys = Counter(one.uuid for one in ours)
        assert not (twice := [key for key, count in keys.items() if count > 1]), f"posted twice: {twice}"
        unanswered = [one for one in self.feishu.unanswered() if one.error != "200340"]  # that one was pressed again
        assert unanswered == []
        assert [str(one) for one in self.feishu.violations] == []


@asynccontextmanager
async def feishu_town(folder: Path, mode: str, **fake: Any) -> AsyncIterator[FeishuTown]:
    """Runs until the block ends, and checks then what must hold."""
    async with FakeFeishu(mode=mode, **fake) as feishu:
        settled = settle(feishu)

        def moves(clock: Any) -> None:
            feishu.organisation.wall = lambda: clock.now().timestamp()

        def listens(address: str) -> None:
            feishu.request_url = address + PATH

        async with running("feishu", folder, config(feishu, settled), moves=moves, listens=listens) as bot:
            town = FeishuTown(feishu, settled, bot)
            yield town
            await town.check()
