"""Every card and notice as text, kept as files: the diff of a change of wording is its review.

`LIAISON_REWRITE_GOLDEN=1 pytest tests/templates/test_golden.py` writes them anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from adapters.plain import card_text
from commands.catalogue import CARDS, VERBS
from commands.chat import plain
from support.samples import LANGUAGES, samples

FOLDER = Path(__file__).parent / "golden"
REWRITE = os.environ.get("LIAISON_REWRITE_GOLDEN") == "1"
SAMPLES = list(samples())
CASES = [pytest.param(s, language, id=f"{s.name}.{language}") for s in SAMPLES for language in LANGUAGES]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
HOLIDAYS = ("中秋节", "国庆节")  # are called so in the calendar's data


@pytest.mark.parametrize(("sample", "language"), CASES)
def test_the_card_reads_as_reviewed(show, sample, language):
    text = card_text(show(sample, language)) + "\n"
    file = FOLDER / f"{sample.name}.{language}.txt"
    if REWRITE:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_file_is_left_of_a_card_that_is_gone():
    wanted = {f"{s.name}.{language}.txt" for s in SAMPLES for language in LANGUAGES}
    found = {file.name for file in FOLDER.iterdir()}
    if REWRITE:
        for name in found - wanted:
            (FOLDER / name).unlink()
        return
    assert found == wanted


def test_every_card_of_the_catalogue_has_a_sample():
    shown = {part for s in SAMPLES for part in (s.name.split(".")[0], *s.name.split(".")[1:2])}
    assert {card.name for card in CARDS} <= shown
    assert {f"help.{verb.id}" for verb in VERBS} <= {s.name for s in SAMPLES}


# Help names the words of both languages.
@pytest.mark.parametrize("sample", [s for s in SAMPLES if not s.name.startswith("help")], ids=lambda s: s.name)
def test_an_english_card_has_no_chinese_signs(show, sample):
    text = card_text(show(sample, "en"))
    for name in HOLIDAYS:
        text = text.replace(name, "")
    assert not CHINESE.findall(text)


@pytest.mark.parametrize(("sample", "language"), CASES)
def test_the_typography_is_right(show, sample, language):
    card = show(sample, language)
    text = card_text(card)
    assert not re.search(r"[。，；：、！]{2}|？[。，；：、！]|[.,;:!?]{2}(?<!…)|(?<=\S)  | $", text, re.MULTILINE), (
        "double signs or blanks"
    )
    assert not re.search(r"（[^（）\n]*（[^（）\n]*）[^（）\n]*）|\([^()\n]*\([^()\n]*\)[^()\n]*\)", text), (
        "nested brackets"
    )
    facts = "\n".join(f"{fact.label}: {plain(fact.value)}" for fact in card.facts)
    assert not re.search(r"[（(] *[)）]|\{|\}|\bNone\b(?!,)", text) and not re.search(r": *$", facts, re.MULTILINE), (
        "an empty place"
    )
    if language == "zh-CN" and not sample.name.startswith("help"):
        sentences = "\n".join(line for line in text.splitlines() if not line.startswith("·"))
        assert not re.search(r"[\u4e00-\u9fff] ?[,;?!()]|）[ ](前|后|起|至|的)", sentences), (
            "narrow signs in a Chinese text"
        )


# The trace shows codes: that is what it is for.
@pytest.mark.parametrize(("sample", "language"), [c for c in CASES if not str(c.id).startswith("status_audit.")])
def test_no_internal_value_is_shown(show, sample, language):
    """A state, a kind, a person's or department's id, a key of the catalogues."""
    text = card_text(show(sample, language))
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\b(state|notice|verb|card|choice|refused)\.[a-z]+\.", text)
    ids = r"(?<![@/:.\w-])(limin|zhangwei|chenjing|wangqiang|liuyang|sunzong|hefang|rd)(?![\w.:-])"
    assert not re.search(ids, text) or sample.name.startswith("rules")
