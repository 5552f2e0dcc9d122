"""Commits that last, cheaply: one fsync for all that were made while the one before was under way.

With `synchronous=FULL` SQLite syncs its write-ahead log within each commit, and nobody can write meanwhile. With
`NORMAL` it leaves that to us: a commit is whole or absent after a power cut, never half there
(https://www.sqlite.org/pragma.html#pragma_synchronous). So the log is synced before anybody hears of the commit, which
promises the same, while the next transaction is at work already.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock

from storage.errors import Unsynced

Told = Callable[[Unsynced | None], None]
Sync = Callable[[str], None]
"""Puts on the disk what was written to the file of that name. Raises `FileNotFoundError`, or another `OSError`."""


def sync_file(path: str) -> None:
    # Opened each time: SQLite may have removed the file and made another one.
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


class WriteAheadLog:
    """The log of one SQLite database. Safe to use from any thread."""

    def __init__(self, database: str, sync_file: Sync = sync_file) -> None:
        self._path = f"{database}-wal"
        self._sync_file = sync_file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sync")
        self._lock = Lock()
        self._waiting: list[Told] = []

    def sync(self) -> None:
        """Returns when everything that was committed before is on the disk. Raises `Unsynced`."""
        try:
            # Without a log everything is in the database: that is when SQLite removes it.
            with suppress(FileNotFoundError):
                self._sync_file(self._path)
        except OSError as error:
            raise Unsynced(f"the disk does not say that it keeps what was written: {error}") from error

    def sync_later(self, told: Told) -> None:
        """Calls `told` afterwards, in another thread; with the error when it may not be on the disk."""
        with self._lock:
            self._waiting.append(told)
            is_first = len(self._waiting) == 1
        if is_first:  # else the round that has yet to begin is for this one too
            self._thread.submit(self._round)

    def close(self) -> None:
        """Returns when everybody who waits was told."""
        self._thread.shutdown(wait=True)

    def _round(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        unsynced: Unsynced | None = None
        try:
            self.sync()
        except Unsynced as error:
            unsynced = error
        for told in waiting:
            told(unsynced)
