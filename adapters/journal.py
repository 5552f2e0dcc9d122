"""Events that were acknowledged and are not done yet, kept in a file, so that a platform may hear "received" at once.

A platform wants its answer within seconds, whatever the database or the core do meanwhile. So an event is written here
first, acknowledged, then handled; what was not finished when the process died is handled after the next start. Many
events that come at the same time share one write and one fsync.

The file has a line for each event and one for each that is done, and is emptied when nothing is open. Two processes in
one folder have a file each; the file of a process that died is taken over by the next one that starts.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

Payload = Mapping[str, Any]
"""What came, as JSON has it."""

REMEMBERED = 20_000
"""Keys of events that are done: a repetition of one of them is nothing new. Platforms repeat for some hours at most."""
LARGEST = 4_000_000
"""Bytes after which the file is emptied, once nothing in it is open."""
MOST_FILES = 64


class Journal:
    """Not thread-safe: it belongs to one event loop. Without a path it keeps everything in memory only."""

    def __init__(self, path: Path | None, *, largest: int = LARGEST) -> None:
        self._path = path
        self._largest = largest
        self._file: FileIO | None = None
        self._torn = False  # the last write ended within a line
        self._open: dict[str, Payload] = {}
        self._begun: set[str] = set()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._unwritten: list[bytes] = []
        self._written: asyncio.Future[None] | None = None  # of what is unwritten now
        self._writer: asyncio.Task[None] | None = None

    def open(self) -> Mapping[str, Payload]:
        """Takes a file of its own, and gives the events that earlier processes did not finish, in order.

        Raises `OSError` when the folder cannot be written.
        """
        if self._path is not None and self._file is None:
            self._take_files(self._path)
        return dict(self._open)

    def knows(self, key: str) -> bool:
        """Whether this event is in hand or done already."""
        return key in self._open or key in self._done

    @property
    def waiting(self) -> int:
        """How many events are in hand."""
        return len(self._open)

    async def add(self, key: str, payload: Payload) -> bool:
        """Returns once the event is on the disk; False, at once, when it is known already. Raises `OSError` when it
        cannot be written, and the event is unknown then."""
        if self.knows(key):
            return False
        self._open[key] = payload
        self._unwritten.append(_line({"key": key, "payload": payload}))
        try:
            await asyncio.shield(self._on_disk())
        except OSError:
            self._open.pop(key, None)
            raise
        return True

    def begin(self, key: str) -> None:
        """Its answer is on the way. Noted at once, without fsync: a killed process leaves the note behind."""
        if key in self._open:
            self._begun.add(key)
            self._unwritten.append(_line({"begun": key}))
            if self._writer is None:
                self._flush()

    def was_begun(self, key: str) -> bool:
        """Whether its answer may have arrived."""
        return key in self._begun

    def done(self, key: str) -> None:
        """It needs not be handled again. Noted on the disk with the next write: a death before that costs a second
        handling, which the core knows to be one."""
        if self._open.pop(key, None) is None:
            return
        self._begun.discard(key)
        self._done[key] = None
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        self._unwritten.append(_line({"done": key}))
        if not self._open and self._writer is None:
            self._flush()

    def close(self) -> None:
        """Writes what is left and lets the file go."""
        if self._file is None:
            return
        with suppress(OSError):
            self._flush()
        self._file.close()
        self._file = None

    # --- inside ---

    def _on_disk(self) -> asyncio.Future[None]:
        """Done when everything that is unwritten now has been written."""
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        if self._writer is None:
            self._writer = asyncio.ensure_future(self._write())
        return self._written

    async def _write(self) -> None:
        """One write for everything that came since the last one began."""
        while (written := self._written) is not None:
            self._written = None
            lines, self._unwritten = self._unwritten, []
            try:
                await asyncio.to_thread(self._put, lines)
            except OSError as error:
                written.set_exception(error)
                written.exception()  # whoever waited may be gone
            else:
                written.set_result(None)
        self._writer = None

    def _put(self, lines: list[bytes]) -> None:
        if self._file is not None:
            self._append(self._file, lines)
            os.fsync(self._file.fileno())

    def _append(self, file: FileIO, lines: list[bytes]) -> None:
        """Unbuffered: what a full disk refused must not come back with the next write."""
        left = memoryview(b"".join([b"\n" * self._torn, *lines]))
        self._torn = True
        while left:
            left = left[file.write(left) :]
        self._torn = False

    def _flush(self) -> None:
        """What is only known to be done needs no fsync."""
        lines, self._unwritten = self._unwritten, []
        if self._file is None:
            return
        with suppress(OSError):
            if os.fstat(self._file.fileno()).st_size > self._largest and not self._open:
                self._file.truncate(0)
                lines = [_line({"done": key}) for key in self._done]
            self._append(self._file, lines)

    def _take_files(self, path: Path) -> None:
        """The first free file becomes ours; what dead processes left open in others is copied into it."""
        own: FileIO | None = None
        for number in range(MOST_FILES):
            other = path.with_name(f"{path.name}.{number}") if number else path
            if (own is None or other.exists()) and (file := _locked(other)):
                self._read(file)
                own = own or file
                self._file = own
                if file is not own:
                    self._put([_line({"key": key, "payload": payload}) for key, payload in self._open.items()])
                    self._put([_line({"begun": key}) for key in self._begun])
                    file.truncate(0)
                    file.close()
        if own is None:
            raise OSError(f"{path}: {MOST_FILES} processes use this journal")

    def _read(self, file: FileIO) -> None:
        content = file.readall()
        for entry in _entries(content):
            match entry:
                case {"key": str(key), "payload": dict(payload)}:
                    self._open[key] = payload
                case {"begun": str(key)}:
                    self._begun.add(key)
                case {"done": str(key)}:
                    self._open.pop(key, None)
                    self._begun.discard(key)
                    self._done[key] = None
        if self._file is None:
            self._torn = content[-1:] not in (b"", b"\n")  # half a line: the next one begins on a line of its own


def _locked(path: Path) -> FileIO | None:
    """The file, readable by this user alone; None while another process has it."""
    file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _entries(content: bytes) -> Iterator[Any]:
    """Every whole line; half a line is what a process was writing when it died, and was not acknowledged."""
    for line in content.splitlines():
        with suppress(ValueError):
            yield json.loads(line)
