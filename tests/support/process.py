"""The real program as a process: started on a free port, stopped with SIGTERM, killed, started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from support.chat import YEAR, Chat
from support.nursery import Child, nursery

ROOT = Path(__file__).parents[2]
TOWN = Path(__file__).with_name("town.yaml")


class Process:
    """`liaison run` in a folder of its own. Two of them may share a database and the sandbox's `history`."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str | None = None,
        config: str | None = None,
        history: Path | None = None,
        needs: Sequence[str] = (),
    ) -> None:
        """`needs`: modules that its platforms import, so that a quick start has them too."""
        self.folder = folder
        self.needs = tuple(needs)
        self.port = _free_port()
        self.database = database or f"sqlite:///{folder / 'liaison.db'}"
        self.history = history or folder / "liaison.chat.db"
        self.config = folder / "config.yaml"
        self.log = folder / "log.txt"
        self.town = config or TOWN.read_text(encoding="utf-8")
        self._running: subprocess.Popen[bytes] | Child | None = None

    def start(self, *, at: str | None = None, crash_at: str = "", **environment: str) -> Chat:
        """Runs until it answers. `at` (`09-23 17:40`) is where its clock begins; it dies at the named crash point."""
        self.begin(at=at, crash_at=crash_at, **environment)
        self._await_ready()
        return Chat(f"http://127.0.0.1:{self.port}")

    def begin(self, *, at: str | None = None, crash_at: str = "", **environment: str) -> None:
        """Starts it and waits for nothing: it may be meant to refuse."""
        self._write_config(at)
        run = ["run", "--config", str(self.config)]
        if not crash_at and hasattr(os, "pidfd_open"):
            self._running = nursery(*self.needs).start(run, {**os.environ, **environment}, self.log)
            return
        # The crash points are read when the program is imported.
        crash = {"LIAISON_CRASH_AT": crash_at} if crash_at else {}
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "bot", *run],
                cwd=ROOT,
                env={**os.environ, **crash, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _write_config(self, at: str | None) -> None:
        head = f"database: {self.database}\nhttp: {{host: 127.0.0.1, port: {self.port}}}\n"
        town = re.sub(r'start: "[^"]*"', rf'\g<0>, history: "{self.history}"', self.town)
        if at:
            moment = f"{YEAR}-{at.replace(' ', 'T')}:00+08:00"
            town = re.sub(r'start: "[^"]*"', f'start: "{moment}"', town)
        self.config.write_text(head + town, encoding="utf-8")

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        return self._end(signal.SIGKILL)

    def wait(self) -> int:
        assert self._running
        return self._running.wait(30)

    def close(self) -> None:
        if self._running and self._running.poll() is None:
            self.kill()

    def _end(self, how: signal.Signals) -> int:
        assert self._running
        self._running.send_signal(how)
        return self._running.wait(30)

    def _await_ready(self) -> None:
        """Until it listens: the socket itself is asked, with a pause in between that the kernel ends early."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self._running and self._running.poll() is None, self.log.read_text()
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                try:
                    self._running.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
        raise AssertionError(self.log.read_text())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
