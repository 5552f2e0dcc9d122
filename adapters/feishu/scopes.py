"""What the app may do in an organisation, and what for: `liaison init` asks for it, the doctor looks for it.

All of them: https://open.feishu.cn/document/server-docs/application-scope/scope-list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

NEEDED: Mapping[str, str] = {
    "im:message:send_as_bot": "posts and edits cards",
    "im:message.group_at_msg:readonly": "reads what is said to it by name in groups: @ the bot",
    "im:message.p2p_msg:readonly": "reads what is written to it one-to-one",
    "im:chat:readonly": "knows whether it is in a group, and hears when it is added or removed",
    "im:resource": "uploads the pictures of cards",
    "contact:contact.base:readonly": "asks about people at all",
    "contact:user.base:readonly": "their names",
}
"""Scope → what the bot needs it for. Without one of these, something does not work."""

SELF = "application:application:self_manage"
"""Scope of an app that looks at itself."""
USEFUL: Mapping[str, str] = {
    "contact:user.id:readonly": "people are found by e-mail address; else every open_id has to be typed",
    "contact:user.email:readonly": "who writes to the bot first is known by e-mail address",
    "contact:department.base:readonly": "liaison org import feishu: names of departments",
    "contact:department.organize:readonly": "liaison org import feishu: which department is part of which, and heads",
    "contact:user.department:readonly": "liaison org import feishu: who is in which department",
    "im:message.reactions:write_only": "a sign on the message that asked for something in a group",
    "im:message.urgent": "加急 for urgent requests that nobody answers",
    "application:app_slash_command:read": "the commands are offered when / is typed",
    "application:app_slash_command:write": "the commands are offered when / is typed",
    SELF: "the doctor sees versions, events and callbacks",
}
"""Scope → what is left out without it."""

WIDER: Mapping[str, tuple[str, ...]] = {
    "im:message:send_as_bot": ("im:message",),
    "im:message.group_at_msg:readonly": ("im:message.group_at_msg", "im:message.group_msg"),
    "im:message.p2p_msg:readonly": ("im:message.p2p_msg",),
    "im:chat:readonly": ("im:chat", "im:chat:read"),
    "im:resource": ("im:resource:upload",),
    "im:message.reactions:write_only": ("im:message",),
    "contact:contact.base:readonly": ("contact:contact:readonly_as_app", "contact:contact:access_as_app"),
}
"""Scope → others of which one does as well."""

EVENTS: Mapping[str, str] = {
    "im.message.receive_v1": "what is said to the bot",
    "application.bot.menu_v6": "its menu in the one-to-one chat",
    "im.chat.member.bot.added_v1": "it was added to a group",
    "im.chat.member.bot.deleted_v1": "it was removed from a group",
    "im.chat.disbanded_v1": "a group was dissolved",
    "im.chat.access_event.bot_p2p_chat_entered_v1": "somebody opened the one-to-one chat for the first time",
}
"""Event → what the bot needs it for (https://open.feishu.cn/document/server-docs/event-subscription-guide/event-list)."""

CALLBACKS: Mapping[str, str] = {"card.action.trigger": "buttons and forms of cards"}
"""Callback → what the bot needs it for."""


def missing(wanted: Mapping[str, str], granted: Collection[str]) -> list[str]:
    """The scopes among `wanted` that the organisation did not grant, nor a wider one."""
    return [scope for scope in wanted if not {scope, *WIDER.get(scope, ())} & set(granted)]
