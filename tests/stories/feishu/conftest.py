"""The stories on Feishu: over both ways in, and once more with something going wrong at every step."""

from __future__ import annotations

import pytest

from support.feishu.town import feishu_town


@pytest.fixture(params=["websocket-calm"])
async def town(request, tmp_path):
    mode, _ = request.param.split("-")
    async with feishu_town(tmp_path, mode) as town:
        yield town
