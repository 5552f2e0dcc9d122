"""Creates the app by a QR code: whoever scans it with Feishu's client agrees, and Feishu tells id and secret.

The SDK's `aregister_app`, a device flow of OAuth (https://datatracker.ietf.org/doc/html/rfc8628) at accounts.feishu.cn:
its requests end after five seconds, those of `register_app` never. Not verified with a real organisation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.feishu.scopes import CALLBACKS, EVENTS, NEEDED, USEFUL

PATIENCE = 600.0
"""Seconds for somebody to scan and agree; the code runs out by then."""
LARK = "https://open.larksuite.com"
FEISHU = "https://open.feishu.cn"

Show = Callable[[str], None]
"""Shows somebody the address that the code stands for."""


class NotRegistered(Exception):
    """No app came of it; the text says why, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What Feishu made. `domain`: where the organisation of whoever agreed is, Feishu or Lark."""

    app_id: str
    app_secret: str = field(repr=False)
    domain: str = FEISHU


def register(show: Show, *, name: str, about: str, accounts: str = "") -> Registered:
    """Waits until somebody has agreed. `accounts`: another origin than that of Feishu's accounts. Raises
    `NotRegistered`, whatever else happens."""
    try:
        return asyncio.run(_registered(show, name, about, {"domain": accounts} if accounts else {}))
    except ImportError as error:
        raise NotRegistered(f"the SDK cannot do it: {error}") from error
    except TimeoutError as error:
        raise NotRegistered("nobody agreed in time") from error
    except NotRegistered:
        raise
    except Exception as error:  # the SDK promises no kinds of errors: of HTTP, of JSON, of its own
        raise NotRegistered(f"{type(error).__name__}: {error}"[:200]) from error


async def _registered(show: Show, name: str, about: str, where: dict[str, str]) -> Registered:
    from adapters.feishu import sdk  # only for this

    async with asyncio.timeout(PATIENCE):
        made = await sdk.registration().aregister_app(
            lambda code: show(str(code["url"])),
            app_preset={"name": name, "desc": about},
            addons=wishes(),
            create_only=True,
            **where,
        )
    return read(made)


def wishes() -> dict[str, Any]:
    """What the app shall have, in the words of the SDK: it fills the page on which somebody agrees."""
    return {
        "scopes": {"tenant": [*NEEDED, *USEFUL]},
        "events": {"items": {"tenant": list(EVENTS)}},
        "callbacks": {"items": list(CALLBACKS)},
    }


def read(made: Any) -> Registered:  # Any: JSON from outside
    """The SDK's result. Raises `NotRegistered` where it holds no app."""
    if not isinstance(made, dict) or not made.get("client_id") or not made.get("client_secret"):
        raise NotRegistered("Feishu told no app")
    brand = (made.get("user_info") or {}).get("tenant_brand")
    return Registered(str(made["client_id"]), str(made["client_secret"]), LARK if brand == "lark" else FEISHU)
