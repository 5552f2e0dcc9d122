"""Slack's requests in HTTP mode: signed by Slack, or refused before anything in them is read.

https://docs.slack.dev/authentication/verifying-requests-from-slack/. Bolt reads the body first, and writes that of a
request with a wrong signature to the log; so it is handed only what Slack has signed.
"""

from __future__ import annotations

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

log = structlog.get_logger("slack")

SSL_CHECK = b"ssl_check=1"
"""Slack looks at our certificate now and then, without a signature
(https://docs.slack.dev/interactivity/implementing-slash-commands/)."""


class Webhook:
    """Answers 401 to what Slack did not sign in the last five minutes, 400 to what nobody can read."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)

    async def take(self, request: web.Request, app: AsyncApp) -> web.StreamResponse:
        body = await request.read()
        if not self._is_signed(request, body):
            if SSL_CHECK in body[:500]:
                return web.Response()
            log.warning(
                "not_signed_by_slack", caller=request.remote, age=request.headers.get("X-Slack-Request-Timestamp")
            )
            return web.Response(status=401, text="not signed by Slack")
        try:
            asked = AsyncBoltRequest(body=body.decode("utf-8", "replace"), headers=dict(request.headers))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            log.warning("request_unreadable", error=repr(error)[:200])
            return web.Response(status=400, text="unreadable")
        return await to_aiohttp_response(await app.async_dispatch(asked))

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError):  # a timestamp that is no number, a signature that is no ASCII
            return False
