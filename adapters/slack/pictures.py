"""Pictures in cards: uploaded, and shown by their file id.

https://docs.slack.dev/messaging/working-with-files/#upload and the `slack_file` of an image block,
https://docs.slack.dev/reference/block-kit/blocks/image-block/.
"""

from __future__ import annotations

import aiohttp

from adapters.failures import named
from adapters.slack.web import PAUSE, Unclear, Web
from commands.chat import Image


class Files:
    """Slack's way to take a file: it names a place, the bytes go there, and the call is completed."""

    def __init__(self, web: Web, session: aiohttp.ClientSession, *, proxy: str | None) -> None:
        self._web = web
        self._session = session
        self._proxy = proxy

    async def upload(self, image: Image, content: bytes) -> str:
        """The file's id. Raises `SendError`."""
        name = "picture.png" if content.startswith(b"\x89PNG") else "picture.jpg"
        place = await self._web.ask(
            "files.getUploadURLExternal", filename=name, length=len(content), alt_txt=image.alt[:1000]
        )
        try:
            async with self._session.post(str(place["upload_url"]), data=content, proxy=self._proxy) as response:
                if response.status != 200:
                    raise Unclear(PAUSE, f"upload: HTTP {response.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unclear(PAUSE, f"upload: {named(error)}") from error
        file = str(place["file_id"])
        await self._web.call("files.completeUploadExternal", files=[{"id": file, "title": image.alt[:250] or name}])
        return file
