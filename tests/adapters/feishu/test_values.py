"""What a card remembers for its callbacks."""

from __future__ import annotations

import json

import pytest

from adapters.feishu import values
from adapters.feishu.values import Act, All, Closing, Form

FORM = Form("request.accept?id=R-1#feishu:oc_1#n", "oc_1", False, "ou_1", "受理请求 R-1")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (values.act("request.accept?id=R-1"), Act("request.accept?id=R-1")),
        (values.act("request.send?id=R-1", question="R-1 紧急吗？"), Act("request.send?id=R-1", "R-1 紧急吗？")),
        (values.whole(), All()),
        (values.form(FORM), FORM),
        (values.closing(FORM), Closing(FORM)),
    ],
)
def test_what_a_card_remembers_is_read_again(written, meant):
    assert values.read(json.loads(json.dumps(written))) == meant


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "act",
        [],
        {},
        {"do": None},
        {"do": "act"},
        {"do": "act", "button": 5},
        {"do": "form"},
        values.form(FORM) | {"owner": 1},
        values.form(FORM) | {"owner": None},
        values.closing(FORM) | {"direct": "no"},
        {"do": "again", "act": "x"},
        {"do": "delete"},
    ],
)
def test_what_is_nothing_of_ours_is_nothing(forged):
    assert values.read(forged) is None
