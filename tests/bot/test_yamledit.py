"""A YAML text is changed where it stands, and every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.yamledit import Edited, scalar
from bot.yamlfile import read

NEW = {"id": "b", "names": ["x", "y z"]}
APPENDED = [
    ("nothing there", "a: 1\n", "a: 1\norg:\n  people:\n    - NEW\n"),
    ("no line end", "a: 1", "a: 1\norg:\n  people:\n    - NEW"),
    ("the section is empty", "org:   # ours\na: 1\n", "org:   # ours\n  people:\n    - NEW\na: 1\n"),
    ("the section is {}", "org: {}\n", "org: \n  people:\n    - NEW\n"),
    ("another list", "org:\n  pmo: [a]  # x\na: 1\n", "org:\n  pmo: [a]  # x\n  people:\n    - NEW\na: 1\n"),
    ("the list is empty", "org:\n  people: # all\n  pmo: []\n", "org:\n  people: # all\n    - NEW\n  pmo: []\n"),
    ("the list is []", "org:\n  people: []\n", "org:\n  people: \n    - NEW\n"),
    ("a list", "org:\n  people:\n    - {id: a}  # x\n\n  # y\n  pmo: []\n",
     "org:\n  people:\n    - {id: a}  # x\n    - NEW\n\n  # y\n  pmo: []\n"),
    ("a list below its key", "org:\n  people:\n  - id: a\n    names: [b]\n", "org:\n  people:\n  - id: a\n    names: [b]\n  - NEW\n"),
    ("a list on one line", "org:\n  people: [{id: a}]\n", "org:\n  people: [{id: a}, NEW]\n"),
    ("a comma at the end", "org:\n  people: [{id: a}, ]\n", "org:\n  people: [{id: a}, NEW, ]\n"),
    ("a mark at the beginning", "\ufefforg:\n  people: [{id: a}]\n", "\ufefforg:\n  people: [{id: a}, NEW]\n"),
    ("signs beyond the first plane", "a: 🦊\norg:\n  people: [{id: a}]\n", "a: 🦊\norg:\n  people: [{id: a}, NEW]\n"),
    ("line ends of Windows", "org:\r\n  people:\r\n    - {id: a}\r\n", "org:\r\n  people:\r\n    - {id: a}\r\n    - NEW\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in APPENDED], ids=[case[0] for case in APPENDED])
def test_an_entry_goes_to_the_end_of_its_list(before: str, after: str) -> None:
    edited = Edited(before)
    edited.append("org", "people", [NEW])
    assert edited.after == after.replace("NEW", "{id: b, names: [x, y z]}")
    assert read(edited.after.encode(), "x").problems == []


SET = [
    ("on one line", "- {id: a, name: b} # c\n", "- {id: a, name: B, feishu: ou_1} # c\n"),
    ("on two lines", "- {id: a,\n   name: b  # c\n  }\n", "- {id: a,\n   name: B, feishu: ou_1  # c\n  }\n"),
    ("in a block", "- id: a\n  name: 'b'  # c\n  x: 1\n", "- id: a\n  name: B  # c\n  x: 1\n  feishu: ou_1\n"),
    ("in a block with a list", "- name: b\n  x:\n    - 1\n- z\n", "- name: B\n  x:\n    - 1\n  feishu: ou_1\n- z\n"),
]


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in SET], ids=[case[0] for case in SET])
def test_a_value_is_set_where_it_stands(before: str, after: str) -> None:
    edited = Edited(f"l:\n{before}")
    edited.set(("l", 0), {"name": "B", "feishu": "ou_1"})
    assert edited.after == f"l:\n{after}"


LISTS = [
    ("on one line", "- {id: a, who: [x]} # c\n", "- {id: a, who: [p, q]} # c\n"),
    ("below its key", "- id: a\n  who:\n  - x\n  - w\n  at: {b: 1}\n", "- id: a\n  who: [p, q]\n  at: {b: 1}\n"),
    ("further in", "- id: a\n  who:\n    - x  # c\n- b\n", "- id: a\n  who: [p, q]  # c\n- b\n"),
    ("with a comment beside the key", "- id: a\n  who:  # c\n  - x\n", "- id: a\n  who:  # c\n    [p, q]\n"),
    ("empty", "- id: a\n  who: []\n", "- id: a\n  who: [p, q]\n"),
]


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in LISTS], ids=[case[0] for case in LISTS])
def test_a_list_takes_the_place_of_a_list(before: str, after: str) -> None:
    edited = Edited(f"l:\n{before}")
    edited.set(("l", 0), {"who": ["p", "q"]})
    assert edited.after == f"l:\n{after}"
    assert read(edited.after.encode(), "x").tree["l"][0]["who"] == ["p", "q"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    shown = f"a: {scalar(text)}\nb: [{scalar(text)}]\nc: {{d: {scalar(text)}}}\n"
    found = read(shown.encode(), "x")
    assert found.problems == []
    assert found.tree == {"a": text, "b": [text], "c": {"d": text}}
