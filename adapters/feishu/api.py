"""Calls of the open platform: one HTTP session, the app's token, and errors in our words.

Not the SDK's client: it opens a connection for each call, knows no proxy but the environment's, blocks a thread that
cannot be called back, keeps a revoked token for up to two hours, and takes a page of HTML with status 200 for a yes.
Nothing is tried again here but a call whose token was refused: what is tried again, and when, is the outbox's decision.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from adapters.base import Busy, SendError
from adapters.failures import UNSENT, named
from adapters.feishu.config import FeishuConfig
from adapters.feishu.errors import APP_REFUSED, PAUSE, REST, TOKEN, Unclear, refusal
from adapters.proxy import proxy_of_environment

PATIENCE = 10.0
"""Seconds for a whole call; half of it to connect."""
TOKEN_PATH = "/open-apis/auth/v3/tenant_access_token/internal"
EARLY = 600.0
"""Seconds before its end after which a token is not used any more
(https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal)."""


class Api:
    """Calls as the app. Every error is a `SendError`. The session opens with the first call, on the running loop."""

    def __init__(self, config: FeishuConfig) -> None:
        self._config = config
        self._proxy = config.proxy or proxy_of_environment(config.domain)
        self._session: aiohttp.ClientSession | None = None
        self._token, self._token_ends = "", 0.0
        self._fetching: asyncio.Task[str] | None = None
        self.refused_because = ""
        """Why Feishu refuses the app itself; "" while it does not."""

    async def call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> dict[str, Any]:
        """The whole JSON of the answer to, say, `call("GET", "/open-apis/bot/v3/info")`. Raises `Busy` (surely not
        done), `Unclear`, `Gone`, `Forbidden`, or `Refused` for any other no."""
        content = {} if body is None else {"json": body}
        return await self._with_token(method, path, {"params": query or {}, **content})

    async def upload_image(self, data: bytes) -> str:
        """The key of a picture for messages, 10 MB at most
        (https://open.feishu.cn/document/server-docs/im-v1/image/create). Raises as `call` does."""
        form = {"image_type": "message", "image": data}
        answer = await self._with_token("POST", "/open-apis/im/v1/images", {"files": form})
        return str(answer["data"]["image_key"])

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    # --- inside ---

    async def _with_token(self, method: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Once more with a fresh token where Feishu refuses the one we have: it may have been revoked."""
        for fresh in (False, True):
            token = await self._a_token()
            status, headers, answer = await self._said(method, path, content, token)
            if answer.get("code") in TOKEN and not fresh:
                self._drop(token)
                continue
            return self._accepted(f"{method} {path}", status, headers, answer)
        raise AssertionError("a second refusal is an answer")

    async def _a_token(self) -> str:
        """The one that is good, or what one fetch for all who wait for it gives: also when it fails."""
        if self._token and asyncio.get_running_loop().time() < self._token_ends:
            return self._token
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetched())
        try:
            return await asyncio.shield(self._fetching)
        except Busy as error:  # without a token, the call itself was never made
            raise Busy(error.after, str(error), unsent=True, everywhere=True) from error
        except SendError as error:  # no message is to blame: whatever it is, it is about the app
            self.refused_because = str(error)
            raise Busy(REST, str(error), unsent=True, everywhere=True) from error

    async def _fetched(self) -> str:
        asked = asyncio.get_running_loop().time()
        who = {"app_id": self._config.app_id, "app_secret": self._config.app_secret}
        status, headers, answer = await self._said("POST", TOKEN_PATH, {"json": who}, "")
        found = self._accepted("token", status, headers, answer)
        self._token = str(found["tenant_access_token"])
        self._token_ends = asked + max(float(found.get("expire") or 0) - EARLY, 1.0)
        return self._token

    def _drop(self, token: str) -> None:
        if self._token == token:  # else somebody has fetched another one meanwhile
            self._token = ""

    def _accepted(self, call: str, status: int, headers: Mapping[str, str], answer: dict[str, Any]) -> dict[str, Any]:
        if status < 400 and answer.get("code") == 0:
            self.refused_because = ""
            return answer
        if answer.get("code") in APP_REFUSED:
            self.refused_because = f"{answer['code']} {str(answer.get('msg') or '')[:200]}"
        raise refusal(call, status, headers, answer)

    async def _said(
        self, method: str, path: str, content: dict[str, Any], token: str
    ) -> tuple[int, Mapping[str, str], dict[str, Any]]:
        """Status, headers and JSON of the answer; an empty object where it is none."""
        call = f"{method} {path}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if files := content.get("files"):
            content = {"data": _multipart(files)}
        try:
            async with self._open().request(
                method, self._config.domain + path, headers=headers, proxy=self._proxy, **content
            ) as response:
                return response.status, response.headers, _object(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(call, error) from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            limits = aiohttp.ClientTimeout(total=PATIENCE, sock_connect=PATIENCE / 2)
            self._session = aiohttp.ClientSession(timeout=limits)
        return self._session


def broken(call: str, error: Exception) -> Busy:
    """What a failure of the line means: without a connection nothing was sent; else nobody knows."""
    if isinstance(error, UNSENT):
        return Busy(PAUSE, f"{call}: Feishu cannot be reached: {named(error)}", unsent=True, everywhere=True)
    return Unclear(PAUSE, f"{call}: no answer: {named(error)}")


def _multipart(fields: Mapping[str, str | bytes]) -> aiohttp.FormData:
    """Made for each try: a form can be sent once."""
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value, filename="picture" if isinstance(value, bytes) else None)
    return form


def _object(content: bytes) -> dict[str, Any]:
    """Empty for what Feishu did not say: its answers have a number as their code. Others may stand in between."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("code"), int) else {}
