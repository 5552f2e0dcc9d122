"""Who somebody is in the workspace: their e-mail address and language, so that nobody has to write down Slack ids.

users.info (https://docs.slack.dev/reference/methods/users.info/) when somebody acts whom the core would like to know;
users.lookupByEmail (https://docs.slack.dev/reference/methods/users.lookupByEmail/) for people whom the core has to
reach and who did not act yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.base import Busy, Forbidden, Gone, Profile, SendError
from adapters.doorman import Sleep
from adapters.slack.web import Web

log = structlog.get_logger("slack")

KNOWN_FOR = timedelta(days=1)
"""How long what Slack said of somebody is believed, also that there is nobody."""
AGAIN_AFTER = timedelta(minutes=1)
"""When somebody is asked about again after Slack gave no answer."""
PAUSE = 1.5
"""Seconds between two look-ups by e-mail: tier 3 allows 50 a minute and more."""
MOST = 10_000
"""People that are remembered."""
SLACKBOT = "USLACKBOT"
"""Is said to be no bot (https://docs.slack.dev/reference/objects/user-object/)."""


class People:
    """What `team`, our workspace, knows of its people. `now` gives the moment, `sleep` waits so many seconds."""

    def __init__(self, web: Web, team: str, *, now: Callable[[], datetime], sleep: Sleep = asyncio.sleep) -> None:
        self._web = web
        self._team = team
        self._now = now
        self._sleep = sleep
        self._known: dict[str, tuple[datetime, Profile | None]] = {}
        self._refused: set[str] = set()

    async def look(self, user: str) -> Profile | None:
        """None for bots, for people of other workspaces, for who left, and while Slack does not say."""
        return await self._remembered(user, "users.info", user=user, include_locale="true")

    async def find(self, emails: Iterable[str]) -> AsyncIterator[Profile]:
        """Those who have one of the addresses, asked for one after the other with a pause between."""
        for email in emails:
            if not self._is_known(email):
                await self._sleep(PAUSE)
            if profile := await self._remembered(email, "users.lookupByEmail", email=email):
                yield profile

    async def _remembered(self, key: str, method: str, **arguments: str) -> Profile | None:
        if not self._is_known(key):
            if len(self._known) >= MOST:
                self._known.clear()
            profile, holds = await self._asked(method, arguments)
            self._known[key] = (self._now() + holds, profile)
        return self._known[key][1]

    def _is_known(self, key: str) -> bool:
        return key in self._known and self._known[key][0] > self._now()

    async def _asked(self, method: str, arguments: Mapping[str, str]) -> tuple[Profile | None, timedelta]:
        """What Slack says, and for how long that holds."""
        try:
            found = await self._web.ask(method, **arguments)
        except Gone:
            return None, KNOWN_FOR
        except Forbidden as error:
            if method not in self._refused:
                log.warning("people_unknown", error=str(error), fix=error.fix)
            self._refused.add(method)
            return None, KNOWN_FOR
        except Busy as error:
            return None, max(AGAIN_AFTER, timedelta(seconds=error.after))
        except SendError as error:
            log.warning("people_unknown", error=str(error))
            return None, AGAIN_AFTER
        return read_profile(found.get("user"), self._team), KNOWN_FOR


def read_profile(user: Any, team: str) -> Profile | None:  # Any: what came from outside
    """A user object as a profile. An address that nobody confirmed is not believed: it would make anybody anybody."""
    if not isinstance(user, Mapping) or user.get("deleted") or user.get("is_bot") or user.get("id") == SLACKBOT:
        return None
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    if team not in teams or user.get("is_stranger"):
        return None
    about = user.get("profile") or {}
    email = about.get("email") if user.get("is_email_confirmed", True) else None
    name = about.get("real_name") or user.get("real_name") or ""
    return Profile(str(user["id"]), email or None, str(name), user.get("locale"))
