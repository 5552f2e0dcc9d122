"""Pictures in cards: uploaded once, shown by the platform's id for them with the words that replace them."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

import structlog

from adapters.base import Busy, SendError
from commands.chat import Image

Pictures = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a picture (PNG or JPEG) by its name; None when there is no such picture."""
Upload = Callable[[Image, bytes], Awaitable[str]]
"""Gives a picture to the platform and returns its id there. Raises `SendError`."""

REMEMBERED = 1_000


class Uploads:
    """Uploads what has the same bytes once per life of the process. `platform` is for the log."""

    def __init__(self, platform: str, upload: Upload, pictures: Pictures) -> None:
        self._log = structlog.get_logger(platform)
        self._upload = upload
        self._pictures = pictures
        self._ids: OrderedDict[str, str] = OrderedDict()

    async def id_of(self, image: Image) -> str | None:
        """The picture's id; None when there is no picture or the platform does not take it: then its words are shown.
        Raises `Busy` when it is worth trying again."""
        content = _inline(image.src) or await self._pictures(image.src)
        if not content:
            return None
        known = sha256(content).hexdigest()
        if known not in self._ids:
            try:
                self._ids[known] = await self._upload(image, content)
            except Busy:
                raise
            except SendError as error:
                self._log.warning("picture_not_uploaded", name=image.src[:60], error=str(error))
                return None
        self._ids.move_to_end(known)
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return self._ids[known]


def _inline(src: str) -> bytes | None:
    """The bytes of a `data:image/…;base64,` address."""
    head, mark, data = src.partition(";base64,")
    if not (mark and head.startswith("data:image/")):
        return None
    try:
        return b64decode(data, validate=True)
    except NotBase64:
        return None
