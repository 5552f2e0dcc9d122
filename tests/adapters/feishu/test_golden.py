"""A dozen cards and three forms as Feishu gets them, kept as files: the diff of a change is its review.

`LIAISON_REWRITE_GOLDEN=1 pytest tests/adapters/feishu/test_golden.py` writes them anew.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.feishu import forms, render
from bot.language import text_of
from commands.errors import Refused
from commands.registry import Question
from support import samples
from tests.adapters.feishu.seen import problems

FOLDER = Path(__file__).parent / "golden"
REWRITE = os.environ.get("LIAISON_REWRITE_GOLDEN") == "1"
CARDS = (
    "request.raised",
    "request.raised.urgent",
    "request.accepted",
    "notice.request_declined",
    "notice.request_waiting",
    "escalation.breach",
    "decision.compromise",
    "task.submitted",
    "minutes.published",
    "checkin.asked",
    "status_here",
    "refused",
)
SAMPLES = {sample.name: sample for sample in samples.samples()}


@pytest.fixture(scope="module")
def renderer():
    return samples.renderer()


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_cards_and_forms_look_as_reviewed(renderer, language):
    shown = {name: message(renderer, name, language) for name in CARDS} | dict(opened(renderer, language))
    compare(f"{language}.json", shown)


def test_cards_of_a_mixed_group_look_as_reviewed(renderer):
    compare("mixed.json", {name: mixed(renderer, name) for name in CARDS})


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_feishu_takes_every_card_that_there_is(renderer, language):
    for name in SAMPLES:
        assert problems(message(renderer, name, language)) == [], name


def test_every_card_that_there_is_can_be_in_both_languages(renderer):
    """Templates of both languages are built alike."""
    alone = []
    for name in SAMPLES:
        card = mixed(renderer, name)
        assert problems(card) == [], name
        alone += [name] if "i18n_content" not in json.dumps(card) else []
    assert alone == []


def compare(name, cards):
    file = FOLDER / name
    if REWRITE:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(written(cards), encoding="utf-8")
    assert written(cards) == file.read_text(encoding="utf-8")


def written(cards):
    """JSON with a line for the frame and one for each element."""
    lines = (
        f'"{name}": [\n' + ",\n".join(json.dumps(part, ensure_ascii=False) for part in in_parts(card)) + "\n]"
        for name, card in cards.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def in_parts(card):
    frame = {name: part for name, part in card.items() if name != "body"}
    elements = card["body"]["elements"]
    inside = [e for outer in elements for e in (outer["elements"] if outer["tag"] == "form" else [outer])]
    return [frame, *inside]


def message(renderer, name, language):
    return render.message(card_of(renderer, name, language), words(language))


def mixed(renderer, name):
    cards = {language: card_of(renderer, name, language) for language in samples.LANGUAGES}
    card = replace(cards["zh-CN"], translations=cards)
    return render.message(card, words("zh-CN"), words_in=words)


def card_of(renderer, name, language):
    view, world = SAMPLES[name].build(language)
    return renderer.render(view, world.reader(), SAMPLES[name].now)


def opened(renderer, language):
    world = samples.World(language)
    wrong = {"wanted": Refused("field.due.unreadable", word="31 Feb")}
    for name, question in {
        "form.request": Question("request.new", {"title": world.request().title, "lead": "rd"}, wrong),
        "form.accept": Question("request.accept", {"id": "R-1", "due": samples.at(30)}),
        "form.ruling": Question("escalate.rule", {"id": "E-1"}),
    }.items():
        form = on_feishu(renderer.form(question, world.reader(), samples.NOW, chat="feishu:oc_1"))
        yield name, forms.form(form, words(language), chat="oc_1", direct=False, owner="ou_1")


def on_feishu(form):
    """With people who have open_ids."""

    def known(option):
        return replace(option, user=f"ou_{option.value}") if option.user else option

    return replace(form, fields=tuple(replace(f, options=tuple(map(known, f.options))) for f in form.fields))


def words(language):
    return lambda key: text_of(language, key) or key
