"""One folder a platform; nothing else knows them, and a platform's SDK is imported only with its folder."""

from __future__ import annotations

import importlib
from types import ModuleType

PLATFORMS = {
    "sandbox": "adapters.sandbox",
    "slack": "adapters.slack",
    "feishu": "adapters.feishu",
}
"""Platform name → the package that implements it."""


def load(name: str) -> ModuleType:
    """Imports a platform's package, and with it its SDK. Raises `KeyError` for a name that is not in the table."""
    return importlib.import_module(PLATFORMS[name])
