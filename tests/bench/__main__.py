"""`make bench`: what Liaison costs, each figure beside its floor of the same run. Never a test: machines differ."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import command, core, fanout, feishu, feishufanout, load, slack, slackfanout, start, storage
from tests.bench.figures import Figure, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute, and less exact")
    quick = parser.parse_args().quick
    warnings.simplefilter("ignore")
    _show("Start", start.figures(2 if quick else 7))
    _show(
        "Core, no database; the floor is a bare Jinja template of a card of that size",
        core.figures(200 if quick else 4000),
    )
    with TemporaryDirectory() as folder:
        _show("Slack: prompts, at 300 messages a minute", slackfanout.figures(Path(folder), 50 if quick else 1_000))
        _show("Feishu: prompts, at 800 messages a minute", feishufanout.figures(Path(folder), 50 if quick else 1_000))
        prompts = fanout.figures(f"sqlite:///{Path(folder)}/fanout.db", 150 if quick else 1_000)
        _show("Delivery, beside what a platform allows", prompts)
        _show("Slack, Socket Mode on loopback", slack.figures(Path(folder), 200 if quick else 1000))
        _show("Feishu, the long connection on loopback", feishu.figures(Path(folder), 200 if quick else 1000))
        for kind, url in storage.databases(Path(folder)):
            _show(f"{kind}: a whole command", command.figures(url, 160 if quick else 2000))
            _show(f"{kind}: a storm", load.figures(url, 200 if quick else 10_000))
            sizes = (1_000, 20_000) if quick else (10_000, 1_000_000)
            _show(f"{kind}: due actions, 1 % due", storage.figures(url, sizes))


def _show(title: str, figures: Iterable[Figure]) -> None:
    print(table(title, figures), flush=True)


if __name__ == "__main__":
    main()
