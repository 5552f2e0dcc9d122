"""The list of commands that Feishu shows when somebody types a slash: what a person picks comes as an ordinary message.

https://open.feishu.cn/document/mcp_open_tools/agent-best-practices/agent-supports-slash-commands. Registered at each
start, best effort: without it everything can be typed as before. What is not ours stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from adapters.base import Forbidden, SendError
from adapters.feishu.api import Api
from adapters.feishu.config import PanelCommand

log = structlog.get_logger("feishu")

PATH = "/open-apis/application/v7/app_slash_commands"
LOCALES = {"zh-CN": "zh_cn", "en": "en_us"}
"""Our languages as Feishu calls them."""

Json = Mapping[str, Any]  # Any: JSON from outside


async def register(api: Api, commands: Sequence[PanelCommand]) -> None:
    """Makes the panel show these commands. Never raises because Feishu refuses; that is logged."""
    if not commands:
        return
    try:
        there = {str(one.get("command")): one for one in await _listed(api)}
        for command in commands:
            await _put(api, command, there.get(command.name))
    except Forbidden as error:
        log.info("panel_not_registered", error=str(error), fix=error.fix)
    except SendError as error:
        log.info("panel_not_registered", error=str(error))


async def _listed(api: Api) -> list[Json]:
    found: list[Json] = []
    token = ""
    while True:
        data = (await api.call("GET", PATH, query={"page_token": token} if token else None)).get("data") or {}
        found += data.get("items") or ()
        token = str(data.get("page_token") or "")
        if not data.get("has_more") or not token:
            return found


async def _put(api: Api, command: PanelCommand, there: Json | None) -> None:
    """Creates it, or gives it its words where it has others; nothing for one that is as it should be."""
    description = _description(command)
    if there is None:
        await api.call("POST", PATH, body={"command": command.name, "description": description})
    elif (id := there.get("command_id")) and not _says(there.get("description") or {}, description):
        await api.call("PATCH", f"{PATH}/{id}", body={"description": description})


def _description(command: PanelCommand) -> Json:
    texts = {LOCALES[tag]: text for tag, text in command.texts.items() if tag in LOCALES}
    return {"default_value": next(iter(texts.values())), "i18n": texts}


def _says(there: Json, wanted: Json) -> bool:
    texts = there.get("i18n") or {}
    return there.get("default_value") == wanted["default_value"] and all(
        texts.get(locale) == text for locale, text in wanted["i18n"].items()
    )
