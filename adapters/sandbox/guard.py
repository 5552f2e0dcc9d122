"""The door of the HTTP surface: who may call, what a body may be, and how a refusal looks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_LIMIT = 1024 * 1024
BODY_WITHIN = 10.0
"""Seconds that a body may take to arrive: who sends a letter a minute holds nothing open."""

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Refusal(Exception):
    """The call itself is wrong: answered with `status` and `{error: {code, message}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def guarded(handler: Handler) -> Handler:
    """The same handler behind the door: only for callers on this machine, with our headers on every answer."""

    async def behind_the_door(request: web.Request) -> web.StreamResponse:
        try:
            _require_loopback(request)
            _require_same_origin(request)
            response = await handler(request)
        except Refusal as refusal:
            response = refused(refusal)
        if not response.prepared:
            response.headers.update(SECURITY_HEADERS)
        return response

    return behind_the_door


def refused(refusal: Refusal) -> web.Response:
    error = {"code": refusal.code, "message": refusal.message}
    return web.json_response({"error": error}, status=refusal.status)


async def json_body(request: web.Request) -> Mapping[str, object]:
    """The body as an object. Refuses another content type, more than 1 MiB, what does not arrive, and what is not a
    JSON object."""
    if request.content_type != "application/json":
        raise Refusal(415, "content_type", "send application/json")
    try:
        body = json.loads(await _arrived(request))
    except (ValueError, RecursionError):
        raise Refusal(400, "malformed_json", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, "malformed_json", "the body must be a JSON object")
    return body


def text_field(body: Mapping[str, object], name: str) -> str:
    """A text that can be stored: JSON may carry half a character, which becomes U+FFFD."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Refusal(400, "wrong_type", f"{name!r} must be a text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def optional_text(body: Mapping[str, object], name: str) -> str | None:
    """None when the field is missing, null or empty."""
    return text_field(body, name) or None if body.get(name) is not None else None


async def _arrived(request: web.Request) -> bytes:
    """The body, unless it is cut off, never ends, or is not packed as it says (`Content-Encoding`)."""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await _read(request)
    except TimeoutError:
        raise Refusal(408, "too_slow", f"the body did not arrive within {BODY_WITHIN:g} seconds") from None
    except (ConnectionError, web.RequestPayloadError):
        raise Refusal(400, "malformed_body", "the body cannot be read to its end") from None


async def _read(request: web.Request) -> bytes:
    """aiohttp has a limit of its own, but it belongs to the application that these routes are put into."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise Refusal(413, "too_large", "a body may have 1 MiB")
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.content.iter_chunked(64 * 1024):
        chunks.append(chunk)
        size += len(chunk)
        if size > BODY_LIMIT:
            raise Refusal(413, "too_large", "a body may have 1 MiB")
    return b"".join(chunks)


def _require_loopback(request: web.Request) -> None:
    """A name that a stranger's DNS points at 127.0.0.1 makes their page our neighbour (DNS rebinding)."""
    if _host_name(request.host) not in _LOOPBACK:
        raise Refusal(403, "bad_host", "the sandbox answers on localhost only")


def _require_same_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise Refusal(403, "bad_origin", "the sandbox answers its own page only")


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
