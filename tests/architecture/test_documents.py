"""What the documents say exists, and what exists is said."""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from adapters.feishu import scopes as feishu
from adapters.slack import scopes as slack
from bot import cli, config
from bot.clock import SystemClock
from bot.doctor import examine
from bot.language import catalogues
from bot.metrics import Metrics
from bot.schema import ROOT as SETTINGS
from bot.schema import Spot, keys, spot
from commands.catalogue import CARDS, CLOCK_STEPS, VERBS
from commands.domain.clocks import ClockKind
from commands.lexicon import Lexicon, fold
from tests.architecture import pages
from tests.architecture.repository import ROOT, documents, files, shown_in, text

DOCUMENTS = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in documents()]
TEXTS = catalogues()
LEXICON = Lexicon.build(TEXTS, VERBS)
PLACEHOLDER = re.compile(r"^(?:[A-Z]+|…|\[.*\]|<.*>)$")
NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
LATER = {"export"}
"""Subcommands that documents may name as not there yet."""


# --- pages that follow from the code -------------------------------------------------------------


@pytest.mark.parametrize("page", pages.PAGES)
def test_the_page_is_what_the_code_says(page):
    wanted = pages.PAGES[page]()
    if os.environ.get(pages.REWRITE) == "1":
        (ROOT / page).write_text(wanted, encoding="utf-8")
    assert text(ROOT / page) == wanted, f"{page} is stale: {pages.REWRITE}=1 make test ARGS=tests/architecture"


def test_every_clock_does_something_and_is_described():
    assert set(CLOCK_STEPS) == set(ClockKind) == set(pages.CLOCKS)


@pytest.mark.parametrize("kind", ClockKind)
def test_a_clock_names_keys_that_exist(kind):
    for key in pages.CLOCKS[kind][2].split(", "):
        assert spot(tuple(key.split("."))), key


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
@pytest.mark.parametrize("language", TEXTS)
def test_every_verb_has_its_words(verb, language):
    for part in ("words", "label", "help", "example"):
        assert TEXTS[language].get(f"verb.{verb.id}.{part}"), f"verb.{verb.id}.{part}"


def test_every_card_has_a_template_or_builds_on_one():
    own = {path.name.removesuffix(".xml.j2") for path in (ROOT / "templates" / "cards").iterdir()}
    used = {
        node.value for module in _modules("commands") for node in ast.walk(module) if isinstance(node, ast.Constant)
    }
    assert own <= used
    assert len({card.name for card in CARDS}) == len(CARDS)


# --- refusals ------------------------------------------------------------------------------------


def _modules(folder):
    return [
        ast.parse(text(path)) for path in files() if path.suffix == ".py" and folder in path.relative_to(ROOT).parts[:1]
    ]


def _refused_codes():
    """The codes of every `Refused("…")`; `*` stands for what is only known later."""
    for module in _modules("commands") + _modules("bot") + _modules("adapters"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                yield from _said(node.args[0])


def _said(code):
    match code:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _said(one)
            yield from _said(other)


@pytest.mark.parametrize("language", TEXTS)
def test_every_refusal_has_a_sentence(language):
    known = [key.removeprefix("refused.") for key in TEXTS[language] if key.startswith("refused.")]
    codes = set(_refused_codes())
    assert len(codes) > 50
    assert {c for c in codes if not any(re.fullmatch(re.escape(c).replace(r"\*", ".+"), k) for k in known)} == set()


# --- the config file -----------------------------------------------------------------------------


def _keys(here: Spot, name=""):
    if here.section is not None:
        for key, info in keys(here.section).items():
            yield key
            yield from _keys(Spot(info.annotation))
    elif here.is_list or here.is_mapping:
        inner = here.annotation
        for argument in getattr(inner, "__args__", ()):
            yield from _keys(Spot(argument))


def test_every_key_is_in_the_example():
    example = text(ROOT / "config.example.yaml")
    missing = {key for key in _keys(SETTINGS) if not re.search(rf"(?<![\w-]){re.escape(key)}(?::| is\b)", example)}
    assert missing <= IN_WORDS


IN_WORDS = {"active", "feishu", "dingtalk", "slack"}
"""Said in a comment of the example instead of being shown."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_variable_that_is_named_is_a_setting(document):
    for name in re.findall(
        r"\bLIAISON_((?:[A-Z0-9]+_)*[A-Z0-9]+)\b", text(document).replace("LIAISON_SECTION__KEY", "")
    ):
        if "__" in name:
            path = tuple(name.removesuffix("_FILE").lower().split("__"))
            assert spot(path), name
        else:
            assert name in {"CONFIG", "CRASH_AT", "REWRITE_GOLDEN", "CHROMIUM", "LOG", "TEST"} or name.lower() in keys(
                SETTINGS.section
            ), name


def test_every_metric_is_described():
    described = text(ROOT / "docs" / "operating.md")
    names = {family.name for family in Metrics(SystemClock()).registry.collect()}
    assert "liaison_due_lag_seconds" in names
    assert {name for name in names if name not in described} == set()


# --- what can be typed ---------------------------------------------------------------------------


def _parsers(parser):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_shown_command_of_the_command_line_exists(document):
    for line in shown_in(document):
        for shown in re.findall(r"(?:^| |bin/)liaison ([a-z][^·|;#]*)", line):
            parser = cli._parser()
            for word in shown.split():
                if word.startswith("--"):
                    assert word.partition("=")[0] in parser._option_string_actions, line
                elif word in _parsers(parser):
                    parser = _parsers(parser)[word]
                else:
                    assert not _parsers(parser) or word in LATER, line
                    break


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_shown_target_of_make_exists(document):
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    for line in shown_in(document):
        for target in re.findall(r"(?:^|[ ;])make ([a-z]+)\b", line):
            assert target in targets, line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_shown_slash_command_is_understood(document):
    for line in shown_in(document):
        found = re.match(r"/(request|status|escalate|minutes) (\S+)", line)
        if not found or re.fullmatch(r"[A-Z]-\d+|<.*>|…|VERB", found[2]):
            continue
        command, word = found.groups()
        known = {**LEXICON.verbs[command], **dict.fromkeys(LEXICON.helps)}
        assert (
            fold(word) in known
            or any(fold(line.partition(" ")[2]).startswith(w) for w in known)
            or word in ("紧急", "urgent")
        ), line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_shown_line_to_the_bot_is_understood(document):
    """`/liaison status me`, `@liaison 状态 我的`, `/task-status`: the name of a command, and of a verb."""
    names = {**LEXICON.commands, **dict.fromkeys(LEXICON.helps)}
    for line in shown_in(document):
        if found := re.match(r"[/@]liaison ([^\s…]\S*)(?: (\S+))?", line):
            command = fold(found[1])
            assert command in names, line
            assert not found[2] or fold(found[2]) in LEXICON.verbs[names[command]], line


# --- platforms -----------------------------------------------------------------------------------

SLACK, FEISHU = (
    [ROOT / "docs" / f"{platform}{language}.md" for language in ("", ".zh-CN")] for platform in ("slack", "feishu")
)
EXPLAINED = [
    *((page, {*slack.BOT}, {*slack.EVENTS}) for page in SLACK),
    *((page, {*feishu.NEEDED, *feishu.USEFUL}, {*feishu.EVENTS, *feishu.CALLBACKS}) for page in FEISHU),
]


@pytest.mark.parametrize(("page", "scopes", "events"), EXPLAINED, ids=[page.name for page, *_ in EXPLAINED])
def test_every_scope_and_event_is_explained(page, scopes, events):
    rows = re.findall(r"^\| (`[^|]*) \|", text(page), re.MULTILINE)
    explained = {scope for row in rows for scope in re.findall(r"`([\w:.]+)`", row)}
    assert scopes <= explained
    assert {event for event in events if f"`{event}`" not in text(page)} == set()


@pytest.mark.parametrize("page", FEISHU, ids=lambda page: page.name)
def test_the_scopes_to_paste_are_those_that_the_doctor_looks_for(page):
    (shown,) = re.findall(r"^```json\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    assert json.loads(shown) == {"scopes": {"tenant": [*feishu.NEEDED, *feishu.USEFUL], "user": []}}


@pytest.mark.parametrize("page", FEISHU, ids=lambda page: page.name)
def test_an_entry_of_the_menu_is_a_line_that_can_be_typed(page):
    entries = re.findall(r"^\| [^`|]+ \| `([a-z_]{1,30})` \|$", text(page), re.MULTILINE)
    assert len(entries) == 7
    for command, *verb in (entry.split("_") for entry in entries):
        assert command in {**LEXICON.commands, **dict.fromkeys(LEXICON.helps)}
        assert set(verb) <= set(LEXICON.verbs.get(command, ())) | {"me"}


@pytest.mark.parametrize("page", [*SLACK, *FEISHU], ids=lambda page: page.name)
def test_the_config_of_the_page_is_valid(page, tmp_path):
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    file = tmp_path / "config.yaml"
    file.write_text(shown, encoding="utf-8")
    file.chmod(0o600)
    loaded = config.load(file, {"LIAISON_DATABASE": f"sqlite:///{tmp_path}/liaison.db"})
    assert loaded.warnings == ()
    found = examine(loaded.settings, now=NOW, calendars={})
    assert [finding.message for finding in found if finding.level == "red"] == []


@pytest.mark.parametrize("pages_of", [SLACK, FEISHU], ids=["slack", "feishu"])
def test_both_pages_have_the_same_parts(pages_of):
    def parts(page):
        lines = text(page).splitlines()
        return [re.split(r"[ |]", line)[0] for line in lines if re.match(r"#+ |\| |- |\d+\. |```", line)]

    assert parts(pages_of[0]) == parts(pages_of[1])


# --- links and paths -----------------------------------------------------------------------------


def _anchors(document):
    headings = re.findall(r"^#+ (.+)$", text(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    content = re.sub(r"`[^`\n]*`", "", text(document))
    for link in re.findall(r"\]\(([^)\s]+)\)", content):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_file_that_is_named_exists(document):
    """`commands/catalogue.py`, from the root or from the folder of the document; a pattern must fit something."""
    for shown in re.findall(r"`([\w./<>*-]+\.(?:py|po|j2|md|yaml|toml|js|html|lock))`", text(document)):
        if "<" in shown or "…" in shown:
            continue
        below = [p for folder in {ROOT, document.parent, ROOT / "tests"} for p in folder.glob(shown)]
        within = [p for p in files() if p.is_relative_to(document.parent) and f"/{p}".endswith(f"/{shown}")]
        assert below or within or shown in SAID_ONLY, shown


SAID_ONLY = {"config.yaml", "manifest.yaml", "adapter.py", "inbound.py", "render.py", "manifest.py"}
"""Files of an operator, or of a platform that is to be written."""


def test_pictures_are_small_and_described():
    shown = {
        "README.md": "docs/pictures/sandbox.en.png",
        "README.zh-CN.md": "docs/pictures/sandbox.zh-CN.png",
        "docs/feishu.md": "pictures/feishu.en.png",
        "docs/feishu.zh-CN.md": "pictures/feishu.zh-CN.png",
    }
    for document, picture in shown.items():
        assert ((ROOT / document).parent / picture).stat().st_size < 300_000
        assert re.search(rf"!\[[^\]]{{20,}}\]\({re.escape(picture)}\)", text(ROOT / document))
