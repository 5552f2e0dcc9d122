"""What buttons and forms carry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.codes import LONGEST, FormCode, decode_action, decode_form, encode_action, encode_form, typed_twin
from commands.errors import Refused
from commands.forms import read_args
from commands.parse import Call
from commands.registry import Action
from support.verbs import LEXICON, SETTING, VERBS, read_line

VERB = st.from_regex(r"[a-z]{1,10}\.[a-z_]{1,10}", fullmatch=True)
ARGS = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), st.text(max_size=20), max_size=4)


def test_a_code_can_be_read_by_people() -> None:
    assert encode_action("request.accept", {"id": "R-1"}) == "request.accept?id=R-1"
    assert encode_action("status.here", {}) == "status.here"
    assert encode_action("request.new", {"title": "新品X 数据"}) == "request.new?title=新品X%20数据"


@settings(deadline=None)
@given(VERB, ARGS)
def test_an_action_comes_back_as_it_went(verb: str, args: dict[str, str]) -> None:
    assert decode_action(encode_action(verb, args)) == (verb, args)


@settings(deadline=None)
@given(VERB, ARGS, st.text(max_size=20), st.text(max_size=20))
def test_a_form_comes_back_as_it_went(verb: str, values: dict[str, str], chat: str, nonce: str) -> None:
    assert decode_form(encode_form(verb, values, chat, nonce)) == FormCode(verb, values, chat, nonce)


FORGED = [
    "",
    "?",
    "accept",
    "request.accept?",
    "request.accept?id",
    "request.accept?id=R-1&id=R-2",
    "request.accept?id=R%2D1",
    "request.accept?id=%ff",
    "request.accept?id=%zz",
    "request.accept?id=a b",
    "request.accept?ID=R-1",
    "request.accept?id=R-1#",
    "Request.accept",
    "request.accept\n",
    "request..accept",
    "request.accept?id=" + "x" * LONGEST,
    "request.accept?id=\ud800",
]


@pytest.mark.parametrize("code", FORGED, ids=ascii)
def test_what_we_did_not_write_is_a_stale_button(code: str) -> None:
    with pytest.raises(Refused, match="stale_button"):
        decode_action(code)
    with pytest.raises(Refused, match="stale_button"):
        decode_form(code)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_an_action_or_a_stale_button(code: str) -> None:
    for decode in (decode_action, decode_form):
        try:
            decode(code)
        except Refused as no:
            assert no.code == "stale_button"


def test_a_code_that_would_not_fit_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode_action("request.new", {"title": "新" * LONGEST})


def test_a_button_can_be_typed_instead() -> None:
    accept = Action("request.accept", {"id": "R-1"})
    assert typed_twin(accept, LEXICON, "en") == "/request accept R-1"
    assert typed_twin(accept, LEXICON, "zh-CN") == "/request 受理 R-1"
    rule = Action("escalate.rule", {"id": "E-2", "option": "support_raiser", "version": "3"})
    assert typed_twin(rule, LEXICON, "zh-CN") == "/escalate 裁决 E-2 裁决：支持发起方 --version 3"
    assert typed_twin(rule, LEXICON, "en") == '/escalate rule E-2 option: "support raiser" --version 3'


ACTIONS = [
    Action("request.accept", {"id": "R-1"}),
    Action("request.task", {"id": "T-4", "action": "done"}),
    Action("request.handover", {"id": "R-1", "person": "chenjing"}),
    Action("request.reroute", {"id": "R-1", "department": "design", "reason": "a, b：c"}),
    Action("request.close", {"id": "R-1", "rating": "5"}),
    Action("escalate.rule", {"id": "E-2", "option": "send_back", "effect": "hold", "version": "3"}),
    Action("minutes.object", {"id": "M-7", "item": "第 2 条"}),
    Action("status.dept", {"department": "rd"}),
    Action("status.here"),
    *(
        Action(v.id, {"id": f"{v.asks['id'].refs[0]}-12"})
        for v in VERBS.values()
        if "id" in v.asks and v.asks["id"].refs
    ),
]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("action", ACTIONS, ids=str)
def test_the_twin_means_what_the_button_means(action: Action, language: str) -> None:
    typed = read_line(typed_twin(action, LEXICON, language))
    clicked = read_args(VERBS[action.verb], action.args, SETTING)
    assert isinstance(typed, Call)
    assert (typed.verb, typed.values, typed.problems) == (clicked.verb, clicked.values, clicked.problems)
