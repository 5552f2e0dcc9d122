"""The proxy that the environment names, for lines to a platform."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_of_environment(url: str) -> str | None:
    """HTTPS_PROXY and NO_PROXY, as every other program reads them."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
