"""The stories on Slack: over both ways in, and once more with something going wrong at every step."""

from __future__ import annotations

from itertools import cycle

import pytest

from support.slack.town import slack_town
from support.town import Weather

WRONG = [
    {"kind": "cut", "method": "chat.postMessage", "when": "after"},
    {"kind": "cut", "method": "views.open", "when": "after"},
    {"kind": "status", "method": "chat.update", "code": 502},
    {"kind": "ratelimit", "method": "chat.postMessage", "times": 3, "retry_after": 2},
    {"kind": "status", "method": "chat.postMessage", "code": 503, "when": "after"},
    {"kind": "cut", "method": "conversations.history"},
    {"kind": "error", "method": "chat.postMessage", "code": "fatal_error", "when": "after"},
    {"kind": "cut", "method": "chat.update", "when": "after"},
    {"kind": "ratelimit", "method": "chat.update", "times": 2, "retry_after": 2},
    {"kind": "cut", "method": "chat.postMessage"},
]


class Rough(Weather):
    """At each step something else goes wrong as soon as it can; an envelope comes twice, and again when it is done."""

    def __init__(self, slack):
        self.slack, self.wrong = slack, cycle(WRONG)

    async def before(self):
        await self.slack.add_fault(**next(self.wrong))
        await self.slack.duplicate_next()

    async def after(self, delivery):
        await self.slack.redeliver(delivery.envelope_id)


@pytest.fixture(params=["socket", "http"])
def mode(request):
    return request.param


@pytest.fixture(params=["socket-calm", "socket-rough", "http-rough"])
async def town(request, tmp_path):
    mode, weather = request.param.split("-")
    async with slack_town(tmp_path, mode) as town:
        if weather == "rough":
            town.weather = Rough(town.slack)
        yield town
        if weather == "rough":
            assert len([call for call in await town.slack.calls() if call.fault]) > 2, "too little went wrong"
