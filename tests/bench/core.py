"""The core without a database: parse, route, check rights, decide, render a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from jinja2 import Environment

from bot.bot import Bot
from commands.domain.clocks import Clock
from commands.domain.people import Directory
from commands.domain.request import Request
from commands.parse import read
from commands.registry import Actor
from tests.bench.figures import Figure, in_turn, of
from tests.bench.town import PLACE, PLATFORM, make_bot, say

RAISED = "/request @研发部 新品X性能数据 期望：2026-09-30 验收标准：测试报告"
ACCEPTED = "/request accept R-1 2026-09-30"
SHOWN = "/request show R-1"
AIM, MOONSHOT = 100e-6, 60e-6


class InMemory:
    """`commands.ports.UnitOfWork` on dicts: what the core costs when storage costs nothing."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.records: dict[tuple[type, str], Any] = {}
        self.numbers = 0
        self.written: list[Any] = []

    def next_id(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}-{self.numbers}"

    def get(self, kind: type, id: str) -> Any:
        return self.records.get((kind, id))

    def find(self, kind: type, /, **where: Any) -> list[Any]:
        return [r for (of_kind, _), r in self.records.items() if of_kind is kind and _fits(r, where)]

    def add(self, record: Any) -> None:
        self.records[type(record), record.id] = record

    def save(self, record: Any) -> Any:
        changed = self.records[type(record), record.id] = replace(record, version=record.version + 1)
        return changed

    def _write(self, what: Any) -> bool:
        self.written.append(what)
        return True

    set_timer = audit = owe = _write

    def owe_all(self, messages: Iterable[Any]) -> None:
        self.written += messages

    def drop_timers(self, subject: str, job: str | None = None) -> None: ...

    def forgive(self, item: str, view: str | None = None) -> int:
        return 0

    def wake(self, to: str, at: Any) -> int:
        return 0

    def posted(self, item: str, view: str | None = None) -> tuple[()]:
        return ()

    def places(self, item: str, view: str) -> tuple[()]:
        return ()

    def audited(self, *_: Any) -> tuple[()]:
        return ()

    def declared_days(self) -> tuple[()]:
        return ()


def _fits(record: Any, where: dict[str, Any]) -> bool:
    return all(
        getattr(record, name) in wanted if isinstance(wanted, tuple) else getattr(record, name) == wanted
        for name, wanted in where.items()
    )


def figures(times: int) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        bot = make_bot(f"sqlite:///{Path(folder)}/core.db")
        with closing(bot.core.store):
            with bot.core.store.read() as uow:
                directory = uow.directory
            yield from _measured(bot, directory, times)


def _measured(bot: Bot, directory: Directory, times: int) -> Iterator[Figure]:
    core, dispatcher = bot.core, bot.core.dispatcher
    reader = core.reader(directory, PLATFORM, person="zhangwei")
    now = core.clock.now()

    def context(person: str, uow: InMemory):
        return core.context(uow, Actor(person, PLATFORM, PLACE, event="e"), now)  # type: ignore[arg-type]

    raised = InMemory(directory)
    dispatcher.handle(say("e", "limin", RAISED), context("limin", raised))
    start = MappingProxyType(dict(raised.records))
    assert (Request, "R-1") in start and any(kind is Clock for kind, _ in start)

    def at_the_start() -> InMemory:
        uow = InMemory(directory)
        uow.records = dict(start)
        return uow

    def parse() -> None:
        dispatcher_setting = dispatcher._setting(context("zhangwei", raised))
        assert read(say("e", "zhangwei", ACCEPTED), dispatcher_setting).verb.id == "request.accept"

    def show() -> None:
        """A question whose answer is a card."""
        ctx = context("zhangwei", raised)
        reply = dispatcher.handle(say("e", "zhangwei", SHOWN), ctx)
        assert core.renderer.answer(reply, reader, now, chat="sandbox:newx").card

    def decide() -> None:
        """A change, with its trace, clocks, dates and messages owed; the answer is a sentence."""
        ctx = context("zhangwei", at_the_start())
        reply = dispatcher.handle(say("e", "zhangwei", ACCEPTED), ctx)
        assert core.renderer.answer(reply, reader, now, chat="sandbox:newx").toast

    def raise_one() -> None:
        ctx = context("limin", InMemory(directory))
        reply = dispatcher.handle(say("e", "limin", RAISED), ctx)
        assert core.renderer.answer(reply, reader, now, chat="sandbox:newx").toast

    def card() -> None:
        view = core.cards["request"].view(context("zhangwei", raised), "R-1", "zhangwei", {})
        assert view and core.renderer.render(view, reader, now).buttons

    template = Environment(autoescape=True).from_string(BARE)
    facts = {"title": "新品X性能数据", "rows": [("字段", "值")] * 6}

    def bare() -> None:
        template.render(facts)

    works = (bare, show, parse, decide, raise_one, card)
    for work in works:
        work()
    floor, *found = in_turn(times, *works)
    names = (
        "/request show R-1: parse, route, rights, card",
        "  of which: parse and route",
        "/request accept R-1: everything it decides and owes",
        "/request <new>: everything it decides and owes",
        "one card: view, template, XML, buttons",
    )
    aims = (AIM, None, AIM, None, None)
    for name, seconds, aim in zip(names, found, aims, strict=True):
        yield of(name, seconds, floor, aim=aim, moonshot=aim and MOONSHOT)


BARE = (
    "<card><title>{{ title }}</title>"
    "{% for label, value in rows %}<field label='{{ label }}'>{{ value }}</field>{% endfor %}</card>"
)
"""The floor: a bare Jinja template of a card of that size."""
