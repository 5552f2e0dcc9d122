"""The words of the section `platforms.feishu`, read into values."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from bot.fieldtypes import reader

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
CONSOLES = {"open.feishu.cn": "Feishu", "open.larksuite.com": "Lark"}
"""The open platforms that everybody can reach, by host."""
CREDENTIALS = "Credentials & Basic Info (凭证与基础信息)"
"""Where the developer console shows an app's id and secret."""
ENCRYPTION = "Events & Callbacks → Encryption Strategy (事件与回调 → 加密策略)"


def read_domain(text: str) -> str:
    """The origin of an open platform. The SDK refuses a path, and HTTP without TLS but on this machine."""
    url = text.strip().rstrip("/")
    parts = urlsplit(url)
    if not re.fullmatch(r"https?", parts.scheme) or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ValueError("is no origin; write https://open.feishu.cn, https://open.larksuite.com, or your own")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("needs https://: the app secret goes there")
    if parts.hostname in {"www.feishu.cn", "feishu.cn", "accounts.feishu.cn"}:
        raise ValueError("is not the open platform; write https://open.feishu.cn")
    return url


AppId = Annotated[
    str,
    Field(pattern=r"^cli_\w{1,60}$", description=f"the App ID, cli_…, from {CREDENTIALS}"),
]
Domain = Annotated[str, reader(read_domain)]
