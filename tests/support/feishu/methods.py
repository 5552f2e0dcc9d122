"""The table of the server API: path, scopes, and what a call may carry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import Refusal
from .markup import Json
from .organisation import Organisation

Handler = Callable[[Organisation, "Asked"], Json]
METHODS: list[Method] = []


@dataclass
class Asked:
    """A call: the ids in its path, its query (a name may come several times) and its body."""

    ids: tuple[str, ...] = ()
    query: list[tuple[str, str]] = field(default_factory=list)
    body: Json = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]

    def needs(self, *names: str) -> None:
        for name in names:
            if self.body.get(name) in (None, ""):
                raise Refusal(99992402, f"field validation failed: {name} is required")

    def one_of(self, name: str, *allowed: str, default: str = "") -> str:
        given = self.get(name, default)
        if given not in allowed:
            raise Refusal(99992402, f"field validation failed: {name} must be one of {', '.join(allowed)}")
        return given


@dataclass(frozen=True)
class Method:
    """`scopes`: one of them is enough. `takes`: names in query and body. `bare`: the answer has no `data`."""

    name: str
    path: re.Pattern[str]
    scopes: tuple[str, ...]
    takes: frozenset[str]
    bare: bool
    run: Handler

    def answer(self, feishu: Organisation, asked: Asked) -> Json:
        """Raises `Refusal`."""
        feishu.need(*self.scopes)
        for given in {*asked.body, *(name for name, _ in asked.query)} - self.takes:
            feishu.violate("unknown_argument", f"{self.name} ({given})")
        found = self.run(feishu, asked)
        return {"code": 0, "msg": "success", **(found if self.bare else {"data": found})}


def method(name: str, *, scopes: str = "", takes: str = "", bare: bool = False) -> Callable[[Handler], Handler]:
    """Registers a function for a name such as `PATCH im/v1/messages/:id`."""

    def register(run: Handler) -> Handler:
        path = re.compile(re.sub(r":\w+", "([^/]+)", name))
        METHODS.append(Method(name, path, tuple(scopes.split()), frozenset(takes.split()), bare, run))
        return run

    return register


def find(name: str) -> tuple[Method, tuple[str, ...]] | None:
    for one in METHODS:
        if found := one.path.fullmatch(name):
            return one, found.groups()
    return None


def page(rows: list[Any], asked: Asked, *, default: int = 20, most: int = 100) -> Json:
    """One page of a listing (open.feishu.cn/document/server-docs/api-call-guide/list-resources)."""
    size, begin = int(asked.get("page_size") or default), asked.get("page_token") or "at:0"
    if not 1 <= size <= most:
        raise Refusal(99992402, f"field validation failed: page_size must be 1 to {most}")
    at = int(begin.removeprefix("at:"))
    more = at + size < len(rows)
    return {"items": rows[at : at + size], "has_more": more} | ({"page_token": f"at:{at + size}"} if more else {})
