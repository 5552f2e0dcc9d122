"""A strict Slack in this process, for tests and benchmarks: `FakeSlack`."""

from .errors import Impossible, Refusal
from .fake import FakeSlack

__all__ = ["FakeSlack", "Impossible", "Refusal"]
