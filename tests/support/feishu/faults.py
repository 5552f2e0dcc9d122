"""What goes wrong at Feishu when a test says so, and Feishu's own limits."""

from __future__ import annotations

import fnmatch
import math
from collections import defaultdict, deque
from dataclasses import dataclass

from .errors import Refusal
from .methods import Asked
from .organisation import Organisation

KINDS = {"ratelimit", "chatlimit", "status", "html", "error", "token", "cut", "hang", "latency"}
POSTS = {"POST im/v1/messages", "POST im/v1/messages/:id/reply"}
EDIT = "PATCH im/v1/messages/:id"


@dataclass
class Fault:
    """`method` is a pattern for names such as `POST im/v1/messages` (`POST ws/endpoint` is where connections begin).

    `times` is how often it still happens, `None`: until it is cleared. `when="after"`: Feishu has done what it was
    asked, only the answer is lost. `code` is an HTTP status (`status`, `html`) or an error's code (`error`). A call that
    hangs is cut after `ms`, or when Feishu closes.
    """

    kind: str
    method: str = "*"
    times: int | None = 1
    when: str = "before"
    code: int = 0
    retry_after: int = 1
    ms: float = 0

    def __post_init__(self) -> None:
        assert self.kind in KINDS and self.when in {"before", "after"}, self

    def strikes(self, method: str) -> bool:
        """Whether it happens to this call; it is used up by that."""
        if self.times == 0 or not fnmatch.fnmatch(method, self.method):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def refusal(self) -> Refusal:
        if self.kind == "ratelimit":
            return too_often(self.retry_after)
        if self.kind == "chatlimit":
            return Refusal(230020, "This operation triggers the frequency limit.")
        if self.kind == "token":
            return Refusal(
                99991663, "Invalid access token for authorization. Please make a request with token attached."
            )
        if self.kind == "status":
            return Refusal(1000004, "internal error", http=self.code or 500)
        return Refusal(self.code, "as ordered")


def too_often(seconds: float) -> Refusal:
    """open.feishu.cn/document/server-docs/api-call-guide/frequency-control"""
    headers = {"x-ogw-ratelimit-limit": "50", "x-ogw-ratelimit-reset": str(max(1, math.ceil(seconds)))}
    return Refusal(99991400, "request trigger frequency limit", http=429, headers=headers)


class Limiter:
    """Calls of each API a second and a minute, messages a second in each chat, edits a second of each message.
    All are off until switched on; what was tried is counted always."""

    def __init__(self, feishu: Organisation) -> None:
        self._feishu = feishu
        self._windows: dict[str, deque[float]] = defaultdict(deque)
        self.tried: dict[str, list[float]] = defaultdict(list)
        self.off()

    def on(self, *, per_second: int, per_minute: int, per_chat: int, per_message: int) -> None:
        self._api = [(1.0, per_second), (60.0, per_minute)]
        self._chat, self._message = [(1.0, per_chat)], [(1.0, per_message)]

    def off(self) -> None:
        self._api = self._chat = self._message = []
        self._windows.clear()

    def admit(self, name: str, asked: Asked) -> None:
        """Raises `Refusal`."""
        if wait := self._full(name, self._api):
            raise too_often(wait)
        if name in POSTS:
            chat = self._chat_of(name, asked)
            self.tried[chat].append(self._feishu.now())
            full = self._full(f"chat {chat}", self._chat)
        else:
            full = self._full(f"message {asked.ids[0]}", self._message) if name == EDIT else 0
        if full:
            raise Refusal(230020, "This operation triggers the frequency limit.")

    def _chat_of(self, name: str, asked: Asked) -> str:
        if name == "POST im/v1/messages":
            return str(asked.body.get("receive_id"))
        message = self._feishu.messages.get(asked.ids[0])
        return message.chat if message else ""

    def _full(self, name: str, limits: list[tuple[float, int]]) -> float:
        """Seconds until there is room; 0: there is, and it is taken."""
        now, window = self._feishu.now(), self._windows[name]
        for length, most in limits:
            recent = [at for at in window if now - at < length]
            if len(recent) >= most:
                return length - (now - recent[-most])
        if limits:
            window.append(now)
            while now - window[0] > 60:
                window.popleft()
        return 0.0

    def busiest_second(self) -> dict[str, int]:
        """Per chat or person, the most posts that were tried within one second."""
        return {chat: _most_within(times, 1.0) for chat, times in self.tried.items()}


def _most_within(times: list[float], length: float) -> int:
    begin = most = 0
    for end, time in enumerate(times):
        while time - times[begin] >= length:
            begin += 1
        most = max(most, end - begin + 1)
    return most
