"""Live updates for the page: a line whenever something in the world changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from adapters.sandbox.desk import Desk
from adapters.sandbox.guard import SECURITY_HEADERS

_LOOK_EVERY = 0.2
"""Seconds. Another process may have changed the world, so nobody can tell us; a look is one row read."""
_LOOKS_PER_HEARTBEAT = 75


async def stream_revisions(desk: Desk, request: web.Request) -> web.StreamResponse:
    """Server-sent events, `{"revision": n}` each, the present one first; ends when the adapter stops."""
    if request.method == "HEAD":
        return web.Response(content_type="text/event-stream")  # it asks about the stream, not for it
    response = web.StreamResponse(headers={**SECURITY_HEADERS, "Content-Type": "text/event-stream"})
    await response.prepare(request)
    with suppress(ConnectionError):  # the page went away
        await _send_revisions(desk, request, response)
    return response


async def _send_revisions(desk: Desk, request: web.Request, response: web.StreamResponse) -> None:
    sent, looks = -1, 0
    await response.write(b"retry: 1000\n\n")
    while not desk.closing.is_set() and _is_open(request):
        revision = desk.world.revision
        if revision != sent:
            await response.write(f'data: {{"revision": {revision}}}\n\n'.encode())
            sent, looks = revision, 0
        elif looks >= _LOOKS_PER_HEARTBEAT:
            await response.write(b": still here\n\n")
            looks = 0
        looks += 1
        await _wait(desk)


def _is_open(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


async def _wait(desk: Desk) -> None:
    try:
        await asyncio.wait_for(desk.closing.wait(), _LOOK_EVERY)
    except TimeoutError:
        return
