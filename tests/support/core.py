"""The bot in this process, without HTTP: the whole wiring on a database of its own, a clock moved by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot import wiring
from bot.clock import ManualClock, SeededIds
from bot.config import load
from commands.chat import Answer, Click, Event, Form, Say, Submit
from support.invariants import check
from support.process import TOWN

PLACE = "newx"


class Town:
    """People say, press and send; time is moved; what must always hold can be checked after each step."""

    def __init__(
        self, folder: Path, *, config: str | None = None, database: str = "", history: str = "", seed: int = 0
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self._keys = count(1)
        self.history = Path(history or folder / "chat.db")
        town = re.sub(r'start: "[^"]*"', rf'\g<0>, history: "{self.history}"', config or TOWN.read_text("utf-8"))
        file = folder / f"town-{seed}.yaml"
        file.write_text(f"database: {database or f'sqlite:///{folder}/core.db'}\n{town}", encoding="utf-8")
        settings = load(file).settings
        assert settings.platforms.sandbox
        self.clock = ManualClock(settings.platforms.sandbox.start)
        self.bot = wiring.build(settings, clock=self.clock, ids=SeededIds(seed))
        self.store = self.bot.core.store
        self.bot.adapters.update(wiring.make_adapters(settings, self.bot))
        self.run(self.bot.start())

    def __enter__(self) -> Town:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        self._loop.close()

    # --- people ---

    def says(self, person: str, text: str, *, chat: str = PLACE, key: str = "") -> Answer:
        return self.takes(Say(key or self.key(), "sandbox", person, chat, chat.startswith("dm:"), text))

    def presses(self, person: str, button: str, *, chat: str = PLACE, key: str = "") -> Answer:
        return self.takes(Click(key or self.key(), "sandbox", person, chat, chat.startswith("dm:"), "m-1", button))

    def sends(self, person: str, form: Form | str, *, chat: str = PLACE, key: str = "", **values: Any) -> Answer:
        """Fills a form in: what it held already stays, unless given."""
        held = {} if isinstance(form, str) else {field.name: field.value for field in form.fields}
        id = form if isinstance(form, str) else form.id
        event = Submit(key or self.key(), "sandbox", person, chat, chat.startswith("dm:"), id, {**held, **values})
        return self.takes(event)

    def takes(self, event: Event) -> Answer:
        return self.run(self.bot.receive(event))

    def key(self) -> str:
        return f"k{next(self._keys)}"

    # --- time ---

    def advance(self, **length: float) -> None:
        self.to(self.clock.now() + timedelta(**length))

    def to(self, moment: datetime) -> None:
        self.run(self.bot.pass_time(self.clock, moment))

    def jump(self, **length: float) -> None:
        """The clock moves at once, as after a downtime; then one cycle."""
        self.clock.move_to(self.clock.now() + timedelta(**length))
        self.run(self.bot.cycle())

    def settle(self) -> None:
        self.run(self.bot.cycle())

    # --- looking ---

    def check(self) -> None:
        check(self.store, history=self.history)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)
