"""Webhook mode: what Feishu did not make a moment ago is not even read, and nothing of it is in the log."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from adapters.feishu.webhook import Webhook
from support.feishu.webhook import signed, written
from tests.adapters.feishu.office import config, office

SECRET_WORDS = "秘密的话"


def said(office):
    """The event of a message that nobody sent."""
    return office.feishu.people.say(office.ann, "ann", SECRET_WORDS).delivery.body


async def sent(office, content, headers):
    """Status of what the webhook answers; never one that sends the caller elsewhere."""
    async with (
        ClientSession() as session,
        session.post(office.feishu.request_url, data=content, headers=headers, allow_redirects=False) as response,
    ):
        return response.status


async def refused(office, content, headers=None):
    """The status, and no trace of it in the core or the log."""
    with capture_logs() as logs:
        status = await sent(office, content, headers or {})
    assert office.core.events == []
    assert [one["log_level"] for one in logs] == ["warning"]
    assert SECRET_WORDS not in str(logs)
    return status


async def test_what_feishu_signed_is_taken(webhook):
    body = said(webhook)
    assert await webhook.feishu.requests.request(body) == (200, {})
    await webhook.feishu.wait_messages("ann", 1)
    assert [event.text for event in webhook.core.events] == [SECRET_WORDS]


async def test_what_is_sent_again_is_done_once(webhook):
    """A replay within five minutes is a repetition like any other."""
    body = said(webhook)
    for _ in range(2):
        assert (await webhook.feishu.requests.request(body))[0] == 200
    await webhook.feishu.wait_messages("ann", 1)
    assert len(webhook.core.events) == 1


async def test_a_wrong_signature_is_refused(webhook):
    content = written(said(webhook), webhook.feishu.encrypt_key)
    right = signed(webhook.feishu.encrypt_key, content)
    assert await refused(webhook, content) == 401
    assert await refused(webhook, content, signed("another key", content)) == 401
    assert await refused(webhook, content, right | {"X-Lark-Signature": "\u00fc"}) == 401
    assert await refused(webhook, content, right | {"X-Lark-Request-Nonce": "other"}) == 401
    assert await refused(webhook, content + b" ", right) == 401
    assert await sent(webhook, content, right) == 200


@pytest.mark.parametrize("age", [301, -301, 86_400])
async def test_an_old_signature_is_refused(webhook, age):
    content = written(said(webhook), webhook.feishu.encrypt_key)
    then = webhook.feishu.organisation.wall() - age
    assert await refused(webhook, content, signed(webhook.feishu.encrypt_key, content, at=then)) == 401
    recent = webhook.feishu.organisation.wall() - 240
    assert await sent(webhook, content, signed(webhook.feishu.encrypt_key, content, at=recent)) == 200


async def test_the_moment_of_a_signature_may_be_in_milliseconds(webhook):
    content = written(said(webhook), webhook.feishu.encrypt_key)
    now, key = webhook.feishu.organisation.wall(), webhook.feishu.encrypt_key
    assert await refused(webhook, content, signed(key, content, at=(now - 301) * 1000)) == 401
    assert await sent(webhook, content, signed(key, content, at=now * 1000)) == 200


@pytest.mark.parametrize("moment", ["", "soon", "-1", "9" * 400, "١٢٣"])
async def test_a_moment_that_is_none_is_refused(webhook, moment):
    content = written(said(webhook), webhook.feishu.encrypt_key)
    headers = signed(webhook.feishu.encrypt_key, content) | {"X-Lark-Request-Timestamp": moment}
    assert await refused(webhook, content, headers) == 401


async def test_another_token_is_refused_though_it_is_signed(webhook):
    body = said(webhook)
    for token in ("another", None, 7):
        content = written(body | {"header": body["header"] | {"token": token}}, webhook.feishu.encrypt_key)
        assert await refused(webhook, content, signed(webhook.feishu.encrypt_key, content)) == 401


async def test_plain_text_and_another_key_are_refused(webhook):
    """All in one word: whoever tries keys learns nothing from the answers."""
    key = webhook.feishu.encrypt_key
    plain = json.dumps(said(webhook)).encode()
    for content in (
        plain,
        written(said(webhook), "another key"),
        b'{"encrypt": 7}',
        b'{"encrypt": "***"}',
        b'{"encrypt": ""}',
        b'{"encrypt": "AAAA"}',
        json.dumps({"encrypt": "A" * 64}).encode(),
    ):
        assert await refused(webhook, content, signed(key, content)) == 401


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe"])
async def test_what_nobody_can_read_is_refused(webhook, content):
    assert await refused(webhook, content, signed(webhook.feishu.encrypt_key, content)) == 400


async def test_the_challenge_is_answered_for_who_knows_key_and_token(webhook):
    assert await webhook.feishu.requests.verify(webhook.feishu.verification_token)
    assert not await webhook.feishu.requests.verify("another")
    content = json.dumps({"type": "url_verification", "token": webhook.feishu.verification_token, "challenge": "x"})
    assert await refused(webhook, content.encode()) == 401


async def test_without_a_key_the_token_is_what_counts():
    async with office("webhook", encrypt_key="") as plain:
        body = said(plain)
        assert await refused(plain, written(body | {"header": {**body["header"], "token": "another"}}, "")) == 401
        assert await refused(plain, written(body | {"header": None}, "")) == 401
        assert await sent(plain, written(body, ""), {}) == 200
        await plain.feishu.wait_messages("ann", 1)


async def test_a_webhook_without_any_secret_is_refused_at_the_start(webhook):
    bare = config(webhook.feishu)
    object.__setattr__(bare, "encrypt_key", "")
    object.__setattr__(bare, "verification_token", "")
    with pytest.raises(ValueError, match="encrypt_key"):
        Webhook(bare, now=lambda: None)


async def test_until_it_runs_it_says_that_it_is_starting(webhook):
    webhook.adapter._front = None
    assert await sent(webhook, b"{}", {}) == 503
