"""What a request's card looks like from afar."""

from __future__ import annotations

import pytest

from commands.chat import Tone
from support import samples

SAMPLES = {sample.name: sample for sample in samples.samples()}


@pytest.mark.parametrize(
    ("sample", "tone"),
    [
        ("request.raised", Tone.INFO),
        ("request.raised.urgent", Tone.WARNING),
        ("request.accepted", Tone.SUCCESS),
    ],
)
def test_an_urgent_request_stands_out_until_it_is_answered(sample, tone):
    view, _ = SAMPLES[sample].build("zh-CN")
    assert view.tone is tone
