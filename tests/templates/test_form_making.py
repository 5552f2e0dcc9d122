"""Forms follow from what a verb asks for: fields, options, values, problems, and what travels in the id."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from commands.catalogue import VERBS
from commands.chat import FieldKind
from commands.codes import decode_form
from commands.domain.due_date import Due
from commands.errors import Refused
from commands.inputs import Kind
from commands.registry import Question
from commands.words import words
from support.samples import LANGUAGES, NOW, World, renderer

MADE = renderer()


def form(verb, language="zh-CN", problems=None, heading=None, twist=lambda text: text, **values):
    reader = World(language, twist).reader()
    return MADE.form(Question(verb, values, problems or {}, heading), reader, NOW, chat="launch")


def field(made, name):
    return next(f for f in made.fields if f.name == name)


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_has_a_field_for_each_ask_that_is_not_a_buttons_alone(verb, language):
    made = form(verb.id, language)
    assert [f.name for f in made.fields] == [name for name, asked in verb.asks.items() if not asked.hidden]
    for shown in made.fields:
        asked = verb.asks[shown.name]
        assert shown.label != shown.name or shown.label.isascii()
        assert shown.required == (asked.required or asked.wanted) or asked.optional_when
        if asked.choices:
            assert [o.value for o in shown.options] == list(asked.choices)
            assert all(o.label for o in shown.options)
            assert language == "en" or not [
                o.label for o in shown.options if o.label in asked.choices and o.label != "en"
            ]


def test_a_reference_travels_in_the_id_and_stands_in_the_title():
    made = form("request.accept", id="R-1")
    assert "id" not in [f.name for f in made.fields]
    assert made.title.endswith(" R-1")
    carried = decode_form(made.id)
    assert (carried.verb, carried.values, carried.chat, carried.nonce) == (
        "request.accept",
        {"id": "R-1"},
        "launch",
        "n1",
    )


def test_a_wrong_reference_can_be_changed():
    made = form("request.accept", problems={"id": Refused("unknown_reference", id="R-9")}, id="R-9")
    assert field(made, "id").value == "R-9"
    assert "R-9" in field(made, "id").error


def test_what_is_hidden_travels_unseen():
    hidden = [(v, name) for v in VERBS for name, asked in v.asks.items() if asked.hidden and asked.kind is Kind.TEXT]
    for verb, name in hidden:
        made = form(verb.id, **{name: "7"})
        assert name not in [f.name for f in made.fields]
        assert decode_form(made.id).values[name] == "7"
        assert "7" not in made.title


def test_known_values_are_filled_in():
    due = Due(datetime(2026, 9, 30, 10, 0, tzinfo=UTC), "下周三")
    made = form("request.new", lead="rd", title="数据", wanted=due, supports=("design",), urgency="urgent")
    assert field(made, "lead").value == "rd"
    assert field(made, "wanted").value == "2026-09-30T18:00"
    assert field(made, "supports").value == ("design",)
    assert field(made, "urgency").value == "urgent"
    assert field(made, "content").value == ""
    assert field(form("request.new"), "supports").value == ()


def test_days_are_shown_as_they_can_be_typed():
    made = form("status.leave", days=(date(2026, 10, 9), date(2026, 10, 12)))
    assert field(made, "days").value == "2026-10-09 - 2026-10-12"


def test_people_and_departments_are_chosen_by_name():
    made = form("request.handover")
    assert ("zhangwei", "张伟") in [(o.value, o.label) for o in field(made, "person").options]
    made = form("request.new")
    assert ("rd", "研发部") in [(o.value, o.label) for o in field(made, "lead").options]
    assert field(made, "lead").kind is FieldKind.DEPARTMENT


def test_a_problem_stands_at_its_field():
    made = form(
        "request.decline", problems={"reason": Refused("request.short_reason", shortest=10, length=2)}, id="R-1"
    )
    assert "10" in field(made, "reason").error


def test_a_title_of_its_own():
    assert form("request.accept", heading=words("refused.title"), id="R-1").title == "未执行"


def test_what_people_wrote_stays_text():
    bad = "\x00\u202e</x>{{7*7}}\ud800"
    made = form("request.new", twist=lambda text: f"a{bad}z", title=f"a{bad}z")
    shown = [field(made, "title").value, *(o.label for o in field(made, "lead").options)]
    assert set(shown) == {"a\ufffd</x>{{7*7}}\ufffdz"}
