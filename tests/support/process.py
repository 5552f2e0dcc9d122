"""The real program as a process: started on a free port, stopped with SIGTERM, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from support.chat import Chat

ROOT = Path(__file__).parents[2]
TOWN = Path(__file__).with_name("town.yaml")


class Process:
    """`liaison run` in a folder of its own."""

    def __init__(self, folder: Path, *, database: str | None = None, config: str | None = None) -> None:
        self.folder = folder
        self.port = _free_port()
        database = database or f"sqlite:///{folder / 'liaison.db'}"
        text = config or TOWN.read_text(encoding="utf-8")
        self.config = folder / "config.yaml"
        head = f"database: {database}\nhttp: {{host: 127.0.0.1, port: {self.port}}}\n"
        self.config.write_text(head + text, encoding="utf-8")
        self.log = folder / "log.txt"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> Chat:
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", str(self.config)],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._await_ready()
        return Chat(f"http://127.0.0.1:{self.port}")

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
