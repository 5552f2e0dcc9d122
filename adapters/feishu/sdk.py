"""The SDK's client of the long connection, and its registration of apps, without the rest of the SDK.

`import lark_oapi` loads the models of every API there is: ten thousand modules, 165 MB, several seconds. The long
connection needs sixty of them. So the packages that would load everything stand empty while the client
is imported, and are forgotten again: what is loaded are the SDK's own files, and whoever wants all of it may still
import it. `tests/adapters/feishu/test_sdk.py` shows that both hold.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

WHOLE = "lark_oapi"
EVENTS = "lark_oapi.event"
DISPATCHER = "lark_oapi.event.dispatcher_handler"
"""Named by the client in annotations only, and it imports the events of all APIs."""


@contextmanager
def _standing_empty() -> Iterator[None]:
    """Nothing changes where somebody has imported all of it already."""
    if WHOLE in sys.modules:
        yield
        return
    spec = find_spec(WHOLE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no package {WHOLE}", name=WHOLE)
    (folder,) = spec.submodule_search_locations
    dispatcher = ModuleType(DISPATCHER)
    dispatcher.EventDispatcherHandler = object  # type: ignore[attr-defined]
    empty = {WHOLE: _package(WHOLE, folder), EVENTS: _package(EVENTS, f"{folder}/event"), DISPATCHER: dispatcher}
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            sys.modules.pop(name, None)


def _package(name: str, folder: str) -> ModuleType:
    package = ModuleType(name)
    package.__path__ = [folder]
    return package


with _standing_empty():
    client: Any = import_module("lark_oapi.ws.client")  # Any: the SDK comes without types
    """The module. It binds an event loop of its own when it is imported; nothing of ours runs on it."""


def registration() -> Any:
    """The module that creates an app by a QR code."""
    with _standing_empty():
        return import_module("lark_oapi.scene.registration")
