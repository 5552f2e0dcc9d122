"""Calls of Slack's Web API: one client, and its errors in our words.

The SDK's own retries are switched off: a message whose connection was cut may be there already, and the SDK would post
it again. What is tried again, and when, is the outbox's decision.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import Busy, Forbidden, Gone, SendError
from adapters.failures import UNSENT, named

log = structlog.get_logger("slack")

Response = Mapping[str, Any]

PATIENCE = 10.0
"""Seconds for a whole call; half of it to connect."""
PAUSE = 5.0
"""Seconds before another try when Slack names none."""
REST = 30.0
"""Seconds before another try when the app itself is refused (a revoked token): somebody has to mend it first."""


class Unclear(Busy):
    """It may have been done or not: the answer did not arrive."""


class Refused(SendError):
    """Slack says no to this call; `code` is its word for it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "cannot_dm_bot",
    }
)
"""What is not there any more, or never was (https://docs.slack.dev/reference/methods/chat.postMessage/#errors)."""

FIXES = {
    "not_in_channel": "in that channel, type: /invite @ the bot",
    "user_not_in_channel": "add the person to the channel",
    "missing_scope": "add the scope in the app's settings (OAuth & Permissions), then reinstall the app",
    "restricted_action": "a workspace setting forbids the bot to post there; ask a workspace admin",
    "restricted_action_read_only_channel": "only some people may post in that channel; ask a workspace admin",
    "restricted_action_thread_only_channel": "that channel takes threads only; choose another one",
    "ekm_access_denied": "the workspace's key management forbids it; ask a workspace admin",
    "team_access_not_granted": "the app is not granted to this workspace; ask an organisation admin",
}
"""What an administrator can do about a refusal."""

APP_REFUSED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "org_login_required",
        "not_allowed_token_type",
    }
)
"""Nothing works until somebody mends the app or its token: messages wait for that, they are not given up."""

TROUBLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
"""Slack's own trouble; whether the call was done is not known."""


class Web:
    """Calls the Web API with the bot's token. Every error is a `SendError`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.refused_because = ""
        """Why Slack refuses the app itself; "" while it does not."""

    async def call(self, method: str, **arguments: Any) -> Response:
        """The answer of a method such as `chat.postMessage`, with arguments as JSON. Raises `Busy` (surely not done),
        `Unclear`, `Gone`, `Forbidden`, or `Refused` for any other no."""
        return await self._call(method, {"json": arguments})

    async def ask(self, method: str, **arguments: Any) -> Response:
        """The same for methods that read: they take no JSON."""
        return await self._call(method, {"http_verb": "GET", "params": arguments})

    async def _call(self, method: str, arguments: dict[str, Any]) -> Response:
        try:
            found = await self.client.api_call(method, **arguments)
        except SlackApiError as error:
            raise self._no(method, error) from error
        except UNSENT as error:
            raise Busy(
                PAUSE, f"{method}: Slack cannot be reached: {named(error)}", unsent=True, everywhere=True
            ) from error
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            raise Unclear(PAUSE, f"{method}: no answer: {named(error)}") from error
        except SlackClientError as error:
            raise Unclear(PAUSE, f"{method}: {error}") from error
        self.refused_because = ""
        answer: Response = found.data if isinstance(found.data, dict) else {}
        return answer

    def _no(self, method: str, error: SlackApiError) -> SendError:
        response: Any = error.response  # Any: a SlackResponse, or what aiohttp had when the body was no JSON
        body = response.data if isinstance(getattr(response, "data", None), dict) else {}
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
        code = str(body.get("error") or "")
        detail = f"{method}: {code or f'HTTP {status}'}{_more(body)}"
        if code == "ratelimited" or status == 429:
            return Busy(_seconds(response.headers.get("Retry-After")), detail, unsent=True)
        if not code or status >= 500 or code in TROUBLE:
            return Unclear(PAUSE, detail)
        if code in APP_REFUSED:
            self.refused_because = code
            return Busy(REST, detail, unsent=True, everywhere=True)
        if code in GONE:
            return Gone(detail)
        return Forbidden(detail, FIXES[code]) if code in FIXES else Refused(code, detail)


def _more(body: Mapping[str, Any]) -> str:
    """Which scope is missing, or what Slack says about the arguments; never what was sent."""
    if needed := body.get("needed"):
        return f" (needs the scope {needed})"
    messages = (body.get("response_metadata") or {}).get("messages") or []
    return f" ({'; '.join(map(str, messages))[:300]})" if messages else ""


def _seconds(given: str | None) -> float:
    return float(given) if given and given.isdigit() else PAUSE
