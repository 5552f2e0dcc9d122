"""Pictures in cards: uploaded once, shown by their file id with the words that replace them.

https://docs.slack.dev/messaging/working-with-files/#upload and the `slack_file` of an image block,
https://docs.slack.dev/reference/block-kit/blocks/image-block/.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

import aiohttp
import structlog

from adapters.base import SendError
from adapters.slack.web import PAUSE, Unclear, Web, named
from commands.chat import Image

log = structlog.get_logger("slack")

Pictures = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a picture (PNG or JPEG) by its name; None when there is no such picture."""

REMEMBERED = 1_000


class Uploads:
    """Uploads each picture once per life of the process."""

    def __init__(self, web: Web, session: aiohttp.ClientSession, pictures: Pictures, *, proxy: str | None) -> None:
        self._web = web
        self._session = session
        self._pictures = pictures
        self._proxy = proxy
        self._ids: OrderedDict[str, str] = OrderedDict()

    async def id_of(self, image: Image) -> str | None:
        """The picture's file id; None when there is no picture or it cannot be uploaded: then its words are shown.
        Raises `Busy` when it is worth trying again."""
        name = sha256(image.src.encode()).hexdigest()  # a picture's address may be the picture itself
        if name in self._ids:
            return self._ids[name]
        content = _inline(image.src) or await self._pictures(image.src)
        if not content:
            return None
        try:
            found = await self._upload(image, content)
        except Unclear:
            raise
        except SendError as error:
            log.warning("picture_not_uploaded", name=image.src[:60], error=str(error))
            return None
        self._ids[name] = found
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return found

    async def _upload(self, image: Image, content: bytes) -> str:
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


def _inline(src: str) -> bytes | None:
    """The bytes of a `data:image/…;base64,` address."""
    head, mark, data = src.partition(";base64,")
    if not (mark and head.startswith("data:image/")):
        return None
    try:
        return b64decode(data, validate=True)
    except NotBase64:
        return None
