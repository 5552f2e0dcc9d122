"""The stories of the product, told to the real process over the sandbox's HTTP API, with a clock moved by hand."""

from __future__ import annotations

import pytest
from support.process import Process


@pytest.fixture
def process(tmp_path):
    running = Process(tmp_path)
    yield running
    running.close()


@pytest.fixture
def chat(process):
    return process.start()
