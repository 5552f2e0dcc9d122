"""What a command's exit code says."""

from __future__ import annotations

from typing import Final

FINE: Final = 0
FAILED: Final = 1
"""It failed, or found something red."""
WRONG: Final = 2
"""The call or the config is wrong."""
