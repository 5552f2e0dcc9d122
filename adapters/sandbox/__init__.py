"""A chat in the browser that behaves like a real platform, with a clock that can be moved by hand."""

from adapters.sandbox.adapter import SandboxAdapter
from adapters.sandbox.clock import ClockControl, parse_advance
from adapters.sandbox.roster import Chat, Person, Roster
from adapters.sandbox.world import World

__all__ = ["Chat", "ClockControl", "Person", "Roster", "SandboxAdapter", "World", "parse_advance"]
