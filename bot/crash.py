"""Named points at which a test may kill the process, to show that nothing is lost or done twice.

`LIAISON_CRASH_AT=after_commit` dies at the first passing of that point, `after_commit:3` at the third. The points:
`before_commit` and `after_commit` of any transaction, `event_before_commit` and `event_after_commit` of an inbound
event's, `in_tick` (a due action ran and is not committed), `after_claim` (messages leased, none sent), `after_send`
(the platform has the message, we have not noted it).
"""

from __future__ import annotations

import os
from itertools import count

_WANTED, _, _NTH = os.environ.get("LIAISON_CRASH_AT", "").partition(":")
_passings = count(1)


def crash_point(name: str) -> None:
    """Dies here as if killed (no clean-up, exit code 137) when the environment names this point; else nothing."""
    if name == _WANTED and next(_passings) >= int(_NTH or 1):
        os._exit(137)
