"""What people read on a platform can be typed there: commands stand under the names that they have there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from adapters.plain import card_text
from bot.commandnames import CommandNames
from bot.language import catalogues
from commands.catalogue import VERBS
from commands.chat import Say
from commands.codes import decode_action
from commands.lexicon import Lexicon
from commands.parse import Call, read
from commands.registry import Question
from commands.typed import Setting
from support.samples import LANGUAGES, NOW, World, renderer, samples
from support.verbs import CALENDAR

OURS = {"request": "ask-for", "status": "wip", "escalate": "climb", "minutes": "notes"}
NAMES = CommandNames.of({**OURS, "liaison": "collab", "help": "collab help"})
LEXICON = Lexicon.build(catalogues(), VERBS, called={name: command for command, name in OURS.items()})
COMMAND = re.compile(r"(?<![\w./-])/(?:request|status|escalate|minutes|help|liaison)\b", re.ASCII)
SAMPLES = [s for s in samples() if s.name != "help.unknown"]  # repeats what somebody typed
MADE = renderer()


def reader(world):
    return replace(world.reader(), commands=NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_no_card_names_a_command_that_is_not_there(sample, language):
    view, world = sample.build(language)
    there = card_text(MADE.render(view, reader(world), sample.now))
    elsewhere = card_text(MADE.render(view, world.reader(), sample.now))
    assert COMMAND.findall(there) == []
    assert len(re.findall("/(?:ask-for|wip|climb|notes|collab)", there)) == len(COMMAND.findall(elsewhere))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.id)
def test_no_form_does(verb, language):
    form = MADE.form(Question(verb.id), reader(World(language)), NOW, chat="launch")
    assert COMMAND.findall(str(form)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_catalogues_does(language):
    mine = reader(World(language))
    assert COMMAND.findall(" ".join(mine.text_of(key) or "" for key in catalogues()[language])) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_a_twin_under_another_name_reads_back(sample, language):
    view, world = sample.build(language)
    setting = Setting(
        lexicon=LEXICON,
        directory=world.reader().directory,
        now=sample.now,
        calendar=CALENDAR,
        verbs={verb.id: verb for verb in VERBS},
        me="limin",
        platform="sandbox",
    )
    for button in MADE.render(view, reader(world), sample.now).buttons:
        typed = read(Say("e", "sandbox", "limin", "newx", True, button.twin), setting)
        assert isinstance(typed, Call), (button.twin, typed)
        assert typed.verb.id == decode_action(button.id)[0]


# --- what is renamed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Type /status me", "Type /wip me"),
        ("请输入/status me。", "请输入/wip me。"),
        ("/status", "/wip"),
        ("/help", "/collab help"),
        ("（/minutes 查看 {id}）", "（/notes 查看 {id}）"),
        ("https://example.com/status", "https://example.com/status"),
        ("a/status", "a/status"),
        ("/status-page /statuses", "/status-page /statuses"),
    ],
)
def test_commands_are_renamed_and_nothing_else(text, shown):
    assert NAMES.said(text) == shown
    assert CommandNames().said(text) == text


def test_what_somebody_wrote_keeps_its_words():
    """A twin may end in the text of a person."""
    assert NAMES.typed("/status R-1 note: see /status") == "/wip R-1 note: see /status"
    assert NAMES.typed("/wip R-1") == "/wip R-1"
