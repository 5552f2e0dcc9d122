"""Feishu's requests in webhook mode: encrypted or with our token, signed and fresh, or refused before they are read.

https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case.
With an encrypt key, each request is encrypted, and all but the challenge are signed; without one, the token in the body
is all that tells Feishu from anybody else.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any

import structlog
from aiohttp import web
from Crypto.Cipher import AES

from adapters.feishu.config import FeishuConfig
from adapters.feishu.inbound import Body, Take

log = structlog.get_logger("feishu")

FRESH = 300.0
"""Seconds that a signature is good for, either way: clocks differ."""


class NotFeishu(Exception):
    """Nobody who knows our secrets made this request; says what is wrong with it."""


class Webhook:
    """Answers 401 to what Feishu did not make in the last five minutes, 400 to what nobody can read. Raises
    `ValueError` when neither secret is there: anybody could speak to the bot."""

    def __init__(self, config: FeishuConfig, *, now: Callable[[], datetime]) -> None:
        if not (config.encrypt_key or config.verification_token):
            raise ValueError("webhook mode needs an encrypt_key or a verification_token")
        self._key = config.encrypt_key
        self._token = config.verification_token
        self._now = now

    async def take(self, request: web.Request, take: Take) -> web.StreamResponse:
        """The answer is sent within `take`."""
        content = await request.read()
        try:
            signed = self._is_signed(request, content)
            body = self._opened(content)
            if body.get("type") == "url_verification":
                return web.json_response({"challenge": str(body.get("challenge") or "")})
            if not signed:
                raise NotFeishu("not signed, or long ago")
        except NotFeishu as error:
            log.warning("not_made_by_feishu", caller=request.remote, why=str(error))
            return web.json_response({"msg": "not made by Feishu"}, status=401)
        except (ValueError, RecursionError) as error:
            log.warning("request_unreadable", caller=request.remote, error=type(error).__name__)
            return web.json_response({"msg": "unreadable"}, status=400)
        async with take(body) as answer:
            response = web.json_response(dict(answer))
            await response.prepare(request)
            await response.write_eof()
            return response

    def _is_signed(self, request: web.Request, content: bytes) -> bool:
        """Whether Feishu made exactly this a moment ago; there is nothing to check without an encrypt key."""
        if not self._key:
            return True
        moment, nonce = (request.headers.get(f"X-Lark-Request-{name}", "") for name in ("Timestamp", "Nonce"))
        signature = sha256(f"{moment}{nonce}{self._key}".encode("utf-8", "surrogatepass") + content).hexdigest()
        seconds = moment[:10]  # the documents do not say whether milliseconds follow
        is_fresh = seconds.isdecimal() and abs(self._now().timestamp() - int(seconds)) <= FRESH
        return _same(request.headers.get("X-Lark-Signature", ""), signature) and is_fresh

    def _opened(self, content: bytes) -> Body:
        """Decrypted, with our token. Raises `NotFeishu`, or `ValueError` for what is no JSON object."""
        body = _object(content)
        if self._key:
            try:
                body = _object(_decrypted(str(body.get("encrypt") or ""), self._key))
            except ValueError as error:  # one word for all of it, lest somebody learns about the key from the answers
                raise NotFeishu("not encrypted with our key") from error
        if self._token and not _same(_token_of(body), self._token):
            raise NotFeishu("not our token")
        return body


def _decrypted(sealed: str, key: str) -> bytes:
    """AES-256-CBC; the first block is the initialisation vector, the last one is padded. Raises `ValueError`."""
    data = b64decode(sealed, validate=True)
    start, rest = data[: AES.block_size], data[AES.block_size :]
    plain = AES.new(sha256(key.encode()).digest(), AES.MODE_CBC, start).decrypt(rest)
    if not plain or not 1 <= plain[-1] <= AES.block_size:
        raise ValueError("no padding")
    return plain[: -plain[-1]]


def _token_of(body: Mapping[str, Any]) -> str:
    header = body.get("header")
    token = header.get("token") if isinstance(header, Mapping) else body.get("token")
    return token if isinstance(token, str) else ""


def _same(given: str, ours: str) -> bool:
    """In constant time."""
    return compare_digest(given.encode("utf-8", "surrogatepass"), ours.encode())


def _object(content: bytes) -> Body:
    """Raises `ValueError`."""
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
