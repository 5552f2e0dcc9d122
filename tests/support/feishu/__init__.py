"""A strict Feishu in this process, for tests and benchmarks: `FakeFeishu`."""

from .errors import BadCard, Impossible, Refusal
from .fake import FakeFeishu

__all__ = ["BadCard", "FakeFeishu", "Impossible", "Refusal"]
