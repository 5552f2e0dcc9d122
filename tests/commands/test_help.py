"""Help follows from the verbs: it can neither forget one nor invent one."""

from __future__ import annotations

import pytest

from commands.help import HelpRow, help_view, hints
from commands.parse import Help
from commands.words import Typed, words
from support.verbs import LEXICON, VERBS


def rows(topic: str, language: str = "zh-CN") -> tuple[HelpRow, ...]:
    found: tuple[HelpRow, ...] = help_view(Help(topic), LEXICON, VERBS, language).facts["rows"]
    return found


def test_short_help_has_a_row_per_command() -> None:
    assert [row.type.line for row in rows("")] == ["/request", "/status", "/escalate", "/minutes"]


@pytest.mark.parametrize("command", ["request", "status", "escalate", "minutes"])
def test_a_commands_help_has_every_verb_that_is_not_hidden(command: str) -> None:
    shown = {row.does.key for row in rows(command)}
    assert shown == {f"verb.{v.id}.help" for v in VERBS.values() if v.command == command and not v.hidden}


def test_a_row_shows_the_readers_word_and_names_the_others() -> None:
    chinese = next(row for row in rows("request") if row.type == Typed("/request 受理"))
    assert "accept" in chinese.also
    assert "受理" not in chinese.also
    assert any(row.type == Typed("/request accept") and "受理" in row.also for row in rows("request", "en"))


def test_a_verbs_help_names_its_fields() -> None:
    view = help_view(Help("request.new"), LEXICON, VERBS, "zh-CN")
    fields = {row.label.key: row for row in view.facts["fields"]}
    assert fields["field.title.label"].main
    assert fields["field.lead.label"].required
    assert fields["field.lead.label"].key == "牵头"
    assert words("choice.urgency.urgent.label") in fields["field.urgency.label"].choices


def test_hidden_fields_stay_hidden() -> None:
    view = help_view(Help("escalate.rule"), LEXICON, VERBS, "en")
    assert "field.version.label" not in {row.label.key for row in view.facts["fields"]}


def test_what_was_not_understood_is_repeated() -> None:
    assert help_view(Help("minutes", "foo"), LEXICON, VERBS, "en").facts["unknown"] == words("help.unknown", word="foo")
    assert help_view(Help(), LEXICON, VERBS, "en").facts["unknown"] is None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_hints_complete_every_verb(language: str) -> None:
    offered = hints(LEXICON, VERBS, language)
    assert len(offered) == 4 + len(VERBS)
    assert all(hint.insert.endswith(" ") and hint.label and hint.help for hint in offered)
