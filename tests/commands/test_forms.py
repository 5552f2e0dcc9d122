"""From a call to an input, or to the form that asks for the rest; and back from a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from commands.domain.due_date import read_due
from commands.forms import ask_for, complete, missing, read_args, read_submit
from commands.parse import Call
from commands.registry import Context, Question, Verb
from support.verbs import CALENDAR, NOW, SETTING, VERBS, read_line

CONTEXT = cast(Context, None)
"""These verbs propose nothing, so no form asks for a context."""


def call(line: str) -> Call:
    found = read_line(line)
    assert isinstance(found, Call)
    return found


def submitted(verb: str, **values: Any) -> Call:
    return read_submit(VERBS[verb], values, SETTING)


def test_a_complete_line_is_an_input() -> None:
    given = complete(call("/request 不受理 R-1 人手不足"), CONTEXT)
    assert given == VERBS["request.decline"].input(id="R-1", reason="人手不足")


def test_what_is_missing_opens_the_form_with_what_is_known() -> None:
    question = complete(call("/request @研发部 新品X"), CONTEXT)
    assert isinstance(question, Question)
    assert (question.verb, dict(question.values)) == ("request.new", {"lead": "rd", "title": "新品X"})
    assert missing(VERBS["request.new"], question.values) == ("standard", "wanted")


def test_a_problem_opens_the_form_even_if_nothing_is_missing() -> None:
    question = complete(call("/request task R-1 report owner: nobody"), CONTEXT)
    assert isinstance(question, Question)
    assert [p.code for p in question.problems.values()] == ["field.person.nobody"]


def test_too_long_a_text_is_not_lost() -> None:
    question = complete(call("/request decline R-1 " + "x" * 20_001), CONTEXT)
    assert isinstance(question, Question)
    assert question.values["reason"] == "x" * 20_001


def test_another_field_may_excuse_a_required_one() -> None:
    assert not isinstance(complete(call("/request 任务 T-1 完成"), CONTEXT), Question)
    assert isinstance(complete(call("/request 任务 T-1 开始"), CONTEXT), Question)


def test_the_verb_proposes_what_nobody_gave() -> None:
    def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"owner": "zhangwei", "note": f"for {values['id']}", "id": "R-99"}

    accept = VERBS["request.accept"]
    verb = Verb(accept.command, accept.name, accept.input, accept.run, prefill)
    question = ask_for(Call(verb, {"id": "R-1", "owner": "chenjing"}), CONTEXT)
    assert dict(question.values) == {"owner": "chenjing", "note": "for R-1", "id": "R-1"}


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-30T18:00:00+08:00",
        "2026-09-30T10:00:00Z",
        "2026-09-30T18:00",
        "2026-09-30 18:00",
        "2026-09-30 18:00 +0800",
        "2026-09-30 18:00:00",
        "2026-09-30T18:00:00.000+08:00",
    ],
)
def test_every_platform_writes_moments_its_own_way(text: str) -> None:
    assert submitted("request.accept", id="R-1", due=text).values["due"] == read_due("2026-09-30 18:00", NOW, CALENDAR)


def test_a_day_or_words_will_do() -> None:
    for text in ("2026-09-30", "下周五"):
        assert submitted("request.accept", id="R-1", due=text).values["due"] == read_due(text, NOW, CALENDAR)


@pytest.mark.parametrize("who", ["zhangwei", "张伟", "@张伟", "<@U0zhangwei>", "U0zhangwei", ["zhangwei"], "我"])
def test_people_go_by_id_name_or_mention(who: Any) -> None:
    found = submitted("request.handover", id="R-1", person=who)
    assert found.values["person"] == ("limin" if who == "我" else "zhangwei")


@pytest.mark.parametrize("which", ["rd", "研发部", "R&D", "r&d", "@研发部", "张伟", ["rd"]])
def test_departments_go_by_id_name_or_alias(which: Any) -> None:
    assert submitted("status.dept", department=which).values == {"department": "rd"}


@pytest.mark.parametrize("choice", ["urgent", "紧急", "加急", "Urgent"])
def test_choices_go_by_value_label_or_word(choice: str) -> None:
    assert submitted("request.new", urgency=choice).values == {"urgency": "urgent"}


def test_lists_come_as_lists_or_as_text() -> None:
    for people in (["limin", "zhangwei"], "limin, zhangwei", "李敏、张伟"):
        assert submitted("minutes.new", participants=people).values["participants"] == ("limin", "zhangwei")


@pytest.mark.parametrize("nothing", ["", "  ", None, [], [""]])
def test_nothing_is_nothing_however_it_is_sent(nothing: Any) -> None:
    found = submitted("request.decline", id="R-1", reason=nothing)
    assert dict(found.values) == {"id": "R-1"}
    assert [(n, p.code) for n, p in found.problems.items()] == [("reason", "field.missing")]


def test_a_button_is_not_reproached_for_what_it_does_not_carry() -> None:
    assert not read_args(VERBS["request.accept"], {"id": "R-1"}, SETTING).problems


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"evil": "1"}, "field.unknown"),
        ({"title": "x" * 2_001}, "field.text.too_long"),
        ({"content": "x" * 20_001}, "field.text.too_long"),
        ({"title": "a\x00b"}, "text.nul"),
        ({"lead": ["rd", "design"]}, "field.twice"),
        ({"lead": "nowhere"}, "field.department.nobody"),
        ({"urgency": "very"}, "field.choice.unknown"),
        ({"wanted": "2026-13-45T99:00"}, "field.due."),
        ({"wanted": "2020-01-01"}, "field.due."),
    ],
    ids=str,
)
def test_a_form_can_hold_anything(values: dict[str, Any], code: str) -> None:
    found = submitted("request.new", **values)
    name = next(iter(values))
    assert name not in found.values
    assert found.problems[name].code.startswith(code)


def test_the_count_and_the_limit_are_told() -> None:
    assert submitted("request.new", title="x" * 2_001).problems["title"].params == {"count": 2_001, "limit": 2_000}


def test_text_is_kept_but_made_harmless() -> None:
    found = submitted("request.new", title="a\nb \u202egnp", content="one\r\n  two\x1b[0m {{ x }}")
    assert found.values["title"] == "a b gnp"
    assert found.values["content"] == "one\n  two\ufffd[0m {{ x }}"
