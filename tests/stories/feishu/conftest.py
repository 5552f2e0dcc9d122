"""The stories on Feishu: over both ways in, and once more with something going wrong at every step."""

from __future__ import annotations

from itertools import cycle

import pytest

from support.feishu.api import ENDPOINT
from support.feishu.filling import UNFILLED
from support.feishu.town import feishu_town
from support.town import Weather

POST, EDIT = "POST im/v1/messages", "PATCH im/v1/messages/:id"
# What may happen to the answer of the person who waits for it.
AT_ONCE = [
    {"kind": "token"},
    None,
    {"kind": "chatlimit", "method": POST},
    None,
    {"kind": "ratelimit", "method": POST},
    None,
]
# What may happen to the messages that others are owed.
OWED = [
    {"kind": "cut", "method": POST, "when": "after"},
    {"kind": "html", "method": EDIT},
    {"kind": "ratelimit", "method": POST, "times": 3, "retry_after": 2},
    {"kind": "html", "method": POST, "when": "after"},
    {"kind": "cut", "method": EDIT, "when": "after"},
    {"kind": "chatlimit", "method": POST, "times": 2},
    {"kind": "status", "method": POST, "code": 503, "when": "after"},
    {"kind": "ratelimit", "method": EDIT, "times": 2, "retry_after": 2},
    {"kind": "cut", "method": POST},
]


class Rough(Weather):
    """At each step something else goes wrong as soon as it can; a message comes twice, under other ids too, and again
    when it is done; fields that nobody filled in come in another shape. At the first step the connection is lost, and Feishu has trouble to give another one."""

    def __init__(self, feishu):
        self.feishu, self.at_once, self.owed_next = feishu, cycle(AT_ONCE), cycle(OWED)
        self.unfilled = cycle(sorted(UNFILLED))
        self.feishu.drop_sockets()
        self.feishu.add_fault("error", ENDPOINT, code=1000040343)

    async def before(self):
        self.feishu.api.faults.clear()  # what nobody ran into
        if wrong := next(self.at_once):
            self.feishu.add_fault(**wrong)
        self.feishu.duplicate_next(fresh=True)
        self.feishu.people.unfilled = next(self.unfilled)

    async def after(self, delivery):
        if not delivery.callback:
            await self.feishu.redeliver(delivery)
            await self.feishu.redeliver(delivery, fresh=True)

    async def owed(self):
        self.feishu.add_fault(**next(self.owed_next))


@pytest.fixture(params=["websocket-rough", "webhook-rough"])
async def town(request, tmp_path):
    mode, weather = request.param.split("-")
    async with feishu_town(tmp_path, mode) as town:
        if weather == "rough":
            town.weather = Rough(town.feishu)
        yield town
        if weather == "rough":
            assert len([call for call in town.feishu.calls() if call.fault]) > 2, "too little went wrong"
