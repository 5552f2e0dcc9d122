"""How fast a platform may be sent to: evenly, just under its limits, and the most urgent first.

The next slot goes to the most urgent who waits, then to the oldest. So a prompt takes a slot only when nobody else
wants it, and an answer waits for one slot, however many prompts wait. Prompts alone have the whole rate, less what the
platform's `Limits` keep free of them for calls that stand in no line here, such as the answer to a person who acted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from math import inf

from adapters.base import Limits
from bot.clock import monotonic
from commands.ports import Priority

SHARE = 0.985
"""Of the platform's limit; 97 % are promised, the rest goes to the loop's lateness."""
CHAT_SHARE = 0.97
"""Of a chat's limit: the network may bring two messages closer together than they left."""
AT_ONCE = 0.2
"""Of the edits that are allowed in a minute, this part may leave at once: one act changes the cards of several chats,
and people look at them."""
AHEAD = 2.0
"""Seconds' worth of edits that may stand in line; the others come again later, so that their chats are not held up."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody in a line, since a moment."""

    priority: Priority
    number: int
    chat: str
    since: float


class Line:
    """Those who wait for one kind of slot. Moments are seconds of a clock that the caller holds in hand."""

    def __init__(
        self,
        windows: Iterable[tuple[float, float | None]] = (),
        per_chat_per_second: float | None = None,
        *,
        burst: int = 0,
        kept_free: float = 0.0,
    ):
        """`windows`: how many may leave in so many seconds, whenever these begin. `burst`: so many more than one may
        leave at once after a quiet time; the windows hold all the same, so the even rate is lower for it.
        `kept_free`: the part of the rate that prompts never use."""
        known = [(seconds, allowed - burst) for seconds, allowed in windows if allowed]
        rate = min((allowed / seconds for seconds, allowed in known), default=inf) * SHARE
        self.gap = 1 / rate
        # A slot that was used late may be followed by the next one in time, as long as no window can overflow.
        self._late = 0.0 if burst else min((allowed / rate - seconds for seconds, allowed in known), default=0.0)
        self._saved = (burst + 1e-6) * self.gap if burst else 0.0  # a trifle more: sums of floats fall short
        self._chat_gap = 1 / (per_chat_per_second * CHAT_SHARE) if per_chat_per_second else 0.0
        self._next = -inf
        self._prompt_gap = self.gap / (1 - kept_free) if kept_free else 0.0
        self._next_prompt = -inf
        self._free_from: dict[str, float] = {}
        self._numbers = count()
        self.waiting: set[Ticket] = set()

    def join(self, chat: str, priority: Priority, now: float) -> Ticket:
        ticket = Ticket(priority, next(self._numbers), chat, now)
        self.waiting.add(ticket)
        return ticket

    def leave(self, now: float) -> Ticket | None:
        """Whoever may go now, out of the line; None when nobody may."""
        if self.opens() > now:
            return None
        ready = (ticket for ticket in self.waiting if self._free(ticket) <= now)
        first = min(ready, key=lambda ticket: (ticket.priority, ticket.number))
        self.waiting.remove(first)
        came = max(first.since, self._free(first))
        self._next = max(self._next, came - self._saved, now - self._late - self._saved) + self.gap
        if first.priority is Priority.PROMPT:
            self._next_prompt = max(self._next_prompt, came, now - self._late) + self._prompt_gap
        self._took(first.chat, now)
        return first

    def opens(self) -> float:
        """The moment from which `leave` has somebody; never, when nobody waits."""
        return max(self._next, min((self._free(ticket) for ticket in self.waiting), default=inf))

    def _free(self, ticket: Ticket) -> float:
        """From when nothing but the common rate holds it up."""
        free = self._free_from.get(ticket.chat, -inf)
        return max(free, self._next_prompt) if ticket.priority is Priority.PROMPT else free

    def _took(self, chat: str, now: float) -> None:
        """Only chats that have to wait are remembered; they were noted in the order in which they become free."""
        while self._free_from and self._free_from[oldest := next(iter(self._free_from))] <= now:
            del self._free_from[oldest]
        if self._chat_gap:
            self._free_from[chat] = now + self._chat_gap


class Door:
    """A line on the event loop: whoever waits is called when the turn comes."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._called: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, chat: str, priority: Priority) -> None:
        ticket = self.line.join(chat, priority, monotonic())
        called = self._called[ticket] = asyncio.get_running_loop().create_future()
        self._let_through()
        try:
            await called
        finally:
            self._called.pop(ticket, None)
            self.line.waiting.discard(ticket)

    def open_wide(self) -> None:
        """Lets everybody through who waits now."""
        for ticket in sorted(self._called, key=lambda ticket: ticket.number):
            self.line.waiting.discard(ticket)
            _call(self._called[ticket])

    def _let_through(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while ticket := self.line.leave(monotonic()):
            _call(self._called[ticket])
        if (opens := self.line.opens()) < inf:
            wait = max(opens - monotonic(), 0.0)
            self._timer = asyncio.get_running_loop().call_later(wait, self._let_through)


class Pace:
    """The pace of one platform. Without limits nobody waits."""

    def __init__(self, limits: Limits) -> None:
        second, edits = limits.per_second, limits.edits_per_minute
        windows = [(1, second), (60, limits.per_minute)]
        self._posts = Door(Line(windows, limits.per_chat_per_second, kept_free=limits.kept_free))
        self._edits = self._posts
        if edits:
            burst = int(AT_ONCE * min(edits, second or edits))
            self._edits = Door(Line([(1, second), (60, edits)], burst=burst))
        self._put_off_until = -inf

    @property
    def per_second(self) -> float:
        """How many messages can leave, edits that are counted apart not among them."""
        return 1 / self._posts.line.gap if self._posts.line.gap else inf

    async def turn(self, chat: str, priority: Priority, *, edit: bool = False) -> None:
        """Returns when the next message to that chat may leave. A chat that has to wait holds no other one up."""
        await (self._edits if edit else self._posts).turn(chat, priority)

    def crowd(self, priority: Priority, now: float) -> float:
        """Where edits are counted apart: the seconds after which this one should come again, because enough of them
        stand in line; 0 when it may join."""
        line = self._edits.line
        enough = max(2.0, AHEAD / line.gap) if line.gap else inf
        if self._edits is self._posts or priority < Priority.EDIT or len(line.waiting) < enough:
            return 0.0
        self._put_off_until = max(self._put_off_until, now + AHEAD) + line.gap
        return self._put_off_until - now

    def open_wide(self) -> None:
        """Lets everybody through: the caller is going to send none of them."""
        self._posts.open_wide()
        self._edits.open_wide()


def _call(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
