"""Events over HTTP: encrypted and signed (open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from .deliveries import NOBODY, Delivery, Post, Road
from .markup import Json
from .organisation import Organisation


class Requests(Road):
    """`key` encrypts and signs; without one there is only the verification token in the body."""

    def __init__(self, feishu: Organisation, post: Post, *, url: str, key: str) -> None:
        self._feishu, self._post, self.url, self.key = feishu, post, url, key

    def open(self) -> None:
        """Needs a running loop."""
        self._http = ClientSession(timeout=ClientTimeout(total=30))

    async def send(self, delivery: Delivery, body: Json) -> bool:
        self._post.spawn(self._exchange(delivery, body))
        return True

    async def _exchange(self, delivery: Delivery, body: Json) -> None:
        try:
            status, answer = await self.request(body)
        except ClientError:
            if delivery.callback and delivery.status == "pending":
                delivery.status, delivery.error = "no_connection", NOBODY
                delivery.done.set()
            return
        self._post.acknowledge(delivery, status, answer)

    async def request(self, body: Json, *, key: str | None = None, at: float | None = None) -> tuple[int, Any]:
        """Status and answer. `key`: another one makes it forged; `at`: seconds since 1970, now unless given."""
        raw = written(body, self.key if key is None else key)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **signed(self.key if key is None else key, raw, at=at),
        }
        async with self._http.post(self.url, data=raw, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            try:
                return response.status, json.loads(text) if text else None
            except ValueError:
                return response.status, text

    async def verify(self, token: str) -> bool:
        """What the console does when the address is entered."""
        challenge = self._feishu.id("challenge")
        status, answer = await self.request({"type": "url_verification", "token": token, "challenge": challenge})
        return status == 200 and answer == {"challenge": challenge}

    async def close(self) -> None:
        await self._http.close()


def written(body: Json, key: str) -> bytes:
    text = json.dumps(body, ensure_ascii=False)
    return (json.dumps({"encrypt": encrypted(key, text)}) if key else text).encode()


def encrypted(key: str, text: str) -> str:
    """AES-256-CBC, the vector in front, as base64."""
    from Crypto.Cipher import AES
    from Crypto.Util.Padding import pad

    vector = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, vector)
    return base64.b64encode(vector + cipher.encrypt(pad(text.encode(), AES.block_size))).decode()


def signed(key: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    """The headers by which the app knows that Feishu has sent this; without a key none."""
    moment = str(int(time.time() if at is None else at))
    digest = hashlib.sha256((moment + "nonce" + key).encode() + body).hexdigest()
    signature = {"X-Lark-Signature": digest} if key else {}
    return {"X-Lark-Request-Timestamp": moment, "X-Lark-Request-Nonce": "nonce", **signature}
