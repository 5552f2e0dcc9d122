"""What goes wrong at Slack when a test says so: refused, slow, broken and cut answers, and Slack's own limits."""

from __future__ import annotations

import fnmatch
from collections import defaultdict, deque
from dataclasses import dataclass

from .errors import Refusal
from .methods import METHODS
from .records import Json
from .workspace import Workspace

KINDS = {"ratelimit", "status", "error", "cut", "latency"}
POSTING = "chat.postMessage"


@dataclass
class Fault:
    """`times` is how often it still happens, `None`: until it is cleared. `when="after"`: Slack has done what it was
    asked, only the answer is lost. `code` is an HTTP status (`status`) or an error's name (`error`)."""

    kind: str
    method: str = "*"
    times: int | None = 1
    when: str = "before"
    retry_after: int = 1
    code: int | str | None = None
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

    @property
    def status(self) -> int:
        return int(self.code or 500)

    @property
    def error(self) -> str:
        return str(self.code or "internal_error")


class Limiter:
    """Slack's limits (docs.slack.dev/apis/web-api/rate-limits): messages a second in each channel with a burst,
    messages a minute in the whole workspace, and each method's tier. All are off until switched on."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self.posts_at: dict[str, list[float]] = defaultdict(list)
        self.off()

    def on(self, *, posts: bool, rate: float, burst: int, tiers: bool, per_minute: int | None) -> None:
        self._rate, self._burst = (rate, float(burst)) if posts else (0.0, 0.0)
        self._tiers, self._per_minute = tiers, per_minute

    def off(self) -> None:
        self.on(posts=False, rate=0, burst=0, tiers=False, per_minute=None)
        self._buckets: dict[str, tuple[float, float]] = {}
        self._windows: dict[str, deque[float]] = defaultdict(deque)

    def admit(self, method: str, arguments: Json) -> None:
        """Raises `Refusal` with the seconds after which the call may be made."""
        if method == POSTING:
            channel = str(arguments.get("channel"))
            self.posts_at[channel].append(self._slack.now())
            if self._rate:
                self._draw(channel)
            if self._per_minute:
                self._count(POSTING, self._per_minute)
        tier = METHODS[method].tier if method in METHODS else None
        if self._tiers and tier:
            self._count(method, tier)

    def _draw(self, channel: str) -> None:
        now = self._slack.now()
        held, since = self._buckets.get(channel, (self._burst, now))
        held = min(self._burst, held + (now - since) * self._rate)
        if held < 1:
            self._buckets[channel] = (held, now)
            raise Refusal("ratelimited", retry_after=max(1, round((1 - held) / self._rate)))
        self._buckets[channel] = (held - 1, now)

    def _count(self, name: str, most: int) -> None:
        now, window = self._slack.now(), self._windows[name]
        while window and now - window[0] >= 60:
            window.popleft()
        if len(window) >= most:
            raise Refusal("ratelimited", retry_after=int(60 - (now - window[0])) + 1)
        window.append(now)

    def busiest_second(self) -> dict[str, int]:
        """Per channel, the most posts that were tried within one second."""
        return {channel: _most_within(times, 1.0) for channel, times in self.posts_at.items()}


def _most_within(times: list[float], length: float) -> int:
    begin = most = 0
    for end, time in enumerate(times):
        while time - times[begin] >= length:
            begin += 1
        most = max(most, end - begin + 1)
    return most
