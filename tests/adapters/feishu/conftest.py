"""The office, over both ways in."""

import pytest

from tests.adapters.feishu.office import MODES, office


@pytest.fixture(params=MODES)
async def desk(request):
    async with office(request.param) as open_office:
        yield open_office


@pytest.fixture
async def socket():
    async with office("websocket") as open_office:
        yield open_office


@pytest.fixture
async def webhook():
    async with office("webhook") as open_office:
        yield open_office


@pytest.fixture
async def impatient():
    """A click is told after a moment that it takes longer."""
    async with office("webhook", changed={"answer_within": 0.2}) as open_office:
        yield open_office
