"""What a button does can be typed: its twin reads back as the same action."""

from __future__ import annotations

import pytest

from bot.language import catalogues
from commands.catalogue import VERBS as ALL
from commands.chat import Say
from commands.codes import decode_action
from commands.forms import read_args
from commands.lexicon import Lexicon
from commands.parse import Call, read
from commands.typed import Setting
from support.samples import LANGUAGES, renderer, samples
from support.verbs import CALENDAR

SAMPLES = {s.name: s for s in samples()}
VERBS = {verb.id: verb for verb in ALL}
LEXICON = Lexicon.build(catalogues(), ALL)


@pytest.fixture(scope="module")
def made():
    return renderer()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_typing_the_twin_is_pressing_the_button(made, name, language):
    sample = SAMPLES[name]
    view, world = sample.build(language)
    card = made.render(view, world.reader(), sample.now)
    setting = Setting(
        lexicon=LEXICON,
        directory=world.reader().directory,
        now=sample.now,
        calendar=CALENDAR,
        verbs=VERBS,
        me="limin",
        platform="sandbox",
    )
    for button in card.buttons:
        verb, args = decode_action(button.id)
        pressed = read_args(VERBS[verb], args, setting)
        typed = read(
            Say(key="e", platform="sandbox", user="limin", chat="newx", direct=True, text=button.twin), setting
        )
        assert isinstance(typed, Call), (button.twin, typed)
        given, meant = dict(typed.values), dict(pressed.values)
        if verb == "escalate.rule":  # the department's name, in place of its side
            typed_option, option = given.pop("option"), meant.pop("option")
            assert typed_option == option or (typed_option.startswith("support:") and option.startswith("support_"))
        assert (typed.verb.id, given) == (verb, meant), button.twin
