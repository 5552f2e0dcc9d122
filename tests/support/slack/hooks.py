"""response_url: answers to an act, five within half an hour (docs.slack.dev/interactivity/handling-user-interaction)."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .api import Api, Call
from .chat import POST_TEXT, content_of
from .errors import Refusal
from .records import Hook, Json
from .workspace import Workspace

USES, LIFE = 5, 30 * 60.0
_OWN = {"response_type", "replace_original", "delete_original", "thread_ts"}
_TAKES = _OWN | {"text", "blocks", "attachments", "metadata", "unfurl_links", "unfurl_media", "mrkdwn", "parse"}


class Hooks:
    """Takes what is posted to a `response_url`."""

    def __init__(self, slack: Workspace, api: Api) -> None:
        self._slack, self._api = slack, api

    async def serve(self, request: web.Request) -> web.Response:
        made, body = self._api.note("response_url"), await request.read()
        response = await self._api.faulty(request, made, lambda: self._run(made, request.match_info["id"], body))
        if isinstance(made.response, dict) and not made.ok and response.status == 200:
            response.set_status(404 if str(made.response["error"]).endswith("_url") else 400)
            made.status = response.status
        return response

    def _run(self, made: Call, id: str, body: bytes) -> Json:
        hook = self._slack.hooks.get(id)
        if hook is None:
            raise Refusal("no_such_url")
        if self._slack.now() - hook.began > LIFE:
            raise Refusal("expired_url")
        if hook.uses >= USES:
            raise Refusal("used_url")
        try:
            made.args = dict(json.loads(body))
        except (ValueError, TypeError):
            raise Refusal("invalid_payload") from None
        hook.uses += 1
        respond(self._slack, hook, made.args)
        return {"ok": True}


def respond(slack: Workspace, hook: Hook, arguments: Json) -> None:
    """Shows an answer to an act: a new message unless it says that it replaces the one acted on. Raises `Refusal`."""
    for given in arguments.keys() - _TAKES:
        slack.violate("unknown_argument", f"response_url({given})")
    original = slack.find(hook.channel, hook.ts) if hook.ts else None
    if arguments.get("delete_original"):
        if original:
            slack.remove(original)
        return
    content: dict[str, Any] = content_of(slack, arguments, limit=POST_TEXT)
    if arguments.get("replace_original") and original:
        slack.rewrite(original, content)
    elif arguments.get("response_type") == "in_channel":
        slack.post(slack.channels[hook.channel], content)
    else:
        slack.whisper(hook.channel, hook.user, content)
