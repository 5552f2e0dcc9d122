"""One question to Feishu for the doctor: a refusal is an answer here, and nothing is tried again.

An answer keeps everything that it says about the installation: the code, the scopes that it lacks, Feishu's clock.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.feishu.api import TOKEN_PATH
from adapters.feishu.config import FeishuConfig
from adapters.feishu.endpoint import PATH as ENDPOINT_PATH
from adapters.feishu.errors import RATE, SCOPES_MISSING
from adapters.proxy import proxy_of_environment

EACH_WITHIN = 4.0
"""Seconds for one question."""
UNKNOWN = 404
"""No code of Feishu's: this platform has no such call. A private deployment may be older than the documentation."""
PLAIN = {429: RATE, 404: UNKNOWN}
"""What a status means where the answer says nothing."""

Query = Mapping[str, str] | Sequence[tuple[str, str]]


class Unreachable(Exception):
    """No answer, or one that does not come from Feishu."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the open platform, a refusal too. `date` is Feishu's clock as HTTP writes it."""

    body: Mapping[str, Any] = field(repr=False)  # Any: JSON from outside; it may hold a token
    date: str = ""

    @property
    def code(self) -> int:
        found = self.body.get("code")
        return found if isinstance(found, int) else -1

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def error(self) -> str:
        """Code and words of a refusal, in one line."""
        return f"{self.code}: {' '.join(str(self.body.get('msg') or '').split())[:120]}"

    @property
    def lacks(self) -> tuple[str, ...]:
        """The scopes of which one is enough, where that is what is wrong."""
        if self.code not in SCOPES_MISSING:
            return ()
        said = _mapping(self.body.get("error")).get("permission_violations") or []
        return tuple(str(each["subject"]) for each in said if isinstance(each, Mapping) and each.get("subject"))

    def part(self, name: str) -> Mapping[str, Any]:
        """A mapping of the answer's data; empty if it is not there."""
        return _mapping(_mapping(self.body.get("data")).get(name))

    def parts(self, name: str) -> list[Mapping[str, Any]]:
        """A list of mappings of the answer's data; empty if it is not there."""
        found = _mapping(self.body.get("data")).get(name)
        return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []

    def value(self, name: str) -> Any:
        return _mapping(self.body.get("data")).get(name)


class Asker:
    """Asks as the app. `identify` comes first: it gets the token that every other question needs."""

    def __init__(self, config: FeishuConfig, session: aiohttp.ClientSession) -> None:
        self._config = config
        self._session = session
        self._proxy = config.proxy or proxy_of_environment(config.domain)
        self._token = ""

    async def identify(self) -> Reply:
        """Whether Feishu knows the app and its secret. Raises `Unreachable`, as every question does."""
        body = {"app_id": self._config.app_id, "app_secret": self._config.app_secret}
        said = await self._send("POST", TOKEN_PATH, {}, body)
        self._token = str(said.body.get("tenant_access_token") or "")
        return said

    async def endpoint(self) -> Reply:
        """Whether a long connection may be opened. None is: its address runs out by itself."""
        return await self._send(
            "POST", ENDPOINT_PATH, {}, {"AppID": self._config.app_id, "AppSecret": self._config.app_secret}
        )

    async def ask(self, method: str, path: str, *, query: Query = (), body: Mapping[str, Any] | None = None) -> Reply:
        """`path` begins with a slash, behind `/open-apis`."""
        return await self._send(method, f"/open-apis{path}", query, body)

    async def _send(self, method: str, path: str, query: Query, body: Mapping[str, Any] | None) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = self._config.domain + path
        try:
            async with self._session.request(
                method, url, params=query, json=body, headers=headers, proxy=self._proxy
            ) as answer:
                return _reply(answer.status, answer.headers, await answer.read())
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(str(error)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(type(error).__name__) from error


@asynccontextmanager
async def asking(config: FeishuConfig) -> AsyncIterator[Asker]:
    """An `Asker` with connections of its own."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=EACH_WITHIN)) as session:
        yield Asker(config, session)


def _reply(status: int, headers: Mapping[str, str], content: bytes) -> Reply:
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict) or "code" not in body:
        if status in PLAIN:
            return Reply({"code": PLAIN[status], "msg": f"HTTP {status}"}, headers.get("Date", ""))
        raise Unreachable(f"what answers is not Feishu's open platform (HTTP {status})")
    return Reply(body, headers.get("Date", ""))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
