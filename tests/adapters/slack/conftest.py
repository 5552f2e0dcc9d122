"""The office, over both ways in."""

import pytest

from tests.adapters.slack.office import MODES, office


@pytest.fixture(params=MODES)
async def desk(request):
    async with office(request.param) as open_office:
        yield open_office


@pytest.fixture
async def socket():
    async with office("socket") as open_office:
        yield open_office


@pytest.fixture
async def http():
    async with office("http") as open_office:
        yield open_office
