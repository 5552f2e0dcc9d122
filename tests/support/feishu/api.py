"""The server API over HTTP: tokens, bodies, faults, limits, answers (open.feishu.cn/document/server-docs/api-call-guide)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiohttp import web

from . import apps, directory, messages  # noqa: F401 (they register their methods)
from .errors import Refusal
from .faults import Fault, Limiter
from .markup import Json
from .methods import Asked, find
from .organisation import Organisation

TOKEN, ENDPOINT = "POST auth/v3/tenant_access_token/internal", "POST ws/endpoint"
TOKEN_LIFE, TOKEN_RENEWED = 7200, 1800
_HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
Run = Callable[[], Awaitable[Json]]


@dataclass
class Call:
    """A request of the app. `name` is as in the table of methods, `status` stays 0 where the connection was cut;
    `done`: Feishu has done it."""

    name: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: Json = field(default_factory=dict)
    at: float = 0
    status: int = 0
    answer: Any = None
    done: bool = False
    fault: str | None = None

    @property
    def code(self) -> int | None:
        return self.answer.get("code") if isinstance(self.answer, dict) else None

    @property
    def ok(self) -> bool:
        return self.code == 0 and self.fault is None


class Api:
    """Answers the app's requests. `skew` seconds are added to the `Date` header."""

    def __init__(self, feishu: Organisation, *, app_id: str, app_secret: str) -> None:
        self._feishu, self.app_id, self.app_secret = feishu, app_id, app_secret
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.limiter = Limiter(feishu)
        self.tokens: dict[str, float] = {}  # → the moment at which it ends
        self.skew = 0.0
        self.ending = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.match_info['path']}"
        known = find(name)
        call = self.note(known[0].name if known else name, request)

        async def run() -> Json:
            call.body = await _body(request)
            if name == TOKEN:
                return self._token(call.body)
            if known is None:
                raise Refusal(0, "404 page not found", http=404)
            self._authorise(request)
            asked = Asked(known[1], call.query, call.body)
            self.limiter.admit(known[0].name, asked)
            return known[0].answer(self._feishu, asked)

        return await self.faulty(request, call, run)

    def note(self, name: str, request: web.Request) -> Call:
        call = Call(name, request.path, list(request.query.items()), at=self._feishu.now())
        self.calls.append(call)
        return call

    async def faulty(self, request: web.Request, call: Call, run: Run) -> web.StreamResponse:
        """Runs a call between the faults that were ordered for it."""
        for slow in self._struck(call.name, slow=True):
            await asyncio.sleep(slow.ms / 1000)
        fault = next(self._struck(call.name, slow=False), None)
        if fault and fault.when == "before":
            return await self._broken(request, call, fault)
        try:
            call.answer = await run()
        except Refusal as refusal:
            return self._refused(call, refusal)
        call.done = True
        if fault:
            return await self._broken(request, call, fault)
        return self._answered(call, 200, call.answer)

    def _struck(self, name: str, *, slow: bool) -> Iterator[Fault]:
        """The faults that happen to a call, the oldest first; each is used up as it is taken."""
        return (one for one in self.faults if (one.kind == "latency") is slow and one.strikes(name))

    async def _broken(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.fault = fault.kind
        self._feishu.changed()
        if fault.kind == "hang":
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), fault.ms / 1000 or None)
        if fault.kind in {"cut", "hang"}:
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fault.kind == "html":
            call.status = fault.code or 502
            return web.Response(status=call.status, text=_HTML, content_type="text/html")
        return self._refused(call, fault.refusal())

    def _refused(self, call: Call, refusal: Refusal) -> web.StreamResponse:
        if refusal.http == 404:
            self._feishu.violate("no_such_method", call.name)
            return web.Response(status=404, text="404 page not found")
        # The endpoint of connections says its errors with 200.
        status = 200 if call.name == ENDPOINT and refusal.http == 400 else refusal.http
        return self._answered(call, status, refusal.body(), refusal.headers)

    def _answered(
        self, call: Call, status: int, answer: Json, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        call.status, call.answer = status, answer
        date = formatdate(self._feishu.wall() + self.skew, usegmt=True)
        self._feishu.changed()
        headers = {**(headers or {}), "Date": date, "X-Tt-Logid": self._feishu.id("log", 8)}
        return web.json_response(answer, status=status, headers=headers)

    # --- tokens (open.feishu.cn/document/server-docs/authentication-management/access-token) ---

    def check_secret(self, app_id: object, app_secret: object) -> None:
        if app_id != self.app_id:
            raise Refusal(10003, "invalid param")
        if app_secret != self.app_secret:
            raise Refusal(10014, "app secret invalid")

    def _token(self, body: Json) -> Json:
        """The one that is there while it holds for half an hour or more, else a new one beside it."""
        self.check_secret(body.get("app_id"), body.get("app_secret"))
        now = self._feishu.wall()
        lasting = (token for token, end in self.tokens.items() if end - now >= TOKEN_RENEWED)
        token = next(lasting, "") or self._feishu.id("t-")
        end = self.tokens.setdefault(token, now + TOKEN_LIFE)
        return {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": int(end - now)}

    def _authorise(self, request: web.Request) -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            raise Refusal(99991661, "Missing access token for authorization.")
        if self.tokens.get(token, 0) <= self._feishu.wall():
            raise Refusal(99991663, "Invalid access token for authorization.")


async def _body(request: web.Request) -> Json:
    if request.content_type == "multipart/form-data":
        parts = await request.multipart()
        return {part.name: bytes(await part.read()) async for part in parts}
    raw = await request.read()
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise Refusal(9499, "Bad Request: body is not json") from None
    if not isinstance(body, dict):
        raise Refusal(9499, "Bad Request: body is not an object")
    return body
