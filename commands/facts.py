"""Facts on their way through the outbox: shown kinds to small JSON and back, each marked with what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from commands.domain.duration import Duration, parse_duration
from commands.words import Dept, Shown, Typed, Who, Words


def encode(facts: Mapping[str, Shown]) -> dict[str, Any]:
    return {name: _pack(value) for name, value in facts.items()}


def decode(stored: Mapping[str, Any]) -> dict[str, Shown]:
    return {name: _unpack(value) for name, value in stored.items()}


def _pack(value: Shown) -> Any:
    match value:
        case datetime():
            return {"$at": value.isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case timedelta():
            return {"$span": value.total_seconds()}
        case Duration():
            return {"$limit": str(value)}
        case Who():
            return {"$who": value.id, "ping": value.ping, "for": value.acting_for}
        case Dept():
            return {"$dept": value.id}
        case Typed():
            return {"$typed": value.line}
        case Words():
            return {"$words": value.key, "facts": encode(value.facts)}
        case tuple():
            return [_pack(v) for v in value]
        case str():
            return str(value)
        case _:
            return value


def _unpack(value: Any) -> Shown:
    match value:
        case {"$at": str(iso)}:
            return datetime.fromisoformat(iso)
        case {"$day": str(iso)}:
            return date.fromisoformat(iso)
        case {"$span": seconds}:
            return timedelta(seconds=seconds)
        case {"$limit": str(text)}:
            return parse_duration(text)
        case {"$who": str(person), "ping": ping, "for": acting_for}:
            return Who(person, ping, acting_for)
        case {"$dept": str(department)}:
            return Dept(department)
        case {"$typed": str(line)}:
            return Typed(line)
        case {"$words": str(key), "facts": facts}:
            return Words(key, decode(facts))
        case list():
            return tuple(_unpack(v) for v in value)
        case str() | int() | float() | bool() | datetime() | date() | None:
            return value  # moments and days: storage reads their marks itself
        case _:
            raise ValueError(f"not a fact: {value!r}")
