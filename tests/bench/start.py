"""From the start of the process to "Liaison is ready", its memory, `--help`, and which SDKs are imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.figures import Figure, of

ROOT = Path(__file__).parents[2]
OURS = ("adapters", "bot", "commands", "storage")
SDKS = ("slack_bolt", "slack_sdk", "lark_oapi", "dingtalk_stream")
_MAIN = f"""
import sys
from bot.cli import main
try:
    main(sys.argv[1:])
finally:
    print("SDKs:", *(name for name in {SDKS} if name in sys.modules))
"""
"""`liaison`, which says at its end which SDKs are in `sys.modules`."""


def figures(times: int) -> Iterator[Figure]:
    subprocess.run([sys.executable, "-m", "compileall", "-q", *OURS], cwd=ROOT, check=True)  # as `make` does
    bare, helps, first, again, memory, found = [], [], [], [], [], set()
    for _ in range(times):
        bare.append(_seconds("-c", "pass"))
        seconds, out = _said("--help")
        helps.append(seconds)
        found |= _sdks(out)
        with TemporaryDirectory() as folder:
            for ready in (first, again):
                seconds, resident, out = _started(Path(folder))
                ready.append(seconds)
                memory.append(resident)
                found |= _sdks(out)
    yield of("a bare interpreter", bare)
    yield of("liaison --help", helps, bare)
    yield of("start → ready, an empty folder", first, bare, aim=1.0)
    yield of("start → ready, tables there", again, bare, aim=1.0)
    yield Figure("resident memory when ready", median(memory), aim=110, unit="MB")
    yield Figure("platform SDKs imported: " + (", ".join(sorted(found)) or "none"), len(found), aim=0, unit="SDKs")


def _seconds(*arguments: str) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def _said(*arguments: str) -> tuple[float, str]:
    start = perf_counter()
    done = subprocess.run([sys.executable, "-c", _MAIN, *arguments], cwd=ROOT, capture_output=True, text=True)
    return perf_counter() - start, done.stdout


def _started(folder: Path) -> tuple[float, float, str]:
    """The sandbox of the example config on a database of its own: seconds, megabytes, and what it said at the end."""
    own = {"LIAISON_DATABASE": f"sqlite:///{folder}/start.db", "LIAISON_HTTP__PORT": "0"}
    command = [sys.executable, "-c", _MAIN, "run", "--config", str(ROOT / "config.example.yaml")]
    start = perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        seconds = perf_counter() - start
        assert "Liaison is ready" in line, line
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20, rest


def _sdks(out: str) -> set[str]:
    (line,) = (line for line in out.splitlines() if line.startswith("SDKs:"))
    return set(line.split()[1:])
