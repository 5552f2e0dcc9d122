"""auth.*, apps.*, users.* and conversations.*: who and what there is."""

from __future__ import annotations

from .errors import Refusal
from .methods import method, page, truth, visible
from .records import Channel, Json, User
from .workspace import Workspace

_READ = "channels:read groups:read im:read mpim:read"
_HISTORY = "channels:history groups:history im:history mpim:history"
_SCOPE = {"im": "im", "group": "groups", "channel": "channels"}


@method("api.test", takes="error foo", writes=True)
def api_test(slack: Workspace, arguments: Json) -> Json:
    return {"args": arguments}


@method("auth.test", writes=True)
def auth_test(slack: Workspace, arguments: Json) -> Json:
    me = {"user": slack.users[slack.bot_user].name, "user_id": slack.bot_user, "bot_id": slack.bot_id}
    team = {"team": slack.team_domain, "team_id": slack.team_id, "url": f"https://{slack.team_domain}.slack.com/"}
    return {**me, **team, "is_enterprise_install": False}


@method("users.info", scopes="users:read", needs="user", takes="include_locale", tier=4)
def user_info(slack: Workspace, arguments: Json) -> Json:
    user = slack.users.get(arguments["user"])
    if user is None:
        raise Refusal("user_not_found")
    locale = {"locale": user.locale} if truth(arguments.get("include_locale")) else {}
    return {"user": _user(slack, user) | locale}


@method("users.lookupByEmail", scopes="users:read.email", needs="email", tier=3)
def lookup_by_email(slack: Workspace, arguments: Json) -> Json:
    for user in slack.users.values():
        if user.email.lower() == str(arguments["email"]).lower() and not (user.deleted or user.is_bot):
            return {"user": _user(slack, user)}
    raise Refusal("users_not_found")


@method("conversations.info", scopes=_READ, needs="channel", takes="include_locale include_num_members", tier=3)
def conversation(slack: Workspace, arguments: Json) -> Json:
    channel = visible(slack, arguments["channel"])
    slack.need(f"{_SCOPE[channel.kind]}:read")
    return {"channel": _channel(slack, channel)}


@method("conversations.members", scopes=_READ, needs="channel", takes="cursor limit", tier=4)
def members(slack: Workspace, arguments: Json) -> Json:
    channel = visible(slack, arguments["channel"])
    slack.need(f"{_SCOPE[channel.kind]}:read")
    rows, more = page([{"id": id} for id in channel.members], arguments)
    return {"members": [row["id"] for row in rows], **more}


@method("conversations.open", scopes="im:write", takes="users channel return_im prevent_creation", tier=3, writes=True)
def open_direct(slack: Workspace, arguments: Json) -> Json:
    users = str(arguments.get("users") or "").split(",")
    if users == [""]:
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise Refusal("missing_scope", needed="mpim:write", provided=",".join(sorted(slack.scopes)))
    if users[0] not in slack.users:
        raise Refusal("user_not_found")
    if slack.users[users[0]].deleted:
        raise Refusal("user_disabled")
    return {"channel": {"id": slack.direct(users[0]).id}}


@method(
    "conversations.history",
    scopes=_HISTORY,
    needs="channel",
    takes="cursor limit oldest latest inclusive include_all_metadata",
    tier=3,
)
def history(slack: Workspace, arguments: Json) -> Json:
    """Newest first, without replies in threads. `oldest` and `latest` are exclusive unless `inclusive`."""
    channel = visible(slack, arguments["channel"])
    slack.need(f"{_SCOPE[channel.kind]}:history")
    if slack.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or 1e12)
    edge = truth(arguments.get("inclusive"))
    found = [
        dict(one.message)
        for one in reversed(slack.messages[channel.id].values())
        if (oldest < float(one.ts) < latest or (edge and float(one.ts) in {oldest, latest}))
        and one.message.get("thread_ts", one.ts) == one.ts
    ]
    if not truth(arguments.get("include_all_metadata")):
        for message in found:
            message.pop("metadata", None)
    rows, more = page(found, arguments)
    return {"messages": rows, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def _user(slack: Workspace, user: User) -> Json:
    """With the address only for an app that may read addresses."""
    profile = {"real_name": user.real_name, "display_name": user.name, "team": user.team_id}
    if "users:read.email" in slack.scopes and user.email and not user.is_bot:
        profile["email"] = user.email
    who = {"id": user.id, "team_id": user.team_id, "name": user.name, "real_name": user.real_name}
    return {**who, "deleted": user.deleted, "is_bot": user.is_bot, "tz": "Asia/Shanghai", "profile": profile}


def _channel(slack: Workspace, channel: Channel) -> Json:
    shape = {"id": channel.id, "is_im": channel.direct, "is_mpim": False, "is_archived": channel.archived}
    if channel.direct:
        return {**shape, "user": channel.user}
    kind = {"is_private": channel.private, "is_channel": not channel.private, "is_group": channel.private}
    return {**shape, **kind, "name": channel.name, "is_member": slack.bot_user in channel.members}
