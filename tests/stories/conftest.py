"""The stories of the product, told to the real process over the sandbox's HTTP API, with a clock moved by hand."""

from __future__ import annotations

import pytest

from support.invariants import check_database
from support.process import Process


@pytest.fixture
def process(tmp_path):
    """Whatever the story was: at its end the invariants hold."""
    running = Process(tmp_path)
    yield running
    running.close()
    check_database(running.database, history=running.history)


@pytest.fixture
def chat(process):
    return process.start()
