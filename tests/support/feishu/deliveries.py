"""Events and callbacks: what Feishu sends to the app, over the long connection or a webhook, until it is acknowledged.

Sources: open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
(three seconds, four more tries) and …/feishu-cards/handle-card-callbacks (a callback is sent once).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from .markup import Json
from .organisation import Organisation
from .records import Message

CALLBACK = "card.action.trigger"
NOBODY, SLOW, FAILED = "200340", "200341", "200671"  # what the person sees whose click came to nothing


@dataclass
class Delivery:
    """One event. `status`: pending, acked, timeout, refused (an answer other than 200) or no_connection.

    Of a callback: `error` is what the person sees when nothing came of it, `toast` what they read otherwise,
    `replaced` whether the answer brought a new card."""

    kind: str
    body: Json
    message: Message | None = None
    status: str = "pending"
    answer: Any = None
    ack_ms: float | None = None
    error: str = ""
    toast: Json | None = None
    replaced: bool = False
    attempts: int = 0
    sent: int = 0
    acks: int = 0
    began: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def callback(self) -> bool:
        return self.kind == CALLBACK

    @property
    def id(self) -> str:
        return str(self.body["header"]["event_id"])

    @property
    def event(self) -> Json:
        return dict(self.body["event"])


class Road:
    """How events travel; `Sockets` and `Requests` are the two."""

    async def send(self, delivery: Delivery, body: Json) -> bool:
        """False when there is nobody to send it to."""
        raise NotImplementedError


class Post:
    """Sends events, waits for their acks, and sends again what nobody acknowledged.

    `patience` is how long it waits, `pauses` lie before each repetition, in seconds. `fresh`: a repeated message comes
    with another event_id and message_id, as was seen on real tenants.
    """

    def __init__(self, feishu: Organisation, *, patience: float, pauses: tuple[float, ...]) -> None:
        self._feishu, self._patience, self._pauses = feishu, patience, pauses
        self.road: Road = Road()
        self.deliveries: list[Delivery] = []
        self.drop, self.twice, self.fresh = 0, 0, False  # so many acks are lost, so many events come twice
        self.app_id, self.verification_token = "", ""
        self._tasks: set[asyncio.Task[Any]] = set()

    def event(self, kind: str, event: Json, message: Message | None = None) -> Delivery:
        """Not sent yet."""
        factor = 1000 if kind == CALLBACK else 1  # a callback's moment is in microseconds
        header = {"event_id": self._feishu.id("ev"), "token": self.verification_token, "event_type": kind}
        header |= {"create_time": str(self._feishu.stamp() * factor), "tenant_key": self._feishu.tenant}
        body = {"schema": "2.0", "header": {**header, "app_id": self.app_id}, "event": deepcopy(event)}
        delivery = Delivery(kind, body, message)
        self.deliveries.append(delivery)
        return delivery

    async def deliver(self, delivery: Delivery) -> None:
        """Until it is acknowledged, or nobody tries any more."""
        delivery.began = self._feishu.now()
        for pause in (0.0, *(() if delivery.callback else self._pauses)):
            if await _done(delivery, pause) or (await self._send(delivery) and await _done(delivery, self._patience)):
                return
            delivery.attempts += 1
        self._give_up(delivery)

    async def _send(self, delivery: Delivery) -> bool:
        """False when there was nobody to send it to."""
        copies, self.twice = (2, self.twice - 1) if self.twice and not delivery.callback else (1, 0)
        for copy in range(copies):
            again = delivery.attempts or copy
            body = self.renewed(delivery.body) if again and self.fresh else delivery.body
            delivery.sent += 1
            if not await self.road.send(delivery, body):
                delivery.sent -= 1
                return False
        return True

    async def again(self, first: Delivery, *, fresh: bool) -> Delivery:
        """An event once more, as Feishu does when it did not see the ack."""
        second = Delivery(first.kind, self.renewed(first.body) if fresh else first.body)
        self.deliveries.append(second)
        await self.deliver(second)
        return second

    def renewed(self, body: Json) -> Json:
        """The same message under other ids."""
        body = deepcopy(body)
        body["header"]["event_id"] = self._feishu.id("ev")
        if "message" in body["event"]:
            message = self._feishu.messages[body["event"]["message"]["message_id"]]
            twin = Message(**{**vars(message), "id": self._feishu.id("om_")})
            self._feishu.messages[twin.id] = twin
            body["event"]["message"]["message_id"] = twin.id
        return body

    def _give_up(self, delivery: Delivery) -> None:
        if delivery.status == "pending":
            delivery.status = "timeout" if delivery.sent else "no_connection"
        delivery.error = delivery.error or (SLOW if delivery.sent else NOBODY)
        self._ended(delivery)

    def acknowledge(self, delivery: Delivery, code: int, answer: Any) -> None:
        """The app's ack has arrived; with a code other than 200 it is none."""
        if self.drop and not delivery.callback:
            self.drop -= 1
            return
        delivery.acks += 1
        if delivery.acks > delivery.sent:
            self._feishu.violate("second_ack", delivery.kind)
        if delivery.status == "timeout":
            self._feishu.violate("late_ack", delivery.kind)
        elif delivery.status != "acked" and code == 200:
            delivery.status, delivery.answer = "acked", answer
            delivery.ack_ms = (self._feishu.now() - delivery.began) * 1000
            self._ended(delivery)
        elif code != 200:
            self._feishu.violate("refused", f"{delivery.kind}: {code} {answer}")
            delivery.status = "refused"
            if delivery.callback:
                delivery.error = FAILED
                self._ended(delivery)
        self._feishu.changed()

    def _ended(self, delivery: Delivery) -> None:
        delivery.done.set()
        self._feishu.changed()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs beside everything else, until the organisation closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _done(delivery: Delivery, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await delivery.done.wait()
    except TimeoutError:
        pass
    return delivery.done.is_set()
