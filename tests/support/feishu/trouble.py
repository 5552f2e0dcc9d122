"""What a test lets go wrong at Feishu."""

from __future__ import annotations

from typing import Any

from .api import Api
from .deliveries import Delivery, Post
from .faults import Fault
from .sockets import Sockets


class Trouble:
    """Part of `FakeFeishu`. All of it ends with `clear_faults`."""

    api: Api
    post: Post
    sockets: Sockets

    def add_fault(self, kind: str, method: str = "*", times: int | None = 1, **more: Any) -> Fault:
        """`Fault` says what can be ordered."""
        fault = Fault(kind, method, times, **more)
        self.api.faults.append(fault)
        return fault

    def limits(self, per_second: int = 50, per_minute: int = 1_000, per_chat: int = 5, per_message: int = 5) -> None:
        """Switches Feishu's own limits on."""
        self.api.limiter.on(per_second=per_second, per_minute=per_minute, per_chat=per_chat, per_message=per_message)

    def post_rate(self) -> dict[str, int]:
        """Per chat or person, the most posts that were tried within one second."""
        return self.api.limiter.busiest_second()

    def revoke_tokens(self) -> None:
        self.api.tokens.clear()

    def drop_acks(self, n: int = 1) -> None:
        self.post.drop = n

    def duplicate_next(self, n: int = 1, *, fresh: bool = False) -> None:
        """So many events come twice; `fresh`: the second time under other ids."""
        self.post.twice, self.post.fresh = n, fresh

    async def redeliver(self, delivery: Delivery, *, fresh: bool = False) -> Delivery:
        return await self.post.again(delivery, fresh=fresh)

    def drop_sockets(self, *, refuse: int = 0) -> None:
        """All connections are reset, and so many handshakes refused after that."""
        self.sockets.refusing = refuse
        self.sockets.drop()

    def silence(self, on: bool = True) -> None:
        """The connections of this moment are open, deaf and dumb."""
        self.sockets.silence(on)

    def clear_faults(self) -> None:
        self.api.faults.clear()
        self.api.limiter.off()
        self.post.drop = self.post.twice = self.sockets.refusing = 0
        self.post.fresh = False
        self.sockets.silence(False)

    def set_skew(self, seconds: float) -> None:
        """How far Feishu's clock, as its answers show it, is ahead of `wall`."""
        self.api.skew = seconds
