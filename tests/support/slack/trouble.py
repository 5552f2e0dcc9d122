"""What a test lets go wrong at Slack."""

from __future__ import annotations

from typing import Any

from .api import Api
from .deliveries import Post
from .faults import Fault
from .sockets import Sockets


class Trouble:
    """Part of `FakeSlack`. All of it ends with `clear_faults`."""

    api: Api
    post: Post
    sockets: Sockets

    async def add_fault(self, kind: str, method: str = "*", times: int | None = 1, **more: Any) -> Fault:
        """`Fault` says what can be ordered. `response_url` and `upload` count as methods."""
        fault = Fault(kind, method, times, **more)
        self.api.faults.append(fault)
        return fault

    async def limits(
        self,
        posts: bool = True,
        rate: float = 1.0,
        burst: int = 1,
        tiers: bool = False,
        per_minute: int | None = None,
    ) -> None:
        """Switches Slack's own limits on: `rate` posts a second in each channel, `per_minute` in the workspace."""
        self.api.limiter.on(posts=posts, rate=rate, burst=burst, tiers=tiers, per_minute=per_minute)

    async def post_rate(self) -> dict[str, int]:
        """Per channel, the most posts within one second."""
        return self.api.limiter.busiest_second()

    async def drop_acks(self, n: int = 1) -> None:
        self.post.drop = n

    async def duplicate_next(self, n: int = 1) -> None:
        self.post.twice = n

    async def disconnect(self, reason: str = "refresh_requested", grace: float = 1.0) -> None:
        await self.sockets.disconnect(reason, grace)

    async def drop_sockets(self) -> None:
        self.sockets.drop()

    async def silence(self, on: bool = True) -> None:
        self.sockets.silence(on)

    async def clear_faults(self) -> None:
        self.api.faults.clear()
        self.api.limiter.off()
        self.post.drop = self.post.twice = 0
        self.sockets.silence(False)

    def set_skew(self, seconds: float) -> None:
        """How far Slack's clock, as its answers show it, is ahead of `wall`."""
        self.api.skew = seconds
