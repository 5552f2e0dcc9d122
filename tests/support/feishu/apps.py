"""The app itself: its bot, its scopes, its commands, its pictures."""

from __future__ import annotations

import re
from typing import Any

from .errors import Refusal
from .markup import Json
from .methods import Asked, method, page
from .organisation import Organisation

SELF = "application:application:self_manage"
READ, WRITE = "application:app_slash_command:read", "application:app_slash_command:write"
MOST_PICTURE = 10 * 1024 * 1024


@method("GET bot/v3/info", bare=True)
def bot_info(feishu: Organisation, asked: Asked) -> Json:
    if feishu.bot_status is None:
        raise Refusal(11205, "app do not have bot")
    return {
        "bot": {
            "activate_status": feishu.bot_status,
            "app_name": feishu.bot_name,
            "avatar_url": "",
            "open_id": feishu.bot,
        }
    }


@method("GET application/v6/applications/:id", scopes=SELF, takes="lang user_id_type")
def application(feishu: Organisation, asked: Asked) -> Json:
    """open.feishu.cn/document/server-docs/application-v6/application/get"""
    return {"app": feishu.about_app}


@method("GET application/v6/scopes")
def scopes(feishu: Organisation, asked: Asked) -> Json:
    """What the app asked for, and whether it was granted (1)."""
    return {"scopes": [{"scope_name": one, "grant_status": 1, "scope_type": "tenant"} for one in sorted(feishu.scopes)]}


@method("POST im/v1/images", scopes="im:resource im:resource:upload", takes="image_type image")
def upload(feishu: Organisation, asked: Asked) -> Json:
    data: Any = asked.body.get("image")
    if asked.body.get("image_type") != b"message" or data is None:
        raise Refusal(234001, "Invalid request param.")
    if not data:
        raise Refusal(234010, "File's size can't be 0.")
    if len(data) > MOST_PICTURE:
        raise Refusal(234006, "The file size exceed the max value.")
    key = feishu.id("img_v3_")
    feishu.images[key] = data
    return {"image_key": key}


# --- slash commands (open.feishu.cn/document/agent/agent-supports-slash-commands) ---


@method("GET application/v7/app_slash_commands", scopes=READ, takes="page_size page_token")
def commands(feishu: Organisation, asked: Asked) -> Json:
    return page(list(feishu.commands.values()), asked)


@method("POST application/v7/app_slash_commands", scopes=WRITE, takes="command description icon")
def add_command(feishu: Organisation, asked: Asked) -> Json:
    asked.needs("command", "description")
    name = asked.body["command"]
    if not isinstance(name, str) or not re.fullmatch(r"[^\s/]{1,64}", name):
        raise Refusal(40000031, "invalid command")
    if any(one["command"] == name for one in feishu.commands.values()):
        raise Refusal(40000032, "command already exists")
    if len(feishu.commands) >= 100:
        raise Refusal(40000033, "too many commands")
    id = feishu.id("cmd_", 8)
    feishu.commands[id] = {"command_id": id, **_described(asked.body)}
    feishu.changed()
    return feishu.commands[id]


@method("PATCH application/v7/app_slash_commands/:id", scopes=WRITE, takes="command description icon")
def change_command(feishu: Organisation, asked: Asked) -> Json:
    _there(feishu, asked.ids[0]).update(_described(asked.body))
    feishu.changed()
    return feishu.commands[asked.ids[0]]


@method("DELETE application/v7/app_slash_commands/:id", scopes=WRITE)
def remove_command(feishu: Organisation, asked: Asked) -> Json:
    _there(feishu, asked.ids[0])
    del feishu.commands[asked.ids[0]]
    feishu.changed()
    return {}


def _described(body: Json) -> Json:
    description = body.get("description")
    if not isinstance(description, dict) or not description.get("default_value"):
        raise Refusal(40000031, "description.default_value is required")
    return dict(body)


def _there(feishu: Organisation, id: str) -> Json:
    if id not in feishu.commands:
        raise Refusal(40000034, "command not found")
    return feishu.commands[id]
