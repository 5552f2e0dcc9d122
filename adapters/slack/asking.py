"""One question to Slack, with everything that the answer says about the installation: scopes, clock, the error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.failures import named


class Unreachable(Exception):
    """No answer, or one that does not come from Slack."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the Web API. `scopes` are those of the token (the header x-oauth-scopes), None where not told;
    `date` is Slack's clock as HTTP writes it."""

    body: Mapping[str, Any] = field(repr=False)
    scopes: frozenset[str] | None = None
    date: str = ""

    @property
    def ok(self) -> bool:
        return self.body.get("ok") is True

    @property
    def error(self) -> str:
        """Slack's word for what is wrong; "" if nothing is."""
        return "" if self.ok else str(self.body.get("error") or "unknown_error")

    def text(self, name: str) -> str:
        return str(self.body.get(name) or "")

    def part(self, name: str) -> Mapping[str, Any]:
        found = self.body.get(name)
        return found if isinstance(found, Mapping) else {}


class Asker:
    """Asks without the SDK, which hides the headers of what it counts as an error."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession, *, proxy: str | None) -> None:
        self._base_url = base_url
        self._session = session
        self._proxy = proxy

    async def ask(self, method: str, token: str, **arguments: str) -> Reply:
        """Raises `Unreachable`; every answer of Slack's is a `Reply`, refusals too."""
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._session.post(
                self._base_url + method, data=arguments, headers=headers, proxy=self._proxy
            ) as answer:
                return _reply(answer.status, answer.headers, await answer.read())
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(str(error)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(named(error)) from error


def _reply(status: int, headers: Mapping[str, str], content: bytes) -> Reply:
    if status == 429:
        return Reply({"ok": False, "error": "ratelimited"})
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        raise Unreachable(f"what answers is not Slack's API (HTTP {status})")
    scopes = headers.get("x-oauth-scopes")
    known = None if scopes is None else frozenset(scope.strip() for scope in scopes.split(",") if scope.strip())
    return Reply(body, known, headers.get("Date", ""))
