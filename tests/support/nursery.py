"""Starts the program often and quickly: a process that has imported everything forks itself for each start.

A child is the real program, with a memory, files, signals and a death of its own; only its imports are not made anew.
Run as a script, this file is that process; it takes a line of JSON for each start, and answers with a line.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = (
    "bot.cli",
    "bot.config",
    "bot.wiring",
    "bot.sandbox",
    "adapters.sandbox",
    "storage.migrate",
    "alembic.command",
)


class Child:
    """The part of `subprocess.Popen` that tests use."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self._pid = pid
        self._end = os.pidfd_open(pid)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float) -> int:
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"pid {self._pid}", timeout)
        return code

    def send_signal(self, how: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self._pid, how)

    def _ended(self, within: float) -> int | None:
        """The code is asked for once: whoever started the child buries it."""
        if self.returncode is None and select.select([self._end], [], [], within)[0]:
            self.returncode = self._nursery.ask({"bury": self._pid})
            os.close(self._end)
        return self.returncode


class Nursery:
    """The process that forks, while this one runs."""

    def __init__(self, modules: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno()), *modules], cwd=ROOT, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        self._line = ours.makefile("rw", encoding="utf-8")
        atexit.register(ours.close)

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
        """`python -m bot` with these arguments; what it says goes to the end of the log."""
        return Child(self, self.ask({"arguments": [*arguments], "environment": {**environment}, "log": str(log)}))

    def ask(self, question: Mapping[str, object]) -> int:
        self._line.write(json.dumps(question) + "\n")
        self._line.flush()
        return int(self._line.readline())


@cache
def nursery(*more: str) -> Nursery:
    """The one of this test process; `more` are modules that its children need beside the common ones."""
    return Nursery((*MODULES, *more))


# --- the process itself -------------------------------------------------------------------------------------


def _serve(line: socket.socket, modules: Sequence[str]) -> None:
    sys.path[0] = str(ROOT)  # not this folder, in which some modules are named as in the standard library
    for module in modules:
        importlib.import_module(module)
    with line.makefile("rw", encoding="utf-8") as asked:
        while said := asked.readline():
            question = json.loads(said)
            answer = _buried(question["bury"]) if "bury" in question else os.fork()
            if answer == 0 and "bury" not in question:
                line.close()
                _be(**question)
            asked.write(f"{answer}\n")
            asked.flush()


def _buried(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _be(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    """The program, from its first line to its exit code."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 1)
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["bot", *arguments]
    code: object = 1
    try:
        from bot.cli import main

        code = main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
