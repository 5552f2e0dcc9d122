"""The Web API over HTTP: tokens, bodies, faults, limits, headers (docs.slack.dev/apis/web-api)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from . import chat, directory, views  # noqa: F401 (they register their methods)
from .errors import Refusal
from .faults import Fault, Limiter
from .files import take
from .methods import METHODS, call
from .records import Json, Row
from .workspace import Workspace

CONNECT = "apps.connections.open"


@dataclass
class Call(Row):
    """A request of the app. `status` stays 0 where the connection was cut; `committed`: Slack has done it."""

    method: str
    args: Json = field(default_factory=dict)
    at: float = 0
    status: int = 0
    response: Any = None
    committed: bool = False
    fault: str | None = None

    @property
    def ok(self) -> bool:
        return isinstance(self.response, dict) and self.response.get("ok") is True


class Api:
    """Answers the app's requests. `skew` seconds are added to the `Date` header."""

    def __init__(self, slack: Workspace, *, bot_token: str, app_token: str) -> None:
        self._slack, self._bot_token, self._app_token = slack, bot_token, app_token
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.limiter = Limiter(slack)
        self.skew = 0.0

    async def serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        made = self.note(method)
        try:
            made.args, token = await _read(request, method)
        except Refusal as refusal:
            return self._answer(made, refusal)
        return await self.faulty(request, made, lambda: self._run(method, made.args, token))

    async def upload(self, request: web.Request) -> web.Response:
        made, id = self.note("upload"), request.match_info["id"]
        made.args = {"id": id}
        data = await _uploaded(request)
        if id not in self._slack.files:
            return web.Response(status=404)
        return await self.faulty(request, made, lambda: {"ok": take(self._slack, id, data)})

    def note(self, method: str) -> Call:
        made = Call(method, at=self._slack.now())
        self.calls.append(made)
        return made

    async def faulty(self, request: web.Request, made: Call, run: Any) -> web.Response:
        """Runs a call between the faults that were ordered for it."""
        for slow in self._struck(made.method, slow=True):
            await asyncio.sleep(slow.ms / 1000)
        fault = next(self._struck(made.method, slow=False), None)
        if fault and fault.when == "before":
            return self._broken(request, made, fault)
        try:
            made.response = run()
        except Refusal as refusal:
            return self._answer(made, refusal)
        made.committed = True
        return self._broken(request, made, fault) if fault else self._answer(made)

    def _struck(self, method: str, *, slow: bool) -> Iterator[Fault]:
        """The faults that happen to a call, the oldest first; each is used up as it is taken."""
        return (one for one in self.faults if (one.kind == "latency") is slow and one.strikes(method))

    def _run(self, method: str, arguments: Json, token: str | None) -> Json:
        self._authorise(method, token)
        self.limiter.admit(method, arguments)
        return call(self._slack, method, arguments)

    def _authorise(self, method: str, token: str | None) -> None:
        """The app's own token opens connections, the bot's does everything else."""
        if method == "api.test":
            return
        if not token:
            raise Refusal("not_authed")
        right, wrong = self._bot_token, self._app_token
        if method == CONNECT:
            right, wrong = wrong, right
        if token == wrong:
            raise Refusal("not_allowed_token_type")
        if token != right:
            raise Refusal("invalid_auth")

    def _broken(self, request: web.Request, made: Call, fault: Fault) -> web.Response:
        made.fault, made.response = fault.kind, None
        if fault.kind == "cut":
            assert request.transport
            request.transport.abort()
            self._slack.changed()
            return web.Response()
        if fault.kind == "status":
            made.status = fault.status
            self._slack.changed()
            return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
        limited = fault.kind == "ratelimit"
        refusal = Refusal("ratelimited", retry_after=fault.retry_after) if limited else Refusal(fault.error)
        return self._answer(made, refusal)

    def _answer(self, made: Call, refusal: Refusal | None = None) -> web.Response:
        headers = {"Date": formatdate(self._slack.wall() + self.skew, usegmt=True)}
        headers["x-oauth-scopes"] = ",".join(sorted(self._slack.scopes))
        made.status = 200
        if refusal:
            made.response = refusal.body()
        if refusal and refusal.code == "ratelimited":
            made.status = 429
            headers["Retry-After"] = str(refusal.retry_after)
        self._slack.changed()
        return web.json_response(made.response, status=made.status, headers=headers)


async def _read(request: web.Request, method: str) -> tuple[Json, str | None]:
    """Arguments and token. A method that reads takes form or query only; a token never comes in JSON."""
    arguments: Json = dict(request.query)
    kind = request.content_type if request.method == "POST" and request.can_read_body else ""
    if kind == "application/json":
        body = _json(await request.read())
        if method not in METHODS or METHODS[method].writes:
            arguments |= {key: value for key, value in body.items() if value is not None and key != "token"}
    elif kind == "application/x-www-form-urlencoded":
        arguments |= dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        arguments |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    elif kind:
        raise Refusal("invalid_post_type")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    sent = arguments.pop("token", None)
    return arguments, bearer.strip() if scheme.lower() == "bearer" else sent


def _json(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(value, dict):
        raise Refusal("json_not_object")
    return value


async def _uploaded(request: web.Request) -> bytes:
    """A file comes as the body itself or as a part of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    parts = (await request.post()).values()
    return b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))
