"""Story 1 on Feishu: a normal request, from a mention over a card with a form to the last click."""

import pytest

from tests.stories.scripts import normal_request


@pytest.mark.parametrize("town", ["websocket-calm", "websocket-rough", "webhook-rough"], indirect=True)
async def test_a_normal_request_is_raised_accepted_delivered_scored_and_closed(town):
    await normal_request(town)
