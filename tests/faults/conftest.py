"""Accidents, done to the real process: killed at a named point, stopped in the middle, started again later."""

from __future__ import annotations

import pytest

from support.process import Process


@pytest.fixture
def process(tmp_path):
    running = Process(tmp_path)
    yield running
    running.close()
