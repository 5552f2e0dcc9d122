"""The lines to Feishu: the calls, and what posts and uploads by them."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.feishu.api import Api
from adapters.feishu.config import PLATFORM, FeishuConfig, Pictures
from adapters.feishu.places import Places
from adapters.feishu.posting import Posting
from adapters.pictures import Uploads
from commands.chat import Image


@dataclass(frozen=True, slots=True)
class Lines:
    """Open until `close`."""

    api: Api
    places: Places
    posting: Posting
    uploads: Uploads

    async def close(self) -> None:
        await self.api.close()


def open_lines(config: FeishuConfig, pictures: Pictures) -> Lines:
    """Nothing is called yet."""
    api = Api(config)
    places = Places(api)

    async def upload(image: Image, content: bytes) -> str:
        return await api.upload_image(content)

    return Lines(api=api, places=places, posting=Posting(api, places), uploads=Uploads(PLATFORM, upload, pictures))
