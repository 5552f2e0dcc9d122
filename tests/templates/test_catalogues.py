"""Every text exists in every language, says the same facts, and is used by something."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

import commands.domain
from bot.language import catalogues, read_po
from commands.cards.notices import NOTICES
from commands.catalogue import VERBS
from commands.domain.permissions import RIGHTS
from commands.domain.request import ALLOWED
from support.samples import LANGUAGES

ROOT = Path(__file__).parents[2]
TEXTS = catalogues()
KEY = re.compile(r"[a-z_]+(\.[\w*-]+)+")
NOT_SHOWN = {
    "ClockKind": "a clock's sentences are step.clock.*",
    "ClockState": "clocks are shown by their end",
    "Role": "for rights",
    "Unit": "a Duration is shown whole",
    "ItemKind": "a heading: minutes.kind.*",
    "ConfirmationState": "a heading: minutes.answers.*",
}
UNUSED = {
    "checkin.form.title": "for the title of its form",
    "calendar.weeks": "a heading of the calendar",
    "status.show.steps": "a heading of the timeline",
    "summary.missing": "a heading of the summary",
    **{f"help.{name}": "a heading of help" for name in ("intro", "example", "words", "fields", "required", "field", "references")},
    "help.more_on": "a heading of help",
}  # fmt: skip
"""Spare wording of cards that others are still working on; shrinks, never grows."""


def places(text):
    return set(re.findall(r"\{(\w+)(?:!s)?\}", text))


# --- the languages agree -------------------------------------------------------------------------


def test_the_languages_have_the_same_keys():
    assert set(TEXTS["zh-CN"]) == set(TEXTS["en"])


def test_the_languages_name_the_same_facts():
    different = {k for k, text in TEXTS["zh-CN"].items() if places(text) != places(TEXTS["en"][k])}
    assert not different


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_given_twice_or_left_empty(language):
    entries = [
        entry
        for file in sorted((ROOT / "templates" / "locale" / language).glob("*.po"))
        for entry in read_po(file.read_text("utf-8"))
    ]
    keys = [key for key, _ in entries]
    assert {key for key in keys if keys.count(key) > 1} == set()
    assert {key for key, text in entries if not text.strip() and not key.endswith(".words")} == set()


def test_plurals_come_in_pairs():
    for key in TEXTS["en"]:
        if key.endswith(".one"):
            assert f"{key.removesuffix('.one')}.other" in TEXTS["en"]


def test_no_english_text_is_chinese():
    for key, text in TEXTS["en"].items():
        assert (
            key.endswith(".words")
            or key.startswith("choice.language")
            or not re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)
        ), key


def test_chinese_texts_have_wide_signs():
    """In a sentence; what is typed in a command keeps its narrow ones."""
    wrong = {
        key
        for key, text in TEXTS["zh-CN"].items()
        if re.search(r"[\u4e00-\u9fff}][,;?!]|[\u4e00-\u9fff]\(|[\u4e00-\u9fff]: ", re.sub(r"/\w+[^。，；]*", "", text))
        and not key.endswith((".words", ".example"))
    }
    assert not wrong


# --- what is said exists -------------------------------------------------------------------------


def text_in(node) -> list[str]:
    """The texts an expression may be; `*` stands for what is only known later."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(p.value if isinstance(p, ast.Constant) else "*" for p in parts)]
        case ast.IfExp(body=one, orelse=other):
            return [*text_in(one), *text_in(other)]
        case _:
            return []


@cache
def source():
    return [
        ast.parse(f.read_text("utf-8"))
        for d in ("bot", "commands", "adapters")
        for f in sorted((ROOT / d).rglob("*.py"))
    ]


@cache
def said():
    """Keys that code or templates hand over to be said."""
    found = set()
    for call in (node for tree in source() for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in ("words", "Words"):
            found |= set(text_in(call.args[0]))
        elif name == "Refused":
            found |= {f"refused.{code}" for code in text_in(call.args[0])}
    for file in (ROOT / "templates" / "cards").glob("*.xml.j2"):
        for arguments in re.findall(r"\bt\(([^,)]*)", file.read_text("utf-8")):
            pattern = re.sub(r'"\s*~\s*[\w.]+\s*(~\s*")?', "*", arguments)
            found |= {text.strip('"') for text in re.split(r" if .*? else ", pattern)}
    return {key for key in found if KEY.fullmatch(key)}


@cache
def mentioned():
    """Every text in the code that looks like a key, wherever it stands: a table, a default, a variable."""
    nodes = (node for tree in source() for node in ast.walk(tree))
    return {text for node in nodes for text in text_in(node) if KEY.fullmatch(text)} | said()


def as_pattern(key):
    return re.compile(re.escape(key).replace(r"\*", r"[\w.-]+") + r"(\.(one|other|plain))?")


def test_everything_that_is_said_exists():
    known = TEXTS["zh-CN"]
    missing = {key for key in said() if not any(as_pattern(key).fullmatch(k) for k in known)}
    assert not missing


def test_every_key_is_used():
    patterns = [as_pattern(key) for key in mentioned() if not key.startswith("*")]
    spare = {key for key in TEXTS["zh-CN"] if not any(p.fullmatch(key) for p in patterns)}
    assert spare <= set(UNUSED)


def states():
    for module in pkgutil.iter_modules(commands.domain.__path__):
        known = importlib.import_module(f"commands.domain.{module.name}")
        for value in vars(known).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == known.__name__:
                yield value


SHOWN = sorted({s for s in states() if s.__name__ not in NOT_SHOWN}, key=lambda s: s.__name__)


@pytest.mark.parametrize("of", SHOWN, ids=lambda s: s.__name__)
def test_every_state_has_a_name(of):
    assert {v for v in of if f"state.{of.__name__.lower()}.{v}" not in TEXTS["en"]} == set()


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.id)
def test_a_verb_is_complete(verb):
    for name in ("label", "help", "example", "words"):
        assert f"verb.{verb.id}.{name}" in TEXTS["en"]
    for field, asked in verb.asks.items():
        if asked.hidden:
            continue
        own, shared = f"field.{verb.id}.{field}", f"field.{field}"
        assert f"{own}.label" in TEXTS["en"] or f"{shared}.label" in TEXTS["en"]
        for choice in asked.choices:
            keys = (f"choice.{verb.id}.{field}.{choice}.label", f"choice.{field}.{choice}.label")
            assert any(key in TEXTS["en"] for key in keys), keys


@pytest.mark.parametrize("notice", NOTICES, ids=lambda n: n.name)
def test_a_notice_is_complete(notice):
    assert f"notice.{notice.name}.title" in TEXTS["en"]
    assert f"notice.{notice.name}.line" in TEXTS["en"]


def expected(file):
    """Actions that a rule refuses by name: `_expect(task, "start", …)`."""
    return re.findall(r'expect\(\w+, "(\w+)"', (ROOT / "commands" / "domain" / file).read_text("utf-8"))


ACTIONS = {
    *RIGHTS,
    *(f"request.{action}" for action in ALLOWED),
    *(f"request.{action}" for action in expected("task.py")),
    *(f"escalate.{action}" for action in expected("escalation.py")),
    *(f"minutes.{action}" for action in expected("minutes.py")),
    *re.findall(r'action="([\w.]+)"', "\n".join(f.read_text("utf-8") for f in (ROOT / "commands").rglob("*.py"))),
}


@pytest.mark.parametrize("action", sorted(a for a in ACTIONS if "." in a or a in RIGHTS))
def test_what_is_refused_has_a_name(action):
    if action in ("request.start", "request.waive"):
        action = "request.task"
    assert (f"verb.{action}.label" if "." in action else f"action.{action}") in TEXTS["en"]
