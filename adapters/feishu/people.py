"""Who somebody is in the organisation, so that nobody has to write down Feishu ids.

contact/v3/users/:user_id (https://open.feishu.cn/document/server-docs/contact-v3/user/get) when somebody acts whom the
core would like to know; users/batch_get_id (https://open.feishu.cn/document/server-docs/contact-v3/user/batch_get_id)
for people whom the core has to reach and who did not act yet. Feishu tells nobody's language.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from adapters.base import Busy, Forbidden, Gone, Profile, SendError
from adapters.feishu.errors import Refused

if TYPE_CHECKING:
    from adapters.feishu.api import Api

log = structlog.get_logger("feishu")

KNOWN_FOR = timedelta(days=1)
"""How long what Feishu said of somebody is believed, also that there is nobody."""
AGAIN_AFTER = timedelta(minutes=1)
"""When somebody is asked about again after Feishu gave no answer."""
MOST = 10_000
"""People that are remembered."""
TOGETHER = 50
"""Addresses in one question."""
OUT_OF_RANGE = 41050
"""The person is not within the app's contact range, or belongs to another organisation."""


class People:
    """What the organisation knows of its people. `now` gives the moment."""

    def __init__(self, api: Api, *, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._known: dict[str, tuple[datetime, Profile | None]] = {}
        self._refused: set[str] = set()

    async def look(self, user: str) -> Profile | None:
        """None for whom the app may not see, for who left, and while Feishu does not say."""
        if user in self._known and self._known[user][0] > self._now():
            return self._known[user][1]
        path = f"/open-apis/contact/v3/users/{user}"
        found, holds = await self._asked("GET", path, query={"user_id_type": "open_id"})
        profile = read_profile((found.get("data") or {}).get("user"), user)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[user] = (self._now() + holds, profile)
        return profile

    async def find(self, emails: Iterable[str]) -> AsyncIterator[Profile]:
        """Those who have one of the addresses, fifty with a question."""
        wanted = list(emails)
        for some in (wanted[start : start + TOGETHER] for start in range(0, len(wanted), TOGETHER)):
            for profile in await self._found(some):
                yield profile

    async def _found(self, emails: Sequence[str]) -> list[Profile]:
        path, query = "/open-apis/contact/v3/users/batch_get_id", {"user_id_type": "open_id"}
        found, _ = await self._asked("POST", path, query=query, body={"emails": list(emails)})
        users = (found.get("data") or {}).get("user_list") or []
        return [Profile(str(user["user_id"]), str(user["email"])) for user in users if user.get("user_id")]

    async def _asked(
        self, method: str, path: str, *, query: Mapping[str, str], body: object = None
    ) -> tuple[Mapping[str, Any], timedelta]:
        """What Feishu says, nothing where it refuses, and for how long that holds."""
        try:
            return await self._api.call(method, path, query=query, body=body), KNOWN_FOR
        except Gone:
            return {}, KNOWN_FOR
        except Forbidden as error:
            if method not in self._refused:
                log.warning("people_unknown", error=str(error), fix=error.fix)
            self._refused.add(method)
            return {}, KNOWN_FOR
        except Busy as error:
            return {}, max(AGAIN_AFTER, timedelta(seconds=error.after))
        except SendError as error:
            if isinstance(error, Refused) and error.code == OUT_OF_RANGE:
                return {}, KNOWN_FOR
            log.warning("people_unknown", error=str(error))
            return {}, AGAIN_AFTER


def read_profile(user: Any, id: str) -> Profile | None:  # Any: what came from outside
    """A user of the directory as a profile. A field that no scope gives is absent."""
    if not isinstance(user, Mapping) or has_left(user):
        return None
    return Profile(str(user.get("open_id") or id), address_of(user), str(user.get("name") or ""))


def address_of(user: Mapping[str, Any]) -> str | None:
    """The account's address; else the mailbox that the organisation gave. An administrator wrote both."""
    return str(user.get("email") or user.get("enterprise_email") or "") or None


def has_left(user: Mapping[str, Any]) -> bool:
    """Resigned, suspended, or no member any more. Who has not joined yet may still do so."""
    status = user.get("status")
    said = status if isinstance(status, Mapping) else {}
    return any(said.get(word) for word in ("is_resigned", "is_frozen", "is_exited"))
