"""A dozen cards and three forms as Slack gets them, kept as files: the diff of a change is its review.

`LIAISON_REWRITE_GOLDEN=1 pytest tests/adapters/slack/test_golden.py` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from adapters.slack import render, views
from bot.language import text_of
from commands.errors import Refused
from commands.registry import Question
from support import samples
from tests.adapters.slack.seen import problems

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
    found = {name: message(renderer, name, language) for name in CARDS} | dict(opened(renderer, language))
    file = FOLDER / f"{language}.json"
    if REWRITE:
        file.write_text(written(found), encoding="utf-8")
    assert written(found) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", samples.LANGUAGES)
def test_slack_takes_every_card_that_there_is(renderer, language):
    for name in SAMPLES:
        assert problems(message(renderer, name, language)) == [], name


def written(found):
    """JSON with a line for each block."""
    lines = (
        f'"{name}": [\n' + ",\n".join(json.dumps(part, ensure_ascii=False) for part in in_parts(payload)) + "\n]"
        for name, payload in found.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def in_parts(payload):
    return [{name: part for name, part in payload.items() if name != "blocks"}, *payload["blocks"]]


def message(renderer, name, language):
    view, world = SAMPLES[name].build(language)
    return render.message(renderer.render(view, world.reader(), SAMPLES[name].now), words(language))


def opened(renderer, language):
    world = samples.World(language)
    wrong = {"wanted": Refused("field.due.unreadable", word="31 Feb")}
    for name, question in {
        "form.request": Question("request.new", {"title": world.request().title, "lead": "rd"}, wrong),
        "form.accept": Question("request.accept", {"id": "R-1", "due": samples.at(30)}),
        "form.ruling": Question("escalate.rule", {"id": "E-1"}),
    }.items():
        form = renderer.form(question, world.reader(), samples.NOW, chat="slack:C1")
        yield name, views.modal(form, words(language), chat="C1", direct=False)


def words(language):
    return lambda key: text_of(language, key) or key
