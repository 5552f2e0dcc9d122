"""Where the long connection is to be opened: Feishu names an address that is good for one connection.

`POST /callback/ws/endpoint`, as the SDK asks (`lark_oapi/ws/client.py`); but the SDK asks without a time limit and
stops its loop meanwhile (oapi-sdk-python #169).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.feishu.config import FeishuConfig

PATH = "/callback/ws/endpoint"
PATIENCE = 10.0
"""Seconds for the answer."""
TROUBLE = frozenset({1, 1000040343})
"""Feishu's own trouble, and nothing that somebody has to mend here."""
TOO_MANY = 1000040350
"""Fifty connections of one app are allowed (https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case)."""


class CannotConnect(Exception):
    """`refused`: Feishu will say the same until somebody mends the app, its secret, or the number of processes."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` carries a ticket. `ping` is the number of seconds between two pings that Feishu wants."""

    url: str = field(repr=False)
    ping: float


async def endpoint(config: FeishuConfig, proxy: str | None) -> Endpoint:
    """Raises `CannotConnect`."""
    body = {"AppID": config.app_id, "AppSecret": config.app_secret}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.post(config.domain + PATH, json=body, headers={"locale": "zh"}, proxy=proxy) as response,
        ):
            if response.status != 200:
                raise CannotConnect(f"the endpoint answers HTTP {response.status}")
            return _read(await response.json(content_type=None))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise CannotConnect(f"the endpoint gives no answer: {type(error).__name__}") from error


def _read(answer: Any) -> Endpoint:  # Any: what came from outside
    if not isinstance(answer, Mapping):
        raise CannotConnect("what answers is not Feishu")
    match answer.get("code"):
        case 0:
            return _named(answer.get("data"))
        case int(code):
            refused = code not in TROUBLE
            raise CannotConnect(f"the endpoint answers {code} {str(answer.get('msg') or '')[:200]}", refused=refused)
        case _:
            raise CannotConnect("what answers is not Feishu")


def _named(data: Any) -> Endpoint:
    url = data.get("URL") if isinstance(data, Mapping) else None
    if not isinstance(url, str) or not url.startswith(("ws://", "wss://")):
        raise CannotConnect("the endpoint names no address")
    config = data.get("ClientConfig")
    return Endpoint(url, ping_of(config.get("PingInterval") if isinstance(config, Mapping) else None))


PING = 60.0
"""Seconds between pings unless Feishu wants more of them: whoever pings every two minutes is deaf for four."""


def ping_of(said: object) -> float:
    """What Feishu says of the pause between pings, within reason."""
    return min(max(float(said), 0.1), PING) if isinstance(said, int | float) and said > 0 else PING
