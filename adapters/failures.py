"""What can go wrong on a line to a platform, before it could say anything."""

from __future__ import annotations

from typing import Final

import aiohttp

UNSENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""There was no connection, so the other side took nothing. Every other error leaves open whether it did."""


def named(error: Exception) -> str:
    """What went wrong, for a log. aiohttp shows the headers and the address of a request in some of its errors, and a
    proxy's hold its password."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{type(error).__name__}: {error.status} {error.message}"
    return type(error).__name__ if isinstance(error, aiohttp.InvalidURL) else repr(error)
