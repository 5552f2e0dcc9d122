"""What can be measured of a running bot, in Prometheus' words. Labels have few values: never a person or an item."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot import __version__
from bot.clock import Clock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_COMMAND_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # 3 s is Slack's patience


class Metrics:
    """One bot's figures, in a registry of their own, so that two bots in one process do not mix."""

    def __init__(self, clock: Clock) -> None:
        self.registry = registry = CollectorRegistry()
        self._clock = clock
        self.due_lag = Gauge("liaison_due_lag_seconds", "How late the last due action was done", registry=registry)
        self.due_open = Gauge("liaison_due_actions_open", "Due actions not done yet", registry=registry)
        self.oldest_owed = Gauge(
            "liaison_outbox_oldest_seconds", "Age of the oldest message that could have been sent", registry=registry
        )
        self.dead_letters = Gauge("liaison_outbox_dead", "Messages given up after the last try", registry=registry)
        self.messages = Counter(
            "liaison_messages",
            "Messages by result: sent, failed, ambiguous, held",
            ["platform", "result"],
            registry=registry,
        )
        self.events = Counter("liaison_events", "Events handled", ["platform", "kind", "result"], registry=registry)
        self.duplicates = Counter(
            "liaison_events_duplicate", "Events that had been handled before", ["platform"], registry=registry
        )
        self.command_seconds = Histogram(
            "liaison_command_seconds",
            "From an event to its answer",
            ["kind"],
            registry=registry,
            buckets=_COMMAND_BUCKETS,
        )
        self._last_event = Gauge(
            "liaison_platform_last_event_age_seconds", "Since a platform last spoke", ["platform"], registry=registry
        )
        build = Gauge("liaison_build", "Always 1; the version is its label", ["version"], registry=registry)
        build.labels(__version__).set(1)

    def handled(self, kind: str, result: str, seconds: float, platform: str) -> None:
        """An event (say, click, submit) has its answer; `repeated` is the result of one that was known already."""
        self.events.labels(platform, kind, result).inc()
        self.command_seconds.labels(kind).observe(seconds)
        if result == "repeated":
            self.duplicates.labels(platform).inc()
        self.heard(platform, self._clock.now())

    def heard(self, platform: str, moment: datetime) -> None:
        """A platform spoke at that moment; its silence is measured from there."""

        def age() -> float:
            return (self._clock.now() - moment).total_seconds()

        self._last_event.labels(platform).set_function(age)

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self.registry)
