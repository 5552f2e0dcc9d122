"""Envelopes: what Slack sends to the app, over a socket or signed HTTP, until the app acknowledges it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from .records import Json, Row
from .workspace import Workspace

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
RETRY_REASON = "http_timeout"


@dataclass
class Delivery(Row):
    """One envelope. `status`: pending, acked, timeout or no_connection; `error` is what the person sees then.
    `outcome` says what became of a modal that was sent."""

    kind: str
    payload: Json
    envelope_id: str
    trigger_id: str | None = None
    status: str = "pending"
    ack_ms: float | None = None
    ack_payload: Any = None
    error: str | None = None
    outcome: Json = field(default_factory=dict)
    attempt: int = 0
    sent: int = 0
    acks: int = 0
    began: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Road:
    """How envelopes travel; `Sockets` and `Requests` are the two."""

    async def send(self, delivery: Delivery) -> bool:
        """False when there is nobody to send it to."""
        raise NotImplementedError


class Post:
    """Sends envelopes, waits for their acks, and sends events again: at once, after a while, after a longer while.

    `patience` is how long the person's client waits, `pauses` lie before each retry of an event, in seconds.
    """

    def __init__(self, slack: Workspace, *, patience: float, pauses: tuple[float, ...]) -> None:
        self._slack, self._patience, self._pauses = slack, patience, pauses
        self.road: Road = Road()
        self.deliveries: list[Delivery] = []
        self.by_id: dict[str, Delivery] = {}
        self.drop, self.twice = 0, 0  # so many acks are lost, so many envelopes come twice
        self._tasks: set[asyncio.Task[Any]] = set()

    def envelope(self, kind: str, payload: Json, *, user: str | None = None, view: str | None = None) -> Delivery:
        """Not sent yet. For an act of a `user` it carries a trigger."""
        trigger = self._slack.trigger(user, view) if user else None
        id = f"e-{self._slack.id('')}"
        delivery = Delivery(kind, payload | ({"trigger_id": trigger} if trigger else {}), id, trigger)
        self.deliveries.append(delivery)
        self.by_id[id] = delivery
        return delivery

    async def deliver(self, delivery: Delivery) -> None:
        """Until it is acknowledged, or nobody waits any more."""
        delivery.began = self._slack.now()
        if delivery.trigger_id:
            self._slack.triggers[delivery.trigger_id].began = delivery.began
        for pause in (0.0, *(self._pauses if delivery.kind == EVENTS else ())):
            if await _done(delivery, pause) or (await self._send(delivery) and await _done(delivery, self._patience)):
                return
            delivery.attempt += 1
        self.fail(delivery, "operation_timeout" if delivery.sent else "dispatch_failed")

    async def _send(self, delivery: Delivery) -> bool:
        """False when there was nobody to send it to."""
        copies, self.twice = (2, self.twice - 1) if self.twice else (1, 0)
        for _ in range(copies):
            delivery.sent += 1
            if not await self.road.send(delivery):
                delivery.sent -= 1
                return False
        return True

    async def again(self, envelope_id: str, attempt: int) -> Delivery:
        """The same payload once more, as Slack does when it did not see the ack."""
        first = self.by_id[envelope_id]
        second = self.envelope(first.kind, first.payload)
        second.attempt = attempt
        await self.deliver(second)
        return second

    def fail(self, delivery: Delivery, error: str) -> None:
        """The person sees this error; an ack that comes later is too late."""
        delivery.status = "timeout" if delivery.sent else "no_connection"
        delivery.error = error
        delivery.done.set()
        self._slack.changed()

    def acknowledge(self, delivery: Delivery, payload: Any) -> None:
        """The app's ack has arrived."""
        if self.drop:
            self.drop -= 1
            return
        delivery.acks += 1
        if delivery.status == "pending":
            delivery.status, delivery.ack_payload = "acked", payload
            delivery.ack_ms = (self._slack.now() - delivery.began) * 1000
            delivery.done.set()
        elif delivery.status != "acked":
            self._slack.violate("late_ack", delivery.kind)
        elif delivery.acks > delivery.sent:
            self._slack.violate("second_ack", delivery.kind)
        self._slack.changed()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs beside everything else, until the workspace closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Requests(Road):
    """Signed HTTP (docs.slack.dev/authentication/verifying-requests-from-slack)."""

    def __init__(self, post: Post, *, url: str, secret: str) -> None:
        self._post, self.url, self.secret = post, url, secret

    def open(self) -> None:
        """Needs a running loop."""
        self._http = ClientSession(timeout=ClientTimeout(total=30))

    async def send(self, delivery: Delivery) -> bool:
        body, kind = written(delivery)
        headers = {"Content-Type": kind, **signed(self.secret, body)}
        if delivery.attempt:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": RETRY_REASON}
        self._post.spawn(self._exchange(delivery, body, headers))
        return True

    async def _exchange(self, delivery: Delivery, body: str, headers: dict[str, str]) -> None:
        try:
            async with self._http.post(self.url, data=body.encode(), headers=headers) as response:
                text = await response.text()
        except ClientError:
            return self._refused(delivery, "dispatch_failed")
        if response.status != 200:
            return self._refused(delivery, f"http_{response.status}")
        is_json = response.content_type == "application/json"
        self._post.acknowledge(delivery, (json.loads(text) if is_json else {"text": text}) if text else None)

    def _refused(self, delivery: Delivery, error: str) -> None:
        """A person hears of it at once; an event will be sent again."""
        if delivery.kind != EVENTS and delivery.status == "pending":
            self._post.fail(delivery, error)

    async def close(self) -> None:
        await self._http.close()


async def _done(delivery: Delivery, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await delivery.done.wait()
    except TimeoutError:
        pass
    return delivery.done.is_set()


def written(delivery: Delivery) -> tuple[str, str]:
    """Body and content type: events as JSON, commands as a form, the rest as a form with JSON in `payload`."""
    if delivery.kind == EVENTS:
        return json.dumps(delivery.payload), "application/json"
    form = delivery.payload if delivery.kind == COMMANDS else {"payload": json.dumps(delivery.payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def signed(secret: str, body: str, *, at: float | None = None) -> dict[str, str]:
    """The headers by which the app knows that Slack has sent this. `at`: seconds since 1970, now unless given."""
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
