"""Story 1 on Slack: a normal request, from a typed command over a modal to the last click."""

from tests.stories.scripts import normal_request


async def test_a_normal_request_is_raised_accepted_delivered_scored_and_closed(town):
    await normal_request(town, status="/task-status")
