"""HTTP mode: what Slack did not sign is not even read, and nothing of it is in the log."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from support.slack.deliveries import signed

FORM = "application/x-www-form-urlencoded"
UNREADABLE = [
    ("application/json", "{"),
    ("application/json", "[" * 5_000),
    ("application/json", "[]"),
    ("application/json", "null"),
    ("application/json", '"secret words"'),
    (FORM, "payload={"),
    (FORM, "payload=[]"),
    (FORM, "payload=" + "[" * 5_000),
    ("application/json", json.dumps({"type": "event_callback", "authorizations": 5, "event": {}})),
]


async def sent(slack, kind, body, headers):
    async with (
        ClientSession() as session,
        session.post(slack.request_url, data=body, headers={"Content-Type": kind, **headers}) as response,
    ):
        return response.status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Signature": "v0=\u00fc", "X-Slack-Request-Timestamp": "1"},
    ],
)
@pytest.mark.parametrize(("kind", "body"), [*UNREADABLE, ("text/plain", "secret words"), (FORM, "text=secret+words")])
async def test_what_slack_did_not_sign_is_refused_unread(http, kind, body, headers):
    with capture_logs() as logs:
        assert await sent(http.slack, kind, body, headers) == 401
    (line,) = logs
    assert line["event"] == "not_signed_by_slack"
    assert "secret" not in json.dumps(line)


@pytest.mark.parametrize(("kind", "body"), UNREADABLE)
async def test_what_nobody_can_read_is_refused_in_one_line(http, kind, body):
    with capture_logs() as logs:
        assert await sent(http.slack, kind, body, signed(http.slack.signing_secret, body)) == 400
    assert [line["event"] for line in logs] == ["request_unreadable"]


async def test_slack_may_look_at_our_certificate_without_a_signature(http):
    assert await sent(http.slack, FORM, "ssl_check=1&token=x", {}) == 200
    assert http.core.events == []


async def test_slack_learns_that_this_is_our_address(http):
    body = json.dumps({"type": "url_verification", "challenge": "c", "token": "t"})
    assert await sent(http.slack, "application/json", body, signed(http.slack.signing_secret, body)) == 200
