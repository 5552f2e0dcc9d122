"""The small town, served."""

import pytest

from tests.adapters.sandbox.serving import serve


@pytest.fixture
async def served():
    async with serve() as town:
        yield town
