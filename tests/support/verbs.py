"""A registry of verbs to read lines with: the shapes of the real ones, without what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import make_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commands.chat import Say
from commands.domain.people import Department, Directory, Person
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.lexicon import Lexicon
from commands.parse import Call, Help, Setting, read
from commands.registry import Context, Reply, Verb

LOCALE = Path(__file__).resolve().parents[2] / "templates" / "locale"


def _run(ctx: Context, given: Any) -> Reply:
    return Reply()


def verb(name: str, /, **fields: Any) -> Verb:
    command, _, name = name.partition(".")
    shape = make_dataclass(name.title(), [(n, Any, value) for n, value in fields.items()], frozen=True)
    return Verb(command, name, shape, _run)


def ref(*letters: str) -> Any:
    return ask(Kind.REF, required=True, refs=letters)


def text(**how: Any) -> Any:
    return ask(Kind.LINES, required=True, main=True, **how)


YES = ("yes", "no")
R, RT, E, M = ("R",), ("R", "T"), ("E",), ("M",)

TABLE = (
    verb(
        "request.new",
        lead=ask(Kind.DEPARTMENT, required=True),
        title=ask(Kind.TEXT, required=True, main=True),
        content=ask(Kind.LINES),
        standard=ask(Kind.TEXT, required=True),
        wanted=ask(Kind.DUE, required=True),
        urgency=ask(Kind.CHOICE, choices=("urgent", "normal"), bare=True, default="normal"),
        supports=ask(Kind.DEPARTMENTS),
        kind=ask(Kind.CHOICE, choices=("major", "incident", "process", "resources")),
        resources=ask(Kind.TEXT),
    ),
    verb("request.show", id=ref("R", "T")),
    verb("request.list"),
    verb(
        "request.accept",
        id=ref(*R),
        owner=ask(Kind.PERSON),
        due=ask(Kind.DUE, required=True),
        note=ask(Kind.TEXT),
    ),
    verb("request.decline", id=ref(*R), reason=text()),
    verb(
        "request.counter",
        id=ref(*R),
        alternative=text(optional_when=("effect", "none")),
        due=ask(Kind.DUE),
        department=ask(Kind.DEPARTMENT),
        reason=ask(Kind.LINES, required=True),
    ),
    verb("request.ask", id=ref(*R), question=text()),
    verb("request.answer", id=ref(*R), answer=text()),
    verb("request.agree", id=ref(*RT), note=ask(Kind.TEXT)),
    verb("request.refuse", id=ref(*RT), reason=text()),
    verb("request.send", id=ref(*R)),
    verb("request.reroute", id=ref(*R), department=ask(Kind.DEPARTMENT, required=True), reason=text()),
    verb(
        "request.task",
        id=ref(*RT),
        title=ask(Kind.TEXT, required=True, main=True, optional_when=("action", "done")),
        action=ask(Kind.CHOICE, choices=("start", "done", "waive"), bare=True),
        owner=ask(Kind.PERSON),
        due=ask(Kind.DUE),
        standard=ask(Kind.TEXT),
    ),
    verb(
        "request.delay",
        id=ref(*RT),
        due=ask(Kind.DUE, required=True),
        reason=text(),
        alternative=ask(Kind.LINES, required=True),
    ),
    verb("request.hold", id=ref(*R), reason=text(), resume=ask(Kind.DUE, required=True)),
    verb("request.resume", id=ref(*R)),
    verb("request.deliver", id=ref(*RT), link=ask(Kind.TEXT), note=ask(Kind.LINES, main=True)),
    verb("request.verify", id=ref(*R)),
    verb("request.rework", id=ref(*R), failed=text(), limit=ask(Kind.DUE)),
    verb("request.close", id=ref(*R), rating=ask(Kind.NUMBER), note=ask(Kind.LINES, main=True)),
    verb("request.reopen", id=ref(*R), reason=text()),
    verb("request.cancel", id=ref(*R), reason=text()),
    verb("request.handover", id=ref(*RT), person=ask(Kind.PERSON, required=True), note=ask(Kind.TEXT, main=True)),
    verb("request.ack", id=ref(*R)),
    verb("status.here"),
    verb("status.me"),
    verb("status.dept", department=ask(Kind.DEPARTMENT)),
    verb("status.show", id=ref()),
    verb("status.checkin", progress=text(), plan=ask(Kind.LINES, required=True), blockers=ask(Kind.LINES)),
    verb("status.leave", days=ask(Kind.DAYS, required=True), deputy=ask(Kind.PERSON), person=ask(Kind.PERSON)),
    verb("status.bind", target=ask(Kind.TEXT, required=True, main=True)),
    verb(
        "status.calendar",
        day=ask(Kind.DAYS),
        works=ask(Kind.CHOICE, choices=("off", "work"), bare=True),
    ),
    verb("status.audit", id=ref()),
    verb("status.doctor"),
    verb("status.language", language=ask(Kind.CHOICE, choices=("zh-CN", "en"), bare=True)),
    verb("escalate.dispute", id=ref(*RT), reason=text(), major=ask(Kind.CHOICE, choices=YES)),
    verb("escalate.position", id=ref(*E), text=text()),
    verb("escalate.settle", id=ref(*E), text=text()),
    verb("escalate.up", id=ref(*E), reason=ask(Kind.LINES, main=True)),
    verb("escalate.ack", id=ref(*E)),
    verb(
        "escalate.rule",
        id=ref(*E),
        option=ask(
            Kind.CHOICE,
            required=True,
            bare=True,
            choices=("support_raiser", "support_other", "compromise", "send_back", "nudge", "assign", "reroute"),
            of_department=("support",),
        ),
        reason=text(),
        effect=ask(Kind.CHOICE, choices=("none", "accept", "close", "hold", "resume")),
        due=ask(Kind.DUE),
        version=ask(Kind.TEXT, hidden=True),
    ),
    verb("escalate.withdraw", id=ref(*E), reason=ask(Kind.LINES, main=True)),
    verb("escalate.list"),
    verb(
        "minutes.new",
        title=ask(Kind.TEXT, required=True, main=True),
        starts=ask(Kind.MOMENT, required=True),
        ends=ask(Kind.MOMENT, required=True),
        place=ask(Kind.TEXT),
        host=ask(Kind.PERSON),
        recorder=ask(Kind.PERSON),
        participants=ask(Kind.PEOPLE, required=True),
        agenda=ask(Kind.LINES),
    ),
    verb("minutes.show", id=ref(*M)),
    verb("minutes.publish", id=ref(*M), decisions=ask(Kind.LINES, main=True), actions=ask(Kind.LINES)),
    verb("minutes.confirm", id=ref(*M)),
    verb("minutes.object", id=ref(*M), item=ask(Kind.TEXT), reason=text()),
    verb("minutes.actions", id=ref(*M)),
    verb("minutes.remind", id=ref(*M)),
)
VERBS: Mapping[str, Verb] = {v.id: v for v in TABLE}


def catalogue(language: str) -> dict[str, str]:
    """The keys and texts of typing.po, read without a library: one line each, as they were written."""
    entries: dict[str, str] = {}
    key = ""
    for line in (LOCALE / language / "typing.po").read_text("utf-8").splitlines():
        if line.startswith("msgid "):
            key = _unquoted(line.removeprefix("msgid "))
        elif line.startswith("msgstr ") and key:
            entries[key] = _unquoted(line.removeprefix("msgstr "))
    return entries


def _unquoted(text: str) -> str:
    return text.strip()[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


CATALOGUES = {language: catalogue(language) for language in ("zh-CN", "en")}
LEXICON = Lexicon.build(CATALOGUES, TABLE)

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
"""Wednesday 10:30 in Shanghai."""
CALENDAR = WorkCalendar("default", ZONE)


def _person(id: str, name: str) -> Person:
    return Person(id, name, identities={"slack": f"U0{id}"})


PEOPLE = (
    _person("zhangwei", "张伟"),
    _person("chenjing", "陈静"),
    _person("limin", "李敏"),
    _person("wanglei", "王磊"),
    _person("sunzong", "孙总"),
    _person("anna", "Anna Berg"),
    _person("wangfang1", "王芳"),
    _person("wangfang2", "王芳"),
)
DEPARTMENTS = (
    Department("rd", "研发部", liaisons=("zhangwei", "chenjing"), aliases=("R&D",)),
    Department("market", "市场部", liaisons=("limin",)),
    Department("design", "设计部", liaisons=("wanglei",), aliases=("Design Team",)),
)
DIRECTORY = Directory({p.id: p for p in PEOPLE}, {d.id: d for d in DEPARTMENTS})
SETTING = Setting(LEXICON, DIRECTORY, NOW, CALENDAR, VERBS, me="limin", platform="slack")


def read_line(text: str, command: str | None = None) -> Call | Help | Refused:
    """What 李敏 means by this text in a one-to-one chat; `command` if the platform split it off."""
    return read(Say("key", "slack", "U0limin", "dm", True, text, command), SETTING)
